import {
  AROUND_TICKS,
  isUsableAt,
  type LeadView,
  learnBeat,
  learnDuty,
  learnLead,
  learnNoise,
  POLARITY,
  reachBack,
  relativeSteepness,
  relearnLead,
  WEIGHT,
} from './qrs-lead.ts';
import { heightAt, locatePeak, type Peak } from './qrs-peak.ts';
import { SHAPE_AFTER } from './sighting.ts';

/** What the detector remembers. Ticks count from the start of the run; a tick is an index of the band-passed signal. */
export interface QrsMemory {
  readonly learned: boolean;
  /** The rise of height that is being climbed, see heightAt. */
  readonly riseTick: number;
  readonly riseHeight: number;
  /** Peaks that wait for their shape to be whole, oldest first. */
  readonly waiting: readonly Peak[];
  /** Peaks since the last beat that were no beats: what the search-back may take. */
  readonly rejected: readonly Peak[];
  /** The last beat: where its energy was highest, and its R peak. */
  readonly lastPeakTick: number;
  readonly lastBeatTick: number;
  /** Running height of beats, of other peaks, and of other peaks when the last beat was found. */
  readonly beatHeight: number;
  readonly noiseHeight: number;
  readonly noiseAtBeat: number;
  /** The last eight distances between beats, ticks. */
  readonly distances: readonly number[];
  readonly bestLead: number;
}

/** A beat: tick of its R peak, the leads in use (best first), and the height of the R peak in the best. */
export interface FoundBeat {
  readonly tick: number;
  /** The tick at which it is said. */
  readonly saidTick: number;
  readonly leads: readonly number[];
  readonly amplitudeMv: number;
}

/** A tick before every run. */
const NEVER = -1e9;
/** A run of which nothing has been heard yet. */
export const startQrs: QrsMemory = {
  learned: false,
  riseTick: 0,
  riseHeight: 0,
  waiting: [],
  rejected: [],
  lastPeakTick: NEVER,
  lastBeatTick: NEVER,
  beatHeight: 1,
  noiseHeight: 0,
  noiseAtBeat: 0,
  distances: [],
  bestLead: 0,
};

/** Ticks after the start of a run before anything is said (2 s): the beats in them are said late, not lost. */
const LEARN_TICKS = 500;

// Lengths in ticks of 4 ms, heights in usual beats (1 = as usual), shares and factors below were chosen on mitdb-ds1 with and without
// noise added (test/accuracy/qrs.ts), then checked on asystole of cinc2015-dev and on tachycardia and fibrillation of vfdb-dev.

/** A top lower than this is no peak at all. */
const PEAK_HEIGHT_MIN = 0.05;
/** A rise is over when the height has fallen to this share of its top, or has not risen for so long. */
const FALLEN_TO = 0.6;
const FALLEN_TICKS = 24;
/** No second beat within 208 ms of one. */
const REFRACTORY_TICKS = 52;
/** By this share the usual height of beats follows each beat, and that of noise each refused peak. */
const HEIGHT_SHARE = 0.125;
const NOISE_HEIGHT_SHARE = 0.08;
/** A beat reaches from the noise this far up to the usual beat, farther by so much where noise is as high as beats. */
const THRESHOLD_SHARE = 0.4;
const THRESHOLD_NOISE = 0.4;
/** Noise counts for no more than this share of the usual beat. */
const NOISE_CEILING = 0.35;
/** Until distances are known a beat is expected after 0.8 s. */
const EARLY_USUAL_TICKS = 200;
/** Sooner than this share of the mean distance a beat must be higher, right after the last one by EARLY_EXTRA. */
const EARLY_UNTIL = 0.8;
const EARLY_EXTRA = 0.5;
/** Within 360 ms of a beat a peak less steep than this share of it is its T wave, within 480 ms one still less steep. */
const T_WAVE_TICKS = 90;
const T_WAVE_STEEPNESS = 0.45;
const LATE_T_WAVE_TICKS = 120;
const LATE_T_WAVE_STEEPNESS = 0.3;
/** After so many mean distances without a beat the refused peaks of the last 1.6 s are looked at again, … */
const SEARCH_AFTER = 1.5;
const SEARCH_BACK_TICKS = 400;
/** … by a threshold that is this share of the usual one; a peak must stand out of the noise so many times besides. */
const SEARCH_SHARE = 0.55;
const SEARCH_NOISE = 1.2;
/** After 2 s without a beat noise is what it was at the last beat: refused beats have raised it since. */
const SEARCH_CALM_TICKS = 500;
/** What is remembered: refused peaks, and distances of neighbours that are less than 4 s apart. */
const REJECTED_MAX = 8;
const DISTANCE_MAX = 1000;
const DISTANCES_MAX = 8;
/** After 2.5 s without a beat the leads listen for less, anew every second; from 10 s on as far down as their line allows. */
const RELEARN_AFTER_TICKS = 625;
const RELEARN_EVERY_TICKS = 250;
const RELEARN_FREELY_TICKS = 2500;
/** By this share a lead's usual polarity follows each beat. */
const POLARITY_SHARE = 0.1;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The detector at work during one call: its memory, copied, and the leads. `base` is the index of tick 0 in the lines. */
interface Work extends Writable<QrsMemory> {
  readonly leads: readonly LeadView[];
  readonly base: number;
  readonly found: FoundBeat[];
}

const accept = (work: Work, peak: Peak, saidTick: number): void => {
  const { leads, base } = work;
  const { qrs } = leads[peak.lead]!;
  qrs[POLARITY] = qrs[POLARITY]! * (1 - POLARITY_SHARE) + POLARITY_SHARE * Math.sign(peak.amplitudeMv);
  for (const lead of leads) learnBeat(lead, base + peak.tick);
  work.beatHeight += (peak.height - work.beatHeight) * HEIGHT_SHARE;
  const distance = peak.rTick - work.lastBeatTick;
  if (distance < DISTANCE_MAX) work.distances = [...work.distances.slice(1 - DISTANCES_MAX), distance];
  work.noiseHeight = Math.min(work.noiseHeight, peak.height);
  work.noiseAtBeat = work.noiseHeight;
  work.lastBeatTick = peak.rTick;
  work.lastPeakTick = peak.tick;
  work.rejected = work.rejected.filter(({ tick }) => tick > peak.tick);
  const inUse = leads.map((_, l) => l).filter((l) => l === peak.lead || isUsableAt(leads[l]!, base + peak.rTick));
  const rank = (l: number): number => (l === peak.lead ? Infinity : leads[l]!.qrs[WEIGHT]!);
  inUse.sort((a, b) => (rank(a) === rank(b) ? a - b : rank(b) - rank(a)));
  work.found.push({ tick: peak.rTick, saidTick, leads: inUse, amplitudeMv: peak.amplitudeMv });
};

const meanDistance = ({ distances }: Work): number => {
  if (distances.length === 0) return EARLY_USUAL_TICKS;
  let sum = 0;
  for (const distance of distances) sum += distance;
  return sum / distances.length;
};

/** The least height of a beat whose energy has its peak at a tick: higher in noise, and higher soon after a beat. */
const thresholdAt = (work: Work, tick: number): number => {
  // Beats that were taken for noise must not raise the threshold above themselves.
  const noise = Math.min(work.noiseHeight, NOISE_CEILING * work.beatHeight);
  const share = THRESHOLD_SHARE + (THRESHOLD_NOISE * noise) / work.beatHeight;
  const early = EARLY_UNTIL * meanDistance(work);
  const since = tick - work.lastPeakTick;
  const extra = since < early ? EARLY_EXTRA * (1 - since / early) : 0;
  return noise + (share + extra) * (work.beatHeight - noise);
};

const isTWave = (work: Work, peak: Peak): boolean => {
  const since = peak.tick - work.lastPeakTick;
  if (since >= LATE_T_WAVE_TICKS) return false;
  const least = since < T_WAVE_TICKS ? T_WAVE_STEEPNESS : LATE_T_WAVE_STEEPNESS;
  return relativeSteepness(work.leads, work.base + peak.tick) < least;
};

const decide = (work: Work, peak: Peak, saidTick: number): void => {
  if (peak.tick - work.lastPeakTick < REFRACTORY_TICKS || isTWave(work, peak)) return;
  // A weak peak while a higher one is already rising is what comes before a complex, not the complex.
  const overtaken = peak.height < 1 && work.riseHeight > peak.height;
  if (peak.height >= thresholdAt(work, peak.tick) && !overtaken) {
    accept(work, peak, saidTick);
    return;
  }
  work.noiseHeight += (peak.height - work.noiseHeight) * NOISE_HEIGHT_SHARE;
  for (const lead of work.leads) learnNoise(lead, work.base + peak.tick);
  work.rejected = [...work.rejected.slice(1 - REJECTED_MAX), peak];
};

/** A beat is overdue: the highest of the peaks that were refused since the last one may be it after all. */
const searchBack = (work: Work, tick: number): void => {
  const overdue = SEARCH_AFTER * meanDistance(work) + SHAPE_AFTER;
  const since = tick - work.lastBeatTick;
  // Later than that the leads are listened to for less (relearn): doing both would find P waves.
  if (work.distances.length < 2 || since < overdue || since >= RELEARN_AFTER_TICKS) return;
  // Beats that changed were refused for long: what they did to the noise does not count then.
  const calm = Math.min(work.noiseHeight, work.noiseAtBeat, NOISE_CEILING * work.beatHeight);
  const noise = since < SEARCH_CALM_TICKS ? work.noiseHeight : calm;
  const threshold = SEARCH_SHARE * (noise + THRESHOLD_SHARE * (work.beatHeight - noise));
  let best: Peak | undefined;
  for (const peak of work.rejected) {
    if (peak.tick - work.lastPeakTick < T_WAVE_TICKS || tick - peak.tick > SEARCH_BACK_TICKS) continue;
    if (peak.height <= threshold || peak.height <= SEARCH_NOISE * noise) continue;
    if (best === undefined || peak.height > best.height) best = peak;
  }
  if (best === undefined) return;
  for (const lead of work.leads) reachBack(lead, work.base + best.tick - AROUND_TICKS);
  accept(work, best, tick);
};

/** A rise of height ended: its top is a peak that waits for its decision, unless a higher one is near. */
const endRise = (work: Work): void => {
  const { riseTick, riseHeight, waiting } = work;
  if (riseHeight <= PEAK_HEIGHT_MIN) return;
  const before = waiting.at(-1);
  const isNear = before !== undefined && riseTick - before.tick < REFRACTORY_TICKS;
  if (isNear && riseHeight <= before.height) return;
  const peak = locatePeak(work.leads, work.base, work.bestLead, riseTick, riseHeight);
  work.bestLead = peak.lead;
  work.waiting = [...(isNear ? waiting.slice(0, -1) : waiting), peak];
};

const hearTick = (work: Work, tick: number, saidTick: number): void => {
  const height = heightAt(work.leads, work.base + tick);
  if (height > work.riseHeight) {
    work.riseHeight = height;
    work.riseTick = tick;
  } else if (height < FALLEN_TO * work.riseHeight || tick - work.riseTick > FALLEN_TICKS) {
    endRise(work);
    work.riseHeight = height;
    work.riseTick = tick;
  }
  const first = work.waiting[0];
  if (first !== undefined && tick >= first.rTick + SHAPE_AFTER - 1) {
    work.waiting = work.waiting.slice(1);
    decide(work, first, saidTick);
  } else if (work.rejected.length > 0) searchBack(work, tick);
};

/** The first two seconds are heard twice: to learn how loud beats are, then to find them. */
const learn = (work: Work, tick: number): void => {
  const from = Math.max(0, work.base + tick + 1 - LEARN_TICKS);
  for (const lead of work.leads) learnLead(lead, from, work.base + tick + 1);
  work.learned = true;
  for (let early = tick + 1 - LEARN_TICKS; early <= tick; early++) hearTick(work, early, tick);
};

const relearn = (work: Work, tick: number): void => {
  const silentFor = tick - Math.max(work.lastBeatTick, LEARN_TICKS - RELEARN_AFTER_TICKS);
  if (silentFor < RELEARN_AFTER_TICKS || (silentFor - RELEARN_AFTER_TICKS) % RELEARN_EVERY_TICKS !== 0) return;
  const to = work.base + tick + 1;
  for (const lead of work.leads) relearnLead(lead, Math.max(0, to - LEARN_TICKS), to, silentFor < RELEARN_FREELY_TICKS);
};

/** Field by field: the rest of an object is ten times as dear, and this is asked with every frame. */
const remembered = (work: Work): QrsMemory => ({
  learned: work.learned,
  riseTick: work.riseTick,
  riseHeight: work.riseHeight,
  waiting: work.waiting,
  rejected: work.rejected,
  lastPeakTick: work.lastPeakTick,
  lastBeatTick: work.lastBeatTick,
  beatHeight: work.beatHeight,
  noiseHeight: work.noiseHeight,
  noiseAtBeat: work.noiseAtBeat,
  distances: work.distances,
  bestLead: work.bestLead,
});

/**
 * Hears the ticks from..to of all leads and answers the beats in them in the order in which they can be said. `base` is
 * the index of tick 0 in the leads' lines.
 */
export const detectQrs = (
  memory: QrsMemory,
  leads: readonly LeadView[],
  base: number,
  from: number,
  to: number,
): readonly [QrsMemory, readonly FoundBeat[]] => {
  const work: Work = { ...memory, leads, base, found: [] };
  for (let tick = from; tick < to; tick++) {
    if (!work.learned) {
      if (tick + 1 >= LEARN_TICKS) learn(work, tick);
      continue;
    }
    relearn(work, tick);
    for (let l = 0; l < leads.length; l++) learnDuty(leads[l]!, base + tick);
    hearTick(work, tick, tick);
  }
  return [remembered(work), work.found];
};
