/** The simulated laboratory, and who lies in the simulated beds. */
import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { signalOf } from '../../schemas/codes.ts';
import { Sex, type Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeTelemetry, encodeTelemetry, isLaboratoryFrame } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { simulatedLaboratory } from '../../services/simulate/laboratory.ts';
import { simulatedBed } from '../../services/simulate/simulated-bed.ts';
import { laboratoryOf, simulatedWard } from '../../services/simulate/ward.ts';
import { LABS } from '../../stream-models/deterioration/parameters.ts';

const START = moment(1_767_225_600_000_000);
const ward = simulatedWard({ beds: 9, seed: 1, start: START, frameMs: 250 });
const HOUR_S = 3_600;

/** What is told in so many seconds, looked at every `stepS`. */
const told = (bed: number, seconds: number, stepS: number): readonly Telemetry[] => {
  const settings = laboratoryOf(ward[bed]!);
  const laboratory = simulatedLaboratory(settings);
  let memory = laboratory.start;
  const all: Telemetry[] = [];
  for (let s = 0; s <= seconds; s += stepS) {
    const [after, frames] = laboratory.step(structuredClone(memory), moment(settings.start + s * 1e6));
    memory = after;
    all.push(...frames);
  }
  return all;
};

describe('the simulated laboratory', () => {
  it('is the same whenever and however it is looked at, and differs from bed to bed', () => {
    const once = told(0, 9 * HOUR_S, 9 * HOUR_S);
    expect(told(0, 9 * HOUR_S, 60)).toEqual(once);
    expect(told(1, 9 * HOUR_S, 60)).not.toEqual(once.map((frame) => ({ ...frame, bed: 'sim-02' })));
  });

  it('tells all of what the network knows within two minutes, and again every few hours, as laboratories do', () => {
    for (const bed of [0, 7]) {
      const first = told(bed, 120, 1);
      expect(first.flatMap(({ numerics }) => numerics)).toHaveLength(LABS.length);
      const day = told(bed, 24 * HOUR_S, 60);
      expect(day.length).toBeGreaterThanOrEqual(11);
      for (const frame of day) {
        const decoded = decodeTelemetry(encodeTelemetry(frame));
        expect(E.isRight(decoded) && isLaboratoryFrame(decoded.right)).toBe(true);
        if (E.isLeft(decoded)) continue;
        for (const { code, reading, atUs } of decoded.right.numerics) {
          expect(signalOf(code)?.kind).toBe('laboratory');
          expect(reading.case, signalOf(code)?.name).toBe('value');
          expect(frame.deviceTimeUs - atUs).toBeGreaterThan(10e6);
          expect(frame.deviceTimeUs - atUs).toBeLessThan(2 * HOUR_S * 1e6);
        }
      }
    }
  });

  it('leaves waves and vital signs bit for bit as they were before there was one', () => {
    const hash = createHash('sha256');
    for (const settings of ward) {
      const bed = simulatedBed(settings);
      const [, frames] = bed.step(bed.start, moment(settings.start + 30e6));
      for (const { telemetry } of frames) {
        if (telemetry === undefined) continue;
        const { assignment: _, ...rest } = telemetry;
        hash.update(encodeTelemetry(rest));
      }
    }
    // Of the same nine beds by the version before (6c8a5ad).
    expect(hash.digest('hex')).toBe('cf4394c2a5dc947552e80dfc7a2f8b6dbdd7e9ba8eb0de713f4b45c6aff6a469');
  });

  it('gives every adult an age, a sex and a time in hospital', () => {
    const assigned = ward.map((settings) => {
      const bed = simulatedBed(settings);
      const [, [first]] = bed.step(bed.start, moment(settings.start + 250e3));
      return first!.telemetry!.assignment!;
    });
    for (const { ageYears, hospitalFromUs, fromUs, population } of assigned) {
      expect(population).toBe('adult');
      expect(ageYears).toBeGreaterThanOrEqual(18);
      expect(hospitalFromUs).toBeLessThanOrEqual(fromUs);
    }
    expect(new Set(assigned.map(({ sex }) => sex))).toEqual(new Set([Sex.FEMALE, Sex.MALE]));
  });
});
