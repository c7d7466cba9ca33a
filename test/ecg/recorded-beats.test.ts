import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { readRecordAnnotations } from '../../services/recordings/wfdb/record.ts';
import {
  compareBeats,
  EC57,
  flutterEpisodes,
  positivePredictivity,
  referenceBeats,
  sensitivity,
} from '../../stream-models/evaluation/ec57.ts';
import { readEcg, seenIn } from '../accuracy/recorded-ecg.ts';

const recordings = process.env['VIGIL_RECORDINGS'];
const mitdb = join(recordings ?? '', 'mitdb-ds1');
const skipped = process.env['CI'] !== 'true' && (recordings === undefined || !existsSync(mitdb));
const why = skipped ? ' (skipped: VIGIL_RECORDINGS does not hold mitdb-ds1)' : '';

/** A clean record, one with ventricular flutter and blocks, one with noise and many ectopic beats. */
describe.skipIf(skipped)(`in recorded ECG${why}`, () => {
  it.each(['101', '207', '208'])('QRS are found in mitdb %s with Se and +P of at least 0.99 by EC57', async (name) => {
    if (recordings === undefined) throw new Error('VIGIL_RECORDINGS is not set');
    const annotations = await readRecordAnnotations(mitdb, name, 'atr');
    if (E.isLeft(annotations)) throw new Error(annotations.left.sentence);
    const ecg = await readEcg(mitdb, name);
    const detected = seenIn(ecg, 1).flatMap((sighting) =>
      sighting.tag === 'BeatSeen' ? [{ atSeconds: sighting.at / 1e6, class: 'N' as const }] : [],
    );
    const reference = referenceBeats(annotations.right, ecg.rateHz);
    const excluded = flutterEpisodes(annotations.right, ecg.rateHz);
    const result = compareBeats(reference, detected, { ...EC57, excluded });
    expect(result.truePositives).toBeGreaterThan(1000);
    expect(sensitivity(result)).toBeGreaterThanOrEqual(0.99);
    expect(positivePredictivity(result)).toBeGreaterThanOrEqual(0.99);
  });
});
