/**
 * Scores what a replay wrote against the reference annotations, by EC57 rules (150 ms, from 5:00, flutter left out):
 *   vigil replay --wfdb DIR --out OUT && node test/accuracy/score-replay.ts DIR OUT
 * Per record and gross: QRS, and the classes V, S and N (sensitivity / positive predictivity, percent).
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import { readRecord, readRecordAnnotations } from '../../services/recordings/wfdb/record.ts';
import {
  classScores,
  compareBeats,
  EC57,
  type Ec57Result,
  flutterEpisodes,
  positivePredictivity,
  referenceBeats,
  sensitivity,
  sumResults,
} from '../../stream-models/evaluation/ec57.ts';
import { right } from '../right.ts';

const [directory, out] = process.argv.slice(2);
if (directory === undefined || out === undefined) {
  process.stderr.write('usage: node test/accuracy/score-replay.ts RECORDS REPLAYED\n');
  process.exit(2);
}

const percent = (share: number): string => (Number.isNaN(share) ? '-' : (100 * share).toFixed(2)).padStart(6);
const pair = (se: number, pp: number): string => `${percent(se)}/${percent(pp)}`;
const line = (name: string, result: Ec57Result): void => {
  const classes = (['V', 'S', 'N'] as const).map((name) => classScores(result, name));
  const scores = classes.map((score) => pair(score.sensitivity, score.positivePredictivity)).join('  ');
  process.stdout.write(`${name.padEnd(8)}${pair(sensitivity(result), positivePredictivity(result))}  ${scores}\n`);
};

process.stdout.write('record  QRS Se/+P       V              S              N\n');
const results: Ec57Result[] = [];
const names = (await readdir(out)).filter((file) => file.endsWith('.vgl')).map((file) => file.slice(0, -'.vgl'.length));
for (const name of names.sort()) {
  const { rateHz } = right(await readRecord(directory, name)).header;
  const reference = right(await readRecordAnnotations(directory, name, 'atr'));
  const said = right(readAnnotations(await readFile(join(out, `${name}.vgl`))));
  const result = compareBeats(referenceBeats(reference, rateHz), referenceBeats(said, rateHz), {
    ...EC57,
    excluded: flutterEpisodes(reference, rateHz),
  });
  results.push(result);
  line(name, result);
}
line('gross', sumResults(results));
