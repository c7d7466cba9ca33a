/** The analysis stage as a value: what it says of frames on the log, with the network that ships. */

import { deserialize, serialize } from 'node:v8';
import { create } from '@bufbuild/protobuf';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeAlarmInput, decodeFindings, decodeRejected } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_MODEL, RHYTHM_MODEL } from '../../services/composition/open-adapters.ts';
import type { LogRecord, NewRecord } from '../../services/ports/event-log.ts';
import type { Inference, StepNetwork } from '../../services/ports/inference.ts';
import type { Stage } from '../../services/runtime/stage.ts';
import { type AnalysisMemory, analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { right } from '../right.ts';
import { bedWith, played } from '../simulate/bed.ts';

let inference: Inference;
let network: StepNetwork;
let rhythm: StepNetwork;
beforeAll(async () => {
  inference = openOrtInference({ providers: ['cpu'] });
  ({ network } = await inference.load(BEAT_MODEL));
  ({ network: rhythm } = await inference.load(RHYTHM_MODEL));
});
afterAll(() => inference.close());

const record = (bed: string, value: Uint8Array, offset: number): LogRecord => ({
  ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(offset), key: bed, value },
  appendedAt: moment(offset),
});

/** Frames of a quiet simulated bed, renamed. */
const framesOf = (bed: string, seconds: number, seed: number): LogRecord[] =>
  played(bedWith([], { seed }), seconds).map(({ telemetry }, i) =>
    record(bed, encodeTelemetry(create(TelemetrySchema, { ...telemetry!, bed, sequence: i + 1 })), i),
  );

const run = async (stage: Stage<AnalysisMemory>, beds: Readonly<Record<string, readonly LogRecord[]>>) => {
  const batch = Object.entries(beds).map(([bed, records]) => ({ bed, memory: stage.start(bed), records }));
  const results = await stage.step(batch);
  return Object.fromEntries(batch.map(({ bed }, i) => [bed, results[i]!]));
};

const findingsOf = (outputs: readonly NewRecord[]) =>
  outputs
    .filter(({ topic }) => topic === 'vigil.findings')
    .flatMap(({ value }) => right(decodeFindings(value)).findings);
const beatsOf = (outputs: readonly NewRecord[]) =>
  findingsOf(outputs).flatMap(({ kind }) => (kind.case === 'beat' ? [kind.value] : []));
const conditionsOf = (outputs: readonly NewRecord[]) =>
  outputs
    .filter(({ topic }) => topic === 'vigil.alarm-inputs')
    .map(({ value }) => right(decodeAlarmInput(value)).input)
    .flatMap((input) => (input.case === 'condition' ? [input.value] : []));

describe('the analysis stage', () => {
  it('says of a bed the same, whoever lies beside it', async () => {
    const stage = analysisStage({ preset: presets.vigil, network });
    const alone = await run(stage, { 'icu-01': framesOf('icu-01', 20, 1) });
    const others = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`icu-1${i}`, framesOf(`icu-1${i}`, 20 - i, i + 2)]),
    );
    const together = await run(stage, { ...others, 'icu-01': framesOf('icu-01', 20, 1) });
    expect(beatsOf(alone['icu-01']!.outputs).length).toBeGreaterThan(10);
    expect(together['icu-01']!.outputs).toEqual(alone['icu-01']!.outputs);
  });

  it('says the same with the rhythm network, whoever lies beside it, in batches cut anyhow, with memory written down between', async () => {
    const stage = analysisStage({ preset: presets.vigil, network, rhythm });
    const frames = played(bedWith([{ kind: 'vf', fromS: 12, toS: 30 }], { seed: 3 }), 30).map(({ telemetry }, i) =>
      record('icu-01', encodeTelemetry(create(TelemetrySchema, { ...telemetry!, bed: 'icu-01', sequence: i + 1 })), i),
    );
    const whole = (await run(stage, { 'icu-02': framesOf('icu-02', 25, 2), 'icu-01': frames }))['icu-01']!;
    expect(conditionsOf(whole.outputs)).toContainEqual(expect.objectContaining({ condition: 'vf', present: true }));
    let memory = stage.start('icu-01');
    const outputs: NewRecord[] = [];
    for (const [from, to] of [
      [0, 1],
      [1, 38],
      [38, 51],
      [51, frames.length],
    ] as const) {
      const [result] = await stage.step([{ bed: 'icu-01', memory, records: frames.slice(from, to) }]);
      memory = deserialize(serialize(result!.memory)) as AnalysisMemory;
      outputs.push(...result!.outputs);
    }
    expect(findingsOf(outputs)).toEqual(findingsOf(whole.outputs));
    expect(conditionsOf(outputs)).toEqual(conditionsOf(whole.outputs));
  });

  it('hears a frame once that the log holds twice', async () => {
    const stage = analysisStage({ preset: presets.vigil, network });
    const frames = framesOf('icu-01', 20, 1);
    const resent = [...frames.slice(0, 30), ...frames.slice(22, 30), ...frames.slice(30)];
    const once = await run(stage, { 'icu-01': frames });
    const twice = await run(stage, { 'icu-01': resent });
    expect(twice['icu-01']!.outputs).toEqual(once['icu-01']!.outputs);
  });

  it('refuses a damaged frame by name, with its bytes, and hears the next', async () => {
    const frames = framesOf('icu-01', 10, 1);
    const damaged = frames[8]!.value.slice();
    damaged[damaged.length >> 1]! ^= 4;
    const stage = analysisStage({ preset: presets.vigil, network });
    const beds = { 'icu-01': frames.with(8, { ...frames[8]!, value: damaged }) };
    const { outputs } = (await run(stage, beds))['icu-01']!;
    const rejected = outputs
      .filter(({ topic }) => topic === 'vigil.rejected')
      .map(({ value }) => right(decodeRejected(value)));
    expect(rejected.map(({ stage: by, code, original }) => [by, code, original])).toEqual([
      ['analysis', 'checksum', damaged],
    ]);
    expect(beatsOf(outputs).length).toBeGreaterThan(4);
  });

  it('goes on judging the numbers of a bed whose monitor names a lead of which it has no sample', async () => {
    const stage = analysisStage({ preset: presets.vigil, network });
    const empty = { code: MDC.ecgII, rateNumerator: 250, rateDenominator: 1, gain: 0.005, unit: 'mV' };
    const frames = Array.from({ length: 40 }, (_, i) => {
      const deviceTimeUs = 1_767_225_600e6 + i * 1e6;
      const frame = create(TelemetrySchema, {
        ...{ bed: 'icu-01', source: 'm', sequence: i + 1, deviceTimeUs, gatewayTimeUs: deviceTimeUs },
        waveforms: [{ ...empty, startUs: deviceTimeUs }],
        numerics: [{ code: MDC.spo2, unit: '%', atUs: deviceTimeUs, reading: { case: 'value', value: 70 } }],
      });
      return record('icu-01', encodeTelemetry(frame), i);
    });
    const { outputs } = (await run(stage, { 'icu-01': frames }))['icu-01']!;
    const desaturated = expect.objectContaining({ condition: 'spo2-desaturation', present: true });
    expect(conditionsOf(outputs)).toContainEqual(desaturated);
  });

  it('takes everything back once for a bed without memory, so that nothing stays present for ever', async () => {
    const stage = analysisStage({ preset: presets.vigil, network });
    const frames = framesOf('icu-01', 4, 1);
    const first = (await run(stage, { 'icu-01': frames.slice(0, 8) }))['icu-01']!;
    expect(conditionsOf(first.outputs)).toContainEqual(expect.objectContaining({ condition: 'vf', present: false }));
    const [second] = await stage.step([{ bed: 'icu-01', memory: first.memory, records: frames.slice(8) }]);
    expect(conditionsOf(second!.outputs)).toEqual([]);
  });

  it('goes on without classes when the network fails, says so, and says when it is well again', async () => {
    let failing = true;
    const moody: StepNetwork = {
      ...network,
      step: (x, state) =>
        failing ? TE.left({ tag: 'ModelFailed', sentence: 'out of order' }) : network.step(x, state),
    };
    const stage = analysisStage({ preset: presets.vigil, network: moody });
    const frames = framesOf('icu-01', 20, 1);
    const ill = (await run(stage, { 'icu-01': frames.slice(0, 40) }))['icu-01']!;
    expect(beatsOf(ill.outputs).length).toBeGreaterThan(4);
    expect(beatsOf(ill.outputs).every(({ model, probability }) => model === '' && probability === 0)).toBe(true);
    const said = (outputs: readonly NewRecord[]) =>
      findingsOf(outputs).flatMap(({ kind }) =>
        kind.case === 'condition' && kind.value.condition === 'model-failed' ? [kind.value.present] : [],
      );
    expect(said(ill.outputs)).toEqual([true]);
    failing = false;
    const [well] = await stage.step([{ bed: 'icu-01', memory: ill.memory, records: frames.slice(40) }]);
    expect(said(well!.outputs)).toEqual([false]);
    expect(beatsOf(well!.outputs).every(({ model }) => model === network.id)).toBe(true);
  });
});
