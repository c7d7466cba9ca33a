/**
 * How much a stretch of band-passed ECG looks like a QRS complex: smoothed, cleared of P and T waves, differentiated,
 * made positive and summed over a complex's width. All sums run over whole numbers, so they are exact: they never
 * drift and do not depend on where a frame began.
 */
const SMOOTH = 8;
const WIDE = 24;
const WIDE_CENTRE = 16;
const STEP = 4;
const WIDTH = 12;

/** Ticks of signal before a tick that its energy is made of, rounded up. */
export const ENERGY_WARM_TICKS = 64;
/** By how many ticks the energy's peak lags the middle of the complex. */
export const ENERGY_DELAY_TICKS = 29;

/** Whole numbers per mV. */
const PER_MV = 8192;
const SCALE = 1 / (PER_MV * SMOOTH * WIDE * WIDTH);

/** The energy (mV) of `line[from .. to)`. Where the signal is missing it counts as zero, as does all before `line[0]`. */
export const qrsEnergy = (line: Float32Array, from: number, to: number): Float64Array => {
  const first = Math.max(0, from - ENERGY_WARM_TICKS);
  const count = to - first;
  const whole = new Float64Array(count);
  const smooth = new Float64Array(count);
  const clear = new Float64Array(count);
  const steep = new Float64Array(count);
  const energy = new Float64Array(to - from);
  let smoothSum = 0;
  let wideSum = 0;
  let energySum = 0;
  for (let i = 0; i < count; i++) {
    const x = line[first + i]!;
    const rounded = x === x ? Math.round(x * PER_MV) : 0;
    whole[i] = rounded;
    smoothSum += rounded - (i >= SMOOTH ? whole[i - SMOOTH]! : 0);
    smooth[i] = smoothSum;
    wideSum += smoothSum - (i >= WIDE ? smooth[i - WIDE]! : 0);
    clear[i] = (i >= WIDE_CENTRE ? smooth[i - WIDE_CENTRE]! : 0) * WIDE - wideSum;
    steep[i] = Math.abs(clear[i]! - (i >= STEP ? clear[i - STEP]! : 0));
    energySum += steep[i]! - (i >= WIDTH ? steep[i - WIDTH]! : 0);
    if (first + i >= from) energy[first + i - from] = energySum * SCALE;
  }
  return energy;
};
