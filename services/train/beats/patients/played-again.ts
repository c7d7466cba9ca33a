/** A short recording played over and over, so that a bed's own normal and the state of a network can settle. */
import type { TimedBeat } from '../../../../stream-models/evaluation/ec57.ts';
import type { EcgLead } from '../../../recordings/leads.ts';

export interface Played {
  readonly leads: readonly EcgLead[];
  readonly beats: readonly TimedBeat[];
}

/** The first beats, where the detector still learns, and the last one are left out. */
const FIRST_BEATS = 2;
const LAST_BEATS = 1;
/** Where the end meets the beginning they are blended over this time. */
const BLEND_S = 0.06;

/**
 * Plays the stretch from half way between two beats to half way between two others until `atLeastS` seconds are full. `beats`
 * are all that were found, in order, times in seconds; at least five. Samples that are missing become 0 mV.
 */
export const playedAgain = (
  leads: readonly EcgLead[],
  rateHz: number,
  beats: readonly TimedBeat[],
  atLeastS: number,
): Played => {
  const between = (i: number): number => Math.round(((beats[i - 1]!.atSeconds + beats[i]!.atSeconds) / 2) * rateHz);
  const from = between(FIRST_BEATS);
  const length = between(beats.length - LAST_BEATS) - from;
  const own = beats.slice(FIRST_BEATS, beats.length - LAST_BEATS);
  const times = Math.ceil((atLeastS * rateHz) / length);
  return {
    leads: leads.map(({ code, samplesMv }) => ({
      code,
      samplesMv: overAndOver(samplesMv, from, length, times, rateHz),
    })),
    beats: Array.from({ length: times }, (_, time) =>
      own.map(({ atSeconds, class: name }) => ({
        atSeconds: atSeconds + (time * length - from) / rateHz,
        class: name,
      })),
    ).flat(),
  };
};

const overAndOver = (
  samples: Float32Array,
  from: number,
  length: number,
  times: number,
  rateHz: number,
): Float32Array => {
  const whole = new Float32Array(times * length);
  for (let i = 0; i < whole.length; i++) {
    const sample = samples[from + (i % length)]!;
    whole[i] = Number.isNaN(sample) ? 0 : sample;
  }
  const blend = Math.min(from, Math.round(BLEND_S * rateHz));
  for (let seam = length; seam < whole.length; seam += length)
    for (let k = 1; k <= blend; k++) {
      // The last samples before the seam pass over into those before its other side.
      const share = 0.5 * (1 + Math.cos((Math.PI * k) / blend));
      const before = samples[from - k]!;
      whole[seam - k] = (1 - share) * whole[seam - k]! + share * (Number.isNaN(before) ? 0 : before);
    }
  return whole;
};
