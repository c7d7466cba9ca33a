import { ENERGY_DELAY_TICKS, qrsEnergy } from './qrs-energy.ts';
import { SHAPE_AFTER, SHAPE_BEFORE } from './sighting.ts';

/** What the detector remembers. Ticks count from the start of the run; a tick is an index of the band-passed signal. */
export interface QrsMemory {
  readonly learned: boolean;
  /** The rise that is being climbed. */
  readonly riseTick: number;
  readonly riseHeight: number;
  /** Peaks that wait for their shape to be whole, oldest first. */
  readonly waiting: readonly Peak[];
  /** Peaks since the last beat that were no beats: what the search-back may take. */
  readonly rejected: readonly Peak[];
  readonly lastPeakTick: number;
  readonly lastBeatTick: number;
  readonly beatHeight: number;
  readonly noiseHeight: number;
  /** The same when the last beat was found. */
  readonly noiseAtBeat: number;
  /** The last eight distances between beats, ticks. */
  readonly distances: readonly number[];
  readonly bestLead: number;
}

interface Peak {
  /** Where its energy is highest, and that energy. */
  readonly tick: number;
  readonly height: number;
  /** Where its R peak is, in which lead, and how high above the line before it. */
  readonly rTick: number;
  readonly lead: number;
  readonly amplitudeMv: number;
}

export const startQrs: QrsMemory = {
  learned: false,
  riseTick: 0,
  riseHeight: 0,
  waiting: [],
  rejected: [],
  lastPeakTick: -1e9,
  lastBeatTick: -1e9,
  beatHeight: 1,
  noiseHeight: 0,
  noiseAtBeat: 0,
  distances: [],
  bestLead: 0,
};

/** Per lead: energy of its beats, of its noise, mean energy (share of a beat's), steepness of its beats, polarity. */
export const LEAD_QRS_LENGTH = 9;
const BEAT_ENERGY = 0;
const NOISE_ENERGY = 1;
const DUTY = 2;
const STEEPNESS = 3;
const POLARITY = 4;
const WEIGHT = 5;
const LOUD_TIMES = 6;
const LOUD_LEAST = 7;
const LAST_STEEPNESS = 8;

export const LEARN_TICKS = 500;
const ENERGY_MIN = 0.012;
const HEIGHT_MAX = 1.4;
const STRENGTH_POWER = 0.5;
const AGREEMENT_POWER = 0.4;
const THRESHOLD_SHARE = 0.4;
const THRESHOLD_NOISE = 0.4;
const EARLY_USUAL_TICKS = 200;
const EARLY_UNTIL = 0.8;
const EARLY_EXTRA = 0.5;
const OVERTAKEN_BY = 1;
const OVERTAKEN_TICKS = 60;
const OVERTAKEN_BELOW = 1;
const SEARCH_AFTER = 1.5;
const SEARCH_SHARE = 0.55;
const SEARCH_NOISE = 1.2;
const NOISE_SHARE = 0.08;
const BEAT_SHARE = 0.06;
const T_WAVE_STEEPNESS = 0.45;
const REFRACTORY_TICKS = 52;
const RELEARN_AFTER_TICKS = 625;
const RELEARN_EVERY_TICKS = 250;
const RELEARN_FALL = 0.5;
const RELEARN_PEAKY = 5;
const RELEARN_SWING_MV = 0.6;
const T_WAVE_CAP = 1;
const NOISE_CEILING = 0.35;
const SEARCH_CALM_TICKS = 500;
const LOUD_BY = 2.5;
const LATE_T_WAVE_TICKS = 120;
const LATE_T_WAVE_STEEPNESS = 0.3;
const T_WAVE_TICKS = 90;
const AROUND_TICKS = 18;
const DUTY_SHARE = 1 / 256;

/** One lead as the detector sees it during a call: `line[base + tick]` is the band-passed signal at a tick. */
export interface LeadLine {
  readonly line: Float32Array;
  readonly usable: Uint8Array;
  readonly qrs: Float64Array;
}

/** A beat: tick of its R peak, the leads in use (best first), and the height of the R peak in the best. */
export interface FoundBeat {
  readonly tick: number;
  readonly leads: readonly number[];
  readonly amplitudeMv: number;
}

const clamp = (x: number, low: number, high: number): number => (x < low ? low : x > high ? high : x);

/** Peak to peak of a stretch of a line. */
const swingOf = (line: Float32Array, from: number, to: number): number => {
  let low = Infinity;
  let high = -Infinity;
  for (let i = Math.max(0, from); i < to; i++) {
    const x = line[i]!;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return high - low;
};

/**
 * The detector over one call. `base` is the index in the lines of tick 0; ticks from..to are new. It tells `found` at the
 * tick at which a beat can be said.
 */
export const detectQrs = (
  memory: QrsMemory,
  leads: readonly LeadLine[],
  base: number,
  from: number,
  to: number,
  found: (beat: FoundBeat, saidTick: number) => void,
): QrsMemory => {
  let { learned, riseTick, riseHeight, lastPeakTick, lastBeatTick, beatHeight, noiseHeight, noiseAtBeat, bestLead } = memory;
  let waiting = memory.waiting.slice();
  let rejected = memory.rejected.slice();
  let distances = memory.distances.slice();

  let energyFrom = Math.max(0, base + from - 96);
  let energies = leads.map(({ line }) => qrsEnergy(line, energyFrom, base + to));

  const weigh = (lead: LeadLine): void => {
    const q = lead.qrs;
    const byDuty = clamp((0.65 - q[DUTY]!) / 0.3, 0.02, 1);
    const byNoise = clamp((0.8 - q[NOISE_ENERGY]! / q[BEAT_ENERGY]!) / 0.5, 0.05, 1);
    q[WEIGHT] = byDuty * byNoise * q[BEAT_ENERGY]! ** STRENGTH_POWER;
  };

  const heightAt = (tick: number): number => {
    let sum = 0;
    let weights = 0;
    for (let l = 0; l < leads.length; l++) {
      const lead = leads[l]!;
      if (lead.usable[base + tick] === 0) continue;
      const weight = lead.qrs[WEIGHT]!;
      const e = energies[l]![base + tick - energyFrom]! / lead.qrs[BEAT_ENERGY]!;
      sum += weight * (e > HEIGHT_MAX ? HEIGHT_MAX : e) ** AGREEMENT_POWER;
      weights += weight;
    }
    return weights === 0 ? 0 : (sum / weights) ** (1 / AGREEMENT_POWER);
  };

  const energyNear = (l: number, tick: number): number => {
    let most = 0;
    for (let i = tick - 10; i <= tick + 10; i++) {
      const e = energies[l]![base + i - energyFrom];
      if (e !== undefined && e > most) most = e;
    }
    return most;
  };

  const steepnessNear = (lead: LeadLine, tick: number): number => {
    const middle = base + tick - ENERGY_DELAY_TICKS;
    let most = 0;
    for (let i = Math.max(1, middle - AROUND_TICKS); i <= middle + AROUND_TICKS; i++) {
      const step = Math.abs(lead.line[i + 1]! - lead.line[i - 1]!);
      if (step > most) most = step;
    }
    return most;
  };

  const learn = (at: number): void => {
    energyFrom = Math.max(0, base + at - LEARN_TICKS + 1);
    energies = leads.map(({ line }) => qrsEnergy(line, energyFrom, base + to));
    leads.forEach((lead, l) => {
      const most = [0, 0, 0, 0];
      let sum = 0;
      for (let i = 40; i < LEARN_TICKS; i++) {
        const e = energies[l]![i]!;
        const quarter = Math.floor((i * 4) / LEARN_TICKS);
        if (e > most[quarter]!) most[quarter] = e;
        sum += e;
      }
      most.sort((a, b) => b - a);
      const q = lead.qrs;
      q[BEAT_ENERGY] = Math.max(ENERGY_MIN, (most[0]! + most[1]!) / 2);
      q[NOISE_ENERGY] = 0;
      q[DUTY] = sum / LEARN_TICKS / q[BEAT_ENERGY]!;
      weigh(lead);
    });
    learned = true;
  };

  /** Nothing was found for long: perhaps the beats became small. Where small peaks stand out of a quiet line, listen for them. */
  const relearn = (tick: number): void => {
    const first = Math.max(0, base + tick - LEARN_TICKS + 1);
    for (const lead of leads) {
      const energy = qrsEnergy(lead.line, first, base + tick + 1).sort();
      const most = energy[Math.floor(energy.length * 0.98)]!;
      const q = lead.qrs;
      const swings = Math.min(
        swingOf(lead.line, base + tick - LEARN_TICKS / 2, base + tick),
        swingOf(lead.line, base + tick - LEARN_TICKS, base + tick - LEARN_TICKS / 2),
      );
      if (most < RELEARN_PEAKY * energy[energy.length >> 1]! && swings < RELEARN_SWING_MV) continue;
      q[BEAT_ENERGY] = Math.min(q[BEAT_ENERGY]!, Math.max(ENERGY_MIN, most, RELEARN_FALL * q[BEAT_ENERGY]!));
      weigh(lead);
    }
  };

  const chooseBest = (): void => {
    const merit = (l: number) => leads[l]!.qrs[WEIGHT]!;
    if (bestLead >= leads.length) bestLead = 0;
    for (let l = 0; l < leads.length; l++) if (merit(l) > 1.4 * merit(bestLead)) bestLead = l;
  };

  /** Finds the R peak below a peak of energy, in the best lead. */
  const locate = (peakTick: number, height: number): Peak => {
    chooseBest();
    const best = leads[bestLead]!;
    const middle = base + peakTick - ENERGY_DELAY_TICKS;
    let level = 0;
    let levels = 0;
    for (let i = Math.max(0, middle - 36); i < middle - 24; i++) {
      const x = best.line[i]!;
      if (!Number.isNaN(x)) {
        level += x;
        levels++;
      }
    }
    if (levels > 0) level /= levels;
    let r = middle;
    let most = -1;
    const polarity = best.qrs[POLARITY]!;
    for (let i = Math.max(0, middle - AROUND_TICKS); i <= middle + AROUND_TICKS; i++) {
      const away = best.line[i]! - level;
      const counts = Math.abs(away) * (away * polarity > 0 ? 1.3 : 1);
      if (counts > most) {
        most = counts;
        r = i;
      }
    }
    return { tick: peakTick, height, rTick: r - base, lead: bestLead, amplitudeMv: best.line[r]! - level };
  };

  const accept = (peak: Peak, saidTick: number): void => {
    const best = leads[peak.lead]!;
    best.qrs[POLARITY] = clamp(best.qrs[POLARITY]! * 0.9 + 0.1 * Math.sign(peak.amplitudeMv), -1, 1);
    const tick = peak.rTick;
    for (let l = 0; l < leads.length; l++) {
      const q = leads[l]!.qrs;
      const e = energyNear(l, peak.tick);
      q[BEAT_ENERGY] = Math.max(ENERGY_MIN, q[BEAT_ENERGY]! + (Math.min(e, 2 * q[BEAT_ENERGY]!) - q[BEAT_ENERGY]!) * BEAT_SHARE);
      if (e > LOUD_BY * q[BEAT_ENERGY]!) {
        q[LOUD_LEAST] = q[LOUD_TIMES] === 0 ? e : Math.min(e, q[LOUD_LEAST]!);
        q[LOUD_TIMES] = q[LOUD_TIMES]! + 1;
        if (q[LOUD_TIMES] === 3) q[BEAT_ENERGY] = q[LOUD_LEAST]!;
      } else q[LOUD_TIMES] = 0;
      if (q[LOUD_TIMES] === 3) q[LOUD_TIMES] = 0;
      q[NOISE_ENERGY] = q[NOISE_ENERGY]! * 0.97;
      const steepness = steepnessNear(leads[l]!, peak.tick);
      q[LAST_STEEPNESS] = steepness;
      q[STEEPNESS] = q[STEEPNESS] === 0 ? steepness : q[STEEPNESS]! + (steepness - q[STEEPNESS]!) / 8;
      weigh(leads[l]!);
    }
    beatHeight += (peak.height - beatHeight) / 8;
    const distance = tick - lastBeatTick;
    if (distance < 1000) distances = [...distances.slice(-7), distance];
    noiseHeight = Math.min(noiseHeight, peak.height);
    noiseAtBeat = noiseHeight;
    lastBeatTick = tick;
    lastPeakTick = peak.tick;
    rejected = [];
    const order = leads
      .map((_, l) => l)
      .sort((a, b) => (a === peak.lead ? -1 : b === peak.lead ? 1 : leads[b]!.qrs[WEIGHT]! - leads[a]!.qrs[WEIGHT]!));
    found({ tick, leads: order, amplitudeMv: peak.amplitudeMv }, saidTick);
  };

  const isTWave = (peak: Peak): boolean => {
    const since = peak.tick - lastPeakTick;
    if (since >= LATE_T_WAVE_TICKS) return false;
    let sum = 0;
    let weights = 0;
    for (const lead of leads) {
      const usual = Math.min(lead.qrs[LAST_STEEPNESS]!, T_WAVE_CAP * lead.qrs[STEEPNESS]!);
      if (usual === 0) continue;
      sum += lead.qrs[WEIGHT]! * Math.min(1.5, steepnessNear(lead, peak.tick) / usual);
      weights += lead.qrs[WEIGHT]!;
    }
    return weights > 0 && sum / weights < (since < T_WAVE_TICKS ? T_WAVE_STEEPNESS : LATE_T_WAVE_STEEPNESS);
  };

  const meanDistance = (): number => {
    let sum = 0;
    for (const distance of distances) sum += distance;
    return distances.length === 0 ? EARLY_USUAL_TICKS : sum / distances.length;
  };

  const thresholdAt = (tick: number): number => {
    // Beats that were taken for noise must not raise the threshold above themselves.
    const noise = Math.min(noiseHeight, NOISE_CEILING * beatHeight);
    const share = THRESHOLD_SHARE + (THRESHOLD_NOISE * noise) / beatHeight;
    const early = EARLY_UNTIL * meanDistance();
    const since = tick - lastPeakTick;
    const extra = since < early ? EARLY_EXTRA * (1 - since / early) : 0;
    return noise + (share + extra) * (beatHeight - noise);
  };

  const decide = (peak: Peak, saidTick: number): void => {
    if (peak.tick - lastPeakTick < REFRACTORY_TICKS) return;
    if (isTWave(peak)) return;
    const threshold = thresholdAt(peak.tick);
    const overtaken = riseHeight > OVERTAKEN_BY * peak.height && riseTick - peak.tick < OVERTAKEN_TICKS && peak.height < OVERTAKEN_BELOW;
    if (peak.height >= threshold && !overtaken) {
      accept(peak, saidTick);
      return;
    }
    noiseHeight += (peak.height - noiseHeight) * NOISE_SHARE;
    for (let l = 0; l < leads.length; l++) {
      const q = leads[l]!.qrs;
      q[NOISE_ENERGY] = q[NOISE_ENERGY]! + (energyNear(l, peak.tick) - q[NOISE_ENERGY]!) * NOISE_SHARE;
      weigh(leads[l]!);
    }
    rejected = [...rejected.slice(-7), peak];
  };

  const searchBack = (tick: number): void => {
    if (distances.length < 2 || tick - lastBeatTick < SEARCH_AFTER * meanDistance() + SHAPE_AFTER) return;
    // The peaks that were refused for long may be beats that changed: what they did to the noise does not count then.
    const noise = tick - lastBeatTick < SEARCH_CALM_TICKS ? noiseHeight : Math.min(noiseHeight, noiseAtBeat, NOISE_CEILING * beatHeight);
    const threshold = SEARCH_SHARE * (noise + THRESHOLD_SHARE * (beatHeight - noise));
    let best: Peak | undefined;
    for (const peak of rejected) {
      if (peak.tick - lastPeakTick < T_WAVE_TICKS || tick - peak.tick > 400) continue;
      if (peak.height > threshold && peak.height > SEARCH_NOISE * noise && (best === undefined || peak.height > best.height)) best = peak;
    }
    if (best !== undefined) {
      energyFrom = Math.max(0, base + Math.min(best.tick, tick) - 80);
      energies = leads.map(({ line }) => qrsEnergy(line, energyFrom, base + to));
      const later = rejected.filter((peak) => peak.tick > best.tick);
      accept(best, tick);
      rejected = later;
    }
  };

  const hear = (tick: number, saidTick: number): void => {
    const height = heightAt(tick);
    if (height > riseHeight) {
      riseHeight = height;
      riseTick = tick;
    } else if (height < 0.6 * riseHeight || tick - riseTick > 24) {
            const before = waiting.at(-1);
      if (before !== undefined && riseTick - before.tick < REFRACTORY_TICKS) {
        if (riseHeight > before.height) waiting[waiting.length - 1] = locate(riseTick, riseHeight);
      } else if (riseHeight > 0.05) waiting.push(locate(riseTick, riseHeight));
      riseHeight = height;
      riseTick = tick;
    }
    const first = waiting[0];
    if (first !== undefined && tick >= first.rTick + SHAPE_AFTER - 1) {
      waiting = waiting.slice(1);
      decide(first, saidTick);
    } else if (rejected.length > 0) searchBack(tick);
  };

  for (let tick = from; tick < to; tick++) {
    const silentFor = tick - Math.max(lastBeatTick, LEARN_TICKS - RELEARN_AFTER_TICKS);
    if (silentFor >= RELEARN_AFTER_TICKS && (silentFor - RELEARN_AFTER_TICKS) % RELEARN_EVERY_TICKS === 0) relearn(tick);
    if (!learned) {
      if (tick + 1 < LEARN_TICKS) continue;
      learn(tick);
      for (let early = 0; early <= tick; early++) hear(early, tick);
      continue;
    }
    for (let l = 0; l < leads.length; l++) {
      const q = leads[l]!.qrs;
      q[DUTY] =
        q[DUTY]! + (Math.min(1.5, energies[l]![base + tick - energyFrom]! / q[BEAT_ENERGY]!) - q[DUTY]!) * DUTY_SHARE;
    }
    hear(tick, tick);
  }
  return {
    learned,
    riseTick,
    riseHeight,
    waiting,
    rejected,
    lastPeakTick,
    lastBeatTick,
    beatHeight,
    noiseHeight,
    noiseAtBeat,
    distances,
    bestLead,
  };
};

export { SHAPE_BEFORE };
