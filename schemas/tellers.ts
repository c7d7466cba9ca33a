/** Who tells each number of a frame. */
import type { Numeric, Telemetry } from './generated/vigil/v1/telemetry_pb.ts';
import { isLaboratory } from './laboratory.ts';

/** How many numbers before place `end` are of the same signal and moment; of laboratory values none. */
const sameBefore = (numerics: Telemetry['numerics'], end: number, { code, atUs }: Numeric): number => {
  let before = 0;
  if (isLaboratory(code)) return before;
  for (let j = 0; j < end; j++) if (numerics[j]!.code === code && numerics[j]!.atUs === atUs) before++;
  return before;
};

/**
 * The source of each number of a frame, in their order; "source (2)" of a second one of the same signal at the same moment, as of two probes of
 * one monitor: under one name they would take turns, and what is beyond its limit would come and go with every frame. Of a
 * laboratory value the second is a correction of the first.
 */
export const tellersOf = ({ source, numerics }: Telemetry): readonly string[] =>
  numerics.map((numeric, i) => {
    const before = sameBefore(numerics, i, numeric);
    return before === 0 ? source : `${source} (${before + 1})`;
  });

/** Of several probes of one signal whose values a frame tells side by side. */
export interface Probe {
  readonly device: string;
  /** How many of them the frame tells, those without a value too. */
  readonly count: number;
}

/** The probe of each number of a frame, in their order; undefined: the frame tells one value of its signal. */
export const probesOf = ({ source: device, numerics }: Telemetry): readonly (Probe | undefined)[] =>
  numerics.map((numeric) => {
    const count = sameBefore(numerics, numerics.length, numeric);
    return count > 1 ? { device, count } : undefined;
  });
