/** The newest laboratory values of a bed, as the screens know them. */
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { codeOfLoinc } from '../../schemas/codes.ts';
import { FindingsSchema } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { MissingReason, NumericSchema, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { LAB } from '../../schemas/laboratory.ts';
import { type BedInput, type BedPicture, emptyPicture, stepPicture } from '../../services/screens/bed-picture.ts';
import { at, frame } from '../gateway/frames.ts';

const monitor = (second: number, patient?: string): BedInput => ({
  tag: 'Frame',
  frame: {
    ...frame({ sequence: second, device: second, hr: 70, ...(patient === undefined ? {} : { patient }) }),
    gatewayTimeUs: at(second),
  },
});
const told = (
  second: number,
  code: number,
  taken: number,
  value: number | MissingReason,
  unit = 'mmol/L',
): BedInput => ({
  tag: 'Frame',
  frame: create(TelemetrySchema, {
    ...{ bed: 'icu-01', source: 'lis', sequence: second, deviceTimeUs: at(second), gatewayTimeUs: at(second) },
    numerics: [create(NumericSchema, { code, unit, atUs: at(taken), reading: { case: 'value', value } })],
  }),
});
const lost = (second: number, taken: number): BedInput => ({
  tag: 'Frame',
  frame: create(TelemetrySchema, {
    ...{ bed: 'icu-01', source: 'lis', sequence: second, deviceTimeUs: at(second), gatewayTimeUs: at(second) },
    numerics: [
      create(NumericSchema, {
        ...{ code: LAB.potassium, unit: 'mmol/L', atUs: at(taken) },
        reading: { case: 'missing', value: MissingReason.INVALID },
      }),
    ],
  }),
});
const repeated = (
  second: number,
  ...values: readonly (readonly [code: number, value: number, taken: number])[]
): BedInput => ({
  tag: 'Findings',
  findings: create(FindingsSchema, {
    bed: 'icu-01',
    findings: [
      {
        ...{ atUs: at(second), saidUs: at(second) },
        kind: {
          case: 'risk',
          value: {
            name: 'sepsis',
            laboratory: values.map(([code, value, taken]) => ({ code, value, atUs: at(taken) })),
          },
        },
      },
    ],
  }),
});
const picture = (...inputs: readonly BedInput[]): BedPicture => inputs.reduce(stepPicture, emptyPicture('icu-01'));
const shown = (...inputs: readonly BedInput[]) =>
  picture(...inputs).bed.laboratory.map(({ label, value, atUs }) => [label, value, (atUs - at(0)) / 1e6]);

describe('laboratory values on the screens', () => {
  it('stand apart from the monitor’s numbers, with the age of the specimen, in Vigil’s unit', () => {
    const { bed } = picture(
      monitor(1),
      told(2, LAB.lactate, -3_600, 2.1),
      told(3, LAB.creatinine, -60, 88.4, 'umol/L'),
    );
    expect(bed.numerics).toHaveLength(1);
    expect(bed.laboratory).toMatchObject([
      { label: 'LACTATE', value: 2.1, unit: 'mmol/L', atUs: at(-3_600), by: 'laboratory' },
      { label: 'CREATININE', unit: 'mg/dL', atUs: at(-60) },
    ]);
    expect(bed.laboratory[1]!.value).toBeCloseTo(1, 3);
  });

  it('are no sign that the monitor lives', () => {
    const before = picture(monitor(1));
    expect(stepPicture(before, told(60, LAB.lactate, 0, 2)).bed.lastFrameUs).toBe(before.bed.lastFrameUs);
    expect(picture(told(60, LAB.lactate, 0, 2)).bed.lastFrameUs).toBeNull();
  });

  it('are the newest of each analyte; one without a value says so, and a LOINC that is not mapped is named', () => {
    expect(shown(told(1, LAB.lactate, -60, 2), told(2, LAB.lactate, -600, 9), told(3, LAB.lactate, -30, 3))).toEqual([
      ['LACTATE', 3, -30],
    ]);
    expect(picture(lost(1, -60)).bed.laboratory).toMatchObject([{ value: null, missing: 'invalid' }]);
    expect(shown(told(1, codeOfLoinc('33959-8')!, -60, 0.4), told(2, codeOfLoinc('1988-5')!, -60, 80))).toEqual([
      ['LOINC 33959-8', 0.4, -60],
      ['LOINC 1988-5', 80, -60],
    ]);
  });

  it('of a LIS that tells of everything fill a bound, and push no number of the monitor away', () => {
    const flood = Array.from({ length: 300 }, (_, i) => told(i, codeOfLoinc(`${i + 90_000}-1`)!, 0, 1));
    const { bed } = picture(...flood, monitor(301));
    expect(bed.laboratory).toHaveLength(64);
    expect(bed.numerics).toHaveLength(1);
  });

  it('of one patient never stand beside another, also when they are told later', () => {
    const [a, b] = [monitor(1, 'p-1'), monitor(100, 'p-2')];
    expect(shown(a, told(2, LAB.lactate, 1.5, 2), b)).toEqual([]);
    expect(shown(a, b, told(101, LAB.lactate, 90, 2))).toEqual([]);
    expect(shown(a, b, told(160, LAB.lactate, 130, 2))).toEqual([['LACTATE', 2, 130]]);
  });

  it('are there again after a restart of the screens, from what analysis repeats; the newest wins', () => {
    expect(shown(repeated(1, [LAB.lactate, 2, -600], [LAB.potassium, 4, -900]))).toEqual([
      ['LACTATE', 2, -600],
      ['K', 4, -900],
    ]);
    expect(shown(repeated(1, [LAB.lactate, 2, -600]), told(2, LAB.lactate, -60, 3), repeated(3))).toEqual([
      ['LACTATE', 3, -60],
    ]);
    // A correction of the same specimen, and what analysis said before it heard of it.
    expect(shown(told(2, LAB.lactate, -600, 3), repeated(3, [LAB.lactate, 2, -600]))).toEqual([['LACTATE', 3, -600]]);
    expect(shown(repeated(1, [LAB.lactate, 2, -600]), monitor(2, 'p-1'))).toEqual([]);
    expect(shown(repeated(1, [LAB.lactate, 2, -600]), repeated(3))).toEqual([]);
  });
});
