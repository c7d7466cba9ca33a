import { PARAMETERS, VITALS } from './parameters.ts';

/** What is known of a patient whatever the hour; NaN: unknown. */
export interface Patient {
  readonly ageYears: number;
  /** 1 male, 0 female. */
  readonly isMale: number;
  /** Hours from the admission to the ICU back to that to the hospital, 0 or more. */
  readonly hoursInHospitalBefore: number;
}

/**
 * "At this hour these values": one row of a stay. Hours need not be whole nor follow one another; a value that was not measured
 * since the last row is NaN.
 */
export interface StayHour {
  /** Hours in the ICU. */
  readonly hour: number;
  /** One per parameter, in the order and units of PARAMETERS. */
  readonly values: ArrayLike<number>;
  readonly patient: Patient;
}

/** A row without any value. */
export const nothingMeasured = (): Float64Array => new Float64Array(PARAMETERS.length).fill(Number.NaN);

/** The same stay where no laboratory value and no FiO₂ is known. */
export const withoutLabs = (rows: readonly StayHour[]): readonly StayHour[] =>
  rows.map((row) => {
    const values = Float64Array.from(row.values);
    return { ...row, values: values.fill(Number.NaN, VITALS.length) };
  });
