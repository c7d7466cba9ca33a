/**
 * Measures the QRS detector against annotated recordings by EC57 rules.
 *   node test/accuracy/qrs.ts DIR [--record NAME]… [--lead NUMBER] [--noise em|bw|ma --noise-dir DIR --snr DB] [--errors]
 */
import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { readRecordAnnotations, recordNames } from '../../services/recordings/wfdb/record.ts';
import {
  compareBeats,
  EC57,
  type Ec57Result,
  flutterEpisodes,
  matchBeats,
  positivePredictivity,
  referenceBeats,
  sensitivity,
  sumResults,
} from '../../stream-models/evaluation/ec57.ts';
import { withNoise } from './noise-stress.ts';
import { readEcg, seenIn } from './recorded-ecg.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    record: { type: 'string', multiple: true },
    lead: { type: 'string' },
    noise: { type: 'string' },
    'noise-dir': { type: 'string' },
    snr: { type: 'string', default: '12' },
    errors: { type: 'boolean', default: false },
  },
});
const directory = positionals[0];
if (directory === undefined) {
  process.stderr.write('usage: node test/accuracy/qrs.ts DIR [--record NAME]…\n');
  process.exit(2);
}

const FRAME_SECONDS = 0.25;
const percent = (share: number): string => (Number.isNaN(share) ? '-' : (share * 100).toFixed(2)).padStart(7);
const line = (name: string, result: Ec57Result, cpu: number, late: number): void => {
  const { truePositives, falseNegatives, falsePositives } = result;
  const counts = [truePositives, falseNegatives, falsePositives].map((n) => `${n}`.padStart(7)).join('');
  process.stdout.write(
    `${name.padEnd(8)}${counts} ${percent(sensitivity(result))} ${percent(positivePredictivity(result))} ${cpu.toFixed(0).padStart(8)} ${late.toFixed(0).padStart(9)}\n`,
  );
};

process.stdout.write('record       TP     FN     FP     Se %    +P %  us/bed-s  said<=ms (p99)\n');
const results: Ec57Result[] = [];
let cpuTotal = 0;
let secondsTotal = 0;
for (const name of values.record ?? (await recordNames(directory))) {
  const annotations = await readRecordAnnotations(directory, name, 'atr');
  if (E.isLeft(annotations)) throw new Error(annotations.left.sentence);
  let ecg = await readEcg(directory, name);
  if (values.lead !== undefined) ecg = { ...ecg, leads: ecg.leads.slice(Number(values.lead), Number(values.lead) + 1) };
  if (values.noise !== undefined)
    ecg = withNoise(ecg, await readEcg(values['noise-dir'] ?? directory, values.noise), Number(values.snr));
  const before = process.cpuUsage();
  const sightings = seenIn(ecg, FRAME_SECONDS);
  const used = process.cpuUsage(before);
  const seconds = ecg.leads[0]!.samplesMv.length / ecg.rateHz;
  const beats = sightings.filter((sighting) => sighting.tag === 'BeatSeen');
  const detected = beats.map(({ at }) => ({ atSeconds: at / 1e6, class: 'N' as const }));
  const reference = referenceBeats(annotations.right, ecg.rateHz);
  const options = { ...EC57, excluded: flutterEpisodes(annotations.right, ecg.rateHz) };
  const result = compareBeats(reference, detected, options);
  const late = beats.map(({ at, said }) => (said - at) / 1e3).sort((a, b) => a - b);
  results.push(result);
  cpuTotal += used.user + used.system;
  secondsTotal += seconds;
  line(name, result, (used.user + used.system) / seconds, late[Math.floor(late.length * 0.99)] ?? 0);
  if (values.errors)
    for (const pair of matchBeats(reference, detected, options.windowSeconds)) {
      if (pair.reference !== undefined && pair.detected !== undefined) continue;
      const at = (pair.reference ?? pair.detected)!.atSeconds;
      if (at >= 300)
        process.stdout.write(`   ${at.toFixed(2)} ${pair.reference ? `missed ${pair.reference.class}` : 'false'}\n`);
    }
}
line('gross', sumResults(results), cpuTotal / secondsTotal, 0);
