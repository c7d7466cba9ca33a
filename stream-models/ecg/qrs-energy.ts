import { ECG_RATE_HZ } from './sighting.ts';

/**
 * How much a stretch of band-passed ECG looks like a QRS complex: smoothed, cleared of P and T waves, differentiated,
 * made positive and summed over the width of a deflection. All sums run over whole numbers, so they are exact: they
 * never drift and do not depend on where a frame began. The five lengths (ticks) were chosen on mitdb-ds1, with and
 * without noise added.
 */
const SMOOTH = 8;
const WIDE = 24;
const WIDE_CENTRE = 16;
const STEP = 4;
const WIDTH = 12;

/** Ticks of signal before a tick that its energy is made of, and some in which a filter that has just begun settles. */
export const ENERGY_SPAN_TICKS = SMOOTH + WIDE + STEP + WIDTH + 8;
/** By how many ticks the energy's peak lags the R peak, about. */
export const ENERGY_DELAY_TICKS = 29;

/** Whole numbers per mV. */
const PER_MV = 8192;
const SCALE = 1 / (PER_MV * SMOOTH * WIDE * WIDTH);

/**
 * Four rows of one array to work in, each behind a margin of zeros, so that no index needs a test. Margins are never written,
 * and of the rest only what was written in the same call is read.
 */
const roomFor = (count: number): { readonly row: number; readonly work: Float64Array } => ({
  row: count + WIDE,
  work: new Float64Array(4 * (count + WIDE)),
});
let room = roomFor(ENERGY_SPAN_TICKS + ECG_RATE_HZ);

/** The energy (mV) of `line[from .. to)`. Where the signal is missing it counts as zero, as does all before `line[0]`. */
export const qrsEnergy = (line: Float32Array, from: number, to: number): Float64Array => {
  const energy = new Float64Array(to - from);
  writeQrsEnergy(line, from, to, energy, 0);
  return energy;
};

/** Writes it into `energy` from `at` on. */
export const writeQrsEnergy = (
  line: Float32Array,
  from: number,
  to: number,
  energy: Float64Array,
  at: number,
): void => {
  const first = Math.max(0, from - ENERGY_SPAN_TICKS);
  const count = to - first;
  if (count + WIDE > room.row) room = roomFor(count);
  const { row, work } = room;
  const before = from - first;
  const whole = WIDE;
  const smooth = row + WIDE;
  const clear = 2 * row + WIDE;
  const steep = 3 * row + WIDE;
  let smoothSum = 0;
  let wideSum = 0;
  let energySum = 0;
  for (let i = 0; i < count; i++) {
    const x = line[first + i]!;
    const rounded = Number.isNaN(x) ? 0 : Math.round(x * PER_MV);
    work[whole + i] = rounded;
    smoothSum += rounded - work[whole + i - SMOOTH]!;
    work[smooth + i] = smoothSum;
    wideSum += smoothSum - work[smooth + i - WIDE]!;
    const cleared = work[smooth + i - WIDE_CENTRE]! * WIDE - wideSum;
    work[clear + i] = cleared;
    const step = Math.abs(cleared - work[clear + i - STEP]!);
    work[steep + i] = step;
    energySum += step - work[steep + i - WIDTH]!;
    if (i >= before) energy[at + i - before] = energySum * SCALE;
  }
};
