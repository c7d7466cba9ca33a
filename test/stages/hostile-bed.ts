/** A bed that fares badly: its heart stands still and its SpO₂ falls at STILL_FROM_S, while its frames are made as a test wishes. */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { MDC } from '../../schemas/codes.ts';
import { type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeAlarmInput } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { beatsAt, LEAD_II, LEAD_V1, noiseAt, START, steady } from '../ecg/synthetic-ecg.ts';

export const STILL_FROM_S = 20;
const SECONDS = 40;
const RATE_HZ = 250;
const ecg = beatsAt(steady(75, 0, STILL_FROM_S));

/** One frame a second: two leads and an SpO₂. `more` changes the frame that ends at a second. */
export const badFrames = (more: (frame: Telemetry, end: number) => void = () => {}): Telemetry[] =>
  Array.from({ length: SECONDS }, (_, i) => {
    const end = i + 1;
    const endUs = START + end * 1e6;
    const wave = (code: number, share: number) => ({
      ...{ code, unit: 'mV', gain: 0.0025, startUs: START + i * 1e6, rateNumerator: RATE_HZ, rateDenominator: 1 },
      samples: new Uint8Array(
        Int16Array.from({ length: RATE_HZ }, (__, n) => {
          const s = i + n / RATE_HZ;
          return Math.round((share * (s < STILL_FROM_S ? ecg(s) : 0) + 0.01 * noiseAt(s)) / 0.0025);
        }).buffer,
      ),
    });
    const value = end > STILL_FROM_S ? 70 : 97;
    const frame = create(TelemetrySchema, {
      ...{ bed: 'icu-01', source: 'monitor', sequence: end, deviceTimeUs: endUs, gatewayTimeUs: endUs },
      waveforms: [wave(LEAD_II, 1), wave(LEAD_V1, 0.7)],
      numerics: [{ code: MDC.spo2, unit: '%', atUs: endUs, reading: { case: 'value', value } }],
    });
    more(frame, end);
    return frame;
  });

/** Moves all times of a frame that its device gives. */
export const moved = (frame: Telemetry, us: number): void => {
  frame.deviceTimeUs += us;
  for (const wave of frame.waveforms) wave.startUs += us;
  for (const numeric of frame.numerics) numeric.atUs += us;
};

/** What the stage says of conditions, frame by frame as the log gives them: "asystole", "-asystole" where it ends. */
export const conditionsSaid = async (frames: readonly Telemetry[]): Promise<readonly string[]> => {
  const stage = analysisStage({ preset: presets.vigil, network: undefined });
  let memory = stage.start('icu-01');
  const said: string[] = [];
  for (const [i, frame] of frames.entries()) {
    const record = { topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: 'icu-01' } as const;
    const records = [{ ...record, value: encodeTelemetry(frame), appendedAt: moment(START + i * 1e6) }];
    const [result] = await stage.step([{ bed: 'icu-01', memory, records }]);
    memory = structuredClone(result!.memory);
    for (const { topic, value } of result!.outputs) {
      const input = topic === 'vigil.alarm-inputs' ? decodeAlarmInput(value) : undefined;
      if (input === undefined || E.isLeft(input) || input.right.input.case !== 'condition') continue;
      const { condition, present, evidence } = input.right.input.value;
      if (evidence.startsWith('analysis began')) continue;
      said.push(`${present ? '' : '-'}${condition}`);
    }
  }
  return said;
};
