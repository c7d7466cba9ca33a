import * as E from 'fp-ts/lib/Either.js';
import { type ConditionName, isCondition } from '../../schemas/conditions.ts';
import {
  type AlarmInput as AlarmInputMessage,
  type MissedAlarms,
  type NurseAction,
  NurseActionKind,
} from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { type Rejection, rejection } from '../../schemas/rejection.ts';
import { type Microseconds, type Moment, microseconds, moment } from '../../schemas/units.ts';
import { type ScreenWord, screenWord } from '../../schemas/words.ts';
import type { AlarmEvidence, Missed } from './alarm.ts';
import { evidenceOf } from './alarm-evidence.ts';
import { MISSED_ALARMS_MAX } from './policy.ts';

export type ActionKind = 'acknowledge' | 'pause-audio' | 'resume-audio' | 'reset' | 'cannot-come';

/** Which appearances of which alarms whoever acted had before his eyes. */
export type Seen = readonly { readonly alarm: string; readonly appearance: number }[];

/** What the alarm machine of one bed hears. Every input is also time passing. */
export type AlarmInput = { readonly at: Moment; readonly said: Moment } & (
  | {
      readonly tag: 'Condition';
      readonly condition: ConditionName;
      readonly present: boolean;
      readonly evidence: string;
      readonly preset: string;
      /** It stands already: the evidence is of its worst so far. */
      readonly worse?: boolean;
      /** Who has ended it; absent: nobody. */
      readonly by?: string;
      /** What it misses may have been taken off on purpose. */
      readonly mayBeTakenOff?: true;
      /** How long its signal waits; absent: as the policy says of the preset. Never followed for high priority. */
      readonly delay?: Microseconds;
    }
  | {
      readonly tag: 'Action';
      readonly kind: ActionKind;
      /** undefined: every alarm of the bed. */
      readonly alarm: string | undefined;
      readonly by: string;
      /** undefined: as long as the site allows. */
      readonly duration: Microseconds | undefined;
      readonly reason: string;
      /** Empty: the console cannot repeat itself, so nothing is remembered. */
      readonly id: string;
      /** undefined: all that is there when the act arrives. */
      readonly seen: Seen | undefined;
    }
  | { readonly tag: 'Tick' }
  | { readonly tag: 'PatientChange'; readonly patient: string }
  /** A console has an alarm: nothing for the alarms to do, and no time passes by it. */
  | { readonly tag: 'Received' }
  /** What all signals say of an alarm of this condition. */
  | { readonly tag: 'Verdict'; readonly condition: ConditionName; readonly verdict: AlarmEvidence }
  /** Of the reserved bed: what became of a screen; `quiet`: for how long nothing had been heard of one that is lost. */
  | {
      readonly tag: 'Screen';
      readonly screen: string;
      readonly name: string;
      readonly state: ScreenWord;
      readonly quiet: Microseconds;
    }
  /** What would have rung, had it come in time. */
  | { readonly tag: 'Missed'; readonly missed: Missed }
  /** A screen has chosen the bed as one of its own, or has let it go. */
  | { readonly tag: 'Choice'; readonly screen: string; readonly name: string; readonly chosen: boolean }
);

const TEXT_MAX = 256;
const NAME_MAX = 128;
const SEEN_MAX = 128;
const TIME_MAX_US = 2 ** 53 - 1;

const kinds: Readonly<Partial<Record<NurseActionKind, ActionKind>>> = {
  [NurseActionKind.ACKNOWLEDGE]: 'acknowledge',
  [NurseActionKind.PAUSE_AUDIO]: 'pause-audio',
  [NurseActionKind.RESUME_AUDIO]: 'resume-audio',
  [NurseActionKind.RESET]: 'reset',
  [NurseActionKind.CANNOT_COME]: 'cannot-come',
};

const isTime = (us: number): boolean => Number.isFinite(us) && us >= 0 && us <= TIME_MAX_US;

const readAction = (action: NurseAction, times: { at: Moment; said: Moment }): E.Either<Rejection, AlarmInput> => {
  const kind = kinds[action.kind];
  if (kind === undefined)
    return E.left(rejection('out-of-range', 'action.kind', `action.kind is ${action.kind}; Vigil knows 1 to 5`));
  if (action.by.trim() === '')
    return E.left(rejection('missing-field', 'action.by', 'action.by is empty; every act names who did it'));
  for (const field of ['by', 'id'] as const)
    if (action[field].length > NAME_MAX)
      return E.left(
        rejection('too-large', `action.${field}`, `action.${field} has more than ${NAME_MAX} characters; shorten it`),
      );
  return E.right({
    ...times,
    tag: 'Action',
    kind,
    alarm: action.alarm === '' ? undefined : action.alarm,
    by: action.by,
    duration: action.durationUs > 0 && Number.isFinite(action.durationUs) ? microseconds(action.durationUs) : undefined,
    reason: action.reason.slice(0, TEXT_MAX),
    id: action.id,
    // More than there are conditions is not looked at: what is not among it rings on.
    seen: action.seen?.alarms.slice(0, SEEN_MAX).map(({ alarm, appearance }) => ({ alarm, appearance })),
  });
};

/** Who a screen is; one without an id could never be known again. */
const screenOf = (input: { readonly screen: string; readonly name: string }, where: string) =>
  input.screen === '' || input.screen.length > NAME_MAX
    ? E.left(rejection('out-of-range', where, `${where} must have 1 to ${NAME_MAX} characters`))
    : E.right({ screen: input.screen, name: input.name.slice(0, NAME_MAX) });

const timeOf = (us: number): Moment => moment(isTime(us) ? Math.round(us) : 0);

/** Bounded, because it is said with every picture of the bed; what a newer Vigil lists and this one does not know is counted. */
const missedOf = ({ source, fromUs, toUs, frames, numbers, alarms, more }: MissedAlarms): Missed => {
  const known = alarms
    .flatMap(({ condition, atUs, endedUs, text, ofBefore }) =>
      isCondition(condition)
        ? [
            {
              ...{ condition, at: timeOf(atUs), evidence: text.slice(0, TEXT_MAX), ofBefore },
              ...(endedUs > 0 ? { ended: timeOf(endedUs) } : {}),
            },
          ]
        : [],
    )
    .slice(0, MISSED_ALARMS_MAX);
  const from = timeOf(fromUs);
  const rest = { frames, numbers, more: more + alarms.length - known.length };
  return { source: source.slice(0, NAME_MAX), from, to: timeOf(toUs), alarms: known, ...rest };
};

const unknownCondition = (where: string, name: string): E.Either<Rejection, never> =>
  E.left(rejection('out-of-range', where, `"${name.slice(0, NAME_MAX)}" is no condition that Vigil knows`));

/**
 * Turns a message of vigil.alarm-inputs into what the machine understands, or says why not. Texts that are too long are
 * cut, not refused: an alarm is never lost to its wording.
 */
export const readAlarmInput = (message: AlarmInputMessage): E.Either<Rejection, AlarmInput> => {
  for (const field of ['atUs', 'saidUs'] as const)
    if (!isTime(message[field]))
      return E.left(
        rejection(
          'out-of-range',
          field,
          `${field} is ${message[field]}; it must be microseconds since 1970, 0 to 2^53`,
        ),
      );
  const at = moment(Math.round(message.atUs));
  const times = { at, said: moment(Math.max(Math.round(message.saidUs), at)) };
  const { input } = message;
  switch (input.case) {
    case 'tick':
      return E.right({ ...times, tag: 'Tick' });
    case 'patient':
      return E.right({ ...times, tag: 'PatientChange', patient: input.value.patient });
    case 'action':
      return readAction(input.value, times);
    case 'condition': {
      const { condition, present, evidence, preset, worse, by, mayBeTakenOff, delayUs } = input.value;
      if (!isCondition(condition)) return unknownCondition('condition.condition', condition);
      const text = { evidence: evidence.slice(0, TEXT_MAX), preset: preset.slice(0, NAME_MAX) };
      return E.right({
        ...times,
        tag: 'Condition',
        condition,
        present,
        ...text,
        ...(worse ? { worse } : {}),
        ...(by === '' ? {} : { by: by.slice(0, NAME_MAX) }),
        ...(mayBeTakenOff ? { mayBeTakenOff } : {}),
        ...(delayUs === undefined ? {} : { delay: microseconds(delayUs) }),
      });
    }
    case 'verdict': {
      const { condition } = input.value;
      if (!isCondition(condition)) return unknownCondition('verdict.condition', condition);
      return E.right({ ...times, tag: 'Verdict', condition, verdict: evidenceOf(input.value, at) });
    }
    case 'received':
      return E.right({ ...times, tag: 'Received' });
    case 'screen': {
      const screen = screenOf(input.value, 'screen.screen');
      const state = screenWord(input.value.state);
      if (state === undefined)
        return E.left(
          rejection('out-of-range', 'screen.state', `screen.state is ${input.value.state}; Vigil knows 1 to 3`),
        );
      const { quietUs } = input.value;
      const quiet = microseconds(isTime(quietUs) ? quietUs : 0);
      return E.isLeft(screen) ? screen : E.right({ ...times, tag: 'Screen', ...screen.right, state, quiet });
    }
    case 'choice': {
      const screen = screenOf(input.value, 'choice.screen');
      return E.isLeft(screen)
        ? screen
        : E.right({ ...times, tag: 'Choice', ...screen.right, chosen: input.value.chosen });
    }
    case 'missed':
      return E.right({ ...times, tag: 'Missed', missed: missedOf(input.value) });
    case undefined:
      return E.left(
        rejection(
          'missing-field',
          'input',
          'the input says neither a condition, an action, a tick, a patient nor a verdict',
        ),
      );
  }
};
