import { elapsed, inSeconds, type Moment } from '../../schemas/units.ts';
import type { BeatClassName } from '../../schemas/words.ts';
import type { BeatSeen, EcgBroken } from '../ecg/sighting.ts';
import type { Fold } from '../fold.ts';
import {
  type ComparedBeat,
  clampIndex,
  comparedBeat,
  kindOf,
  LEADS_MAX,
  likeness,
  type Norms,
  ownNormal,
  SHAPE_LENGTH,
  withBeat,
} from './norms.ts';
import {
  DISTANCE_MAX_S,
  DISTANCES_MAX,
  EARLY_SHARE,
  paceOf,
  RHYTHM_FEATURES,
  rhythmFeatures,
  slowPaceAfter,
} from './rhythm-features.ts';
import { DIFFERENCE_FEATURES, difference, MEASURES, measure } from './shape-features.ts';
import { startUsual, unusual, withUsual } from './usual.ts';

/** The classes of the network's output, in its order (AAMI EC57). */
export const BEAT_CLASSES: readonly BeatClassName[] = ['N', 'S', 'V', 'F', 'Q'];

/** Common to all leads: how settled the norms are, and how the beat lies among the kinds of beats of this bed. */
const KIND_FEATURES = 8;
/** Whether there is such a lead, its measures, how unusual they are, and its difference from the own normal. */
const LEAD_FEATURES = 1 + 2 * MEASURES + DIFFERENCE_FEATURES;
/** Width of the network's input vector. */
export const BEAT_FEATURES = RHYTHM_FEATURES + KIND_FEATURES + LEADS_MAX * LEAD_FEATURES;

/** What is remembered of a bed's beats: plain data. */
export interface BeatInputMemory {
  readonly lastBeat: Moment | undefined;
  /** Seconds from beat to beat, oldest first, at most DISTANCES_MAX. */
  readonly distances: readonly number[];
  /** Running mean of the distance, seconds, over some sixty beats. */
  readonly slowPace: number | undefined;
  /** Distances heard since the beginning. */
  readonly heard: number;
  /** One for each lead that has been the best one; the newest first, at most NORMS_MAX. */
  readonly norms: readonly Norms[];
}

export interface BeatInput {
  readonly beat: BeatSeen;
  /** BEAT_FEATURES finite numbers of about -2 to 2. */
  readonly x: Float32Array;
}

/** The best lead changes now and then; its norms are kept for when it comes back. */
const NORMS_MAX = 2;

const start: BeatInputMemory = { lastBeat: undefined, distances: [], slowPace: undefined, heard: 0, norms: [] };

/**
 * The network's input for every beat: its timing among the beats before and its shape beside the bed's own normal.
 * Nothing later than the beat's own shape is looked at. The same function makes the tensors of training and of serving.
 */
export const beatInput: Fold<BeatInputMemory, BeatSeen | EcgBroken, BeatInput> = {
  start,
  step: (memory, seen) => {
    if (seen.tag === 'EcgBroken') return [start, []];
    const distance = memory.lastBeat === undefined ? undefined : inSeconds(elapsed(memory.lastBeat, seen.at));
    const isNeighbour = distance !== undefined && distance > 0 && distance < DISTANCE_MAX_S;
    const distances = isNeighbour ? [...memory.distances, distance] : memory.distances;
    const pace = paceOf(memory.distances);
    const earliness = isNeighbour && pace !== undefined ? Math.log(distance / pace) : 0;
    const isEarly = earliness < Math.log(EARLY_SHARE);
    const known = memory.norms.find(({ lead }) => lead === seen.lead) ?? startNorms(seen.lead);
    const x = new Float32Array(BEAT_FEATURES);
    if (isNeighbour) rhythmFeatures(distances, memory.slowPace, x, 0);
    const norms = shapesInto(x, known, seen.shapes.slice(0, LEADS_MAX).map(finite), isEarly, earliness);
    const others = memory.norms.filter(({ lead }) => lead !== seen.lead);
    return [
      {
        lastBeat: seen.at,
        distances: distances.slice(-DISTANCES_MAX),
        slowPace: isNeighbour ? slowPaceAfter(memory.slowPace, distance, memory.heard, EARLY_SHARE) : memory.slowPace,
        heard: memory.heard + (isNeighbour ? 1 : 0),
        norms: [norms, ...others].slice(0, NORMS_MAX),
      },
      [{ beat: seen, x }],
    ];
  },
};

const startNorms = (lead: number): Norms => ({
  lead,
  kinds: [],
  last: undefined,
  usual: startUsual(LEADS_MAX * MEASURES),
});

/** Writes what the shapes say beside the norms into `x`, and answers the norms after this beat. */
const shapesInto = (
  x: Float32Array,
  norms: Norms,
  shapes: readonly Float32Array[],
  isEarly: boolean,
  earliness: number,
): Norms => {
  const beat = comparedBeat(shapes);
  const normal = ownNormal(norms);
  const kind = kindOf(norms, beat, normal);
  kindFeatures(norms, beat, kind, x, RHYTHM_FEATURES);
  const measures = new Float32Array(LEADS_MAX * MEASURES);
  const shift = normal === undefined ? 0 : beat.beside(normal).shift;
  for (const [lead, found] of shapes.entries()) {
    const shape = shifted(found, shift);
    const own = normal?.shapes[lead] ?? shape;
    const at = leadAt(lead);
    x[at] = 1;
    measure(shape, own, measures, lead * MEASURES);
    x.set(measures.subarray(lead * MEASURES, (lead + 1) * MEASURES), at + 1);
    difference(shape, own, x, at + 1 + 2 * MEASURES);
  }
  const strange = new Float32Array(LEADS_MAX * MEASURES);
  unusual(norms.usual, measures, strange, 0);
  for (const lead of shapes.keys())
    x.set(strange.subarray(lead * MEASURES, (lead + 1) * MEASURES), leadAt(lead) + 1 + MEASURES);
  const isUsual = normal !== undefined && norms.kinds[kind] === normal && !isEarly;
  return {
    ...norms,
    kinds: withBeat(norms.kinds, beat, kind, isEarly, earliness),
    last: shapes,
    usual: isUsual ? withUsual(norms.usual, measures) : norms.usual,
  };
};

/** A beat's shape in five numbers of about -2 to 2, for whoever looks at many beats. */
export interface BeatMeasures {
  /** Width of the QRS, and how much wider it is than the bed's own normal. */
  readonly width: number;
  readonly wider: number;
  /** Distance from the own normal, and from the beat before. */
  readonly unlike: number;
  readonly unlikeLast: number;
  /** Likeness of what comes before the QRS (P wave) to the own normal's. */
  readonly pWave: number;
}

/** Reads those of the best lead out of a network's input. */
export const beatMeasures = (x: Float32Array): BeatMeasures => ({
  width: x[leadAt(0) + 2]!,
  wider: x[leadAt(0) + 3]!,
  unlike: x[RHYTHM_FEATURES + 1]!,
  unlikeLast: x[RHYTHM_FEATURES + 7]!,
  pWave: x[leadAt(0) + 6]!,
});

const leadAt = (lead: number): number => RHYTHM_FEATURES + KIND_FEATURES + lead * LEAD_FEATURES;

const kindFeatures = (norms: Norms, beat: ComparedBeat, kind: number, into: Float32Array, at: number): void => {
  const kinds = norms.kinds;
  const whole = kinds.reduce((sum, each) => sum + each.weight, 0);
  const normal = ownNormal(norms);
  if (normal === undefined) return;
  const own = kinds[kind];
  into[at] = Math.min(1, whole / 20);
  into[at + 1] = Math.min(2, beat.beside(normal).difference);
  into[at + 2] = own === normal ? 1 : 0;
  into[at + 3] = own === undefined ? 1 : 0;
  into[at + 4] = own === undefined ? 0 : own.weight / (whole + 1);
  into[at + 5] = normal.weight / (whole + 1);
  into[at + 6] = own === undefined ? 0 : Math.max(-2, Math.min(2, 3 * own.earliness));
  into[at + 7] = norms.last === undefined ? 0 : Math.min(2, likeness(beat.shapes, norms.last).difference);
};

/** A shape moved to lie best beside the own normal; its ends are held. */
const shifted = (shape: Float32Array, shift: number): Float32Array => {
  if (shift === 0) return shape;
  const moved = new Float32Array(SHAPE_LENGTH);
  for (let i = 0; i < SHAPE_LENGTH; i++) moved[i] = shape[clampIndex(i + shift)]!;
  return moved;
};

/** Finite is the sum of finite numbers, and of no others: no shape comes near the largest number. */
const isWhole = (shape: Float32Array): boolean => {
  let sum = 0;
  for (let i = 0; i < shape.length; i++) sum += shape[i]!;
  return shape.length === SHAPE_LENGTH && Number.isFinite(sum);
};

/** A shape without holes: where there is no sample, zero. Most often it is whole as it came. */
const finite = (shape: Float32Array): Float32Array => {
  if (isWhole(shape)) return shape;
  const whole = new Float32Array(SHAPE_LENGTH);
  for (let i = 0; i < SHAPE_LENGTH; i++) whole[i] = Number.isFinite(shape[i]) ? shape[i]! : 0;
  return whole;
};
