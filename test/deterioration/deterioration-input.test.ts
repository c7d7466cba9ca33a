import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DETERIORATION_FEATURES, deteriorationInput } from '../../stream-models/deterioration/deterioration-input.ts';
import { PARAMETERS, VITALS } from '../../stream-models/deterioration/parameters.ts';
import { nothingMeasured, type Patient, type StayHour, withoutLabs } from '../../stream-models/deterioration/stay.ts';
import { runFold } from '../../stream-models/fold.ts';
import { valuesOf } from './made-stays.ts';

const PATIENT: Patient = { ageYears: 60, isMale: 1, hoursInHospitalBefore: 12 };
const UNKNOWN: Patient = { ageYears: Number.NaN, isMale: Number.NaN, hoursInHospitalBefore: Number.NaN };
const hourOf = (hour: number, named: Readonly<Record<string, number>>, patient = PATIENT): StayHour => ({
  hour,
  values: valuesOf(named),
  patient,
});
const inputsOf = (rows: readonly StayHour[]) => runFold(deteriorationInput, rows)[1];

/** Any numbers at all, plausible or not, measured or not, at irregular hours. */
const anyRows: fc.Arbitrary<readonly StayHour[]> = fc
  .array(
    fc.record({
      passed: fc.double({ min: 0.02, max: 30, noNaN: true }),
      values: fc.array(
        fc.option(fc.oneof(fc.double(), fc.double({ min: 0, max: 200, noNaN: true })), { nil: Number.NaN }),
        {
          minLength: PARAMETERS.length,
          maxLength: PARAMETERS.length,
        },
      ),
      patient: fc.constantFrom(PATIENT, UNKNOWN),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rows) => {
    let hour = 0;
    return rows.map(({ passed, values, patient }) => {
      hour += passed;
      return { hour, values, patient };
    });
  });

describe('the input of the network of deterioration', () => {
  it('is finite and of at most 4 in size, whatever was measured and whenever', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        for (const { x } of inputsOf(rows)) {
          expect(x).toHaveLength(DETERIORATION_FEATURES);
          for (const value of x) expect(Math.abs(value)).toBeLessThanOrEqual(4);
        }
      }),
    );
  });

  it('depends on its row and earlier ones only', () => {
    fc.assert(
      fc.property(anyRows, fc.nat(), (rows, cut) => {
        const some = rows.slice(0, 1 + (cut % rows.length));
        expect(inputsOf(some)).toEqual(inputsOf(rows).slice(0, some.length));
      }),
    );
  });

  it('goes on from a memory that was written down, and changes no memory', () => {
    fc.assert(
      fc.property(anyRows, anyRows, (before, after) => {
        const [memory] = runFold(deteriorationInput, before);
        const kept = structuredClone(memory);
        const went = runFold(deteriorationInput, after, memory);
        expect(memory).toEqual(kept);
        expect(runFold(deteriorationInput, after, kept)).toEqual(went);
      }),
    );
  });

  it('takes a value outside the bounds of plausibility for none', () => {
    fc.assert(
      fc.property(fc.nat(PARAMETERS.length - 1), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (place, beyond) => {
        const { from, to } = PARAMETERS[place]!;
        for (const wrong of [from - beyond, to + beyond, Number.NaN, Number.POSITIVE_INFINITY]) {
          const values = nothingMeasured();
          values[place] = wrong;
          expect(inputsOf([{ hour: 1, values, patient: PATIENT }])).toEqual(inputsOf([hourOf(1, {})]));
        }
      }),
    );
  });

  it.each([
    ['Temp', 98.6, 'degrees Fahrenheit'],
    ['FiO2', 40, 'percent'],
    ['Creatinine', 88, 'µmol/l'],
    ['Glucose', 5.5, 'mmol/l'],
    ['Hgb', 120, 'g/l'],
    ['BUN', 0.4, 'mol'],
  ])('does not take %s %d (%s) for its own unit', (name, value) => {
    expect(inputsOf([hourOf(1, { [name]: value })])).toEqual(inputsOf([hourOf(1, {})]));
  });

  it('tells a new value from an old one, and what changed from what stayed', () => {
    const steady = inputsOf([1, 2, 3, 4].map((hour) => hourOf(hour, { HR: 84 })));
    const rising = inputsOf([84, 84, 84, 118].map((HR, i) => hourOf(i + 1, { HR })));
    const old = inputsOf([hourOf(1, { HR: 84 }), hourOf(4, {})]);
    expect(steady[3]!.x[1]).toBeCloseTo(1, 6);
    expect(old[1]!.x[1]).toBeCloseTo(Math.exp(-1), 6);
    expect(steady[3]!.x[3]).toBe(0);
    expect(rising[3]!.x[3]).toBeGreaterThan(1);
  });

  it('knows no laboratory value where none may be known', () => {
    const rows = [hourOf(1, { HR: 80, Lactate: 4 }), hourOf(2, { FiO2: 0.6, Resp: 20 })];
    const bare = withoutLabs(rows);
    expect(inputsOf(bare)).toEqual(inputsOf([hourOf(1, { HR: 80 }), hourOf(2, { Resp: 20 })]));
    expect(VITALS).toHaveLength(7);
  });
});

describe('insufficient data', () => {
  const sufficient = (...rows: readonly StayHour[]) => inputsOf(rows).map(({ isSufficient }) => isSufficient);

  it('is what an empty row is, and one vital sign alone', () => {
    expect(sufficient(hourOf(1, {}), hourOf(2, { HR: 80, Temp: 37, Lactate: 2 }))).toEqual([false, false]);
  });

  it('ends with a second vital sign; both pressures count once', () => {
    expect(sufficient(hourOf(1, { SBP: 120, MAP: 80 }), hourOf(2, { Resp: 14 }))).toEqual([false, true]);
  });

  it('comes back when all is older than a day', () => {
    const rows = [hourOf(1, { HR: 80, Resp: 14 }), hourOf(25, {}), hourOf(25.1, {}), hourOf(26, { HR: 1000 })];
    expect(sufficient(...rows)).toEqual([true, true, false, false]);
  });
});
