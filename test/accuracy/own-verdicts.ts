/**
 * What the verdicts on Vigil's own red rhythm alarms say beside what experts said of the monitor's alarm of the same kind:
 *
 *   vigil replay --wfdb CINC2015_DIR --out OUT
 *   node test/accuracy/own-verdicts.ts CINC2015_DIR OUT
 *
 * Counted is, per record, the newest alarm of Vigil's own of the kind that the monitor rang for, raised in the 16 s before the monitor's;
 * only those have a truth. Alarms of Vigil's that no monitor rang for are told without one.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kindOfAlarm } from '../../stream-models/corroboration/claim.ts';

const [folder, outputs] = process.argv.slice(2);
if (folder === undefined || outputs === undefined) throw new Error('usage: own-verdicts.ts CINC2015_DIR OUT');

const ALARM_AT_S = 120;
const BEFORE_S = 16;

interface Line {
  readonly kind: string;
  readonly at: number;
  readonly said: number;
  readonly condition?: string;
  readonly verdict?: string;
}

const counts = new Map<string, number>();
const count = (...words: readonly string[]): void => {
  const key = words.join(' ');
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const rows = (await readFile(join(folder, 'ALARMS.csv'), 'utf8')).trim().split('\n').slice(1);
let latest = 0;
for (const row of rows) {
  const [record, alarm, isTrue] = row.split(',');
  const kind = kindOfAlarm(alarm!.replaceAll('_', ' '));
  const text = await readFile(join(outputs, `${record}.ndjson`), 'utf8');
  const verdicts = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.kind === 'verdict');
  for (const { at, said, condition, verdict } of verdicts) {
    latest = Math.max(latest, said - at);
    count('every', condition!, verdict!);
  }
  const own = verdicts.filter(({ condition, at }) => condition === kind && at > ALARM_AT_S - BEFORE_S).at(-1);
  count(isTrue === '1' ? 'true' : 'false', kind ?? 'unknown', own?.verdict ?? 'none raised and judged');
}
for (const [key, number] of [...counts].sort()) console.log(`${key}: ${number}`);
console.log(`latest verdict ${latest.toFixed(2)} s after its alarm was said`);
