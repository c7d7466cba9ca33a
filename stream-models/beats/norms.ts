import { SHAPE_AFTER, SHAPE_BEFORE } from '../ecg/sighting.ts';
import type { Usual } from './usual.ts';

/** Samples of a shape at 250 Hz, and the parts of it: before the QRS (P wave), the QRS, behind it (T wave). */
export const SHAPE_LENGTH = SHAPE_BEFORE + SHAPE_AFTER;
export interface Part {
  readonly from: number;
  readonly to: number;
}
/** -260 to -88 ms. */
export const P_PART: Part = { from: 5, to: 48 };
/** -100 to +140 ms. */
export const QRS_PART: Part = { from: 45, to: 105 };
/** +140 to +280 ms. */
export const T_PART: Part = { from: 105, to: 140 };

/** Leads that are looked at: the best one, and the next if there is one. */
export const LEADS_MAX = 2;

/** One kind of beat that this bed has shown: its running mean shape per lead, and how common it is. */
export interface Kind {
  readonly shapes: readonly Float32Array[];
  /** Beats of this kind, older ones counting less and less, early ones little. */
  readonly weight: number;
  /** How early beats of this kind usually are: running mean of the logarithm of distance over pace. */
  readonly earliness: number;
}

/** The kinds of beats seen of late with one lead as the best. */
export interface Norms {
  readonly lead: number;
  readonly kinds: readonly Kind[];
  /** The beat before. */
  readonly last: readonly Float32Array[] | undefined;
  /** What the measures of this bed's normal beats usually are. */
  readonly usual: Usual;
}

/** Kinds remembered; the rarest gives way. */
const KINDS_MAX = 4;
/** What an early beat counts: where every other beat is ectopic, the normal ones must still be the commonest. */
const EARLY_CREDIT = 0.25;
/** What a beat still counts one beat later: a memory of some hundred beats. */
const FADING = 0.99;
/** Share by which a beat moves the mean of its kind, once that has settled. */
const PULL_MIN = 0.06;
/** The same for how early it usually is. */
const EARLINESS_PULL = 0.1;
/** Two beats are of a kind when they differ by less than this share of their energies. */
const KIND_DIFFERENCE_MAX = 0.4;
/** A beat that differs so little from the own normal is normal, whatever else it is like. */
const NORMAL_DIFFERENCE_MAX = 0.2;
/** Sample shifts tried when beats are compared: an R peak is not found on the same sample every time. */
const SHIFTS = [0, -1, 1, -2, 2, -3, 3] as const;

/** How a beat lies beside a shape: the difference's share of both energies over the QRS (0 same … 2 opposite). */
export interface Likeness {
  readonly difference: number;
  /** By how many samples the beat had to be moved. */
  readonly shift: number;
}

/** Compares beats over the QRS, all leads together, at the shift that fits best. */
export const likeness = (beat: readonly Float32Array[], shapes: readonly Float32Array[]): Likeness => {
  let best: Likeness = { difference: Number.POSITIVE_INFINITY, shift: 0 };
  for (const shift of SHIFTS) {
    let apart = 0;
    let energy = 1e-6;
    for (let lead = 0; lead < shapes.length && lead < beat.length; lead++) {
      const a = beat[lead]!;
      const b = shapes[lead]!;
      for (let i = QRS_PART.from; i < QRS_PART.to; i++) {
        const between = a[i + shift]! - b[i]!;
        apart += between * between;
        energy += a[i + shift]! * a[i + shift]! + b[i]! * b[i]!;
      }
    }
    const difference = (2 * apart) / energy;
    if (difference < best.difference - 1e-9) best = { difference, shift };
  }
  return best;
};

/** A beat's shapes and how they lie beside a kind, which is worked out once however often it is asked for. */
export interface ComparedBeat {
  readonly shapes: readonly Float32Array[];
  readonly beside: (kind: Kind) => Likeness;
}

/** A beat by its shapes (a lead each), which remembers what it was compared with. */
export const comparedBeat = (shapes: readonly Float32Array[]): ComparedBeat => {
  const known = new Map<Kind, Likeness>();
  const beside = (kind: Kind): Likeness => {
    const found = known.get(kind) ?? likeness(shapes, kind.shapes);
    known.set(kind, found);
    return found;
  };
  return { shapes, beside };
};

/** The kind that is this bed's own normal: the commonest. Undefined before the first beat. */
export const ownNormal = ({ kinds }: Norms): Kind | undefined =>
  kinds.reduce<Kind | undefined>((most, kind) => (most && most.weight >= kind.weight ? most : kind), undefined);

/** The kind that a beat belongs to, by its number; -1: a kind not seen before. The own normal goes before the others. */
export const kindOf = ({ kinds }: Norms, beat: ComparedBeat, normal: Kind | undefined): number => {
  let found = -1;
  let least = KIND_DIFFERENCE_MAX;
  for (const [i, kind] of kinds.entries()) {
    const { difference } = beat.beside(kind);
    if (kind === normal && difference < NORMAL_DIFFERENCE_MAX) return i;
    if (difference >= least) continue;
    least = difference;
    found = i;
  }
  return found;
};

/** The kinds after a beat. */
export const withBeat = (
  kinds: readonly Kind[],
  beat: ComparedBeat,
  kind: number,
  isEarly: boolean,
  earliness: number,
): readonly Kind[] => {
  const credit = isEarly ? EARLY_CREDIT : 1;
  const faded = kinds.map((each) => ({ ...each, weight: each.weight * FADING }));
  const known = faded[kind];
  if (known !== undefined) {
    const pull = Math.max(EARLINESS_PULL, 1 / (known.weight + 1));
    faded[kind] = {
      shapes: pulled(known, beat.shapes, beat.beside(kinds[kind]!).shift),
      weight: known.weight + credit,
      earliness: known.earliness + pull * (earliness - known.earliness),
    };
    return faded;
  }
  const kept = faded.length < KINDS_MAX ? faded : withoutRarest(faded);
  return [...kept, { shapes: beat.shapes.map((shape) => shape.slice()), weight: credit, earliness }];
};

/** The mean shapes of a kind after a beat that lies best beside them when it is moved by `shift` samples. */
const pulled = (kind: Kind, beat: readonly Float32Array[], shift: number): readonly Float32Array[] => {
  const pull = Math.max(PULL_MIN, 1 / (kind.weight + 1));
  return kind.shapes.map((mean, lead) => {
    const shape = beat[lead];
    if (shape === undefined) return mean;
    const moved = mean.slice();
    for (let i = 0; i < SHAPE_LENGTH; i++) moved[i]! += pull * (shape[clampIndex(i + shift)]! - mean[i]!);
    return moved;
  });
};

const withoutRarest = (kinds: readonly Kind[]): readonly Kind[] => {
  const rarest = kinds.reduce((least, kind) => Math.min(least, kind.weight), Number.POSITIVE_INFINITY);
  const at = kinds.findIndex((kind) => kind.weight === rarest);
  return kinds.filter((_, i) => i !== at);
};

/** The sample of a shape that stands for one beyond its ends. */
export const clampIndex = (i: number): number => (i < 0 ? 0 : i >= SHAPE_LENGTH ? SHAPE_LENGTH - 1 : i);
