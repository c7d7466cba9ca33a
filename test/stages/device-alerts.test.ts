/** What the analysis stage says of an alarm that the monitor itself raised. */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type Finding, Says, VerdictKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { DeviceAlertSchema, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeFindings } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import type { Inference, StepNetwork } from '../../services/ports/inference.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { beatsAt, LEAD_II, LEAD_V1, noiseAt, START, steady } from '../ecg/synthetic-ecg.ts';
import { pressureAt } from '../pulse/synthetic-pulse.ts';

let inference: Inference;
let network: StepNetwork;
beforeAll(async () => {
  inference = openOrtInference({ providers: ['cpu'] });
  ({ network } = await inference.load(BEAT_MODEL));
});
afterAll(() => inference.close());

const RATE_HZ = 250;
const FRAME_S = 0.5;
const BED = 'icu-01';

interface Scene {
  readonly seconds: number;
  readonly beats: readonly number[];
  readonly pulses: readonly number[];
  /** The monitor's words at a second. */
  readonly alerts: Readonly<
    Record<number, { readonly text: string; readonly code?: number; readonly present?: boolean }>
  >;
}

const wave = (code: number, unit: string, gain: number, from: number, value: (s: number) => number) => ({
  ...{ code, unit, gain, offset: 0, startUs: START + from * 1e6, rateNumerator: RATE_HZ, rateDenominator: 1 },
  samples: new Uint8Array(
    Int16Array.from({ length: FRAME_S * RATE_HZ }, (_, i) => Math.round(value(from + i / RATE_HZ) / gain)).buffer,
  ),
});

const recordsOf = ({ seconds, beats, pulses, alerts }: Scene): LogRecord[] => {
  const ecg = beatsAt(beats);
  const pressure = pressureAt(pulses);
  return Array.from({ length: seconds / FRAME_S }, (_, i) => {
    const from = i * FRAME_S;
    const end = from + FRAME_S;
    const alert = alerts[end];
    const frame = create(TelemetrySchema, {
      ...{ bed: BED, source: 'monitor', sequence: i + 1, deviceTimeUs: START + end * 1e6 },
      gatewayTimeUs: START + end * 1e6,
      waveforms: [
        wave(LEAD_II, 'mV', 0.0025, from, (s) => ecg(s) + 0.01 * noiseAt(s)),
        wave(LEAD_V1, 'mV', 0.0025, from, (s) => 0.7 * ecg(s) + 0.01 * noiseAt(s, 2)),
        wave(MDC.abpWave, 'mm[Hg]', 0.05, from, pressure),
      ],
      deviceAlerts:
        alert === undefined ? [] : [create(DeviceAlertSchema, { present: true, atUs: START + end * 1e6, ...alert })],
    });
    return {
      ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: BED, value: encodeTelemetry(frame) },
      appendedAt: moment(START + end * 1e6),
    };
  });
};

/** The verdicts, in order, when the records come in batches of a length. */
const verdictsOf = async (scene: Scene, perBatch = 1_000): Promise<readonly Finding[]> => {
  const stage = analysisStage({ preset: presets.vigil, network });
  const records = recordsOf(scene);
  let memory = stage.start(BED);
  const found: Finding[] = [];
  for (let from = 0; from < records.length; from += perBatch) {
    const [result] = await stage.step([{ bed: BED, memory, records: records.slice(from, from + perBatch) }]);
    memory = structuredClone(result!.memory);
    for (const { topic, value } of result!.outputs) {
      if (topic !== 'vigil.findings') continue;
      const findings = decodeFindings(value);
      if (E.isLeft(findings)) throw new Error('unreadable findings');
      found.push(...findings.right.findings.filter(({ kind }) => kind.case === 'verdict'));
    }
  }
  return found;
};

const living = steady(75, 0.4, 60);
const behind = (beats: readonly number[]): readonly number[] => beats.map((at) => at + 0.25);
const verdictOf = ({ kind }: Finding) => {
  if (kind.case !== 'verdict') throw new Error('no verdict');
  return kind.value;
};

describe('an alarm of the monitor', () => {
  it('is answered with what was heard up to its own frame: refuted where the heart beats, with who said so', async () => {
    const [finding, ...others] = await verdictsOf({
      ...{ seconds: 45, beats: living, pulses: behind(living), alerts: { 40: { text: '***ASYSTOLE', code: 7 } } },
    });
    expect(others).toEqual([]);
    expect(verdictOf(finding!)).toMatchObject({ text: '***ASYSTOLE', code: 7, condition: 'asystole' });
    expect(verdictOf(finding!).verdict).toBe(VerdictKind.REFUTED);
    expect(verdictOf(finding!).testimonies.map(({ code, says }) => [code, says])).toEqual([
      [LEAD_II, Says.AGAINST],
      [LEAD_V1, Says.AGAINST],
      [MDC.abpWave, Says.AGAINST],
    ]);
    expect(finding!.saidUs - (START + 40e6)).toBeLessThan(1e6);
    expect(finding!.atUs).toBeLessThanOrEqual(finding!.saidUs);
  });

  it('is not refuted where the heart has stopped', async () => {
    const stopped = living.filter((at) => at < 33);
    const [finding] = await verdictsOf({
      ...{ seconds: 41, beats: stopped, pulses: behind(stopped), alerts: { 40: { text: 'Asystole' } } },
    });
    expect(verdictOf(finding!).verdict).not.toBe(VerdictKind.REFUTED);
    expect(verdictOf(finding!).probability).toBeGreaterThan(0.3);
  });

  it('gets one answer while it stands, and another when it comes again', async () => {
    const text = '***VTACH';
    const scene = {
      ...{ seconds: 50, beats: living, pulses: behind(living) },
      alerts: { 30: { text }, 30.5: { text }, 31: { text, present: false }, 45: { text } },
    };
    const answered = await verdictsOf(scene);
    expect(answered.map(({ saidUs }) => Math.round((saidUs - START) / 1e6))).toEqual([30, 45]);
  });

  it('of a kind that Vigil does not judge gets no answer', async () => {
    const alerts = { 20: { text: '**AFIB' }, 21: { text: 'SpO2 LOW' }, 22: { text: '**BRADY LOW' } };
    expect(await verdictsOf({ seconds: 25, beats: living, pulses: behind(living), alerts })).toEqual([]);
  });

  it('gets the same answer however the log was cut into batches, through a checkpoint after each', async () => {
    const scene = {
      ...{ seconds: 42, beats: living, pulses: behind(living.filter((at) => at < 34)) },
      alerts: { 38: { text: '***VFIB' }, 41: { text: '***EXTREME BRADY' } },
    };
    const whole = await verdictsOf(scene);
    expect(whole).toHaveLength(2);
    expect(await verdictsOf(scene, 7)).toEqual(whole);
  });
});
