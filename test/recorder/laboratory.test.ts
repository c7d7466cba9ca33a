/** Laboratory values as series: apart from vital signs and from each other, one point at the time of the specimen. */

import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOfLoinc, MDC } from '../../schemas/codes.ts';
import { NumericSchema, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { LAB } from '../../schemas/laboratory.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import { right } from '../right.ts';
import { at, frames, openPlace, type Place, recordAll, rejectedOn } from './ward.ts';

const BED = 'icu-1';
const everything = { bed: BED, from: moment(0), to: moment(9e15) };
let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

interface Result {
  readonly loinc: string;
  readonly value: number;
  readonly unit: string;
}
const told = (s: number, takenS: number, results: readonly Result[], source = 'lis-1'): NewRecord => ({
  topic: 'vigil.telemetry',
  key: BED,
  value: encodeTelemetry(
    create(TelemetrySchema, {
      // What this laboratory writes for its own time is the specimen's.
      ...{ bed: BED, source, sequence: s + 1, deviceTimeUs: at(takenS), gatewayTimeUs: at(s) },
      numerics: results.map(({ loinc, value, unit }) =>
        create(NumericSchema, { loinc, unit, atUs: at(takenS), reading: { case: 'value', value } }),
      ),
    }),
  ),
});
const numerics = async (code: number) =>
  right(await place.store.numerics({ ...everything, code })()).map(({ at: taken, value, unit, source }) => [
    ...[(taken - at(0)) / 1e6, value, unit, source],
  ]);

describe('the recorder of laboratory values', () => {
  it('keeps one point at the time of the specimen, in one unit per analyte, also when it is told twice or corrected', async () => {
    const glucose = { loinc: '14749-6', value: 5, unit: 'mmol/L' };
    await place.say(...frames(BED, 0, 3), told(3, -3_600, [glucose]), told(4, -3_600, [glucose]));
    await recordAll(place);
    expect(await numerics(LAB.glucose)).toEqual([[-3_600, 90.078, 'mg/dL', 'lis-1']]);
    await place.say(told(5, -3_600, [{ loinc: '2345-7', value: 99, unit: 'mg/dL' }]));
    await recordAll(place);
    expect(await numerics(LAB.glucose)).toEqual([[-3_600, 99, 'mg/dL', 'lis-1']]);
    expect(await numerics(MDC.ecgHeartRate)).toHaveLength(3);
    expect(await rejectedOn(place.log)).toEqual([]);
  });

  it('keeps analytes, LOINCs that are not mapped, and two laboratories apart, of one and the same moment', async () => {
    const [one, other] = ['33959-8', '1988-5'] as const;
    await place.say(
      told(1, -60, [
        { loinc: '2524-7', value: 2, unit: 'mmol/L' },
        { loinc: '2823-3', value: 4, unit: 'mmol/L' },
        { loinc: one, value: 0.4, unit: 'ng/mL' },
        { loinc: other, value: 80, unit: 'mg/L' },
      ]),
      told(2, -60, [{ loinc: '2524-7', value: 2.2, unit: 'mmol/L' }], 'gas-analyser'),
    );
    await recordAll(place);
    expect(await numerics(LAB.lactate)).toEqual([
      [-60, 2, 'mmol/L', 'lis-1'],
      [-60, 2.2, 'mmol/L', 'gas-analyser'],
    ]);
    expect(await numerics(LAB.potassium)).toEqual([[-60, 4, 'mmol/L', 'lis-1']]);
    expect(await numerics(codeOfLoinc(one)!)).toEqual([[-60, 0.4, 'ng/mL', 'lis-1']]);
    expect(await numerics(codeOfLoinc(other)!)).toEqual([[-60, 80, 'mg/L', 'lis-1']]);
  });
});
