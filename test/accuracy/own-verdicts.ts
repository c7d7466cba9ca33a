/**
 * What the verdicts on Vigil's own red rhythm alarms say beside what experts said of the monitor's alarm of the same kind:
 *
 *   vigil replay --wfdb CINC2015_DIR --out OUT
 *   node test/accuracy/own-verdicts.ts CINC2015_DIR OUT
 *
 * Counted is, per record, the newest alarm of Vigil's own of the kind that the monitor rang for, raised in the 16 s before the monitor's;
 * only those have a truth. Alarms of Vigil's that no monitor rang for are told without one.
 */
import { kindOfAlarm } from '../../stream-models/corroboration/claim.ts';
import { ALARM_AT_S, BEFORE_S, replayedAlarms } from './replayed-alarms.ts';

const counts = new Map<string, number>();
const count = (...words: readonly string[]): void => {
  const key = words.join(' ');
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

let latest = 0;
for (const { alarm, isTrue, lines } of await replayedAlarms('own-verdicts.ts')) {
  const kind = kindOfAlarm(alarm);
  const verdicts = lines.filter((line) => line.kind === 'verdict');
  for (const { at, said, condition, verdict } of verdicts) {
    latest = Math.max(latest, said - at);
    count('every', condition!, verdict!);
  }
  const own = verdicts.filter(({ condition, at }) => condition === kind && at > ALARM_AT_S - BEFORE_S).at(-1);
  count(`${isTrue}`, kind ?? 'unknown', own?.verdict ?? 'none raised and judged');
}
for (const [key, number] of [...counts].sort()) console.log(`${key}: ${number}`);
console.log(`latest verdict ${latest.toFixed(2)} s after its alarm was said`);
