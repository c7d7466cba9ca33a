/**
 * Measures the red rhythm conditions on a folder of WFDB records, against their rhythm annotations:
 *
 *   node test/accuracy/rhythm.ts DIR [--preset NAME] [--record NAME]…
 *
 * Beats have the reference's class where the record has beat annotations (so VT is measured apart from the network), else
 * none. An episode is found when its condition is present between its onset and 6 s after its end; the delay counts from
 * the annotated onset to the moment when the condition was said. An alarm is false when it was said outside of every
 * episode (5 s before to 6 s after); false VF alarms are told apart by what is annotated at that moment.
 */
import { parseArgs } from 'node:util';
import { recordNames } from '../../services/recordings/wfdb/record.ts';
import { conclude } from '../../stream-models/analysis/conclude.ts';
import { runFold } from '../../stream-models/fold.ts';
import { findPreset, presets } from '../../stream-models/presets/presets.ts';
import { inRecord, open, type RhythmSpan, reference, sightingsOf } from './listen.ts';

type Red = 'vf' | 'vt' | 'asystole' | 'extreme-tachy' | 'extreme-brady';
const measured: Readonly<Record<Red, readonly string[]>> = {
  vf: ['VFIB', 'VFL'],
  vt: ['VT'],
  asystole: ['ASYS'],
  'extreme-tachy': [],
  'extreme-brady': [],
};
const reds = Object.keys(measured) as Red[];
const AFTER = 6;
const BEFORE = 5;
const EPISODE_MIN = 3;

interface Alarm {
  readonly said: number;
  readonly ended: number;
  readonly evidence: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { preset: { type: 'string' }, record: { type: 'string', multiple: true }, verbose: { type: 'boolean' } },
});
const directory = positionals[0];
const preset = findPreset(values.preset ?? 'vigil');
if (directory === undefined || preset === undefined) {
  process.stderr.write(`usage: rhythm.ts DIR [--preset ${Object.keys(presets).join('|')}] [--record NAME]…\n`);
  process.exit(2);
}
const print = (line: string) => process.stdout.write(`${line}\n`);

const totals = Object.fromEntries(
  reds.map((red) => [
    red,
    { episodes: 0, found: 0, delays: [] as number[], falseAlarms: 0, during: new Map<string, number>() },
  ]),
) as Record<
  Red,
  { episodes: number; found: number; delays: number[]; falseAlarms: number; during: Map<string, number> }
>;
let hours = 0;
let bothPresent = 0;

const judge = (red: Red, spans: readonly RhythmSpan[], alarms: readonly Alarm[]): string => {
  const total = totals[red];
  const episodes = spans.filter(({ rhythm, from, to }) => measured[red].includes(rhythm) && to - from >= EPISODE_MIN);
  const any = spans.filter(({ rhythm }) => measured[red].includes(rhythm));
  const parts: string[] = [];
  for (const { from, to } of episodes) {
    const alarm = alarms.find(({ said, ended }) => said <= to + AFTER && ended >= from);
    total.episodes++;
    if (alarm) {
      total.found++;
      total.delays.push(Math.max(0, alarm.said - from));
    } else if (values.verbose) parts.push(`missed ${from.toFixed(0)}–${to.toFixed(0)}`);
  }
  for (const alarm of alarms) {
    if (any.some(({ from, to }) => alarm.said >= from - BEFORE && alarm.said <= to + AFTER)) continue;
    const during = spans.findLast(({ from }) => from <= alarm.said - 2)?.rhythm ?? '?';
    total.during.set(during, (total.during.get(during) ?? 0) + 1);
    total.falseAlarms++;
    parts.push(`false ${alarm.said.toFixed(0)}–${alarm.ended.toFixed(0)} (${during}; ${alarm.evidence})`);
  }
  return parts.length > 0 ? `  ${red}: ${parts.slice(0, 12).join(', ')}` : '';
};

for (const name of values.record ?? (await recordNames(directory))) {
  const record = await open(directory, name);
  const known = await reference(directory, record);
  const sightings = sightingsOf(record, known);
  const began = performance.now();
  const [, facts] = runFold(conclude(preset), sightings);
  const took = performance.now() - began;
  const length = (record.signals[0]?.length ?? 0) / record.header.rateHz;
  hours += length / 3600;
  const lines: string[] = [];
  const spansOf = (red: string): readonly Alarm[] => {
    const alarms: { said: number; ended: number; evidence: string }[] = [];
    for (const fact of facts) {
      if (fact.tag !== 'Condition' || fact.condition !== red) continue;
      const said = inRecord(fact.said);
      if (fact.present) alarms.push({ said, ended: length, evidence: fact.evidence });
      else if (alarms.at(-1)) alarms.at(-1)!.ended = said;
    }
    return alarms;
  };
  for (const red of reds) lines.push(judge(red, known.spans, spansOf(red)));
  const standstills = spansOf('asystole');
  const fibrillations = known.spans.filter(({ rhythm }) => measured.vf.includes(rhythm));
  for (const { said } of standstills)
    if (fibrillations.some(({ from, to }) => said > from + 1 && said < to)) bothPresent++;
  const rest = new Map<string, number>();
  for (const fact of facts)
    if (fact.tag === 'Condition' && fact.present && !(fact.condition in measured))
      rest.set(fact.condition, (rest.get(fact.condition) ?? 0) + 1);
  const others = [...rest].map(([condition, count]) => `${condition} ${count}`).join(', ');
  print(`${name}: ${facts.length} facts in ${took.toFixed(0)} ms${others ? `; ${others}` : ''}`);
  for (const line of lines) if (line) print(line);
}
print('');
for (const red of reds) {
  const { episodes, found, delays, falseAlarms, during } = totals[red];
  delays.sort((a, b) => a - b);
  const delay = (share: number) =>
    delays[Math.min(delays.length - 1, Math.floor(share * delays.length))]?.toFixed(1) ?? '–';
  const split = [...during].map(([rhythm, count]) => `${rhythm} ${count}`).join(', ');
  print(
    `${red}: ${found} of ${episodes} episodes of at least ${EPISODE_MIN} s; delay median ${delay(0.5)} s, 90 % ${delay(0.9)} s, ` +
      `longest ${delay(1)} s; ${falseAlarms} other alarms in ${hours.toFixed(1)} h, ${(falseAlarms / hours).toFixed(2)}/h${split ? ` (${split})` : ''}`,
  );
}
print(`asystole said within annotated fibrillation: ${bothPresent}`);
