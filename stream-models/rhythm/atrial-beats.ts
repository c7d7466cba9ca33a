import { inMilliseconds, type Microseconds, type Moment } from '../../schemas/units.ts';
import { isArtefact } from '../artefacts/artefact-classes.ts';
import { SHAPE_BEFORE } from '../ecg/sighting.ts';
import type { ClassifiedBeat } from '../vocabulary/sighting.ts';

/** What one beat tells of the atria, as plain numbers; beats of ventricular origin are among them and tell nothing. */
export interface AtrialBeat {
  readonly at: Moment;
  /** Interval from the beat before, ms; NaN where either is ventricular, or the signal broke between them. */
  readonly rrMs: number;
  /** Correlation of what lies before the QRS with the running mean of it; NaN where there is nothing to compare. */
  readonly waveLikeness: number;
  /** Correlation of the QRS's upstroke with that of the beat before; NaN where there is none. Low in noise. */
  readonly shapeLikeness: number;
  readonly amplitudeMv: number;
}

/** The newest beats, oldest first, and the running mean of what lies before their QRS in one lead. */
export interface AtrialBeats {
  readonly beats: readonly AtrialBeat[];
  readonly lead: number | undefined;
  /** Mean wave before the QRS (mV, 125 Hz), and the mean of its energy (mV²). */
  readonly wave: Float32Array;
  readonly energy: number;
  /** Beats in the mean, at most WAVE_BEATS. */
  readonly averaged: number;
  readonly shape: Float32Array;
  readonly wasVentricular: boolean;
}

export const ATRIAL_BEATS_KEPT = 48;
const WAVE_FROM = 4;
const WAVE_TO = 56;
const WAVE_SAMPLES = (WAVE_TO - WAVE_FROM) / 2;
const WAVE_BEATS = 12;
const RR_MIN_MS = 200;
const RR_MAX_MS = 3000;
const NO_WAVE = new Float32Array(WAVE_SAMPLES);
const NO_SHAPE = new Float32Array(SHAPE_BEFORE - WAVE_TO);

export const atrialBeatsStart: AtrialBeats = {
  beats: [],
  lead: undefined,
  wave: NO_WAVE,
  energy: 0,
  averaged: 0,
  shape: NO_SHAPE,
  wasVentricular: false,
};

/** 264 to 56 ms before the R peak, pairs of samples averaged, without mean and slope: P wave or fibrillatory waves. */
const waveBefore = (beforeMv: Float32Array): Float32Array => {
  const wave = new Float32Array(WAVE_SAMPLES);
  let sum = 0;
  let moment = 0;
  const middle = (WAVE_SAMPLES - 1) / 2;
  for (let i = 0; i < WAVE_SAMPLES; i++) {
    const value = (beforeMv[WAVE_FROM + 2 * i]! + beforeMv[WAVE_FROM + 2 * i + 1]!) / 2;
    wave[i] = value;
    sum += value;
    moment += value * (i - middle);
  }
  const mean = sum / WAVE_SAMPLES;
  const slope = (12 * moment) / (WAVE_SAMPLES * (WAVE_SAMPLES * WAVE_SAMPLES - 1));
  for (let i = 0; i < WAVE_SAMPLES; i++) wave[i]! -= mean + slope * (i - middle);
  return wave;
};

const product = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

const TINY = 1e-9;
const likeness = (a: Float32Array, b: Float32Array): number =>
  product(a, b) / Math.sqrt(product(a, a) * product(b, b) + TINY);

/** A beat of unknown class may be ventricular, so without a network nothing is said of the atria; nor by an artefact. */
const isVentricular = ({ class: name, artefact }: ClassifiedBeat): boolean =>
  name === undefined || name === 'V' || name === 'F' || isArtefact(artefact);

/**
 * Adds a beat and the interval from the one before (undefined: the signal broke between them). A beat without a shape, or of
 * another lead than the one before, leaves the likenesses unsaid.
 */
export const withAtrialBeat = (
  memory: AtrialBeats,
  beat: ClassifiedBeat,
  rr: Microseconds | undefined,
): AtrialBeats => {
  const ms = rr === undefined ? Number.NaN : inMilliseconds(rr);
  const ventricular = isVentricular(beat);
  const counts = !ventricular && !memory.wasVentricular && ms >= RR_MIN_MS && ms <= RR_MAX_MS;
  const sameLead = beat.lead !== undefined && beat.lead === memory.lead;
  let { wave, energy, averaged, shape } = sameLead ? memory : atrialBeatsStart;
  let waveLikeness = Number.NaN;
  let shapeLikeness = Number.NaN;
  const heard = ventricular || beat.beforeMv === undefined ? undefined : waveBefore(beat.beforeMv);
  const heardEnergy = heard === undefined ? Number.NaN : product(heard, heard);
  // A missing sample would stay in the running mean for ever.
  if (heard !== undefined && beat.beforeMv !== undefined && Number.isFinite(heardEnergy)) {
    const upstroke = beat.beforeMv.slice(WAVE_TO, SHAPE_BEFORE);
    if (averaged > 0) {
      waveLikeness = likeness(heard, wave);
      shapeLikeness = likeness(upstroke, shape);
    }
    averaged = Math.min(WAVE_BEATS, averaged + 1);
    const mean = wave;
    wave = heard.map((value, i) => mean[i]! + (value - mean[i]!) / averaged);
    energy += (heardEnergy - energy) / averaged;
    shape = upstroke;
  }
  const { at, amplitudeMv } = beat;
  const added = { at, rrMs: counts ? ms : Number.NaN, waveLikeness, shapeLikeness, amplitudeMv };
  return {
    beats: [...memory.beats.slice(1 - ATRIAL_BEATS_KEPT), added],
    ...{ lead: beat.lead, wave, energy, averaged, shape, wasVentricular: ventricular },
  };
};

/** Share of the energy before the QRS that is the same from beat to beat: near 1 with P waves, near 0 without. */
export const steadyShare = ({ wave, energy }: AtrialBeats): number => product(wave, wave) / (energy + TINY);
