/** The alarms of the day, as the machine of every bed says them: what began, when it was acknowledged, when it ended. */
import { type ConditionName, conditions } from '../../../schemas/conditions.ts';
import { seconds } from '../../../schemas/units.ts';
import type { StoredAlarm } from '../../../services/ports/series-store.ts';
import { toAlarmEvent } from '../../../stream-models/alarms/alarm-event.ts';
import type { AlarmInput } from '../../../stream-models/alarms/alarm-input.ts';
import { alarmMachine } from '../../../stream-models/alarms/alarm-machine.ts';
import type { AlarmPolicy } from '../../../stream-models/alarms/policy.ts';
import { runFold } from '../../../stream-models/fold.ts';
import { AGO, at, BED, BRIEF_BED, DAY, HOUR, MINUTE, ODD_BED, OTHER_BED, SECOND, SILENT_BED } from './story.ts';

/** One alarm of the day. Times are seconds after its onset; nobody answered, it did not end: absent. */
export interface RecordedAlarm {
  readonly bed: string;
  readonly condition: ConditionName;
  readonly text: string;
  readonly ago: number;
  readonly answeredAfterS?: number;
  readonly endsAfterS?: number;
}

export const alarms: readonly RecordedAlarm[] = [
  { bed: BED, condition: 'vt', text: 'VTACH 190/min', ago: AGO.vt, answeredAfterS: 40, endsAfterS: 1 },
  { bed: BED, condition: 'af', text: 'AFIB', ago: AGO.afFrom, answeredAfterS: 102, endsAfterS: 3_600 },
  { bed: BED, condition: 'spo2-low', text: 'SpO₂ 87 < 88', ago: 2 * HOUR, answeredAfterS: 22, endsAfterS: 300 },
  { bed: BED, condition: 'spo2-low', text: 'SpO₂ 86 < 88', ago: HOUR, endsAfterS: 32 },
  { bed: OTHER_BED, condition: 'spo2-low', text: 'SpO₂ 85 < 88', ago: 3 * HOUR, answeredAfterS: 62, endsAfterS: 90 },
  { bed: OTHER_BED, condition: 'ecg-noise', text: 'ECG NOISY', ago: 30 * MINUTE, endsAfterS: 32 },
  // It still stands there when the bed falls silent.
  { bed: SILENT_BED, condition: 'hr-high', text: 'HR 134 > 120', ago: 6 * HOUR, answeredAfterS: 82 },
  { bed: BRIEF_BED, condition: 'lead-off', text: 'ECG LEAD OFF', ago: 7 * HOUR, endsAfterS: 32 },
];

export const priorityOf = ({ condition }: RecordedAlarm) => conditions[condition].priority;

const DELAY_S = 2;
const policy: AlarmPolicy = {
  delayOf: () => seconds(DELAY_S),
  audioPauseMax: seconds(120),
  newLesserDuringPause: 'stays silent',
};
/** From the onset to the beginning: the delay of the condition. What is high has none. */
export const delayMs = (alarm: RecordedAlarm): number => (priorityOf(alarm) === 'high' ? 0 : DELAY_S * SECOND);

const NURSE = 'Nurse Kim';

const inputsOf = ({ condition, text, ago, answeredAfterS, endsAfterS }: RecordedAlarm): readonly AlarmInput[] => {
  const when = (afterS: number) => ({ at: at(ago - afterS * SECOND), said: at(ago - afterS * SECOND) });
  const report = { tag: 'Condition', condition, evidence: text, preset: 'vigil' } as const;
  const act = { tag: 'Action', kind: 'acknowledge', alarm: undefined, by: NURSE, duration: undefined } as const;
  return [
    { ...when(0), ...report, present: true },
    ...(answeredAfterS === undefined ? [] : [{ ...when(answeredAfterS), ...act, reason: '', id: '', seen: undefined }]),
    ...(endsAfterS === undefined ? [] : [{ ...when(endsAfterS), ...report, present: false }]),
  ];
};

/** Minutes in which the beds were heard; each has a roll call. */
const heardAgo: Readonly<Record<string, readonly [from: number, to: number]>> = {
  [BED]: [DAY, 0],
  [OTHER_BED]: [DAY, 0],
  [ODD_BED]: [DAY, 0],
  [SILENT_BED]: [DAY, AGO.silentBed],
  [BRIEF_BED]: [7 * HOUR + MINUTE, 7 * HOUR - MINUTE],
};

const eventsOf = (bed: string): readonly StoredAlarm[] => {
  const [from, to] = heardAgo[bed]!;
  const ticks = Array.from({ length: (from - to) / MINUTE }, (_, i): AlarmInput => {
    const now = at(from - i * MINUTE);
    return { tag: 'Tick', at: now, said: now };
  });
  const inputs = [...ticks, ...alarms.filter((alarm) => alarm.bed === bed).flatMap(inputsOf)];
  const [, said] = runFold(
    alarmMachine(policy, bed),
    inputs.sort((a, b) => a.at - b.at),
  );
  return said.map((each, i) => ({ event: toAlarmEvent(bed, each), place: BigInt(i) }));
};

export const alarmsOfTheDay = (): readonly StoredAlarm[] => Object.keys(heardAgo).flatMap(eventsOf);

/** Minutes of beds that were watched: a roll call each, the first one a minute after the bed was heard first. */
export const BED_MINUTES = Object.values(heardAgo).reduce((sum, [from, to]) => sum + (from - to) / MINUTE - 1, 0);
