/**
 * Motion that no recording of noise has, made from dice: what moves an electrode, a cable or an amplifier otherwise than em does.
 * Every kind has its own wave; how fast, how often and how long is thrown anew for each stretch.
 */
import type { Dice } from '../../../stream-models/dice.ts';

/** One stretch of so many samples, 1 being as high as the QRS complexes from peak to peak. */
type Wave = (samples: number, rateHz: number, dice: Dice) => Float32Array;

export const between = (dice: Dice, [from, to]: readonly [number, number]): number => from + (to - from) * dice.unit();

/** As often in one octave as in the next. */
export const evenly = (dice: Dice, [from, to]: readonly [number, number]): number => from * (to / from) ** dice.unit();

const TAU = 2 * Math.PI;
const signOf = (dice: Dice): number => (dice.unit() < 0.5 ? -1 : 1);

/** Moments (samples) that know nothing of each other, `meanS` seconds apart in the mean. */
function* momentsOf(samples: number, rateHz: number, dice: Dice, meanS: number): Generator<number, void> {
  const next = (): number => -meanS * rateHz * Math.log(1 - dice.unit());
  for (let at = next(); at < samples; at += next()) yield Math.round(at);
}

/** Adds a wave of its own time, in seconds, from a sample on. */
const lay = (
  onto: Float32Array,
  from: number,
  lengthS: number,
  rateHz: number,
  heightAt: (seconds: number) => number,
): void => {
  const until = Math.min(onto.length, from + Math.round(lengthS * rateHz));
  for (let i = Math.max(0, from); i < until; i++) onto[i]! += heightAt((i - from) / rateHz);
};

/** Taps and bumps, one by one: up within milliseconds, fading as fast, some with an echo of the cable. */
const jolts: Wave = (samples, rateHz, dice) => {
  const wave = new Float32Array(samples);
  const [meanS, riseS, fadeS] = [evenly(dice, [0.4, 5]), evenly(dice, [0.004, 0.04]), evenly(dice, [0.02, 0.15])];
  const echoHz = dice.unit() < 0.5 ? 0 : between(dice, [4, 20]);
  const sign = signOf(dice);
  for (const at of momentsOf(samples, rateHz, dice, meanS)) {
    const height = (dice.unit() < 0.8 ? sign : -sign) * between(dice, [0.5, 1.5]);
    lay(wave, at, riseS + 6 * fadeS, rateHz, (s) =>
      s < riseS ? (height * s) / riseS : height * Math.exp((riseS - s) / fadeS) * Math.cos(TAU * echoHz * (s - riseS)),
    );
  }
  return wave;
};

/** The chest is clapped, shaken or compressed: the same blow again and again, never quite in time. */
const blows: Wave = (samples, rateHz, dice) => {
  const wave = new Float32Array(samples);
  const periodS = 1 / evenly(dice, [1.5, 5]);
  const unevenness = between(dice, [0.05, 0.25]);
  const widthS = periodS * between(dice, [0.15, 0.6]);
  const [steepness, swing, sign] = [between(dice, [0.5, 2]), between(dice, [0, 0.8]), signOf(dice)];
  const [workS, restS] = [evenly(dice, [2, 20]), evenly(dice, [0.5, 8])];
  for (let at = 0, rested = 0; at < samples / rateHz; ) {
    const height = sign * between(dice, [0.6, 1.3]);
    lay(wave, Math.round(at * rateHz), 2 * widthS, rateHz, (s) =>
      s < widthS
        ? height * Math.sin(Math.PI * (s / widthS) ** steepness)
        : -height * swing * Math.sin((Math.PI * (s - widthS)) / widthS),
    );
    at += periodS * Math.max(0.4, 1 + unevenness * dice.normal());
    if (at - rested < workS) continue;
    at += restS;
    rested = at;
  }
  return wave;
};

/** An electrode pops or its cable is tugged: a step, from which the amplifier recovers. */
const pops: Wave = (samples, rateHz, dice) => {
  const wave = new Float32Array(samples);
  const [meanS, riseS] = [evenly(dice, [0.6, 8]), evenly(dice, [0.002, 0.03])];
  for (const at of momentsOf(samples, rateHz, dice, meanS)) {
    const [height, recoveryS] = [signOf(dice) * between(dice, [0.3, 1.7]), evenly(dice, [0.1, 2])];
    lay(wave, at, riseS + 6 * recoveryS, rateHz, (s) =>
      s < riseS ? (height * s) / riseS : height * Math.exp((riseS - s) / recoveryS),
    );
  }
  return wave;
};

/** So high that the amplifier's rail is reached whatever the loudness. */
const BEYOND_RAIL = 100;

/** The baseline jumps out of the amplifier's range, stays there for a while and creeps back. */
const rails: Wave = (samples, rateHz, dice) => {
  const wave = new Float32Array(samples);
  const [meanS, recoveryS] = [evenly(dice, [2, 12]), evenly(dice, [0.02, 0.3])];
  for (const at of momentsOf(samples, rateHz, dice, meanS)) {
    const [height, heldS] = [signOf(dice) * BEYOND_RAIL, evenly(dice, [0.05, 3])];
    lay(wave, at, heldS + 10 * recoveryS, rateHz, (s) =>
      s < heldS ? height : height * Math.exp((heldS - s) / recoveryS),
    );
  }
  return wave;
};

/** How loud something is that comes and goes, 0 … 1, with soft or hard edges. */
const comings = (samples: number, rateHz: number, dice: Dice, edgeS: number): Float32Array => {
  const loudness = new Float32Array(samples);
  const [onS, offS] = [evenly(dice, [0.3, 10]), evenly(dice, [0.3, 6])];
  for (let at = offS * dice.unit(); at < samples / rateHz; ) {
    const [lengthS, height] = [onS * between(dice, [0.5, 1.5]), between(dice, [0.5, 1])];
    lay(
      loudness,
      Math.round(at * rateHz),
      lengthS,
      rateHz,
      (s) => height * Math.min(1, s / edgeS, (lengthS - s) / edgeS),
    );
    at += lengthS + offS * between(dice, [0.5, 1.5]);
  }
  return loudness;
};

/** Teeth are brushed (3 to 5 Hz), a patient shivers or trembles (to 12 Hz), in bouts. */
const tremor: Wave = (samples, rateHz, dice) => {
  const hertz = evenly(dice, [3, 12]);
  const [wander, overtone] = [between(dice, [0, 0.15]), between(dice, [0, 0.5])];
  const loudness = comings(samples, rateHz, dice, evenly(dice, [0.1, 1]));
  let phase = TAU * dice.unit();
  let drift = 0;
  return loudness.map((loud) => {
    // The pace wanders about `hertz`, and forgets within a second how.
    drift += (dice.normal() * wander * Math.sqrt(2 * rateHz) - drift) / rateHz;
    phase += (TAU * hertz * (1 + drift)) / rateHz;
    return 0.6 * loud * (Math.sin(phase) + overtone * Math.sin(2 * phase + 1));
  });
};

const PARTIALS = 12;

/** A loose electrode or a heavy breath: slow swings that never repeat. */
const swings: Wave = (samples, rateHz, dice) => {
  const highestHz = evenly(dice, [1, 10]);
  const partials = Array.from({ length: PARTIALS }, () => ({
    hertz: 0.3 + highestHz * dice.unit() ** 2,
    phase: TAU * dice.unit(),
    height: (0.7 * dice.normal()) / Math.sqrt(PARTIALS / 2),
  }));
  return Float32Array.from({ length: samples }, (_, i) => {
    let sum = 0;
    for (const { hertz, phase, height } of partials) sum += height * Math.sin((TAU * hertz * i) / rateHz + phase);
    return sum;
  });
};

/** The mains hum through a bad contact, or electrosurgery cuts: bursts of hum or hiss, each with a jump of the baseline. */
const bursts: Wave = (samples, rateHz, dice) => {
  const mainsHz = dice.unit() < 0.5 ? 50 : 60;
  const hum = dice.unit() < 0.5 ? 1 : between(dice, [0, 0.4]);
  const jump = dice.unit() < 0.5 ? 0 : signOf(dice) * between(dice, [0.1, 0.5]);
  const [overtone, phase] = [between(dice, [0, 0.6]), TAU * dice.unit()];
  return comings(samples, rateHz, dice, evenly(dice, [0.005, 0.1])).map((loud, i) => {
    const turn = (TAU * mainsHz * i) / rateHz + phase;
    const hiss = dice.normal() * (0.4 + 0.6 * Math.abs(Math.sin(turn)));
    return loud * (0.5 * (hum * (Math.sin(turn) + overtone * Math.sin(3 * turn)) + (1 - hum) * hiss) + jump);
  });
};

const WAVES = { jolts, blows, pops, rails, tremor, swings, bursts } satisfies Readonly<Record<string, Wave>>;

export type MotionKind = keyof typeof WAVES;
export const MOTION_KINDS = Object.keys(WAVES) as readonly MotionKind[];

/** How far an amplifier reaches to each side, mV. */
const RAIL_MV = 5;
/** How high a stretch is beside the QRS complexes, peak to peak. */
const LOUDNESS = [0.4, 5] as const;
/** How often all leads move with the same wave, each by its own share, and how often one lead is spared. */
const COMMON_CHANCE = 0.6;
const SPARED_CHANCE = 0.3;
const SHARE = [0.2, 1] as const;

/**
 * Adds a stretch of made motion to leads, in place. `rangesMv`: the QRS complexes of each lead from peak to peak. No lead leaves what an
 * amplifier can show, ±5 mV, but where it was beyond before.
 */
export const addMotion = (
  leads: readonly { readonly samplesMv: Float32Array }[],
  rangesMv: readonly number[],
  rateHz: number,
  [fromSeconds, toSeconds]: readonly [number, number],
  kind: MotionKind,
  dice: Dice,
): void => {
  const from = Math.round(fromSeconds * rateHz);
  const samples = Math.max(0, Math.round(toSeconds * rateHz) - from);
  const common = dice.unit() < COMMON_CHANCE ? WAVES[kind](samples, rateHz, dice) : undefined;
  const spared = leads.length > 1 && dice.unit() < SPARED_CHANCE ? dice.below(leads.length) : -1;
  const loudness = evenly(dice, LOUDNESS);
  for (const [lead, { samplesMv }] of leads.entries()) {
    const wave = common ?? WAVES[kind](samples, rateHz, dice);
    const heightMv = signOf(dice) * between(dice, SHARE) * loudness * rangesMv[lead]!;
    if (lead === spared) continue;
    for (let i = 0; i < samples && from + i < samplesMv.length; i++) {
      const before = samplesMv[from + i]!;
      const railMv = Math.max(RAIL_MV, Math.abs(before));
      samplesMv[from + i] = Math.max(-railMv, Math.min(railMv, before + heightMv * wave[i]!));
    }
  }
};
