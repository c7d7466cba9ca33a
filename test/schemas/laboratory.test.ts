/** Laboratory values and who the patient is, at the border. */
import { create, toJson } from '@bufbuild/protobuf';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { codeOfLoinc, inUsualUnit, labelOf, MDC, signalCodes, signalOf, unitsOf } from '../../schemas/codes.ts';
import {
  MissingReason,
  NumericSchema,
  Sex,
  type Telemetry,
  TelemetrySchema,
} from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isLaboratory, LAB, laboratoryValues } from '../../schemas/laboratory.ts';
import {
  decodeLoggedTelemetry,
  decodeTelemetry,
  decodeTelemetryJson,
  encodeTelemetry,
  isLaboratoryFrame,
} from '../../schemas/telemetry.ts';

interface Result {
  readonly loinc?: string;
  readonly code?: number;
  readonly unit: string;
  readonly value: number;
}
const numericOf = ({ value, ...rest }: Result) =>
  create(NumericSchema, { ...rest, atUs: 1e15, reading: { case: 'value', value } });
const frameOf = (results: readonly Result[], more: object = {}): Telemetry =>
  create(TelemetrySchema, {
    ...{ bed: 'icu-04', source: 'lis-1', sequence: 1, deviceTimeUs: 1e15 },
    ...{ numerics: results.map(numericOf), ...more },
  });
const read = (frame: Telemetry): Telemetry => {
  const decoded = decodeTelemetry(encodeTelemetry(frame));
  if (E.isLeft(decoded)) throw new Error(decoded.left.sentence);
  return decoded.right;
};
const refusalOf = (frame: Telemetry) => {
  const decoded = decodeTelemetry(encodeTelemetry(frame));
  return E.isLeft(decoded) ? decoded.left : undefined;
};
const readingOf = (result: Result) => read(frameOf([result])).numerics[0]!.reading;
const usualOf = (loinc: string, value: number, unit: string) => inUsualUnit(codeOfLoinc(loinc)!, value, unit);

const loincs = laboratoryValues.flatMap((row) => row.loincs.map((loinc) => ({ loinc, row })));
const anyLoinc = fc
  .record({ number: fc.integer({ min: 1, max: 999_999 }), check: fc.integer({ min: 0, max: 9 }) })
  .map(({ number, check }) => `${number}-${check}`);

describe('the laboratory table', () => {
  it('gives every LOINC one analyte, every analyte a code of its own, and bounds in its own unit', () => {
    expect(new Set(loincs.map(({ loinc }) => loinc)).size).toBe(loincs.length);
    expect(new Set(laboratoryValues.map(({ code }) => code)).size).toBe(Object.keys(LAB).length);
    for (const { loinc, row } of loincs) expect(codeOfLoinc(loinc), loinc).toBe(row.code);
    for (const { code, least, most, ucum } of laboratoryValues) {
      expect(least).toBeLessThan(most);
      expect(inUsualUnit(code, 1, ucum)).toBe(1);
      expect(isLaboratory(code)).toBe(true);
    }
  });

  it('has only LOINCs whose check digit is right', () => {
    const checkDigit = (number: string): number => {
      const sum = [...number].reverse().reduce((before, digit, i) => {
        const twice = Number(digit) * (i % 2 === 0 ? 2 : 1);
        return before + Math.floor(twice / 10) + (twice % 10);
      }, 0);
      return (10 - (sum % 10)) % 10;
    };
    for (const { loinc } of loincs) {
      const [number, check] = loinc.split('-');
      expect(checkDigit(number!), loinc).toBe(Number(check));
    }
  });

  it('turns units by mass and by substance into one another', () => {
    expect(usualOf('14682-9', 88.4, 'umol/L')).toBeCloseTo(1, 3);
    expect(usualOf('14749-6', 5.55, 'mmol/L')).toBeCloseTo(100, 0);
    expect(usualOf('14631-6', 17.1, 'umol/L')).toBeCloseTo(1, 2);
    expect(usualOf('2000-8', 2.5, 'mmol/L')).toBeCloseTo(10.02, 2);
    expect(usualOf('2601-3', 0.82, 'mmol/L')).toBeCloseTo(1.99, 2);
    expect(usualOf('14879-1', 1, 'mmol/L')).toBeCloseTo(3.1, 2);
    expect(usualOf('22664-7', 5, 'mmol/L')).toBeCloseTo(14, 1);
    expect(usualOf('59260-0', 8, 'mmol/L')).toBeCloseTo(12.9, 1);
    expect(usualOf('718-7', 120, 'g/L')).toBeCloseTo(12);
    expect(usualOf('2524-7', 18, 'mg/dL')).toBeCloseTo(2, 2);
    expect(usualOf('2019-8', 5.33, 'kPa')).toBeCloseTo(40, 1);
    expect(usualOf('1920-8', 1, 'ukat/L')).toBe(60);
    expect(usualOf('6690-2', 12_400, '/uL')).toBeCloseTo(12.4);
    expect(usualOf('3255-7', 3, 'g/L')).toBe(300);
    expect(usualOf('4544-3', 0.31, 'L/L')).toBeCloseTo(31);
    expect(usualOf('3150-0', 40, '%')).toBe(usualOf('3150-0', 0.4, '1'));
  });

  it('leaves the vital signs as they were, also by their LOINC', () => {
    expect(codeOfLoinc('8867-4')).toBe(MDC.ecgHeartRate);
    expect(codeOfLoinc('9279-1')).toBe(MDC.respRate);
    expect(signalCodes.filter(({ kind }) => kind === 'numeric').some(({ code }) => isLaboratory(code))).toBe(false);
  });
});

describe('a laboratory value at the border', () => {
  it('gets its code from its LOINC, on the wire, in JSON and on the log', () => {
    const frame = frameOf([{ loinc: '2524-7', unit: 'mmol/L', value: 2.1 }]);
    expect(read(frame).numerics[0]).toMatchObject({ code: LAB.lactate, loinc: '2524-7' });
    const fromJson = decodeTelemetryJson(toJson(TelemetrySchema, frame));
    expect(E.isRight(fromJson) && fromJson.right.numerics[0]!.code).toBe(LAB.lactate);
    const logged = decodeLoggedTelemetry(encodeTelemetry(read(frame)));
    expect(E.isRight(logged) && logged.right.numerics).toEqual(read(frame).numerics);
  });

  it('is kept under a code of its own and shown as unmapped where the LOINC is not known, never dropped', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyLoinc, { minLength: 2, maxLength: 2 }), ([one, other]) => {
        fc.pre(signalOf(codeOfLoinc(one!)!) === undefined && signalOf(codeOfLoinc(other!)!) === undefined);
        const { numerics } = read(frameOf([one!, other!].map((loinc) => ({ loinc, unit: 'ng/mL', value: 3 }))));
        expect(numerics.map(({ code }) => labelOf(code))).toEqual([`LOINC ${one}`, `LOINC ${other}`]);
        expect(numerics.map(({ reading }) => reading.value)).toEqual([3, 3]);
        expect(numerics.every(({ code }) => isLaboratory(code))).toBe(true);
      }),
    );
  });

  it('keeps the code where both are given, and is refused in a sentence where neither is one', () => {
    const both = frameOf([{ code: MDC.spo2, loinc: '2708-6', unit: '%', value: 97 }]);
    expect(read(both).numerics[0]!.code).toBe(MDC.spo2);
    expect(refusalOf(frameOf([{ unit: '%', value: 1 }]))).toMatchObject({ code: 'missing-field' });
    for (const loinc of ['LAB-1', '2524', '0-1', '1234567-8', '2524-7 ', 'LP14355-9', 'x'.repeat(500)]) {
      const refused = refusalOf(frameOf([{ loinc, unit: '%', value: 1 }]));
      expect(refused?.where).toBe('numerics[0].loinc');
      expect(refused?.sentence.length).toBeGreaterThan(20);
      expect(refused?.sentence.length).toBeLessThan(250);
    }
  });

  it('is refused in a unit of another dimension, with the units that it takes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...loincs),
        fc.constantFrom('mm[Hg]', 'Cel', 'mmol/L', 'g/dL', 's', '%', '', '__proto__', 'kg'),
        ({ loinc, row }, unit) => {
          const allowed = Object.keys(unitsOf[row.dimension]);
          const refused = refusalOf(frameOf([{ loinc, unit, value: row.most / 2 }]));
          if (allowed.includes(unit)) expect(refused).toBeUndefined();
          else expect(refused).toMatchObject({ code: 'bad-unit', sentence: expect.stringContaining(allowed[0]!) });
        },
      ),
    );
  });

  it('never takes NaN, a negative number or a sentinel for a value', () => {
    for (const { loinc, row } of loincs)
      for (const value of [9_999_999, -9_999_999, Number.NaN, Number.POSITIVE_INFINITY, -999]) {
        const expected = Number.isFinite(value) ? MissingReason.OUT_OF_RANGE : MissingReason.INVALID;
        expect(readingOf({ loinc, unit: row.ucum, value }), loinc).toEqual({ case: 'missing', value: expected });
      }
    expect(readingOf({ loinc: '2524-7', unit: 'mmol/L', value: -1 }).case).toBe('missing');
    expect(readingOf({ loinc: '11555-0', unit: 'mmol/L', value: -12 })).toEqual({ case: 'value', value: -12 });
    // A laboratory's own unit is looked at, not the number: 9,000 µmol/l of creatinine is more than anybody has, 900 is not.
    expect(readingOf({ loinc: '2160-0', unit: 'umol/L', value: 9_000 }).case).toBe('missing');
    expect(readingOf({ loinc: '2160-0', unit: 'umol/L', value: 900 }).case).toBe('value');
    expect(readingOf({ loinc: '3150-0', unit: '1', value: 40 }).case).toBe('missing');
  });

  it('is refused without the time of its specimen, or with one after the frame', () => {
    const told = (atUs: number) =>
      refusalOf(frameOf([], { numerics: [{ ...numericOf({ loinc: '2524-7', unit: 'mmol/L', value: 2 }), atUs }] }));
    expect(told(0)).toMatchObject({ code: 'missing-field', where: 'numerics[0].atUs' });
    expect(told(1e15 + 60e6)).toMatchObject({ code: 'out-of-range', where: 'numerics[0].atUs' });
    expect(told(1e15 - 86_400e6)).toBeUndefined();
  });

  it('makes a laboratory frame only where nothing of a monitor is in it', () => {
    const lactate = { loinc: '2524-7', unit: 'mmol/L', value: 2 };
    const heartRate = { code: MDC.ecgHeartRate, unit: '/min', value: 80 };
    expect(isLaboratoryFrame(read(frameOf([lactate, { loinc: '99999-9', unit: 'g', value: 1 }])))).toBe(true);
    expect(isLaboratoryFrame(read(frameOf([lactate, heartRate])))).toBe(false);
    expect(isLaboratoryFrame(read(frameOf([lactate], { leads: [{ code: MDC.ecgII, off: true }] })))).toBe(false);
    expect(isLaboratoryFrame(read(frameOf([])))).toBe(false);
  });
});

describe('who the patient is', () => {
  const assigned = (assignment: object) => frameOf([], { assignment: { patient: 'p', fromUs: 1e15, ...assignment } });

  it('comes whole, and what is absent stays unknown', () => {
    const known = { ageYears: 71.5, sex: Sex.FEMALE, hospitalFromUs: 9e14 };
    expect(read(assigned(known)).assignment).toMatchObject(known);
    const { ageYears, sex, hospitalFromUs } = read(assigned({})).assignment!;
    expect([ageYears, sex, hospitalFromUs]).toEqual([undefined, Sex.UNSPECIFIED, undefined]);
    expect(read(assigned({ ageYears: 0 })).assignment!.ageYears).toBe(0);
  });

  it('is refused in a sentence that names the field where nobody can be so', () => {
    for (const wrong of [
      ...[131, -1, 9_999_999, Number.NaN, Number.POSITIVE_INFINITY].map((ageYears) => ({ ageYears })),
      ...[{ sex: 7 as Sex }, { hospitalFromUs: -5 }, { hospitalFromUs: Number.NaN }],
    ])
      expect(refusalOf(assigned(wrong))).toMatchObject({
        code: 'out-of-range',
        where: `assignment.${Object.keys(wrong)[0]}`,
      });
  });
});
