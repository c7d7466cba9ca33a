import { elapsed, inSeconds, type Moment } from '../../schemas/units.ts';
import type { BeatMeasures } from '../beats/beat-input.ts';

/** What is kept of one beat, by place: interval to the beat before (s; 0: none), probabilities N S V F Q, measures of its shape. */
const PLACES = ['rr', 'n', 's', 'v', 'f', 'q', 'width', 'wider', 'unlike', 'unlikeLast', 'pWave'] as const;
type Place = (typeof PLACES)[number];
const KEPT = PLACES.length;
const PLACE_OF = Object.fromEntries(PLACES.map((place, i) => [place, i])) as Readonly<Record<Place, number>>;
const BEATS_KEPT = 32;

/** The newest beats, oldest first: plain data, at most BEATS_KEPT of them. */
export interface RecentBeats {
  readonly times: readonly Moment[];
  /** KEPT numbers for each beat. */
  readonly kept: Float32Array;
  /** Running mean of the interval over some sixty beats, s; undefined before the first. */
  readonly slowRr: number | undefined;
  readonly intervals: number;
}

export const noRecentBeats: RecentBeats = { times: [], kept: new Float32Array(0), slowRr: undefined, intervals: 0 };

/** A beat as the network of rhythm hears of it. `probabilities`: N S V F Q, undefined when no network answered. */
export interface JudgedBeat {
  readonly at: Moment;
  readonly probabilities: ArrayLike<number> | undefined;
  readonly measures: BeatMeasures;
}

/** An interval longer than this is a break, s. */
const RR_MAX_S = 3;
const SLOW_PULL = 1 / 60;

/** The beats after one more. One that is not newer than the last is passed over. */
export const withRecentBeat = (before: RecentBeats, { at, probabilities, measures }: JudgedBeat): RecentBeats => {
  const last = before.times.at(-1);
  if (last !== undefined && at <= last) return before;
  const distance = last === undefined ? 0 : inSeconds(elapsed(last, at));
  const rr = distance < RR_MAX_S ? distance : 0;
  const count = Math.min(BEATS_KEPT, before.times.length + 1);
  const kept = new Float32Array(count * KEPT);
  kept.set(before.kept.subarray(before.kept.length - (count - 1) * KEPT));
  const { width, wider, unlike, unlikeLast, pWave } = measures;
  const classes = probabilities ?? [0, 0, 0, 0, 0];
  const newest = (count - 1) * KEPT;
  kept[newest] = rr;
  kept.set(classes, newest + PLACE_OF.n);
  kept.set([width, wider, unlike, unlikeLast, pWave], newest + PLACE_OF.width);
  const pull = Math.max(SLOW_PULL, 1 / (before.intervals + 1));
  const slowRr =
    rr === 0 ? before.slowRr : before.slowRr === undefined ? rr : before.slowRr + pull * (rr - before.slowRr);
  const intervals = before.intervals + (rr === 0 ? 0 : 1);
  return { times: [...before.times.slice(1 - BEATS_KEPT), at], kept, slowRr, intervals };
};

export const BEAT_VIEW = 31;
const NEWEST_S = 4;
const ROW_LEAST = 3;

const bounded = (value: number, most: number): number => Math.max(-most, Math.min(most, value));
const log2Of = (seconds: number, usual: number): number => bounded(Math.log2(Math.max(0.1, seconds) / usual), 2);

/** Writes what the newest beats look like at `now` into `into` from `from` on: BEAT_VIEW numbers of about -2 to 2. */
export const writeBeatView = (beats: RecentBeats, now: Moment, into: Float32Array, from: number): void => {
  const { times, kept, slowRr } = beats;
  const count = times.length;
  into[from + 2] = 2;
  if (count === 0) return;
  const of = (beat: number, place: Place): number => kept[beat * KEPT + PLACE_OF[place]]!;
  const mean = (place: Place, first: number): number => {
    let sum = 0;
    for (let beat = first; beat < count; beat++) sum += of(beat, place);
    return first < count ? sum / (count - first) : 0;
  };
  let newest = count;
  while (newest > 0 && inSeconds(elapsed(times[newest - 1]!, now)) < NEWEST_S) newest--;
  const rrs: number[] = [];
  for (let beat = 0; beat < count; beat++) if (of(beat, 'rr') > 0) rrs.push(of(beat, 'rr'));
  const last4 = rrs.slice(-4);
  const meanRr = last4.length === 0 ? 0.8 : last4.reduce((a, b) => a + b, 0) / last4.length;
  const last8 = rrs.slice(-8);
  let row = 0;
  while (row < count && of(count - 1 - row, 'v') > 0.5) row++;
  const rowS = row >= ROW_LEAST ? inSeconds(elapsed(times[count - row]!, times[count - 1]!)) / (row - 1) : 0;
  const view = [
    newest < count ? 1 : 0,
    (count - newest) / 8,
    Math.min(2, inSeconds(elapsed(times[count - 1]!, now)) / 2),
    log2Of(meanRr, 0.8),
    slowRr === undefined ? 0 : bounded(2 * Math.log(meanRr / slowRr), 2),
    bounded(4 * unevenness(last4), 2),
    bounded(4 * unevenness(last8), 2),
    bounded(4 * unevenness(rrs.slice(-24)), 2),
    jumps(rrs.slice(-24)),
    ...(['n', 's', 'v', 'f', 'q'] as const).map((place) => mean(place, newest)),
    ...(['n', 's', 'v'] as const).map((place) => mean(place, Math.max(0, count - 8))),
    of(count - 1, 'v'),
    Math.min(1.5, row / 8),
    rowS > 0 ? -log2Of(rowS, 0.5) : 0,
    ...(['width', 'wider', 'unlike', 'unlikeLast', 'pWave'] as const).map((place) => mean(place, newest)),
    ...(['wider', 'unlike', 'pWave'] as const).map((place) => mean(place, Math.max(0, count - 24))),
    count / BEATS_KEPT,
    last8.length === 0 ? 0 : log2Of(Math.min(...last8), 0.8),
    last8.length === 0 ? 0 : log2Of(Math.max(...last8), 0.8),
  ];
  into.set(view, from);
};

/** Mean distance from one interval to the next, as a share. */
const unevenness = (rrs: readonly number[]): number => {
  let sum = 0;
  for (let i = 1; i < rrs.length; i++) sum += Math.abs(Math.log(rrs[i]! / rrs[i - 1]!));
  return rrs.length > 1 ? sum / (rrs.length - 1) : 0;
};

/** Share of the intervals that differ from the one before by more than a tenth. */
const jumps = (rrs: readonly number[]): number => {
  let count = 0;
  for (let i = 1; i < rrs.length; i++) if (Math.abs(Math.log(rrs[i]! / rrs[i - 1]!)) > 0.1) count++;
  return rrs.length > 1 ? count / (rrs.length - 1) : 0;
};
