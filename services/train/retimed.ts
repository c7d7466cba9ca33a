/**
 * A recording with another rhythm: the same patient's beats at other distances, with other P waves. Few patients have
 * supraventricular beats, and each has its own; so regular stretches of every recording are given premature atrial beats,
 * runs of them, atrial fibrillation, and paces that change (which are no such beats).
 *
 * Signal between the T wave and the P wave is taken out, or played back and forth to be longer; everything else is the
 * patient's own.
 */
import type { TimedBeat } from '../../stream-models/evaluation/ec57.ts';
import type { Dice } from '../../stream-models/network/seeded.ts';
import type { Reference } from './beat-sequence.ts';
import { broaden, type Focus, someFocus } from './broadened.ts';
import { type PrematureBeats, someEctopy } from './ectopy.ts';
import type { HeardLead } from './hear-record.ts';

/** What becomes of one beat. */
interface Change {
  /** Seconds that its distance to the beat before becomes longer (or shorter, below 0). */
  readonly longerS: number;
  /** What its P wave is multiplied with. */
  readonly pGain: number;
  readonly class: TimedBeat['class'];
  /** A ventricular focus that takes the beat over. */
  readonly focus?: Focus;
}

export interface Retimed {
  readonly leads: readonly HeardLead[];
  readonly reference: Reference;
}

/** A beat may be moved when it and its neighbours are normal and the rhythm is even. */
const EVEN_SHARE = 0.12;
const EVEN_BEATS = 3;
/** Signal is taken out or put in so long before the R peak, where the P wave has not begun. */
const BEFORE_P_S = 0.24;
/** And never nearer than this to the R peak before. */
const AFTER_R_S = 0.2;
/** Where parts meet they are blended over this time. */
const BLEND_S = 0.06;
const P_FROM_S = 0.24;
const P_TO_S = 0.05;

const FIBRILLATION_CHANCE = 0.0015;
const PACE_CHANCE = 0.008;
const VENTRICULAR_CHANCE = 0.05;

/** The P wave of an ectopic focus: smaller, larger, upside down, or as usual. */
const ectopicP = (dice: Dice): number => {
  const kind = dice.unit();
  if (kind < 0.3) return 1;
  if (kind < 0.6) return -1.5 * dice.unit();
  if (kind < 0.85) return 0.6 * dice.unit();
  return 1.3 + 0.7 * dice.unit();
};

const isEvenAt = (beats: readonly TimedBeat[], i: number): boolean => {
  if (i < EVEN_BEATS || i + 1 >= beats.length) return false;
  const own = beats[i]!.atSeconds - beats[i - 1]!.atSeconds;
  for (let k = i - EVEN_BEATS + 1; k <= i + 1; k++) {
    if (beats[k]!.class !== 'N' || beats[k - 1]!.class !== 'N') return false;
    const distance = beats[k]!.atSeconds - beats[k - 1]!.atSeconds;
    if (Math.abs(distance / own - 1) > EVEN_SHARE) return false;
  }
  return true;
};

/** Changes of single beats, by their number. */
const planOf = (
  beats: readonly TimedBeat[],
  dice: Dice,
  foci: readonly Focus[],
  often: PrematureBeats,
): ReadonlyMap<number, Change> => {
  const plan = new Map<number, Change>();
  const distance = (i: number): number => beats[i]!.atSeconds - beats[i - 1]!.atSeconds;
  const evenFrom = (i: number, most: number): number => {
    let count = 0;
    while (count < most && isEvenAt(beats, i + count)) count++;
    return count;
  };
  const { loneChance, runChance, wobble, varies, pauseMost } = someEctopy(often, dice);
  const premature = (i: number, count: number): number => {
    const share = 0.6 + 0.27 * dice.unit();
    const pGain = ectopicP(dice);
    for (let k = i; k < i + count; k++) {
      const own = (varies ? 0.5 + 0.4 * dice.unit() : share) * (1 + wobble * dice.normal());
      plan.set(k, { longerS: (own - 1) * distance(k), pGain, class: 'S' });
    }
    // What follows comes after a pause: the sinus node was reset.
    const pause = 1 + pauseMost * dice.unit();
    if (i + count < beats.length)
      plan.set(i + count, { longerS: (pause - 1) * distance(i + count), pGain: 1, class: beats[i + count]!.class });
    return count + 1 + dice.below(3);
  };
  const ventricular = (i: number, count: number): number => {
    const focus = foci[dice.below(foci.length)]!;
    const first = 0.45 + 0.5 * dice.unit();
    const then = 0.4 + 0.4 * dice.unit();
    for (let k = i; k < i + count; k++) {
      const share = (k === i ? first : then) * (1 + 0.04 * dice.normal());
      plan.set(k, { longerS: (share - 1) * distance(k), pGain: 0.2 * dice.normal(), class: 'V', focus });
    }
    const pause = 1 + (1 - first) * (0.5 + 0.7 * dice.unit());
    if (i + count < beats.length)
      plan.set(i + count, { longerS: (pause - 1) * distance(i + count), pGain: 1, class: beats[i + count]!.class });
    return count + 1 + dice.below(2);
  };
  const fibrillation = (i: number, count: number): number => {
    const mean = 0.65 + 0.4 * dice.unit();
    for (let k = i; k < i + count; k++) {
      const share = Math.max(0.5, Math.min(1.7, mean * Math.exp(0.2 * dice.normal())));
      plan.set(k, { longerS: (share - 1) * distance(k), pGain: 0.15 * dice.normal(), class: beats[k]!.class });
    }
    return count;
  };
  const otherPace = (i: number, count: number): number => {
    const to = 0.7 + 0.6 * dice.unit();
    const ramp = 4 + dice.below(12);
    for (let k = i; k < i + count; k++) {
      const along = Math.min(1, (k - i + 1) / ramp, (i + count - k) / ramp);
      const share = 1 + (to - 1) * along + 0.02 * dice.normal();
      plan.set(k, { longerS: (share - 1) * distance(k), pGain: 1, class: beats[k]!.class });
    }
    return count;
  };
  for (let i = 1; i < beats.length; ) {
    if (!isEvenAt(beats, i)) {
      i++;
      continue;
    }
    const chance = dice.unit();
    if (chance < loneChance) i += premature(i, 1);
    else if (chance < loneChance + runChance) i += premature(i, evenFrom(i, 2 + Math.floor(40 * dice.unit() ** 3)));
    else if (chance < loneChance + runChance + FIBRILLATION_CHANCE)
      i += fibrillation(i, evenFrom(i, 40 + dice.below(160)));
    else if (chance < loneChance + runChance + FIBRILLATION_CHANCE + PACE_CHANCE)
      i += otherPace(i, evenFrom(i, 15 + dice.below(40)));
    else if (foci.length > 0 && dice.unit() < VENTRICULAR_CHANCE)
      i += ventricular(i, evenFrom(i, dice.unit() < 0.85 ? 1 : 2 + dice.below(5)));
    else i++;
  }
  return plan;
};

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

const cutsOf = (beats: readonly TimedBeat[], plan: ReadonlyMap<number, Change>, rateHz: number): readonly Cut[] => {
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
  leads: readonly HeardLead[],
  rateHz: number,
  { beats, excluded }: Reference,
  dice: Dice,
  { foci = 0, premature = 'seldom' }: { readonly foci?: number; readonly premature?: PrematureBeats } = {},
): Retimed => {
  const plan = planOf(
    beats,
    dice,
    Array.from({ length: foci }, () => someFocus(leads.length, dice)),
    premature,
  );
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
