/** A verdict that is measured must be the one that is given: `vigil evaluate alarms` beside the analysis stage, on the same recording. */
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeviceAlertSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { loadShipped } from '../../services/composition/open-adapters.ts';
import { judgeFolder } from '../../services/evaluate/alarms/judge-alarms.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import type { Inference } from '../../services/ports/inference.ts';
import { readRecord } from '../../services/recordings/wfdb/record.ts';
import { framesOf, REPLAY_START } from '../../services/replay/frames.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { beatsAt, noiseAt, steady } from '../ecg/synthetic-ecg.ts';
import { pressureAt } from '../pulse/synthetic-pulse.ts';
import { format16, put, temporaryFolder } from '../recordings/made-record.ts';
import { findingsIn } from './scene.ts';

const RATE_HZ = 250;
const SECONDS = 60;
const RUN_FROM = 52;
const NAME = 'v1';

let inference: Inference;
let networks: Awaited<ReturnType<typeof loadShipped>>;
beforeAll(async () => {
  inference = openOrtInference({ providers: ['cpu'] });
  networks = await loadShipped(inference);
});
afterAll(() => inference.close());

/** Two leads with a row of wide beats at the end, a third part of it movement, and a pulse that weakens. */
const madeRecord = (): Readonly<Record<string, Uint8Array | string>> => {
  const before = steady(80, 0.4, RUN_FROM - 0.4);
  const usual = beatsAt(before);
  const wide = beatsAt(steady(150, RUN_FROM, SECONDS), { rMv: 1.5, rWidth: 0.04, tMv: -0.3, pMv: 0 });
  const ecg = (s: number) => usual(s) + wide(s);
  const pressure = pressureAt(before.map((at) => at + 0.25));
  const signal = (value: (s: number) => number, gain: number): Int16Array =>
    Int16Array.from({ length: SECONDS * RATE_HZ }, (_, i) => Math.round(gain * value(i / RATE_HZ)));
  const signals = [
    signal((s) => ecg(s) + 0.01 * noiseAt(s), 400),
    signal((s) => 0.7 * ecg(s) + (s > 56 ? 0.3 : 0.01) * noiseAt(s, 2), 400),
    signal(pressure, 20),
  ];
  const header = [
    `${NAME} 3 ${RATE_HZ} ${SECONDS * RATE_HZ}`,
    ...['II', 'V'].map((lead) => `${NAME}.dat 16 400(0)/mV 12 0 0 0 0 ${lead}`),
    `${NAME}.dat 16 20(0)/mmHg 12 0 0 0 0 ABP`,
    '#Ventricular_Tachycardia',
    '',
  ];
  return { [`${NAME}.hea`]: header.join('\n'), [`${NAME}.dat`]: format16(signals) };
};

/** The frames of a record as the log holds them; the monitor rings with the last. */
const ringing = async (directory: string, chunkMs: number): Promise<LogRecord[]> => {
  const record = await readRecord(directory, NAME);
  if (record._tag === 'Left') throw new Error(record.left.sentence);
  const frames = [...framesOf(record.right, { bed: NAME, source: 'monitor', chunkMs, start: REPLAY_START })];
  return frames.map((frame, i) => {
    const alert = create(DeviceAlertSchema, { text: 'VTACH', present: true, atUs: frame.deviceTimeUs });
    const value = encodeTelemetry(i === frames.length - 1 ? { ...frame, deviceAlerts: [alert] } : frame);
    const appendedAt = moment(frame.deviceTimeUs);
    return { topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: NAME, value, appendedAt };
  });
};

describe("the verdict on a monitor's ventricular tachycardia", () => {
  it.each([250, 1_000])('is the same live, in frames of %i ms, as vigil evaluate alarms measures', async (chunkMs) => {
    await using folder = await temporaryFolder();
    await put(folder.path, madeRecord());
    const { verdicts } = await judgeFolder({
      directory: folder.path,
      networks: { beats: networks.network, rhythm: networks.rhythm },
    });
    const measured = verdicts[0]!;
    expect(measured.probability).toBeGreaterThan(0.01);
    expect(measured.probability).toBeLessThan(0.999);

    const stage = analysisStage({ preset: presets.vigil, ...networks });
    let memory = stage.start(NAME);
    const given: number[] = [];
    const records = await ringing(folder.path, chunkMs);
    for (let from = 0; from < records.length; from += 7) {
      const [result] = await stage.step([{ bed: NAME, memory, records: records.slice(from, from + 7) }]);
      memory = structuredClone(result!.memory);
      for (const { kind } of findingsIn(result!.outputs))
        if (kind.case === 'verdict' && !kind.value.own) given.push(kind.value.probability);
    }
    expect(given).toHaveLength(1);
    expect(given[0]).toBeCloseTo(measured.probability, 6);
  });
});
