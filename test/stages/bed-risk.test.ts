/** The risk of sepsis as the analysis stage says it, with the network that ships. */
import { create } from '@bufbuild/protobuf';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type Finding, type Risk, RiskState } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { AssignmentSchema, NumericSchema, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { loadRisk } from '../../services/composition/open-adapters.ts';
import type { LogRecord, NewRecord } from '../../services/ports/event-log.ts';
import type { Inference } from '../../services/ports/inference.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import type { RiskNetwork } from '../../services/stages/bed-risk.ts';
import { openDeteriorationModel } from '../../services/stays/deterioration-model.ts';
import { playStays } from '../../services/stays/play-stays.ts';
import { placeOf } from '../../stream-models/deterioration/parameters.ts';
import { nothingMeasured } from '../../stream-models/deterioration/stay.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { findingsIn } from './scene.ts';

let inference: Inference;
let risk: RiskNetwork;
beforeAll(async () => {
  inference = openOrtInference({ providers: ['cpu'] });
  risk = await loadRisk(inference);
});
afterAll(() => inference.close());

const START = 1_700_000_000_000_000;
const HOURS = 5;
/** A patient who gets worse: by hour of the stay. */
const vitals = (hour: number) => ({ hr: 84 + 8 * hour, spo2: 97 - hour, rr: 16 + 3 * hour, sys: 125 - 8 * hour });

/** A frame of numbers every ten seconds; no waves, so frames' ends are the bed's clock. */
const framesOf = (bed: string, hours: number, worse = 1): readonly LogRecord[] =>
  Array.from({ length: hours * 360 + 2 }, (_, i) => {
    const s = 10 * i;
    const atUs = START + s * 1e6;
    const { hr, spo2, rr, sys } = vitals(worse * Math.min(hours - 1, Math.floor(s / 3_600)));
    const number = (code: number, unit: string, value: number) =>
      create(NumericSchema, { code, unit, atUs, reading: { case: 'value', value } });
    const frame = create(TelemetrySchema, {
      ...{ bed, source: 'monitor', sequence: i + 1, deviceTimeUs: atUs, gatewayTimeUs: atUs },
      ...(i === 0 ? { assignment: create(AssignmentSchema, { patient: 'p', fromUs: atUs }) } : {}),
      numerics: [
        number(MDC.ecgHeartRate, '/min', hr),
        number(MDC.spo2, '%', spo2),
        number(MDC.respRate, '/min', rr),
        number(MDC.nibpSystolic, 'mm[Hg]', sys),
      ],
    });
    return {
      ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: bed, value: encodeTelemetry(frame) },
      appendedAt: moment(atUs),
    };
  });

const play = async (
  network: RiskNetwork,
  beds: readonly (readonly LogRecord[])[],
  perBatch = 1e9,
  onModelFailure: (sentence: string) => void = () => {},
) => {
  const stage = analysisStage({ preset: presets.vigil, network: undefined, risk: network, onModelFailure });
  let memories = beds.map((records) => stage.start(records[0]!.key));
  const said: NewRecord[][] = beds.map(() => []);
  const longest = Math.max(...beds.map(({ length }) => length));
  for (let from = 0; from < longest; from += perBatch) {
    const results = await stage.step(
      beds.map((all, i) => ({ bed: all[0]!.key, memory: memories[i]!, records: all.slice(from, from + perBatch) })),
    );
    memories = results.map(({ memory }) => structuredClone(memory));
    for (const [i, { outputs }] of results.entries()) said[i]!.push(...outputs);
  }
  return said.map(findingsIn);
};
const risksIn = (findings: readonly Finding[]) =>
  findings.flatMap(({ atUs, saidUs, kind }) => (kind.case === 'risk' ? [{ atUs, saidUs, risk: kind.value }] : []));
/** The newest word of each hour. */
const byHour = (findings: readonly Finding[]): readonly Risk[] => [
  ...new Map(risksIn(findings).map((said) => [said.atUs, said.risk])).values(),
];

describe('the risk of sepsis', () => {
  it("is the network's of the same hours as a stay in a file, with horizon, threshold and what it is made of", async () => {
    const [findings] = await play(risk, [framesOf('icu-01', HOURS)]);
    const values = byHour(findings!).filter(({ state }) => state === RiskState.VALUE);
    expect(values).toHaveLength(HOURS);
    const patient = { ageYears: Number.NaN, isMale: Number.NaN, hoursInHospitalBefore: Number.NaN };
    const rows = Array.from({ length: HOURS }, (_, hour) => {
      const { hr, spo2, rr, sys } = vitals(hour);
      const measured = nothingMeasured();
      for (const [name, value] of [
        ['HR', hr],
        ['O2Sat', spo2],
        ['Resp', rr],
        ['SBP', sys],
      ] as const)
        measured[placeOf(name)] = value;
      return { hour: hour + 1, values: measured, patient };
    });
    const model = await openDeteriorationModel();
    const [expected] = await playStays(model.ask, model.hidden, [rows]);
    await model.close();
    for (const [i, { probability, alarm, threshold }] of values.entries()) {
      expect(probability).toBeCloseTo(expected![i]!, 6);
      expect(alarm).toBe(probability! >= threshold);
    }
    expect(values[0]).toMatchObject({ name: 'sepsis', horizonHours: 6, model: risk.network.id });
    expect(values[0]!.threshold).toBeCloseTo(risk.threshold, 6);
    expect(
      values
        .at(-1)!
        .inputs.map(({ name }) => name)
        .toSorted(),
    ).toEqual(['HR', 'RR', 'SBP', 'SpO₂']);
    expect(values.at(-1)!.probability).toBeGreaterThan(values[0]!.probability!);
  });

  it('is the same in any batches through checkpoints, and beside any neighbours', async () => {
    const [whole] = await play(risk, [framesOf('icu-01', 3)]);
    const [cut] = await play(risk, [framesOf('icu-01', 3)], 97);
    expect(risksIn(cut!)).toEqual(risksIn(whole!));
    const beside = await play(risk, [framesOf('icu-02', 2, 3), framesOf('icu-01', 3), framesOf('icu-03', 3, 0)], 500);
    expect(risksIn(beside[1]!)).toEqual(risksIn(whole!));
  });

  it('names what it leans on: the number less what the network says of the same hour without the signal, strongest first', async () => {
    const [findings] = await play(risk, [framesOf('icu-01', 1)]);
    const { probability, causes, interval } = byHour(findings!).at(-1)!;
    const sizes = causes.map(({ weight }) => Math.abs(weight));
    expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
    expect(interval!.low <= probability! && probability! <= interval!.high).toBe(true);
    // Of a first hour nothing is remembered: hidden is the same as never told.
    const measured = { HR: 84, O2Sat: 97, Resp: 16, SBP: 125 };
    const names = { HR: 'HR', O2Sat: 'SpO₂', Resp: 'RR', SBP: 'blood pressure' };
    const patient = { ageYears: Number.NaN, isMale: Number.NaN, hoursInHospitalBefore: Number.NaN };
    const model = await openDeteriorationModel();
    let found = 0;
    for (const hidden of Object.keys(measured) as (keyof typeof measured)[]) {
      const values = nothingMeasured();
      for (const [name, value] of Object.entries(measured)) if (name !== hidden) values[placeOf(name)] = value;
      const [without] = await playStays(model.ask, model.hidden, [[{ hour: 1, values, patient }]]);
      const said = causes.find(({ name }) => name === names[hidden]);
      const expected = probability! - without![0]!;
      if (Math.abs(expected) < 0.0005) expect(said).toBeUndefined();
      else {
        found++;
        expect(said).toMatchObject({ value: measured[hidden], weight: expect.closeTo(expected, 6) });
      }
    }
    await model.close();
    expect(found).toBeGreaterThan(0);
    expect(causes.map(({ name }) => name)).toContain('time in the ICU');
  });

  it('is the same number, state and alarm whether or not the network tells what it leans on', async () => {
    const sentences: string[] = [];
    const silent: RiskNetwork = {
      ...risk,
      network: {
        ...risk.network,
        step: (x, state) =>
          x.rows > 2 ? TE.left({ tag: 'ModelFailed', sentence: 'out of order' }) : risk.network.step(x, state),
      },
    };
    const beds = [framesOf('icu-01', 2), framesOf('icu-02', 2, 2)];
    const whole = await play(risk, beds, 400);
    const bare = await play(silent, beds, 400, (sentence) => sentences.push(sentence));
    for (const [i, findings] of bare.entries()) {
      const told = risksIn(whole[i]!);
      expect(told.some((each) => each.risk.causes.length > 0)).toBe(true);
      expect(risksIn(findings)).toEqual(told.map((each) => ({ ...each, risk: { ...each.risk, causes: [] } })));
    }
    expect(sentences[0]).toBe('a risk of sepsis stands without what it leans on: out of order');
  });

  it('is no number before the first hour is over, and says so', async () => {
    const [findings] = await play(risk, [framesOf('icu-01', 1).slice(0, 100)]);
    const said = risksIn(findings!);
    expect(said.length).toBeGreaterThan(2);
    for (const each of said)
      expect(each.risk).toMatchObject({ state: RiskState.INSUFFICIENT, missing: ['a whole hour of vital signs'] });
    const isBare = ({ probability, interval, causes }: Risk) =>
      probability === undefined && interval === undefined && causes.length === 0;
    expect(said.every((each) => isBare(each.risk))).toBe(true);
  });

  it('is "model failed" while the network does not answer; NEWS2 goes on, and so does the risk when it is well again', async () => {
    let failing = true;
    const moody: RiskNetwork = {
      ...risk,
      network: {
        ...risk.network,
        step: (x, state) => {
          if (failing) return TE.left({ tag: 'ModelFailed', sentence: 'out of order' });
          return risk.network.step(x, state);
        },
      },
    };
    const [ill] = await play(moody, [framesOf('icu-01', 1)]);
    expect(
      byHour(ill!)
        .map(({ state }) => state)
        .at(-1),
    ).toBe(RiskState.MODEL_FAILED);
    expect(byHour(ill!).at(-1)!.probability).toBeUndefined();
    expect(ill!.filter(({ kind }) => kind.case === 'score').length).toBeGreaterThan(50);
    failing = false;
    const [well] = await play(moody, [framesOf('icu-01', 1)]);
    expect(byHour(well!).at(-1)!.state).toBe(RiskState.VALUE);
  });
});
