import { placeOf } from './parameters.ts';
import { KEPT, type Watched } from './watched.ts';

/**
 * The vital signs that a risk is made of; one of the pressures is enough. Temperature is left out: many ICUs take it every four
 * hours or less often.
 */
const NEEDED: readonly (readonly number[])[] = [
  [placeOf('HR')],
  [placeOf('Resp')],
  [placeOf('O2Sat')],
  [placeOf('SBP'), placeOf('MAP')],
];
/** So many of them must be there … */
export const VITALS_NEEDED = 2;
/**
 * … and at most this old, hours. The network sees how old they are, and a long pause says something too: with 6 h instead the
 * cross-validated utility was 0.008 lower, with 24 h it is what it is without any rule (one fold of three; MODEL_CARD.md).
 */
export const VITALS_AGE_HOURS_MAX = 24;

/** Whether a risk may be said: fewer vital signs, or older ones, are "insufficient data", and no number is made of them. */
export const isSufficient = ({ hour, numbers }: Watched): boolean => {
  let there = 0;
  for (const places of NEEDED)
    if (places.some((place) => hour - numbers[KEPT.at + place]! <= VITALS_AGE_HOURS_MAX)) there++;
  return there >= VITALS_NEEDED;
};
