/** A bed with two leads and an arterial line, as records of the log, and what the analysis stage says of it. */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { MDC } from '../../schemas/codes.ts';
import type { Finding } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { DeviceAlertSchema, type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeFindings } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import type { LogRecord, NewRecord } from '../../services/ports/event-log.ts';
import type { StepNetwork } from '../../services/ports/inference.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { beatsAt, LEAD_II, LEAD_V1, noiseAt, START } from '../ecg/synthetic-ecg.ts';
import { pressureAt } from '../pulse/synthetic-pulse.ts';

const RATE_HZ = 250;
export const BED = 'icu-01';

export interface Scene {
  readonly seconds: number;
  readonly beats: readonly number[];
  /** Ends of upstrokes in the arterial pressure; undefined: no arterial line. */
  readonly pulses: readonly number[] | undefined;
  /** The monitor's words at a second. */
  readonly alerts?: Readonly<
    Record<
      number,
      { readonly text: string; readonly code?: number; readonly present?: boolean; readonly atUs?: number }
    >
  >;
  /** Length of a frame, seconds; 0.5 if absent. */
  readonly frameS?: number;
  /** What else the frame that ends at a second says. */
  readonly more?: (end: number) => Pick<Partial<Telemetry>, 'numerics' | 'assignment'>;
}

export const recordsOf = ({ seconds, beats, pulses, alerts = {}, frameS = 0.5, more }: Scene): LogRecord[] => {
  const wave = (code: number, unit: string, gain: number, from: number, value: (s: number) => number) => ({
    ...{ code, unit, gain, offset: 0, startUs: START + Math.round(from * 1e6) },
    ...{ rateNumerator: RATE_HZ, rateDenominator: 1 },
    samples: new Uint8Array(
      Int16Array.from({ length: Math.round(frameS * RATE_HZ) }, (_, i) => Math.round(value(from + i / RATE_HZ) / gain))
        .buffer,
    ),
  });
  const ecg = beatsAt(beats);
  const pressure = pulses === undefined ? undefined : pressureAt(pulses);
  return Array.from({ length: Math.round(seconds / frameS) }, (_, i) => {
    const from = i * frameS;
    const end = from + frameS;
    const endUs = START + Math.round(end * 1e6);
    const alert = alerts[end];
    const frame = create(TelemetrySchema, {
      ...{ bed: BED, source: 'monitor', sequence: i + 1, deviceTimeUs: endUs },
      gatewayTimeUs: endUs,
      waveforms: [
        wave(LEAD_II, 'mV', 0.0025, from, (s) => ecg(s) + 0.01 * noiseAt(s)),
        wave(LEAD_V1, 'mV', 0.0025, from, (s) => 0.7 * ecg(s) + 0.01 * noiseAt(s, 2)),
        ...(pressure === undefined ? [] : [wave(MDC.abpWave, 'mm[Hg]', 0.05, from, pressure)]),
      ],
      deviceAlerts: alert === undefined ? [] : [create(DeviceAlertSchema, { present: true, atUs: endUs, ...alert })],
      ...(more === undefined ? {} : more(end)),
    });
    return {
      ...{ topic: 'vigil.telemetry', partition: 0, offset: BigInt(i), key: BED, value: encodeTelemetry(frame) },
      appendedAt: moment(endUs),
    };
  });
};

/** What the stage says, in order, of records that come in batches of a length, through a checkpoint after each. */
export const saidOf = async (network: StepNetwork, scene: Scene, perBatch = 1_000): Promise<readonly NewRecord[]> => {
  const stage = analysisStage({ preset: presets.vigil, network });
  const records = recordsOf(scene);
  let memory = stage.start(BED);
  const said: NewRecord[] = [];
  for (let from = 0; from < records.length; from += perBatch) {
    const [result] = await stage.step([{ bed: BED, memory, records: records.slice(from, from + perBatch) }]);
    memory = structuredClone(result!.memory);
    said.push(...result!.outputs);
  }
  return said;
};

export const findingsIn = (said: readonly NewRecord[]): readonly Finding[] =>
  said
    .filter(({ topic }) => topic === 'vigil.findings')
    .flatMap(({ value }) => {
      const findings = decodeFindings(value);
      if (E.isLeft(findings)) throw new Error('unreadable findings');
      return findings.right.findings;
    });
