import { placeOf } from './parameters.ts';
import { KEPT, type Watched } from './watched.ts';

/**
 * The vital signs that a risk is made of; one of the pressures is enough. Temperature is left out: many ICUs take it every four
 * hours or less often.
 */
const NEEDED: readonly { readonly name: string; readonly places: readonly number[] }[] = [
  { name: 'heart rate', places: [placeOf('HR')] },
  { name: 'respiration rate', places: [placeOf('Resp')] },
  { name: 'SpO₂', places: [placeOf('O2Sat')] },
  { name: 'blood pressure', places: [placeOf('SBP'), placeOf('MAP')] },
];
/** So many of them must be there … */
const VITALS_NEEDED = 2;
/**
 * … and at most this old, hours. The network sees how old they are, and a long pause says something too: with 6 h instead the
 * cross-validated utility was 0.008 lower, with 24 h it is what it is without any rule (one fold of three; MODEL_CARD.md).
 */
const VITALS_AGE_HOURS_MAX = 24;

/** Hours since a needed vital sign was measured; NaN: never. */
const ageOf = ({ hour, numbers }: Watched, places: readonly number[]): number =>
  places.reduce((age, place) => {
    const own = hour - numbers[KEPT.at + place]!;
    return own <= age || Number.isNaN(age) ? own : age;
  }, Number.NaN);

/** Whether a risk may be said: fewer vital signs, or older ones, are "insufficient data", and no number is made of them. */
export const isSufficient = (watched: Watched): boolean => {
  let there = 0;
  for (const { places } of NEEDED) if (ageOf(watched, places) <= VITALS_AGE_HOURS_MAX) there++;
  return there >= VITALS_NEEDED;
};

/** Which of the vital signs that a risk is made of are missing or too old, in words. */
export const lackingOf = (watched: Watched): readonly string[] =>
  NEEDED.flatMap(({ name, places }) => {
    const age = ageOf(watched, places);
    if (Number.isNaN(age)) return [name];
    return age <= VITALS_AGE_HOURS_MAX ? [] : [`${name} (${Math.floor(age)} h old)`];
  });
