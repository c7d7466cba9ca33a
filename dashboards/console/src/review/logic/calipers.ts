/** Two lines on the paper, and what lies between them. */
import { sampleAt, type Trace } from './traces.ts';

export interface Calipers {
  readonly aUs: number;
  readonly bUs: number;
}

export interface Measured {
  readonly intervalMs: number;
  /** Of what comes once in this interval; undefined: both lines are at one sample. */
  readonly perMinute: number | undefined;
  /** The value at the later line less that at the earlier one, in the unit of the trace; undefined: one of them is in a gap. */
  readonly amplitude: number | undefined;
}

/** The moment of the sample that a line put at `us` stands on; in a gap where it was put. */
export const snapped = (trace: Trace | undefined, us: number): number =>
  (trace === undefined ? undefined : sampleAt(trace, us))?.atUs ?? us;

/** So many samples further; over a gap by the same length of time. */
export const stepped = (trace: Trace | undefined, us: number, samples: number): number => {
  const stepUs = trace?.pieces[0]?.stepUs ?? 4_000;
  return snapped(trace, us + samples * stepUs);
};

export const measure = (trace: Trace | undefined, { aUs, bUs }: Calipers): Measured => {
  const [first, last] = [Math.min(aUs, bUs), Math.max(aUs, bUs)];
  const intervalMs = (last - first) / 1e3;
  const from = trace === undefined ? undefined : sampleAt(trace, first);
  const to = trace === undefined ? undefined : sampleAt(trace, last);
  return {
    intervalMs,
    perMinute: intervalMs > 0 ? 60_000 / intervalMs : undefined,
    amplitude: from === undefined || to === undefined ? undefined : to.value - from.value,
  };
};

/** More lines than this would cover the trace. */
const MARCH_MS_MIN = 100;

/** Where the interval comes again on both sides within [fromUs, toUs], the two lines left out. Nothing of an interval that is too short. */
export const marchedOut = ({ aUs, bUs }: Calipers, fromUs: number, toUs: number): readonly number[] => {
  const [first, last] = [Math.min(aUs, bUs), Math.max(aUs, bUs)];
  const apart = last - first;
  if (apart < MARCH_MS_MIN * 1e3) return [];
  const lines: number[] = [];
  for (let us = first - apart; us >= fromUs; us -= apart) lines.unshift(us);
  for (let us = last + apart; us <= toUs; us += apart) lines.push(us);
  return lines;
};
