import { conditions } from '../../schemas/conditions.ts';
import type { Moment } from '../../schemas/units.ts';
import { type Alarm, type AlarmSaid, appearanceOf, type BedAlarms, byGravity, type ShownState } from './alarm.ts';
import { askingAfter } from './asking.ts';
import type { AlarmPolicy } from './policy.ts';
import { hiderOf, shownStateOf } from './shown-state.ts';

/** One step of a bed under way: its memory so far, the moment reached, and what was said. Lives within one step only. */
export interface Course {
  readonly policy: AlarmPolicy;
  readonly said: Moment;
  bed: BedAlarms;
  at: Moment;
  readonly told: AlarmSaid[];
}

/** Who set a change off, and why: written on every transition that follows from it directly. */
export interface Cause {
  readonly by: string;
  readonly why: string;
}
export const VIGIL = 'vigil';

/** What every word of the machine has beside its transition and its alarms. */
const beside = ({ at, said, bed }: Course): Pick<AlarmSaid, 'at' | 'said' | 'pausedUntil' | 'chosenBy' | 'missed'> => ({
  ...{ at, said, pausedUntil: bed.pause?.until, chosenBy: bed.chosenBy ?? [] },
  missed: (bed.missed ?? []).map(({ what }) => what),
});

/** Says the picture of the bed as it is, without a transition. `about`: the alarm whose verdict, or worst value, is the reason. */
export const tellPicture = (course: Course, about: Pick<AlarmSaid, 'judged' | 'worse'> = {}): void => {
  course.told.push({ ...beside(course), transition: undefined, ...about, alarms: course.bed.alarms });
};

/**
 * Says something of an alarm whose signal stays as it is: another step of the chain is asked, or an act (`act`: its id) has changed
 * nothing of it, because whoever acted had not seen this appearance.
 */
export const tellOf = (course: Course, { id, condition, shown }: Alarm, cause: Cause, act?: string): void => {
  const transition = { alarm: id, condition, from: shown, to: shown, ...cause, ...(act === undefined ? {} : { act }) };
  course.told.push({ ...beside(course), transition, alarms: course.bed.alarms });
};

/** Hiding and coming back are the chain's doing, whoever set it off; everything else is the cause's. */
const reasonOf = (alarm: Alarm, to: ShownState, bed: BedAlarms, cause: Cause, policy: AlarmPolicy): Cause => {
  if (to === 'hidden') {
    const hider = hiderOf(alarm, bed, policy);
    return { by: VIGIL, why: `behind ${hider ? conditions[hider.condition].label : 'a graver alarm'}` };
  }
  if (alarm.shown === 'hidden' && (to === 'on' || to === 'paused'))
    return { by: VIGIL, why: 'still present, no graver alarm before it' };
  if (to === 'on' && bed.pause !== undefined) return { ...cause, why: `${cause.why}; breaks through the audio pause` };
  return cause;
};

const isInTheRoom = (shown: ShownState): boolean => shown === 'on' || shown === 'paused';

/** Whoever saw it before has not seen this: it begins, comes back after it had ended, or from behind a graver one. */
const comesAnew = (from: ShownState, to: ShownState): boolean =>
  !isInTheRoom(from) && (isInTheRoom(to) || to === 'hidden');

const shownAs = ({ bed, policy, at }: Course, alarm: Alarm, shown: ShownState): Alarm => {
  const { asking: _before, ...rest } = alarm;
  const asking = askingAfter(alarm, shown, bed, policy, at);
  return {
    ...rest,
    shown,
    appearance: appearanceOf(alarm) + (comesAnew(alarm.shown, shown) ? 1 : 0),
    rang: alarm.rang || isInTheRoom(shown),
    ...(asking === undefined ? {} : { asking }),
  };
};

/**
 * Says one transition for each signal that no longer shows what follows from its alarm, the gravest first; each carries
 * the picture right after it. Signals that are off are forgotten. Answers how many were said.
 */
export const announce = (course: Course, cause: Cause): number => {
  const settled = course.bed;
  const { policy } = course;
  const changes = settled.alarms
    .map((alarm) => ({ alarm, to: shownStateOf(alarm, settled, policy) }))
    .filter(({ alarm, to }) => to !== alarm.shown)
    // What hides comes before what is hidden.
    .sort((a, b) => Number(a.to === 'hidden') - Number(b.to === 'hidden') || byGravity(a.alarm, b.alarm));
  for (const { alarm, to } of changes) {
    const { by, why } = reasonOf(alarm, to, settled, cause, policy);
    const alarms = course.bed.alarms
      .map((other) => (other.id === alarm.id ? shownAs(course, other, to) : other))
      .filter((other) => other.shown !== 'off' || other.id !== alarm.id);
    course.bed = { ...course.bed, alarms };
    course.told.push({
      ...beside(course),
      transition: { alarm: alarm.id, condition: alarm.condition, from: alarm.shown, to, by, why },
      // A signal whose own transition is still to be said is in the picture as it was last said.
      alarms: alarms.filter((other) => other.shown !== 'off').sort(byGravity),
    });
  }
  course.bed = { ...course.bed, alarms: course.bed.alarms.filter((a) => a.signal.tag !== 'Over').sort(byGravity) };
  return changes.length;
};
