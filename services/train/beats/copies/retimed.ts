/**
 * A recording with another rhythm: the same patient's beats at other distances, with other P waves. Few patients have
 * supraventricular beats, and each has its own; so regular stretches of every recording are given some (`rhythm-plan.ts`).
 *
 * Signal between the T wave and the P wave is taken out, or played back and forth to be longer; everything else is the
 * patient's own.
 */

import type { Dice } from '../../../../stream-models/dice.ts';
import type { TimedBeat } from '../../../../stream-models/evaluation/ec57.ts';
import type { EcgLead } from '../../../recordings/leads.ts';
import type { Reference } from '../../beat-sequences/beat-sequence.ts';
import { broaden, type Focus, someFocus } from './broadened.ts';
import type { PrematureBeats } from './ectopy.ts';
import { otherRhythm, type RhythmPlan } from './rhythm-plan.ts';
import { ventricularAnywhere } from './ventricular-plan.ts';

export interface Retimed {
  readonly leads: readonly EcgLead[];
  readonly reference: Reference;
}

/** Signal is taken out or put in so long before the R peak, where the P wave has not begun. */
const BEFORE_P_S = 0.24;
/** And never nearer than this to the R peak before. */
const AFTER_R_S = 0.2;
/** Where parts meet they are blended over this time. */
const BLEND_S = 0.06;
const P_FROM_S = 0.24;
const P_TO_S = 0.05;

/** Leaves the P wave before a beat `gain` times as high, about the line through its ends. */
const withP = (samples: Float32Array, r: number, rateHz: number, gain: number): void => {
  const from = Math.round(r - P_FROM_S * rateHz);
  const to = Math.round(r - P_TO_S * rateHz);
  if (from < 0 || to >= samples.length) return;
  const first = samples[from]!;
  const rise = (samples[to]! - first) / (to - from);
  for (let i = from; i <= to; i++) {
    const line = first + rise * (i - from);
    samples[i] = line + gain * (samples[i]! - line);
  }
};

/** One beat's distance made longer or shorter: where in the source each sample of the result comes from. */
interface Cut {
  /** Samples of the source before this place stay, then `longer` samples are put in (or taken out before it). */
  readonly at: number;
  readonly longer: number;
}

const cutsOf = (beats: readonly TimedBeat[], plan: RhythmPlan, rateHz: number): readonly Cut[] => {
  const cuts: Cut[] = [];
  for (const [i, { longerS }] of [...plan].sort(([a], [b]) => a - b)) {
    const r = beats[i]!.atSeconds * rateHz;
    const before = beats[i - 1]!.atSeconds * rateHz;
    const at = Math.round(r - Math.min(BEFORE_P_S * rateHz, 0.4 * (r - before)));
    const free = Math.max(0, Math.floor(at - before - AFTER_R_S * rateHz));
    cuts.push({ at, longer: Math.max(-free, Math.round(longerS * rateHz)) });
  }
  return cuts;
};

const applyCuts = (samples: Float32Array, cuts: readonly Cut[], rateHz: number): Float32Array => {
  const whole = new Float32Array(samples.length + cuts.reduce((sum, { longer }) => sum + longer, 0));
  const blend = Math.round(BLEND_S * rateHz);
  let read = 0;
  let written = 0;
  for (const { at, longer } of cuts) {
    const end = Math.min(at, at + longer);
    whole.set(samples.subarray(read, end), written);
    written += end - read;
    if (longer < 0) {
      // The last samples before the hole pass over into those before its other side.
      for (let k = 1; k <= blend && written - k >= 0; k++) {
        const share = 0.5 * (1 + Math.cos((Math.PI * k) / blend));
        whole[written - k] = (1 - share) * whole[written - k]! + share * samples[at - k]!;
      }
    } else {
      const half = longer >> 1;
      for (let k = 0; k < longer; k++)
        whole[written++] = samples[Math.max(0, at - 1 - (k < half ? k : longer - 1 - k))]!;
    }
    read = at;
  }
  whole.set(samples.subarray(read), written);
  return whole;
};

/** The recording with another rhythm, from the dice. Beats that are not normal stay what they are. */
export const retimed = (
  leads: readonly EcgLead[],
  rateHz: number,
  reference: Reference,
  dice: Dice,
  { foci = 0, premature = 'seldom' }: { readonly foci?: number; readonly premature?: PrematureBeats } = {},
): Retimed =>
  planned(leads, rateHz, reference, dice, otherRhythm(reference.beats, dice, someFoci(foci, leads, dice), premature));

/** The recording with ventricular beats of `foci` foci (at least one) anywhere, whatever its rhythm is, from the dice. */
export const withVentricular = (
  leads: readonly EcgLead[],
  rateHz: number,
  reference: Reference,
  dice: Dice,
  foci: number,
): Retimed =>
  planned(leads, rateHz, reference, dice, ventricularAnywhere(reference.beats, dice, someFoci(foci, leads, dice)));

const someFoci = (count: number, leads: readonly EcgLead[], dice: Dice): readonly Focus[] =>
  Array.from({ length: count }, () => someFocus(leads.length, dice));

const planned = (
  leads: readonly EcgLead[],
  rateHz: number,
  { beats, excluded }: Reference,
  dice: Dice,
  plan: RhythmPlan,
): Retimed => {
  const cuts = cutsOf(beats, plan, rateHz);
  // By how much the signal has moved from a place of the source on.
  const movedBy = (seconds: number): number => {
    let sum = 0;
    for (const { at, longer } of cuts) if (at <= seconds * rateHz) sum += longer;
    return sum / rateHz;
  };
  return {
    leads: leads.map(({ code, samplesMv }, lead) => {
      const changed = samplesMv.slice();
      for (const [i, { pGain, focus }] of plan) {
        const r = beats[i]!.atSeconds * rateHz;
        if (focus !== undefined) broaden(changed, r, rateHz, focus, lead, dice);
        else if (pGain !== 1) withP(changed, r, rateHz, pGain);
      }
      return { code, samplesMv: applyCuts(changed, cuts, rateHz) };
    }),
    reference: {
      beats: beats.map((beat, i) => ({
        atSeconds: beat.atSeconds + movedBy(beat.atSeconds),
        class: plan.get(i)?.class ?? beat.class,
      })),
      excluded: excluded.map(({ fromSeconds, toSeconds }) => ({
        fromSeconds: fromSeconds + movedBy(fromSeconds),
        toSeconds: Number.isFinite(toSeconds) ? toSeconds + movedBy(toSeconds) : toSeconds,
      })),
    },
  };
};
