/** The same stay played live and scored from a file, with laboratory values, age and sex. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inUsualUnit, MDC } from '../../schemas/codes.ts';
import {
  AssignmentSchema,
  NumericSchema,
  Sex,
  type Telemetry,
  TelemetrySchema,
} from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { laboratoryValues } from '../../schemas/laboratory.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { loadRisk } from '../../services/composition/open-adapters.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import type { Inference } from '../../services/ports/inference.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import type { RiskNetwork } from '../../services/stages/bed-risk.ts';
import { openDeteriorationModel } from '../../services/stays/deterioration-model.ts';
import { playStays } from '../../services/stays/play-stays.ts';
import { readStays } from '../../services/stays/read-stays.ts';
import { LAB_CODES } from '../../stream-models/deterioration/lab-sources.ts';
import { LABS } from '../../stream-models/deterioration/parameters.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { type Cells, COLUMNS, csvOf } from '../deterioration/made-stays.ts';
import { findingsIn } from './scene.ts';

let inference: Inference;
let risk: RiskNetwork;
let model: Awaited<ReturnType<typeof openDeteriorationModel>>;
let folder: string;
beforeAll(async () => {
  inference = openOrtInference({ providers: ['cpu'] });
  risk = await loadRisk(inference);
  model = await openDeteriorationModel();
  folder = await mkdtemp(join(tmpdir(), 'vigil-stays-'));
});
afterAll(async () => {
  await Promise.all([inference.close(), model.close(), rm(folder, { recursive: true, force: true })]);
});

const START = 1_700_000_000_000_000;
const HOUR_S = 3_600;

/** A result: in which second of its hour it is told, how long before the specimen was taken, and which of the units that fit. */
interface Result {
  readonly lab: number;
  readonly toldS: number;
  readonly takenBeforeS: number;
  readonly share: number;
  readonly otherUnit: boolean;
  /** Sent a second time an hour later. */
  readonly again: boolean;
}
interface Stay {
  readonly ageYears: number | undefined;
  readonly sex: Sex;
  readonly quartersInHospitalBefore: number | undefined;
  readonly hours: readonly {
    readonly hr: number;
    readonly rr: number | undefined;
    readonly sys: number;
    readonly results: readonly Result[];
  }[];
}

const result: fc.Arbitrary<Result> = fc.record({
  lab: fc.nat(LABS.length - 1),
  toldS: fc.integer({ min: 0, max: HOUR_S - 1 }),
  takenBeforeS: fc.integer({ min: 0, max: 1_800 }),
  share: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  otherUnit: fc.boolean(),
  again: fc.boolean(),
});
const hour = fc.record({
  hr: fc.integer({ min: 50, max: 150 }),
  rr: fc.option(fc.integer({ min: 8, max: 40 }), { nil: undefined }),
  sys: fc.integer({ min: 70, max: 160 }),
  results: fc.uniqueArray(result, { maxLength: 8, selector: ({ lab }) => lab }),
});
const stay: fc.Arbitrary<Stay> = fc.record({
  ageYears: fc.option(fc.integer({ min: 18, max: 95 }), { nil: undefined }),
  sex: fc.constantFrom(Sex.UNSPECIFIED, Sex.FEMALE, Sex.MALE),
  quartersInHospitalBefore: fc.option(fc.nat(400), { nil: undefined }),
  hours: fc.array(hour, { minLength: 2, maxLength: 4 }),
});

interface Told {
  readonly toldS: number;
  readonly takenS: number;
  readonly lab: number;
  readonly value: number;
  readonly loinc: string;
  readonly unit: string;
  readonly again: boolean;
}

/** What is told when; of an analyte always of a later specimen than before, as most laboratories do. */
const toldOf = ({ hours }: Stay): readonly Told[] => {
  const newest = new Map<number, number>();
  return hours
    .flatMap(({ results }, h) => results.map((each) => ({ ...each, toldS: h * HOUR_S + each.toldS })))
    .sort((a, b) => a.toldS - b.toldS)
    .flatMap(({ lab, toldS, takenBeforeS, share, otherUnit, again }) => {
      const takenS = Math.max(0, toldS - takenBeforeS);
      if (takenS <= (newest.get(lab) ?? -1)) return [];
      newest.set(lab, takenS);
      const { from, to } = LABS[lab]!;
      const row = laboratoryValues.find(({ code }) => code === LAB_CODES[lab])!;
      const usual = from + share * (to - from);
      const units = [row.ucum, ...(otherUnit ? ['umol/L', 'mmol/L', 'g/L', 'kPa'] : [])];
      const unit = units.findLast((each) => inUsualUnit(row.code, 1, each) !== undefined)!;
      const value = usual / inUsualUnit(row.code, 1, unit)!;
      return [{ toldS, takenS, lab, value, loinc: row.loincs.at(-1)!, unit, again }];
    });
};

/** The stay as the file of a hospital would have it. */
const rowsOf = (made: Stay, told: readonly Told[]): readonly Cells[] =>
  made.hours.map(({ hr, rr, sys }, h) => {
    const cells: Record<string, string> = { PatientID: 'm', ICULOS: String(h + 1), HR: String(hr), SBP: String(sys) };
    if (rr !== undefined) cells['Resp'] = String(rr);
    if (made.ageYears !== undefined) cells['Age'] = String(made.ageYears);
    if (made.sex !== Sex.UNSPECIFIED) cells['Gender'] = made.sex === Sex.MALE ? '1' : '0';
    if (made.quartersInHospitalBefore !== undefined) cells['HospAdmTime'] = String(-made.quartersInHospitalBefore / 4);
    for (const { toldS, lab, value, unit } of told)
      if (Math.floor(toldS / HOUR_S) === h) cells[LABS[lab]!.name] = String(inUsualUnit(LAB_CODES[lab]!, value, unit)!);
    return cells;
  });

/** The same stay as telemetry: a monitor with frames of so many seconds, and a laboratory that speaks when it has results. */
const framesOf = (made: Stay, told: readonly Told[], frameS: number): readonly Telemetry[] => {
  const us = (s: number): number => START + s * 1e6;
  const end = made.hours.length * HOUR_S;
  const monitor = Array.from({ length: end / frameS + 2 }, (_, i) => {
    const s = i * frameS;
    const { hr, rr, sys } = made.hours[Math.min(made.hours.length - 1, Math.max(0, Math.ceil(s / HOUR_S) - 1))]!;
    const number = (code: number, unit: string, value: number) =>
      create(NumericSchema, { code, unit, atUs: us(s), reading: { case: 'value', value } });
    const assignment = create(AssignmentSchema, {
      ...{ patient: 'm', fromUs: START, sex: made.sex },
      ...(made.ageYears === undefined ? {} : { ageYears: made.ageYears }),
      ...(made.quartersInHospitalBefore === undefined
        ? {}
        : { hospitalFromUs: START - made.quartersInHospitalBefore * 900e6 }),
    });
    return create(TelemetrySchema, {
      ...{ bed: 'icu-01', source: 'monitor', sequence: i + 1, deviceTimeUs: us(s), gatewayTimeUs: us(s) },
      ...(i === 0 ? { assignment } : {}),
      numerics: [
        number(MDC.ecgHeartRate, '/min', hr),
        number(MDC.nibpSystolic, 'mm[Hg]', sys),
        ...(rr === undefined ? [] : [number(MDC.respRate, '/min', rr)]),
      ],
    });
  });
  const laboratory = told.flatMap((each, i) =>
    [each.toldS, ...(each.again ? [each.toldS + HOUR_S] : [])].map((toldS, n) =>
      create(TelemetrySchema, {
        ...{ bed: 'icu-01', source: 'lis', sequence: 2 * i + n + 1 },
        // Some laboratories write the specimen's time here, which is no clock.
        ...{ deviceTimeUs: us(i % 2 === 0 ? toldS : each.takenS), gatewayTimeUs: us(toldS) },
        numerics: [
          create(NumericSchema, {
            ...{ loinc: each.loinc, unit: each.unit, atUs: us(each.takenS) },
            reading: { case: 'value', value: each.value },
          }),
        ],
      }),
    ),
  );
  return [...monitor, ...laboratory].sort((a, b) => a.gatewayTimeUs - b.gatewayTimeUs);
};

const playLive = async (frames: readonly Telemetry[], perBatch: number): Promise<readonly (number | undefined)[]> => {
  const stage = analysisStage({ preset: presets.vigil, network: undefined, risk });
  const records = frames.map((frame, i) => ({
    ...{ topic: 'vigil.telemetry' as const, partition: 0, offset: BigInt(i), key: 'icu-01' },
    ...{ value: encodeTelemetry(frame), appendedAt: moment(frame.gatewayTimeUs) },
  }));
  let memory = stage.start('icu-01');
  const said: NewRecord[] = [];
  for (let from = 0; from < records.length; from += perBatch) {
    const [after] = await stage.step([{ bed: 'icu-01', memory, records: records.slice(from, from + perBatch) }]);
    memory = structuredClone(after!.memory);
    said.push(...after!.outputs);
  }
  const byHour = new Map<number, number | undefined>();
  for (const { atUs, kind } of findingsIn(said))
    if (kind.case === 'risk' && (atUs - START) % (HOUR_S * 1e6) === 0 && atUs > START)
      byHour.set((atUs - START) / (HOUR_S * 1e6), kind.value.probability);
  return [...byHour.values()];
};

const scored = async (rows: readonly Cells[]): Promise<readonly (number | undefined)[]> => {
  const path = join(folder, 'stay.csv');
  await writeFile(path, csvOf(rows, COLUMNS));
  const stays = [];
  for await (const each of readStays(path)) stays.push(each.rows);
  const [risks] = await playStays(model.ask, model.hidden, stays);
  return Array.from(risks!, (each) => (Number.isNaN(each) ? undefined : each));
};

describe('a stay with laboratory values, age and sex', () => {
  it('has the same risks to the bit live and from a file, however the frames and batches are cut', async () => {
    let withResults = 0;
    await fc.assert(
      fc.asyncProperty(
        stay,
        fc.constantFrom(10, 15, 20, 25),
        fc.integer({ min: 40, max: 2_000 }),
        async (made, frameS, perBatch) => {
          const told = toldOf(made);
          if (told.length > 0) withResults++;
          const live = await playLive(framesOf(made, told, frameS), perBatch);
          expect(live.filter((each) => each !== undefined)).toHaveLength(made.hours.length);
          expect(live).toEqual(await scored(rowsOf(made, told)));
        },
      ),
      { numRuns: 25 },
    );
    expect(withResults).toBeGreaterThan(10);
  });
});
