/**
 * Which alarms of bedside monitors were red for Vigil too, by its own rules and networks, in patients that none of them learned from:
 *
 *   vigil replay --wfdb CINC2015_DIR --out OUT
 *   node test/accuracy/own-red.ts CINC2015_DIR OUT
 *
 * Counted are records, by the monitor's kind of alarm and what experts said of it: in how many VT or VF of Vigil's own stood at any time in
 * the 16 s before the monitor rang. A change of the red rules must lose no true alarm here.
 */
import { ALARM_AT_S, BEFORE_S, type ReplayLine, replayedAlarms } from './replayed-alarms.ts';

const RED = ['vt', 'vf'] as const;

/** How often a condition was said in a record, and whether it stood in the last seconds before the alarm. */
const heardOf = (
  lines: readonly ReplayLine[],
  condition: string,
): { readonly episodes: number; readonly stood: boolean } => {
  const changes = lines.filter((line) => line.kind === 'condition' && line.condition === condition);
  const begun = changes.filter(({ present, said }) => present && said <= ALARM_AT_S);
  const stood = begun.some((from) => {
    const end = changes.find(({ present, said }) => !present && said >= from.said);
    return end === undefined || end.at >= ALARM_AT_S - BEFORE_S;
  });
  return { episodes: changes.filter(({ present }) => present).length, stood };
};

interface Row {
  records: number;
  vt: number;
  vf: number;
  red: number;
}
const rows = new Map<string, Row>();
const episodes = { vt: 0, vf: 0 };
for (const { alarm, isTrue, lines } of await replayedAlarms('own-red.ts')) {
  const name = `${alarm}, ${isTrue}`;
  const of = rows.get(name) ?? { records: 0, vt: 0, vf: 0, red: 0 };
  rows.set(name, of);
  of.records++;
  let isRed = false;
  for (const condition of RED) {
    const heard = heardOf(lines, condition);
    episodes[condition] += heard.episodes;
    if (heard.stood) of[condition]++;
    isRed ||= heard.stood;
  }
  if (isRed) of.red++;
}
for (const [name, { records, vt, vf, red }] of [...rows].sort())
  console.log(`${name}: ${records} records, red ${red} (VT ${vt}, VF ${vf})`);
console.log(`episodes in all: VT ${episodes.vt}, VF ${episodes.vf}`);
