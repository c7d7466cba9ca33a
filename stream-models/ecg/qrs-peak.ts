import { ENERGY_DELAY_TICKS } from './qrs-energy.ts';
import { AROUND_TICKS, BEAT_ENERGY, isHeardAt, isUsableAt, type LeadView, POLARITY, WEIGHT } from './qrs-lead.ts';

/** A peak of what all leads say together: perhaps a beat. */
export interface Peak {
  /** Where its energy is highest, and that height. */
  readonly tick: number;
  readonly height: number;
  /** Where its R peak is, in which lead, and how high above the line before it. */
  readonly rTick: number;
  readonly lead: number;
  readonly amplitudeMv: number;
}

// Chosen on mitdb-ds1, see qrs-detector.ts.

/** A lead may look so many times like its usual beat at most: one loud lead must not outvote the others. */
const HEIGHT_MAX = 1.4;
/** A lead that speaks alone counts for so much. */
const SOLO_SHARE = 0.5;
/** Another lead is taken for the R peak only where it is so many times better. */
const BEST_LEAD_BY = 1.4;
/** The level from which the R peak is measured: the mean of 48 ms that begin 144 ms before the middle of the complex. */
const LEVEL_BEFORE_TICKS = 36;
const LEVEL_TICKS = 12;
/** A peak on the lead's usual side counts so many times. */
const USUAL_POLARITY = 1.3;

/**
 * How much all leads together look like a beat, 1 = as usual: a mean in which leads that agree count more than one
 * alone. A lead that usually can be believed may also speak for itself, if the others fell silent.
 */
export const heightAt = (leads: readonly LeadView[], index: number): number => {
  let sum = 0;
  let weights = 0;
  let solo = 0;
  let most = 0;
  for (let l = 0; l < leads.length; l++) {
    const lead = leads[l]!;
    if (!isHeardAt(lead, index)) continue;
    const weight = lead.qrs[WEIGHT]!;
    const height = Math.min(lead.energy[index - lead.energyFrom]! / lead.qrs[BEAT_ENERGY]!, HEIGHT_MAX);
    sum += weight * Math.sqrt(height);
    weights += weight;
    solo = Math.max(solo, weight * height);
    most = Math.max(most, weight);
  }
  if (weights === 0) return 0;
  const root = sum / weights;
  return Math.max(root * root, (SOLO_SHARE * solo) / most);
};

const meritOf = (lead: LeadView, index: number): number => (isUsableAt(lead, index) ? lead.qrs[WEIGHT]! : -1);

/** The lead to look for the R peak in: the one that was, unless another is clearly better. */
const betterLead = (leads: readonly LeadView[], index: number, before: number): number => {
  let best = before;
  for (let l = 0; l < leads.length; l++)
    if (meritOf(leads[l]!, index) > BEST_LEAD_BY * meritOf(leads[best]!, index)) best = l;
  return best;
};

/**
 * Finds the R peak below a peak of energy, in the best lead: the highest point, for choice on the usual side. `base` is
 * the index of tick 0, `bestLead` the lead that was best before.
 */
export const locatePeak = (
  leads: readonly LeadView[],
  base: number,
  bestLead: number,
  tick: number,
  height: number,
): Peak => {
  const index = base + tick;
  const lead = betterLead(leads, index, bestLead);
  const { line, qrs } = leads[lead]!;
  const middle = index - ENERGY_DELAY_TICKS;
  let level = 0;
  let heard = 0;
  for (let i = Math.max(0, middle - LEVEL_BEFORE_TICKS); i < middle - LEVEL_BEFORE_TICKS + LEVEL_TICKS; i++) {
    const x = line[i]!;
    if (Number.isNaN(x)) continue;
    level += x;
    heard++;
  }
  if (heard > 0) level /= heard;
  let r = middle;
  let most = -1;
  for (let i = Math.max(0, middle - AROUND_TICKS); i <= middle + AROUND_TICKS; i++) {
    const away = line[i]! - level;
    const counts = Math.abs(away) * (away * qrs[POLARITY]! > 0 ? USUAL_POLARITY : 1);
    if (counts > most) {
      most = counts;
      r = i;
    }
  }
  const amplitudeMv = most < 0 ? 0 : line[r]! - level;
  return { tick, height, rTick: r - base, lead, amplitudeMv };
};
