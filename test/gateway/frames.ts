import { create } from '@bufbuild/protobuf';
import { MDC } from '../../schemas/codes.ts';
import { type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Moment, moment } from '../../schemas/units.ts';

/** 2026-01-01T00:00:00Z: the shift of every story begins here. */
export const SHIFT_BEGINS = moment(1_767_225_600_000_000);

/** A moment of the shift, in seconds since it began. */
export const at = (seconds: number): Moment => moment(SHIFT_BEGINS + Math.round(seconds * 1e6));

export interface FrameStory {
  readonly bed?: string;
  readonly source?: string;
  readonly sequence: number;
  /** Device time in seconds of the shift. */
  readonly device: number;
  readonly hr?: number;
  /** Milliseconds of ECG (lead II, 250 Hz) that end at the device time. */
  readonly ecgMs?: number;
  readonly patient?: string;
  readonly clockEpoch?: number;
}

const ecg = (ms: number, endUs: number) => {
  const samples = new Int16Array(Math.round(ms / 4));
  for (let i = 0; i < samples.length; i++) samples[i] = Math.round(100 * Math.sin(i / 5));
  return {
    code: MDC.ecgII,
    startUs: endUs - ms * 1_000,
    rateNumerator: 250,
    rateDenominator: 1,
    gain: 0.005,
    offset: 0,
    unit: 'mV',
    samples: new Uint8Array(samples.buffer),
  };
};

/** One frame of a monitor, as told. */
export const frame = (story: FrameStory): Telemetry => {
  const deviceTimeUs = at(story.device);
  return create(TelemetrySchema, {
    bed: story.bed ?? 'icu-01',
    source: story.source ?? 'monitor-1',
    sequence: story.sequence,
    deviceTimeUs,
    clockEpoch: story.clockEpoch ?? 0,
    waveforms: story.ecgMs === undefined ? [] : [ecg(story.ecgMs, deviceTimeUs)],
    numerics:
      story.hr === undefined
        ? []
        : [
            {
              code: MDC.ecgHeartRate,
              atUs: deviceTimeUs,
              unit: '/min',
              reading: { case: 'value', value: story.hr },
            },
          ],
    ...(story.patient === undefined ? {} : { assignment: { patient: story.patient, fromUs: deviceTimeUs } }),
  });
};
