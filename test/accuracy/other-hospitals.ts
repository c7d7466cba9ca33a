/**
 * Stays as other hospitals might have charted them: what is measured, how often, how it is written down, where clocks begin. Patients and
 * labels stay the same, so what a network loses is what it owes to the habits of the hospital that taught it.
 */
import { LABS, PARAMETERS, placeOf, VITALS } from '../../stream-models/deterioration/parameters.ts';
import type { StayHour } from '../../stream-models/deterioration/stay.ts';
import type { Dice } from '../../stream-models/dice.ts';

/** One stay, charted elsewhere. All from the dice. */
export type Habit = (rows: readonly StayHour[], dice: Dice) => readonly StayHour[];

const isVital = (place: number): boolean => place < VITALS.length;

const withValues = (row: StayHour, changed: (value: number, place: number) => number): StayHour => ({
  ...row,
  values: Float64Array.from(PARAMETERS, (_, place) => changed(row.values[place]!, place)),
});

/** A measurement is taken only with this chance, by its kind. */
const thinned =
  (vitals: number, labs: number): Habit =>
  (rows, dice) =>
    rows.map((row) =>
      withValues(row, (value, place) => (dice.unit() < (isVital(place) ? vitals : labs) ? value : Number.NaN)),
    );

const without = (...names: readonly string[]): Habit => {
  const places = new Set(names.map(placeOf));
  return (rows) => rows.map((row) => withValues(row, (value, place) => (places.has(place) ? Number.NaN : value)));
};

/** The chart shows the last value again where nothing was measured, for so many hours. */
const carriedOn =
  (vitalHours: number, labHours: number): Habit =>
  (rows) => {
    const last = new Float64Array(PARAMETERS.length).fill(Number.NaN);
    const at = new Float64Array(PARAMETERS.length).fill(Number.NaN);
    return rows.map((row) =>
      withValues(row, (value, place) => {
        if (!Number.isNaN(value)) {
          last[place] = value;
          at[place] = row.hour;
          return value;
        }
        return row.hour - at[place]! <= (isVital(place) ? vitalHours : labHours) ? last[place]! : Number.NaN;
      }),
    );
  };

/** Everything reads higher (or lower) by so many usual spreads: other devices, cuffs for lines, other assays. */
const offset =
  (spreads: number, isMoved: (place: number) => boolean): Habit =>
  (rows) =>
    rows.map((row) =>
      withValues(row, (value, place) => {
        if (!isMoved(place) || Number.isNaN(value)) return value;
        const { isSkewed, spread, from, to } = PARAMETERS[place]!;
        // Every second one lower: a hospital where all is higher would be a sicker one.
        const by = (place % 2 === 0 ? 1 : -1) * spreads * spread;
        return Math.max(from, Math.min(to, isSkewed ? value * Math.exp(by) : value + by));
      }),
    );

const withHistory =
  (hours: number | ((before: number) => number)): Habit =>
  (rows) =>
    rows.map((row) => {
      const before = row.patient.hoursInHospitalBefore;
      return {
        ...row,
        patient: { ...row.patient, hoursInHospitalBefore: typeof hours === 'number' ? hours : hours(before) },
      };
    });

/** Hours of the ICU count from another moment. */
const clockMoved =
  (hours: number): Habit =>
  (rows) =>
    rows.map((row) => ({ ...row, hour: row.hour + hours }));

const all =
  (...habits: readonly Habit[]): Habit =>
  (rows, dice) =>
    habits.reduce((charted, habit) => habit(charted, dice), rows);

const BLOOD_GASES = ['BaseExcess', 'FiO2', 'pH', 'PaCO2', 'SaO2'] as const;

export const OTHER_HOSPITALS: readonly (readonly [name: string, habit: Habit])[] = [
  ['as in hospital A', (rows) => rows],
  ['laboratory values half as often', thinned(1, 0.5)],
  ['laboratory values a quarter as often', thinned(1, 0.25)],
  ['no laboratory value', without(...LABS.map(({ name }) => name))],
  ['no blood gases, no FiO₂', without(...BLOOD_GASES)],
  ['laboratory values charted again for 4 h', carriedOn(0, 4)],
  ['vital signs half as often', thinned(0.5, 1)],
  ['vital signs charted again for 4 h', carriedOn(4, 0)],
  ['no DBP, no temperature', without('DBP', 'Temp')],
  ['time in hospital before unknown (no HospAdmTime)', withHistory(Number.NaN)],
  ['time in hospital before: 0 for all', withHistory(0)],
  ['ICU clock begins 12 h earlier', clockMoved(12)],
  ['laboratory values ± 0.5 spreads', offset(0.5, (place) => !isVital(place))],
  ['vital signs ± 0.3 spreads', offset(0.3, isVital)],
  [
    'much at once: labs half as often, no gases, no HospAdmTime, vital signs again for 4 h, ± 0.3 spreads',
    all(
      thinned(1, 0.5),
      without(...BLOOD_GASES),
      withHistory(Number.NaN),
      carriedOn(4, 0),
      offset(0.3, () => true),
    ),
  ],
];
