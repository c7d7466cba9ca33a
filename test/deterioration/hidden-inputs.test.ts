/** Goal: hiding a signal is what it says: the same hour as if it had never been told, nothing else changed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moment } from '../../schemas/units.ts';
import { deteriorationInput } from '../../stream-models/deterioration/deterioration-input.ts';
import { CAUSES, hiddenInputs } from '../../stream-models/deterioration/hidden-inputs.ts';
import { PARAMETERS, plausible, VITALS } from '../../stream-models/deterioration/parameters.ts';
import { causeMessage, causesOf } from '../../stream-models/deterioration/risk-causes.ts';
import type { Patient, StayHour } from '../../stream-models/deterioration/stay.ts';

const value = (place: number): fc.Arbitrary<number> => {
  const { from, to } = PARAMETERS[place]!;
  return fc.oneof(fc.constant(Number.NaN), fc.double({ min: from, max: to, noNaN: true }));
};
const patients: fc.Arbitrary<Patient> = fc.record({
  ageYears: fc.constantFrom(Number.NaN, 40, 71),
  isMale: fc.constantFrom(Number.NaN, 0, 1),
  hoursInHospitalBefore: fc.constantFrom(Number.NaN, 0, 30),
});
const stays: fc.Arbitrary<readonly StayHour[]> = fc
  .record({
    patient: patients,
    hours: fc.array(fc.tuple(...PARAMETERS.map((_, i) => value(i))), { minLength: 1, maxLength: 5 }),
  })
  .map(({ patient, hours }) => hours.map((values, i) => ({ hour: i + 1, values, patient })));

/** Memory and input after the last row. */
const heard = (rows: readonly StayHour[]) => {
  let watched = deteriorationInput.start;
  let x = new Float32Array();
  for (const row of rows) {
    const [next, [input]] = deteriorationInput.step(watched, row);
    [watched, x] = [next, Float32Array.from(input!.x)];
  }
  return { watched, x };
};
const newestOf = (rows: readonly StayHour[]): Float64Array => {
  const newest = new Float64Array(2 * PARAMETERS.length).fill(Number.NaN);
  for (const { hour, values } of rows)
    for (let place = 0; place < PARAMETERS.length; place++)
      if (!Number.isNaN(values[place]!)) [newest[place], newest[PARAMETERS.length + place]] = [values[place]!, hour];
  return newest;
};
const never = (rows: readonly StayHour[], places: readonly number[]): readonly StayHour[] =>
  rows.map((row) => ({
    ...row,
    values: Array.from(row.values, (each, i) => (places.includes(i) ? Number.NaN : each)),
  }));

/** Two numbers of the input tell how many laboratory values came of late; those of earlier hours are not taken back one by one. */
const DIFFERS_BY_CHARTING = 1;

describe('an hour without one signal', () => {
  it('is the hour as if the signal had never been measured, in all that is not charting of earlier hours', () => {
    fc.assert(
      fc.property(stays, (rows) => {
        const { watched } = heard(rows);
        for (const { cause, x } of hiddenInputs(watched, rows.at(-1)!, newestOf(rows))) {
          const what = CAUSES[cause]!;
          if (what.tag !== 'Measured') continue;
          const expected = heard(never(rows, what.places)).x;
          const differing = [...x.keys()].filter((i) => x[i] !== expected[i]).length;
          const isVital = what.places[0]! < VITALS.length;
          expect(differing).toBeLessThanOrEqual(isVital || rows.length === 1 ? 0 : DIFFERS_BY_CHARTING);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is asked for of every signal that is known, and of none that is not', () => {
    fc.assert(
      fc.property(stays, (rows) => {
        const { watched } = heard(rows);
        const asked = new Set(hiddenInputs(watched, rows.at(-1)!, newestOf(rows)).map(({ cause }) => cause));
        for (const [number, cause] of CAUSES.entries()) {
          const isKnown =
            cause.tag === 'Measured'
              ? rows.some(({ values }) =>
                  cause.places.some((i) => !Number.isNaN(plausible(PARAMETERS[i]!, values[i]!))),
                )
              : cause.tag !== 'Patient' || !Number.isNaN(rows[0]!.patient[cause.what]);
          expect(asked.has(number)).toBe(isKnown);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('leaves what is remembered as it was', () => {
    const rows = [
      {
        hour: 1,
        values: PARAMETERS.map(({ from }) => from),
        patient: { ageYears: 70, isMale: 1, hoursInHospitalBefore: 2 },
      },
    ];
    const { watched } = heard(rows);
    const before = structuredClone(watched);
    hiddenInputs(watched, rows[0]!, newestOf(rows));
    expect(watched).toEqual(before);
  });
});

describe('what a risk leans on', () => {
  const hidden = CAUSES.map((_, cause) => ({ cause, x: new Float32Array(), value: 1, at: moment(Number.NaN) }));

  it('is said strongest first, with its sign, and not where it is nothing', () => {
    const without = hidden.map((_, i) => (i === 3 ? 0.05 : i === 1 ? 0.11 : i === 2 ? 0.0999 : 0.1));
    expect(causesOf(0.1, hidden, without).map(({ cause, weight }) => [cause, weight.toFixed(4)])).toEqual([
      ...[
        [3, '0.0500'],
        [1, '-0.0100'],
      ],
    ]);
  });

  it('is nothing where the network did not answer', () => {
    expect(causesOf(0.1, hidden, [])).toEqual([]);
  });

  it('has a name for every signal, a sex is no number, and what has no time has none', () => {
    const messages = CAUSES.map((_, cause) => causeMessage({ cause, weight: 0.1, value: 1, at: moment(Number.NaN) }));
    const names = messages.map(({ name }) => name);
    expect(new Set(names).size).toBe(CAUSES.length);
    expect(names.slice(0, 4)).toEqual(['blood pressure', 'HR', 'SpO₂', 'TEMP']);
    expect(messages.find(({ name }) => name === 'sex')!.value).toBeUndefined();
    expect(messages.every(({ atUs }) => atUs === undefined)).toBe(true);
  });
});
