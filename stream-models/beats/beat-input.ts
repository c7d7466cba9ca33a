import { elapsed, inSeconds, type Moment } from '../../schemas/units.ts';
import type { BeatClassName } from '../analysis/sighting.ts';
import type { BeatSeen, EcgBroken } from '../ecg/sighting.ts';
import type { Fold } from '../fold.ts';
import { kindOf, LEADS_MAX, likeness, type Norms, ownNormal, SHAPE_LENGTH, withBeat } from './norms.ts';
import { DISTANCE_MAX_S, DISTANCES_MAX, RHYTHM_FEATURES, rhythmFeatures } from './rhythm-features.ts';
import { SHAPE_FEATURES, shapeFeatures } from './shape-features.ts';

/** The classes of the network's output, in its order (AAMI EC57). */
export const BEAT_CLASSES: readonly BeatClassName[] = ['N', 'S', 'V', 'F', 'Q'];

/** Width of the hidden state that is carried from beat to beat, per bed. */
export const BEAT_HIDDEN = 48;

/** Common to all leads: how settled the norms are, and how the beat lies among the kinds of beats of this bed. */
const KIND_FEATURES = 6;
/** Width of the network's input vector. */
export const BEAT_FEATURES = RHYTHM_FEATURES + KIND_FEATURES + LEADS_MAX * (1 + SHAPE_FEATURES);

/** What is remembered of a bed's beats: plain data. */
export interface BeatInputMemory {
  readonly lastBeat: Moment | undefined;
  /** Seconds from beat to beat, oldest first, at most DISTANCES_MAX. */
  readonly distances: readonly number[];
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

const start: BeatInputMemory = { lastBeat: undefined, distances: [], norms: [] };

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
    const shapes = seen.shapes.slice(0, LEADS_MAX).map(finite);
    const known = memory.norms.find(({ lead }) => lead === seen.lead);
    const x = new Float32Array(BEAT_FEATURES);
    if (isNeighbour) rhythmFeatures(distances, x, 0);
    const kind = kindOf(known, shapes);
    kindFeatures(known, shapes, kind, x, RHYTHM_FEATURES);
    const normal = ownNormal(known)?.shapes ?? shapes;
    for (const [lead, shape] of shapes.entries()) {
      const at = RHYTHM_FEATURES + KIND_FEATURES + lead * (1 + SHAPE_FEATURES);
      x[at] = 1;
      shapeFeatures(shape, normal[lead] ?? shape, x, at + 1);
    }
    const norms = withBeat(known ?? { lead: seen.lead, kinds: [] }, shapes, kind);
    const others = memory.norms.filter(({ lead }) => lead !== seen.lead);
    return [
      {
        lastBeat: seen.at,
        distances: distances.slice(-DISTANCES_MAX),
        norms: [norms, ...others].slice(0, NORMS_MAX),
      },
      [{ beat: seen, x }],
    ];
  },
};

const kindFeatures = (
  norms: Norms | undefined,
  shapes: readonly Float32Array[],
  kind: number,
  into: Float32Array,
  at: number,
): void => {
  const kinds = norms?.kinds ?? [];
  const whole = kinds.reduce((sum, each) => sum + each.weight, 0);
  const normal = ownNormal(norms);
  if (normal === undefined) return;
  const own = kinds[kind];
  into[at] = Math.min(1, whole / 20);
  into[at + 1] = Math.min(2, likeness(shapes, normal.shapes).difference);
  into[at + 2] = own === normal ? 1 : 0;
  into[at + 3] = own === undefined ? 1 : 0;
  into[at + 4] = own === undefined ? 0 : own.weight / (whole + 1);
  into[at + 5] = normal.weight / (whole + 1);
};

/** A shape without holes: where there is no sample, zero. */
const finite = (shape: Float32Array): Float32Array => {
  const whole = new Float32Array(SHAPE_LENGTH);
  for (let i = 0; i < SHAPE_LENGTH; i++) whole[i] = Number.isFinite(shape[i]) ? shape[i]! : 0;
  return whole;
};
