import type { LeadProgress } from '../ecg/sighting.ts';
import type { LeadLook } from '../fibrillation/fibrillation.ts';
import { type FibrillationFeatures, fibrillationFeatures } from '../fibrillation/fibrillation-features.ts';
import { type RecentLead, WINDOW_STRETCHES, windowOf } from '../fibrillation/recent-leads.ts';

/** What one lead's newest four seconds look like, every number about -2 to 2. */
const LEAD_VIEW = 13;
/** Mean over the leads and how far they are apart, then how the leads are as signals. */
const SIGNALS = 6;
export const WAVE_VIEW = 2 * LEAD_VIEW + SIGNALS;
/** The means, which the bed's own past is compared with. */
export const WAVE_MEANS = LEAD_VIEW;

/** Fewer stretches (250 ms each) than these show nothing: two seconds. */
const STRETCHES_LEAST = 8;

const leadView = (features: FibrillationFeatures): readonly number[] => [
  features.leakage,
  4 * features.crossing - 1,
  2 * features.count2 - 1,
  4 * features.plane - 1,
  4 * features.evenness,
  4 * features.fullness - 1,
  2 * features.periodicity - 1,
  2 * features.powerSlow - 1,
  2 * features.powerMiddle - 1,
  2 * features.power9up - 1,
  Math.log2(Math.min(12, Math.max(0.5, features.peakHz)) / 3),
  2 * features.peakShare - 1,
  Math.max(-2, Math.min(2, 0.7 * Math.log(features.amplitudeMv / 0.7))),
];

/**
 * Writes what the leads look like into `into` from 0 on: WAVE_VIEW numbers, all 0 but the signals' own where no lead shows
 * anything. Answers what was found in whole windows. `leads` are the usable ones with their newest seconds, `signals` all leads of the newest stretch.
 */
export const writeWaveView = (
  leads: readonly RecentLead[],
  signals: readonly LeadProgress[],
  into: Float32Array,
): readonly LeadLook[] => {
  const views: (readonly number[])[] = [];
  const looks: LeadLook[] = [];
  for (const lead of leads) {
    if (lead.stretches.length < STRETCHES_LEAST) continue;
    const features = fibrillationFeatures(windowOf(lead));
    if (features === undefined) continue;
    views.push(leadView(features));
    if (lead.stretches.length === WINDOW_STRETCHES) looks.push({ code: lead.code, features });
  }
  for (let i = 0; i < LEAD_VIEW && views.length > 0; i++) {
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let lead = 0; lead < views.length; lead++) {
      const value = views[lead]![i]!;
      sum += value;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    into[i] = sum / views.length;
    into[LEAD_VIEW + i] = most - least;
  }
  const on = signals.filter(({ off }) => !off);
  const share = (holds: (lead: LeadProgress) => boolean): number =>
    on.length === 0 ? 0 : on.filter(holds).length / on.length;
  const at = 2 * LEAD_VIEW;
  into[at] = views.length > 0 ? 1 : 0;
  into[at + 1] = views.length > 1 ? 1 : 0;
  into[at + 2] = on.reduce((best, { quality }) => Math.max(best, quality), 0);
  into[at + 3] = on.length === 0 ? 0 : on.reduce((sum, { quality }) => sum + quality, 0) / on.length;
  into[at + 4] = share(({ flat }) => flat);
  into[at + 5] = share(({ saturated }) => saturated);
  return looks;
};
