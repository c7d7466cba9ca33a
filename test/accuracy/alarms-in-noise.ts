/**
 * How many alarms began with and without added noise, by condition:
 *
 *   vigil evaluate beats --wfdb DIR --noise NOISE --snr 6 --out OUT
 *   node test/accuracy/alarms-in-noise.ts OUT/said
 *
 * Noise comes and goes as `nst` adds it: two minutes with and two without in turn, from 5:00 on. Nobody acknowledges here, so a red alarm that
 * is over stays latched; one that comes back from there counts again, as it would ring again where a nurse had looked after it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNoisyAt } from '../../services/evaluate/beats/noise-stress.ts';

const [said] = process.argv.slice(2);
if (said === undefined) {
  process.stderr.write('usage: alarms-in-noise.ts SAID\n');
  process.exit(2);
}

interface AlarmLine {
  readonly kind: string;
  readonly at: number;
  readonly condition: string;
  readonly priority: string;
  readonly from: string;
  readonly to: string;
}

const begun = new Map<string, { quiet: number; noisy: number }>();
for (const name of (await readdir(said)).filter((file) => file.endsWith('.ndjson')).sort()) {
  for (const line of (await readFile(join(said, name), 'utf8')).split('\n')) {
    if (!line.startsWith('{"kind":"alarm"')) continue;
    const { at, condition, priority, from, to } = JSON.parse(line) as AlarmLine;
    if (from !== 'off' && !(from === 'latched' && to === 'on')) continue;
    const key = `${priority} ${condition}`;
    const counts = begun.get(key) ?? { quiet: 0, noisy: 0 };
    counts[isNoisyAt(at) ? 'noisy' : 'quiet']++;
    begun.set(key, counts);
  }
}
for (const [key, { quiet, noisy }] of [...begun].sort(([a], [b]) => (a < b ? -1 : 1)))
  process.stdout.write(`${key}: ${noisy} in noise, ${quiet} without\n`);
