import type { BeatClassName } from '../../schemas/words.ts';

/**
 * Beat-by-beat comparison by the rules of ANSI/AAMI EC57 as WFDB's `bxb` applies them: a detected beat matches a reference
 * beat at most 150 ms away, one to one and the nearest first; the first five minutes are a learning period; stretches
 * of ventricular flutter or fibrillation hold no beats, whatever was detected in them.
 */
export interface TimedBeat {
  readonly atSeconds: number;
  readonly class: BeatClassName;
}

/** A stretch that is left out of the comparison, seconds. */
export interface Excluded {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export interface Ec57Options {
  readonly windowSeconds: number;
  /** The test period: from the end of the learning period to the end of the recording. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly excluded: readonly Excluded[];
}

export const EC57_WINDOW_SECONDS = 0.15;
const EC57_LEARNING_SECONDS = 300;
/** Far less than a sample: a beat at the very edge of the window is in it, and seconds made of samples differ by their last bit. */
const ROUNDING_SECONDS = 1e-6;
export const EC57: Ec57Options = {
  windowSeconds: EC57_WINDOW_SECONDS + ROUNDING_SECONDS,
  fromSeconds: EC57_LEARNING_SECONDS,
  toSeconds: Number.POSITIVE_INFINITY,
  excluded: [],
};

/** Rows and columns of the matrix; O: no beat of the reference (row) or none detected (column). */
export const EC57_CLASSES = ['N', 'S', 'V', 'F', 'Q', 'O'] as const;
export type Ec57Class = (typeof EC57_CLASSES)[number];
export type Ec57Matrix = Readonly<Record<Ec57Class, Readonly<Record<Ec57Class, number>>>>;

export interface Ec57Pair {
  readonly reference: TimedBeat | undefined;
  readonly detected: TimedBeat | undefined;
}

export interface Ec57Result {
  readonly truePositives: number;
  readonly falseNegatives: number;
  readonly falsePositives: number;
  /** Row: class of the reference; column: class of the detector. */
  readonly matrix: Ec57Matrix;
}

/** MIT annotation symbols that are beats, and their AAMI class (EC57 table; bxb's map: paced beats count as unknown). */
const AAMI: Readonly<Record<string, BeatClassName>> = {
  N: 'N',
  L: 'N',
  R: 'N',
  B: 'N',
  e: 'N',
  j: 'N',
  n: 'S',
  S: 'S',
  a: 'S',
  A: 'S',
  J: 'S',
  V: 'V',
  E: 'V',
  r: 'V',
  F: 'F',
  Q: 'Q',
  '/': 'Q',
  f: 'Q',
  '?': 'Q',
};

/** The AAMI class of an MIT annotation symbol; undefined when it is no beat. */
export const aamiClass = (symbol: string): BeatClassName | undefined => AAMI[symbol];

interface Annotated {
  readonly sample: number;
  readonly symbol: string;
}

/** The beats of a reference. */
export const referenceBeats = (annotations: readonly Annotated[], rateHz: number): readonly TimedBeat[] =>
  annotations.flatMap(({ sample, symbol }) => {
    const beatClass = aamiClass(symbol);
    return beatClass === undefined ? [] : [{ atSeconds: sample / rateHz, class: beatClass }];
  });

/** The episodes of ventricular flutter or fibrillation of a reference: from `[` to `]`, or to the end. */
export const flutterEpisodes = (annotations: readonly Annotated[], rateHz: number): readonly Excluded[] => {
  const episodes: Excluded[] = [];
  let from: number | undefined;
  for (const { sample, symbol } of annotations) {
    if (symbol === '[') from ??= sample / rateHz;
    if (symbol === ']' && from !== undefined) {
      episodes.push({ fromSeconds: from, toSeconds: sample / rateHz });
      from = undefined;
    }
  }
  if (from !== undefined) episodes.push({ fromSeconds: from, toSeconds: Number.POSITIVE_INFINITY });
  return episodes;
};

/** Whether a distance is less than another by more than the rounding of seconds; at equal distances neither is nearer. */
const isNearer = (one: number, other: number): boolean => one < other - ROUNDING_SECONDS;

const apart = (one: TimedBeat | undefined, other: TimedBeat | undefined): number =>
  one === undefined || other === undefined ? Number.POSITIVE_INFINITY : Math.abs(one.atSeconds - other.atSeconds);

/**
 * Pairs two series of beats, each in the order of time, as `bxb` does since 2002. The earlier of two beats waits for nobody: it takes the
 * other one if that is inside the window and not as near to the beat after it, or if that next beat has a nearer partner of its own.
 */
export const matchBeats = (
  reference: readonly TimedBeat[],
  detected: readonly TimedBeat[],
  windowSeconds: number,
): readonly Ec57Pair[] => {
  const pairs: Ec57Pair[] = [];
  let r = 0;
  let d = 0;
  while (r < reference.length || d < detected.length) {
    const [ref, nextRef] = [reference[r], reference[r + 1]];
    const [det, nextDet] = [detected[d], detected[d + 1]];
    const isDetectedFirst = ref === undefined || (det !== undefined && det.atSeconds < ref.atSeconds);
    const rival = isDetectedFirst ? apart(ref, nextDet) : apart(nextRef, det);
    const isPair =
      apart(ref, det) <= windowSeconds &&
      (isNearer(apart(ref, det), rival) || isNearer(apart(nextRef, nextDet), rival));
    pairs.push({
      reference: isPair || !isDetectedFirst ? ref : undefined,
      detected: isPair || isDetectedFirst ? det : undefined,
    });
    if (isPair || !isDetectedFirst) r++;
    if (isPair || isDetectedFirst) d++;
  }
  return pairs;
};

const emptyMatrix = (): Record<Ec57Class, Record<Ec57Class, number>> => {
  const row = (): Record<Ec57Class, number> => ({ N: 0, S: 0, V: 0, F: 0, Q: 0, O: 0 });
  return { N: row(), S: row(), V: row(), F: row(), Q: row(), O: row() };
};

const isCounted = ({ reference, detected }: Ec57Pair, options: Ec57Options): boolean => {
  const at = (reference ?? detected)?.atSeconds ?? Number.NaN;
  if (!(at >= options.fromSeconds && at <= options.toSeconds)) return false;
  return !options.excluded.some(({ fromSeconds, toSeconds }) => at >= fromSeconds && at <= toSeconds);
};

/**
 * The first beat that was found in the test period, where it may belong to a beat of just before it: within the window after the
 * beginning, and further from the first beat of the reference than the next one is. `bxb` does not hold it against anybody.
 */
const perhapsOfBefore = (
  reference: readonly TimedBeat[],
  detected: readonly TimedBeat[],
  { fromSeconds, windowSeconds }: Ec57Options,
): TimedBeat | undefined => {
  const at = detected.findIndex(({ atSeconds }) => atSeconds >= fromSeconds);
  const [first, next] = [detected[at], detected[at + 1]];
  if (first === undefined || first.atSeconds > fromSeconds + windowSeconds) return undefined;
  const wanted = reference.find(({ atSeconds }) => atSeconds >= fromSeconds);
  return isNearer(apart(wanted, next), apart(wanted, first)) ? first : undefined;
};

/** The pairs, and the beats without a partner, that count. */
export const countedPairs = (
  reference: readonly TimedBeat[],
  detected: readonly TimedBeat[],
  options: Ec57Options = EC57,
): readonly Ec57Pair[] => {
  const passed = perhapsOfBefore(reference, detected, options);
  return matchBeats(reference, detected, options.windowSeconds).filter(
    (pair) => isCounted(pair, options) && (pair.reference !== undefined || pair.detected !== passed),
  );
};

/** Compares detected beats with a reference. */
export const compareBeats = (
  reference: readonly TimedBeat[],
  detected: readonly TimedBeat[],
  options: Ec57Options = EC57,
): Ec57Result => tallied(countedPairs(reference, detected, options));

/** Counts pairs. */
export const tallied = (pairs: readonly Ec57Pair[]): Ec57Result => {
  const matrix = emptyMatrix();
  let truePositives = 0;
  let falseNegatives = 0;
  let falsePositives = 0;
  for (const pair of pairs) {
    matrix[pair.reference?.class ?? 'O'][pair.detected?.class ?? 'O']++;
    if (pair.reference === undefined) falsePositives++;
    else if (pair.detected === undefined) falseNegatives++;
    else truePositives++;
  }
  return { truePositives, falseNegatives, falsePositives, matrix };
};

/** Sums results of several records. */
export const sumResults = (results: readonly Ec57Result[]): Ec57Result => {
  const matrix = emptyMatrix();
  for (const result of results)
    for (const row of EC57_CLASSES)
      for (const column of EC57_CLASSES) matrix[row][column] += result.matrix[row][column];
  return {
    truePositives: results.reduce((sum, result) => sum + result.truePositives, 0),
    falseNegatives: results.reduce((sum, result) => sum + result.falseNegatives, 0),
    falsePositives: results.reduce((sum, result) => sum + result.falsePositives, 0),
    matrix,
  };
};

/** Share of the reference's beats that were detected; NaN when it has none. */
export const sensitivity = (result: Ec57Result): number =>
  result.truePositives / (result.truePositives + result.falseNegatives);
/** Share of the detected beats that the reference has; NaN when none was detected. */
export const positivePredictivity = (result: Ec57Result): number =>
  result.truePositives / (result.truePositives + result.falsePositives);

/**
 * Beats of other classes that are not held against a class when they are called so (EC57, as `bxb` counts): a fusion beat is
 * partly ventricular, and what the reference itself could not name is nobody's mistake.
 */
const FORGIVEN: Readonly<Partial<Record<BeatClassName, readonly Ec57Class[]>>> = { V: ['F', 'Q'], S: ['Q'] };

/** Share of the beats called by a class that have it, all others counted as wrong; NaN when none was called so. */
export const plainPredictivity = (result: Ec57Result, beatClass: BeatClassName): number =>
  result.matrix[beatClass][beatClass] / EC57_CLASSES.reduce((sum, other) => sum + result.matrix[other][beatClass], 0);

/**
 * Se and +P of one class by EC57: for example V, of the beats that are V in the reference or called V; F and Q called V count
 * neither way. `errors`: beats that were missed or called otherwise, and others that were called so and are held against it.
 */
export const classScores = (
  result: Ec57Result,
  beatClass: BeatClassName,
): { readonly sensitivity: number; readonly positivePredictivity: number; readonly errors: number } => {
  const right = result.matrix[beatClass][beatClass];
  const row = EC57_CLASSES.reduce((sum, column) => sum + result.matrix[beatClass][column], 0);
  const counted = EC57_CLASSES.filter((other) => !FORGIVEN[beatClass]?.includes(other));
  const column = counted.reduce((sum, other) => sum + result.matrix[other][beatClass], 0);
  return { sensitivity: right / row, positivePredictivity: right / column, errors: row + column - 2 * right };
};
