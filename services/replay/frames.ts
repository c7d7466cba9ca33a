import { create } from '@bufbuild/protobuf';
import {
  AssignmentSchema,
  ClockState,
  type Telemetry,
  TelemetrySchema,
  WaveformSchema,
} from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { type SignalMeaning, signalMeanings } from '../recordings/lead-codes.ts';
import { rationalRate } from '../recordings/wfdb/rate.ts';
import type { WfdbRecord } from '../recordings/wfdb/record.ts';

/** When every replayed recording begins: 2026-01-01T00:00:00Z. A recording says the same at any time of any day. */
export const REPLAY_START: Moment = moment(Date.UTC(2026, 0, 1) * 1e3);

export const CHUNK_MS_USUAL = 250;

export interface FrameOptions {
  readonly bed: string;
  readonly source: string;
  readonly chunkMs: number;
  readonly start: Moment;
  /**
   * Who lies in the bed, told in the first frame; undefined: nobody is told. An assignment holds from the end of its frame
   * on, so a play that must not depend on the cutting has none.
   */
  readonly patient?: string;
}

/** Samples of a recording; the shortest signal counts. */
const sampleCountOf = (record: WfdbRecord): number =>
  record.signals.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY);

/** The time from the first sample to the end of the last one, µs. */
export const lengthUs = (record: WfdbRecord): number => (sampleCountOf(record) * 1e6) / record.header.rateHz;

// A copy of its own, little-endian as every machine that runs Node.
const bytesOf = (samples: Int16Array): Uint8Array => new Uint8Array(samples.slice().buffer);

const waveformsOf = (
  record: WfdbRecord,
  meanings: readonly SignalMeaning[],
  from: number,
  to: number,
  startUs: number,
): Telemetry['waveforms'] => {
  const { numerator, denominator } = rationalRate(record.header.rateHz);
  return record.header.signals.map((signal, i) =>
    create(WaveformSchema, {
      code: meanings[i]!.code,
      startUs,
      rateNumerator: numerator,
      rateDenominator: denominator,
      gain: 1 / signal.gain,
      offset: signal.baseline,
      unit: meanings[i]!.unit,
      samples: bytesOf(record.signals[i]!.subarray(from, to)),
    }),
  );
};

/**
 * The frames that a monitor would have sent, in order, each `chunkMs` long (the last one as long as it is). Times come
 * from the number of the sample, so that they do not depend on the cutting; -32768 stays "no sample".
 */
export function* framesOf(record: WfdbRecord, options: FrameOptions): Generator<Telemetry, void> {
  const { bed, source, chunkMs, start, patient } = options;
  const rate = record.header.rateHz;
  const count = sampleCountOf(record);
  const meanings = signalMeanings(record.header.signals);
  const timeOf = (sample: number): number => Math.round(start + (sample * 1e6) / rate);
  const firstOf = (frame: number): number => Math.min(count, Math.ceil((frame * chunkMs * rate) / 1e3));
  let sequence = 1;
  for (let frame = 0; firstOf(frame) < count; frame++) {
    const from = firstOf(frame);
    const to = firstOf(frame + 1);
    if (to === from) continue;
    const telemetry = create(TelemetrySchema, {
      bed,
      source,
      sequence,
      deviceTimeUs: timeOf(to),
      clockState: ClockState.SYNCHRONISED,
      waveforms: waveformsOf(record, meanings, from, to, timeOf(from)),
    });
    if (sequence === 1 && patient !== undefined)
      telemetry.assignment = create(AssignmentSchema, { patient, fromUs: start, population: 'adult' });
    yield telemetry;
    sequence += 1;
  }
}
