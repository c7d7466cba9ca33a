/**
 * Pulses from the slope sum function (Zong, Heldt, Moody & Mark 2003, made for arterial pressure; it serves the
 * plethysmogram as well): the sum of all rises within the last 160 ms is highest when an upstroke has just ended. A peak of
 * it is a pulse when it is high enough beside this signal's own pulses.
 */

/** What the detector remembers. Ticks are 4 ms and count from the start of the run. */
export interface PulseDetectorMemory {
  /** Rises of the last RISE_TICKS ticks, a ring; their sum; the newest value. */
  readonly rises: Float64Array;
  readonly riseSum: number;
  readonly newest: number;
  /** Highest slope sum of each second of learning, and of the second that is open. */
  readonly learning: readonly number[];
  readonly secondMax: number;
  /** The peak that is being climbed. */
  readonly peakTick: number;
  readonly peakHeight: number;
  /** A pulse whose shape is not whole yet; -1: none. */
  readonly waitingTick: number;
  readonly waitingHeight: number;
  readonly lastTick: number;
  /** Running height of pulses, the first of it quick, the second over some forty of them. */
  readonly height: number;
  readonly usualHeight: number;
  /** Running distance between pulses, ticks. */
  readonly distance: number;
  readonly pulses: number;
  /** The usual shape, SHAPE_POINTS numbers of mean 0 and mean square 1. */
  readonly usualShape: Float32Array;
}

export interface FoundPulse {
  readonly tick: number;
  readonly saidTick: number;
  readonly strength: number;
  readonly likeness: number;
}

/** Rises are summed over 160 ms (Zong, Heldt, Moody & Mark 2003). */
const RISE_TICKS = 40;
const SECOND_TICKS = 250;
/** Seconds before anything is said: the middle one of their highest slope sums is taken for the height of a pulse. */
const LEARN_SECONDS = 3;
/** 240/min at most. */
const REFRACTORY_TICKS = 62;
/** A peak is over when the slope sum has fallen to this share of it, or after so long. */
const FALLEN_TO = 0.75;
const FALLEN_TICKS = 30;
/** A pulse reaches so much of the running height of pulses. */
const THRESHOLD = 0.4;
/** So soon after a pulse (450 ms, or a share of the usual distance) a wave must be higher: it may be the dicrotic one. */
const EARLY_TICKS = 112;
const EARLY_SHARE = 0.55;
const EARLY_THRESHOLD = 0.65;
/** Without a pulse for so long the threshold sinks, by half in every HALVED_TICKS, to LEAST of the usual height. */
const PATIENCE_TICKS = 500;
const HALVED_TICKS = 375;
const LEAST = 0.12;
/** Higher pulses teach more: a wave behind every pulse that was once taken for one must not stay one. */
const HIGHER_SHARE = 1 / 4;
const LOWER_SHARE = 1 / 16;
/** What had to be waited for shows how high pulses are now. */
const WAITED_SHARE = 0.7;
const USUAL_SHARE = 1 / 40;
const DISTANCE_SHARE = 1 / 8;
const SHAPE_SHARE = 1 / 8;
const DISTANCE_MAX_TICKS = 750;

const SHAPE_STEP = 5;
const SHAPE_BEFORE = 75;
const SHAPE_AFTER = 50;
const SHAPE_POINTS = (SHAPE_BEFORE + SHAPE_AFTER) / SHAPE_STEP;
/** Ticks of filtered signal that must be kept before a call's first tick. */
export const PULSE_HISTORY_TICKS = 200;

export const startPulseDetector: PulseDetectorMemory = {
  rises: new Float64Array(RISE_TICKS),
  riseSum: 0,
  newest: Number.NaN,
  learning: [],
  secondMax: 0,
  peakTick: -1,
  peakHeight: 0,
  waitingTick: -1,
  waitingHeight: 0,
  lastTick: -1e9,
  height: 0,
  usualHeight: 0,
  distance: 200,
  pulses: 0,
  usualShape: new Float32Array(SHAPE_POINTS),
};

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
interface Work extends Writable<PulseDetectorMemory> {
  readonly line: Float32Array;
  /** Index of tick 0 in the line. */
  readonly base: number;
  readonly found: FoundPulse[];
}

/** The shape around a tick, mean 0 and mean square 1; undefined where samples are missing or nothing moves. */
const shapeAround = ({ line, base }: Work, tick: number): Float32Array | undefined => {
  const shape = new Float32Array(SHAPE_POINTS);
  let mean = 0;
  for (let p = 0; p < SHAPE_POINTS; p++) {
    shape[p] = line[base + tick - SHAPE_BEFORE + p * SHAPE_STEP]!;
    mean += shape[p]! / SHAPE_POINTS;
  }
  let square = 0;
  for (let p = 0; p < SHAPE_POINTS; p++) square += (shape[p]! - mean) ** 2 / SHAPE_POINTS;
  if (!(square > 0)) return undefined;
  const size = 1 / Math.sqrt(square);
  for (let p = 0; p < SHAPE_POINTS; p++) shape[p] = (shape[p]! - mean) * size;
  return shape;
};

const likenessOf = (shape: Float32Array, usual: Float32Array): number => {
  let together = 0;
  let square = 0;
  for (let p = 0; p < SHAPE_POINTS; p++) {
    together += shape[p]! * usual[p]!;
    square += usual[p]! * usual[p]!;
  }
  return square > 0 ? Math.max(-1, Math.min(1, together / Math.sqrt(square * SHAPE_POINTS))) : 0;
};

const sayPulse = (work: Work, saidTick: number): void => {
  const { waitingTick, waitingHeight, usualHeight, pulses } = work;
  work.waitingTick = -1;
  const shape = shapeAround(work, waitingTick);
  const likeness = shape === undefined || pulses === 0 ? 0 : likenessOf(shape, work.usualShape);
  if (shape !== undefined) {
    const share = Math.max(SHAPE_SHARE, 1 / (pulses + 1));
    work.usualShape = work.usualShape.map((value, p) => value + share * (shape[p]! - value));
    work.pulses = pulses + 1;
  }
  work.found.push({ tick: waitingTick, saidTick, strength: waitingHeight / usualHeight, likeness });
};

const thresholdAt = ({ lastTick, distance, height, usualHeight }: Work, tick: number): number => {
  const since = tick - lastTick;
  if (since < Math.max(EARLY_TICKS, EARLY_SHARE * distance)) return EARLY_THRESHOLD * height;
  if (since <= PATIENCE_TICKS) return THRESHOLD * height;
  const sunk = THRESHOLD * height * 2 ** (-(since - PATIENCE_TICKS) / HALVED_TICKS);
  return Math.max(sunk, LEAST * usualHeight);
};

/** A peak of the slope sum is over: is it a pulse? */
const decide = (work: Work, saidTick: number): void => {
  const { peakTick, peakHeight, lastTick } = work;
  const since = peakTick - lastTick;
  if (since < REFRACTORY_TICKS || !(peakHeight > 0) || peakHeight < thresholdAt(work, peakTick)) return;
  if (work.waitingTick >= 0) sayPulse(work, saidTick);
  // A line that was still while the height was learned says nothing of how high pulses are: the first one does.
  if (!(work.usualHeight > 0)) {
    work.height = peakHeight;
    work.usualHeight = peakHeight;
  }
  // A jump of the line is no pulse ten times as high: it may not teach how high pulses are.
  const counted = Math.min(peakHeight, 2 * work.height);
  const share = since > PATIENCE_TICKS ? WAITED_SHARE : counted > work.height ? HIGHER_SHARE : LOWER_SHARE;
  work.height += (counted - work.height) * share;
  work.usualHeight += (counted - work.usualHeight) * USUAL_SHARE;
  if (since < DISTANCE_MAX_TICKS && work.pulses > 0) work.distance += (since - work.distance) * DISTANCE_SHARE;
  work.lastTick = peakTick;
  work.waitingTick = peakTick;
  work.waitingHeight = peakHeight;
};

const learn = (work: Work, tick: number): void => {
  work.learning = [...work.learning, work.secondMax];
  work.secondMax = 0;
  if (work.learning.length < LEARN_SECONDS) return;
  const middle = [...work.learning].sort((a, b) => a - b)[LEARN_SECONDS >> 1]!;
  work.height = middle;
  work.usualHeight = middle;
  // Patience begins now: a first wave that is small must not pass because none was heard before.
  work.lastTick = tick - EARLY_TICKS;
};

const hearTick = (work: Work, tick: number): void => {
  const value = work.line[work.base + tick]!;
  const rise = Math.max(0, value - work.newest);
  const known = Number.isNaN(rise) ? 0 : rise;
  const slot = tick % RISE_TICKS;
  work.riseSum += known - work.rises[slot]!;
  work.rises[slot] = known;
  work.newest = value;
  if (work.learning.length < LEARN_SECONDS) {
    work.secondMax = Math.max(work.secondMax, work.riseSum);
    if ((tick + 1) % SECOND_TICKS === 0) learn(work, tick);
    return;
  }
  if (work.riseSum > work.peakHeight) {
    work.peakHeight = work.riseSum;
    work.peakTick = tick;
  } else if (work.riseSum < FALLEN_TO * work.peakHeight || tick - work.peakTick > FALLEN_TICKS) {
    if (work.peakTick >= 0) decide(work, tick);
    work.peakHeight = work.riseSum;
    work.peakTick = tick;
  }
  if (work.waitingTick >= 0 && tick - work.waitingTick >= SHAPE_AFTER) sayPulse(work, tick);
};

/**
 * Hears the ticks from..to of a band-passed line whose tick 0 has the index `base` (at least PULSE_HISTORY_TICKS before
 * `from` are there). Answers the pulses in the order in which they can be said.
 */
export const detectPulses = (
  memory: PulseDetectorMemory,
  line: Float32Array,
  base: number,
  from: number,
  to: number,
): readonly [PulseDetectorMemory, readonly FoundPulse[]] => {
  const work: Work = { ...memory, rises: memory.rises.slice(), line, base, found: [] };
  for (let tick = from; tick < to; tick++) hearTick(work, tick);
  const { line: _line, base: _base, found, ...after } = work;
  return [after, found];
};
