import { isEcgLead } from '../../schemas/codes.ts';
import { after, type Microseconds, type Moment, microseconds } from '../../schemas/units.ts';
import { ALARM_KINDS, type AlarmKind } from './claim.ts';
import type { AlarmVerdict } from './judge.ts';

/** A red rhythm alarm of Vigil's own that waits for its verdict. */
export interface RaisedAlarm {
  readonly kind: AlarmKind;
  /** How far the bed had been heard when it was raised: nothing later counts. */
  readonly at: Moment;
}

/** What a bed remembers of its own alarms until they are judged. Bounded: one a kind. */
export interface OwnAlarms {
  readonly waiting: readonly RaisedAlarm[];
  /** Since when the patient of now is heard; waves before are another's. undefined: all along. */
  readonly since: Moment | undefined;
}

export const startOwnAlarms: OwnAlarms = { waiting: [], since: undefined };

/**
 * Bed time from an alarm to its verdict. Not at once, because listening to every signal costs some 45 ms of CPU and the batch that
 * raises the alarm shall not wait for it; the same for every cutting into frames and batches, so that a replay says the same.
 */
export const JUDGED_AFTER: Microseconds = microseconds(500_000);

const isPulse = (code: number): boolean => !isEcgLead(code);

/**
 * A verdict on an alarm of Vigil's own is refuted only where a live pulse denies it, and never of a fibrillation. The models learned from
 * monitors' alarms, which ring up to ten seconds after what they ring for began; Vigil rings earlier, and then most of what the leads are
 * judged by lies before it: of the true fibrillations of the recordings two would have been called false (CARD.md).
 */
export const ofOwnAlarm = (kind: AlarmKind, judged: AlarmVerdict): AlarmVerdict => {
  if (judged.verdict !== 'refuted') return judged;
  const pulseDenies = judged.testimonies.some(({ code, says }) => says === 'against' && isPulse(code));
  return pulseDenies && kind !== 'vf' ? judged : { ...judged, verdict: 'undecided' };
};

const isKind = (name: string): name is AlarmKind => (ALARM_KINDS as readonly string[]).includes(name);

/** A condition has come. One that is no red rhythm changes nothing; one that comes again before it was judged is judged as the newer. */
export const withRaised = (memory: OwnAlarms, condition: string, at: Moment): OwnAlarms => {
  if (!isKind(condition)) return memory;
  const others = memory.waiting.filter(({ kind }) => kind !== condition);
  return { ...memory, waiting: [...others, { kind: condition, at }] };
};

const NONE: readonly RaisedAlarm[] = [];

/** The alarms that are to be judged when the bed has been heard up to `said`, and the memory without them (===: there are none). */
export const dueBy = (memory: OwnAlarms, said: Moment): readonly [OwnAlarms, readonly RaisedAlarm[]] => {
  if (memory.waiting.length === 0) return [memory, NONE];
  const isDue = ({ at }: RaisedAlarm): boolean => after(at, JUDGED_AFTER) <= said;
  if (!memory.waiting.some(isDue)) return [memory, NONE];
  return [{ ...memory, waiting: memory.waiting.filter((alarm) => !isDue(alarm)) }, memory.waiting.filter(isDue)];
};
