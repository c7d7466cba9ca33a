import { ECG_RATE_HZ, type LeadProgress } from '../ecg/sighting.ts';

/** The newest seconds of one lead, as they came. */
export interface RecentLead {
  readonly code: number;
  /** Stretches of samples, oldest first. They are never changed, so remembering costs no copy. */
  readonly stretches: readonly Float32Array[];
}

/** Stretches of 250 ms in a window: four seconds, as monitors and the CinC Challenge 2015 define VF. */
export const WINDOW_STRETCHES = 16;
/** 16 stretches of 62 or 63 samples; the rule of fibrillation was fitted on 1,000. */
const WINDOW_SAMPLES = 4 * ECG_RATE_HZ;

/** The leads after one more stretch of each; a lead that is not among the newest is forgotten. */
export const withStretches = (leads: readonly RecentLead[], newest: readonly LeadProgress[]): readonly RecentLead[] =>
  newest.map(({ code, samplesMv }) => {
    const before = leads.find((lead) => lead.code === code)?.stretches ?? [];
    const stretches = before.slice(1 - WINDOW_STRETCHES);
    stretches.push(samplesMv);
    return { code, stretches };
  });

/** Room for the usual whole window, made once: anew for each look it costs more than filling it. */
const wholeWindow = new Float64Array(WINDOW_SAMPLES);

/** The newest samples of a lead (mV at 250 Hz), at most four seconds of them. What is answered holds until the next call. */
export const windowOf = ({ stretches }: RecentLead): Float64Array => {
  let length = 0;
  for (const stretch of stretches) length += stretch.length;
  const window = length >= WINDOW_SAMPLES ? wholeWindow : new Float64Array(length);
  let at = window.length - length;
  for (const stretch of stretches) {
    // What lies before the window is left out.
    window.set(at < 0 ? stretch.subarray(Math.min(-at, stretch.length)) : stretch, Math.max(0, at));
    at += stretch.length;
  }
  return window;
};
