/** Times that came in another unit than microseconds: what they look like, and what to do about it. */

/** 2001-09-09: below it a time that something is held against is no calendar time, and every number could be meant. */
const CALENDAR_FROM_US = 1e15;

const UNITS = [
  { name: 'seconds', inOneUs: 1e-6, remedy: 'multiply by 1,000,000' },
  { name: 'milliseconds', inOneUs: 1e-3, remedy: 'multiply by 1,000' },
] as const;

/** Jitter of the line, and whole seconds that are counted in one or two. */
const PACE_WITHIN = 2.5;

/** What a clock counts in that goes on by so much of a microsecond in one: "looks like milliseconds: …". Undefined: microseconds, or nothing that is known. */
export const unitOfPace = (pace: number): string | undefined => {
  const unit = UNITS.find(({ inOneUs }) => pace >= inOneUs / PACE_WITHIN && pace <= inOneUs * PACE_WITHIN);
  return unit && `looks like ${unit.name}: ${unit.remedy}`;
};

/**
 * What a time in microseconds since 1970 was most likely meant as: "looks like milliseconds: multiply by 1,000". Undefined: it lies
 * within `withinUs` of `nearUs` in no other unit.
 */
export const otherUnit = (us: number, nearUs: number, withinUs: number): string | undefined => {
  if (nearUs < CALENDAR_FROM_US) return undefined;
  const unit = UNITS.find(({ inOneUs }) => Math.abs(us / inOneUs - nearUs) <= withinUs);
  return unit && `looks like ${unit.name}: ${unit.remedy}`;
};
