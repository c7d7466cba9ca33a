/** Which alarms were suppressed, by which rule, and which of them a red one of the same bed followed: whether a rule hid a warning. */
import { VIGIL_BED } from '../../schemas/engine.ts';
import {
  type AlarmEvent,
  type AlarmSignal,
  Origin,
  Priority,
  SignalState,
} from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { seconds } from '../../schemas/units.ts';
import type { Fold } from '../fold.ts';

/** Behind a graver alarm; gone before its delay had run out; begun in silence during a pause of sound. */
export type SuppressingRule = 'chain' | 'delay' | 'pause';

export interface SuppressedAlarm {
  readonly bed: string;
  readonly alarm: string;
  readonly condition: string;
  readonly atUs: number;
  readonly rule: SuppressingRule;
  /** What hid it, in the words of the alarms: "behind VTACH". */
  readonly why: string;
  readonly text: string;
}

export interface RedAlarm {
  readonly condition: string;
  readonly atUs: number;
  readonly text: string;
}

export type SuppressedSaid =
  | { readonly tag: 'Suppressed'; readonly suppressed: SuppressedAlarm }
  /** The first red one after it. */
  | { readonly tag: 'Followed'; readonly suppressed: SuppressedAlarm; readonly red: RedAlarm };

/** What was suppressed of late, and what each alarm that waits says; of one bed. */
export interface SuppressedMemory {
  readonly recent: readonly SuppressedAlarm[];
  readonly waiting: Readonly<Record<string, string>>;
}

export const FOLLOWED_WITHIN = seconds(900);
const RECENT_MAX = 1_000;

const { OFF, WAITING, ON, PAUSED, HIDDEN } = SignalState;

/** The rule by which what began is not heard; undefined: it is, or it has been. */
const ruleOf = (from: SignalState, to: SignalState): SuppressingRule | undefined => {
  const begins = from === OFF || from === WAITING;
  if (begins && to === HIDDEN) return 'chain';
  if (to === PAUSED && (begins || from === HIDDEN)) return 'pause';
  return from === WAITING && to === OFF ? 'delay' : undefined;
};

const isRed = ({ priority, origin }: AlarmSignal): boolean =>
  priority === Priority.HIGH && origin === Origin.PHYSIOLOGICAL;

const waitingIn = ({ signals }: AlarmEvent): Readonly<Record<string, string>> =>
  Object.fromEntries(signals.filter(({ state }) => state === WAITING).map(({ alarm, text }) => [alarm, text]));

/** The alarms of one bed, in the order of the log. */
export const suppressed: Fold<SuppressedMemory, AlarmEvent, SuppressedSaid> = {
  start: { recent: [], waiting: {} },
  step: ({ recent: before, waiting: waited }, event) => {
    const { bed, atUs, transition, signals } = event;
    const waiting = waitingIn(event);
    if (transition === undefined || bed === VIGIL_BED) return [{ recent: before, waiting }, []];
    const { alarm, condition, from, to, why } = transition;
    const young = before.filter((one) => Math.abs(atUs - one.atUs) <= FOLLOWED_WITHIN);
    const signal = signals.find((one) => one.alarm === alarm);
    if (to === ON && from !== ON && signal !== undefined && isRed(signal)) {
      const red = { condition, atUs, text: signal.text };
      return [{ recent: [], waiting }, young.map((one) => ({ tag: 'Followed', suppressed: one, red }))];
    }
    const rule = ruleOf(from, to);
    if (rule === undefined) return [{ recent: young, waiting }, []];
    const text = signal?.text ?? waited[alarm] ?? '';
    const one = { bed, alarm, condition, atUs, rule, why, text };
    return [{ recent: [...young, one].slice(-RECENT_MAX), waiting }, [{ tag: 'Suppressed', suppressed: one }]];
  },
};
