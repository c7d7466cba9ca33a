/** What speaks at the beds: the simulator's monitors, and at one bed a second device for what they do not measure. */
import { create } from '@bufbuild/protobuf';
import { MDC, signalOf } from '../../../schemas/codes.ts';
import {
  AssignmentSchema,
  NumericSchema,
  type Telemetry,
  TelemetrySchema,
} from '../../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Moment, seconds } from '../../../schemas/units.ts';
import { simulatedBed } from '../../../services/simulate/simulated-bed.ts';
import { simulatedWard } from '../../../services/simulate/ward.ts';

/** The fourth of the eight beds has couplets all the time, and a strip for each: more work than news. */
const LEFT_OUT = 'icu-04';
export const BEDS = 7;
const SEED = 5;

/** These beds send two leads and the pleth; the others one lead: three waves around every alarm are most of the work. */
const ALL_WAVES = ['icu-01', 'icu-06'];
const withItsWaves = (frame: Telemetry): Telemetry => ({
  ...frame,
  waveforms: frame.waveforms.filter(({ code }) => code === MDC.ecgII || ALL_WAVES.includes(frame.bed)),
});

/** In this bed another patient is laid in the middle of the play. */
const CHANGING_BED = 'icu-07';
const CHANGES_AFTER = seconds(200);
const ofAnother = (frame: Telemetry, start: Moment): Telemetry =>
  frame.bed === CHANGING_BED && frame.deviceTimeUs >= start + CHANGES_AFTER
    ? { ...frame, assignment: create(AssignmentSchema, { patient: 'another', fromUs: start + CHANGES_AFTER }) }
    : frame;

/** Answers the frames that are whole by a moment, in the order of their moments; each frame once. */
export type Monitors = (now: Moment) => readonly Telemetry[];

export const simulatedMonitors = (start: Moment): Monitors => {
  const ward = simulatedWard({ beds: BEDS + 1, seed: SEED, start, frameMs: 1_000, bedPrefix: 'icu-' });
  const beds = ward
    .filter(({ bed }) => bed !== LEFT_OUT)
    .map((settings) => {
      const bed = simulatedBed(settings);
      return { step: bed.step, memory: bed.start };
    });
  return (now) =>
    beds
      .flatMap((bed) => {
        const [memory, frames] = bed.step(bed.memory, now);
        bed.memory = memory;
        return frames.flatMap(({ telemetry }) =>
          telemetry === undefined ? [] : [ofAnother(withItsWaves(telemetry), start)],
        );
      })
      .sort((a, b) => a.deviceTimeUs - b.deviceTimeUs);
};

/** Arterial line, venous line and capnograph. */
const lineSignals: readonly (readonly [code: number, base: number])[] = [
  [MDC.abpSystolic, 118],
  [MDC.abpMean, 88],
  [MDC.abpDiastolic, 68],
  [MDC.cvpMean, 7],
  [MDC.etco2, 36],
  [MDC.respRateCo2, 14],
];

/** What the second device says at a whole second. */
export const lineFrame = (bed: string, second: number, at: Moment): Telemetry =>
  create(TelemetrySchema, {
    ...{ bed, source: 'lines', sequence: second, deviceTimeUs: at },
    numerics: lineSignals.map(([code, base]) =>
      create(NumericSchema, {
        ...{ code, atUs: at, unit: signalOf(code)!.ucum },
        reading: { case: 'value', value: base + (second % 5) },
      }),
    ),
  });
