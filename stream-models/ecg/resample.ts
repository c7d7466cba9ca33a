import { ECG_RATE_HZ } from './sighting.ts';

/**
 * A streaming resampler from any rational rate to 250 Hz. Output tick k of a lead lies at an exact rational position
 * between its input samples, so that the result depends on nothing but the samples; at 250 Hz on the grid it is the
 * identity. A tick whose kernel touches a missing sample is missing.
 */
export interface ResamplerMemory {
  /** Input samples still needed; `tail[0]` has the input number `tailFrom`. NaN where there is none. */
  readonly tail: Float32Array;
  /** Whether those samples stand at a rail, see quality.ts. */
  readonly tailRails: Uint8Array;
  readonly tailFrom: number;
  /** Input sample just before (or at) the next tick, counted like `tailFrom`. */
  readonly whole: number;
  /** How far the next tick lies behind that sample, in parts of `denominator` (0 <= rest < denominator). */
  readonly rest: number;
  readonly step: number;
  readonly denominator: number;
}

/** Positions between two input samples for which a kernel is tabulated: a time error of at most 1/1024 sample. */
const PHASES = 512;

/** Side lobes: input samples that the kernel reaches to each side, by input rate. */
const reachOf = (rateHz: number): number => {
  if (rateHz === ECG_RATE_HZ) return 2;
  if (rateHz < ECG_RATE_HZ) return 2;
  return Math.min(64, Math.max(3, Math.floor(0.01 * rateHz)));
};

const sinc = (x: number): number => (Math.abs(x) < 1e-9 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Windowed-sinc kernels, PHASES + 1 rows of 2 * reach taps, each row summing to one. */
const makeKernel = (rateHz: number): Float64Array => {
  const reach = reachOf(rateHz);
  const taps = 2 * reach;
  const cutoff = Math.min(1, (0.9 * ECG_RATE_HZ) / rateHz);
  const kernel = new Float64Array((PHASES + 1) * taps);
  for (let phase = 0; phase <= PHASES; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const away = tap - (reach - 1) - phase / PHASES;
      const window = Math.abs(away) >= reach ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * away) / reach);
      const weight = sinc(away * cutoff) * window;
      kernel[phase * taps + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < taps; tap++) kernel[phase * taps + tap] = kernel[phase * taps + tap]! / sum;
  }
  return kernel;
};

/** Kernels depend on the rate alone; they are kept because making one costs more than a second of signal. */
const kernels = new Map<number, Float64Array>();
const KERNELS_MAX = 32;
const kernelOf = (rateHz: number): Float64Array => {
  const known = kernels.get(rateHz);
  if (known !== undefined) return known;
  const made = makeKernel(rateHz);
  if (kernels.size >= KERNELS_MAX) kernels.clear();
  kernels.set(rateHz, made);
  return made;
};

/**
 * A resampler whose first input sample lies `offsetUs` (not negative) after tick 0 of the grid. Answers it and the number
 * of its first tick, which is `notBefore` at the earliest.
 */
export const startResampler = (
  rateNumerator: number,
  rateDenominator: number,
  offsetUs: number,
  notBefore: number,
): readonly [ResamplerMemory, number] => {
  const denominator = rateDenominator * 1e6;
  const firstTick = Math.max(notBefore, Math.ceil(offsetUs / TICK_US));
  const ahead = (firstTick * TICK_US - offsetUs) * rateNumerator;
  const whole = Math.floor(ahead / denominator);
  const memory = {
    tail: new Float32Array(0),
    tailRails: new Uint8Array(0),
    tailFrom: 0,
    whole,
    rest: ahead - whole * denominator,
    step: rateNumerator * TICK_US,
    denominator,
  };
  return [memory, firstTick];
};

/** One tick of the grid in microseconds. */
export const TICK_US = 1e6 / ECG_RATE_HZ;

/** Whether ticks fall exactly on input samples, from the first one on. */
const isIdentity = (memory: ResamplerMemory): boolean =>
  memory.step === memory.denominator && memory.rest === 0 && memory.whole === 0;

/** How much later than a tick the last input sample lies that the tick is made of, in microseconds. */
export const lookaheadUs = (memory: ResamplerMemory, rateHz: number): number =>
  isIdentity(memory) ? 0 : Math.ceil((reachOf(rateHz) * 1e6) / rateHz);

export interface Resampled {
  readonly memory: ResamplerMemory;
  readonly ticks: Float32Array;
  /** 1 where the sample just before a tick stands at a rail. */
  readonly tickRails: Uint8Array;
}

/** Hears more input samples (and which of them stand at a rail) and answers all ticks that they complete. */
export const resample = (
  memory: ResamplerMemory,
  rateHz: number,
  samples: Float32Array,
  rails: Uint8Array,
): Resampled => {
  if (isIdentity(memory)) return { memory, ticks: samples, tickRails: rails };
  const reach = reachOf(rateHz);
  const taps = 2 * reach;
  const kernel = kernelOf(rateHz);
  const held = memory.tail.length;
  const line = new Float32Array(held + samples.length);
  line.set(memory.tail);
  line.set(samples, held);
  const lineRails = new Uint8Array(line.length);
  lineRails.set(memory.tailRails);
  lineRails.set(rails, held);
  const { tailFrom, step, denominator } = memory;
  const end = tailFrom + line.length;
  const ticks = new Float32Array(Math.max(0, Math.ceil(((end - memory.whole) * denominator) / step)) + 1);
  const tickRails = new Uint8Array(ticks.length);
  const perPart = PHASES / denominator;
  let { whole, rest } = memory;
  let made = 0;
  while (whole + reach < end) {
    const row = Math.round(rest * perPart) * taps;
    const from = whole - reach + 1 - tailFrom;
    let sum = Number.NaN;
    if (from >= 0) {
      sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += kernel[row + tap]! * line[from + tap]!;
    }
    ticks[made] = sum;
    tickRails[made] = lineRails[whole - tailFrom] ?? 0;
    made++;
    rest += step;
    while (rest >= denominator) {
      rest -= denominator;
      whole++;
    }
  }
  const keepFrom = Math.min(end, Math.max(tailFrom, whole - reach + 1));
  return {
    memory: {
      ...memory,
      tail: line.slice(keepFrom - tailFrom),
      tailRails: lineRails.slice(keepFrom - tailFrom),
      tailFrom: keepFrom,
      whole,
      rest,
    },
    ticks: ticks.subarray(0, made),
    tickRails: tickRails.subarray(0, made),
  };
};
