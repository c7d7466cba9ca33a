/** Writes a nurse's shift as inputs of one bed, and what the machine says of it as lines of a chart. */
import type { ConditionName } from '../../schemas/conditions.ts';
import { type Moment, microseconds, seconds } from '../../schemas/units.ts';
import type { ScreenWord } from '../../schemas/words.ts';
import type { AlarmSaid, BedAlarms } from '../../stream-models/alarms/alarm.ts';
import type { ActionKind, AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { alarmMachine } from '../../stream-models/alarms/alarm-machine.ts';
import type { AlarmPolicy } from '../../stream-models/alarms/policy.ts';
import { runFold } from '../../stream-models/fold.ts';

export const BED = 'icu-04';
const DELAYED: readonly ConditionName[] = ['spo2-low', 'hr-high'];
const DELAY = seconds(15);

export const policy: AlarmPolicy = {
  // Asks for a delay on a red alarm too, which no machine may follow.
  delayOf: (condition) => (DELAYED.includes(condition) || condition === 'vt' ? DELAY : microseconds(0)),
  audioPauseMax: seconds(120),
  newLesserDuringPause: 'stays silent',
};

export const at = (s: number): Moment => seconds(s) as number as Moment;
const times = (s: number): { at: Moment; said: Moment } => ({ at: at(s), said: at(s) });

export const present = (s: number, condition: ConditionName, evidence = ''): AlarmInput => ({
  ...times(s),
  tag: 'Condition',
  condition,
  present: true,
  evidence,
  preset: 'adult',
});
export const absent = (s: number, condition: ConditionName): AlarmInput => ({
  ...times(s),
  tag: 'Condition',
  condition,
  present: false,
  evidence: '',
  preset: 'adult',
});
export const tick = (s: number): AlarmInput => ({ ...times(s), tag: 'Tick' });
export const patient = (s: number, name: string): AlarmInput => ({ ...times(s), tag: 'PatientChange', patient: name });
export const nurse = (
  s: number,
  kind: ActionKind,
  more: Partial<Extract<AlarmInput, { tag: 'Action' }>> = {},
): AlarmInput => ({
  ...times(s),
  tag: 'Action',
  kind,
  alarm: undefined,
  by: 'nurse Ada',
  duration: undefined,
  reason: '',
  id: '',
  seen: undefined,
  ...more,
});

export const play = (
  inputs: readonly AlarmInput[],
  by: AlarmPolicy = policy,
): readonly [BedAlarms, readonly AlarmSaid[]] => runFold(alarmMachine(by, BED), inputs);

export const line = ({ at: moment, transition }: AlarmSaid): string =>
  transition
    ? `${moment / 1e6}s ${transition.condition} ${transition.from} → ${transition.to}`
    : `${moment / 1e6}s picture`;

export const choice = (s: number, screen: string, chosen = true): AlarmInput => ({
  ...times(s),
  tag: 'Choice',
  screen,
  name: `the ${screen}`,
  chosen,
});
export const screen = (s: number, name: string, state: ScreenWord, quietS = 8): AlarmInput => ({
  ...times(s),
  tag: 'Screen',
  screen: `id-${name}`,
  name,
  state,
  quiet: seconds(quietS),
});

/** The transitions of a shift, without roll calls. */
export const story = (...inputs: AlarmInput[]): string[] =>
  play(inputs)[1]
    .filter(({ transition }) => transition !== undefined)
    .map(line);

/** The same with who and why. */
export const chart = (...inputs: AlarmInput[]): string[] =>
  play(inputs)[1].flatMap((said) =>
    said.transition ? [`${line(said)} (${said.transition.by}: ${said.transition.why})`] : [],
  );

/** What the room shows after a shift. */
export const room = (...inputs: AlarmInput[]): string[] =>
  play(inputs)[0].alarms.map(({ condition, shown }) => `${condition} ${shown}`);
