/** What would have rung while a line was down: told with every picture of the bed, and rings nobody. */
import { elapsed } from '../../schemas/units.ts';
import type { BedAlarms } from './alarm.ts';
import type { AlarmInput } from './alarm-input.ts';
import { type Course, tellPicture } from './course.ts';
import { MISSED_REMEMBERED, MISSED_TOLD_FOR } from './policy.ts';

/** A list comes, of frames that came too late to ring. */
export const missedSaid = (course: Course, { missed: what }: AlarmInput & { tag: 'Missed' }): void => {
  const missed = [...(course.bed.missed ?? []), { told: course.at, what }].slice(-MISSED_REMEMBERED);
  course.bed = { ...course.bed, missed };
  tellPicture(course);
};

/** The bed without what was told more than a day ago. */
export const withoutOldMissed = (bed: BedAlarms): BedAlarms => {
  const { missed, now, ...rest } = bed;
  if (missed === undefined || now === undefined) return bed;
  const young = missed.filter(({ told }) => elapsed(told, now) < MISSED_TOLD_FOR);
  return young.length === 0 ? { ...rest, now } : { ...bed, missed: young };
};
