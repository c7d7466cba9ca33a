import { type Moment, moment } from '../../schemas/units.ts';
import { irregularityOf, middleOf } from './series.ts';
import type { PulseWitness, WitnessMemory } from './witness.ts';

/** One pulse signal as an alarm's judge sees it: seconds before the alarm (negative), newest last. */
export interface PulseView {
  readonly code: number;
  readonly pulses: readonly { readonly at: number; readonly strength: number; readonly likeness: number }[];
  readonly measures: Readonly<Record<string, number>>;
  /** How much this signal is to be believed: good samples, and waves that look alike. 0 … 1. */
  readonly worth: number;
}

const RECENT_S = 10;
/** A wave so much like the usual one, and so high, is a heartbeat that moved blood. */
const ALIKE = 0.8;
const STRONG = 0.35;

const clamped = (value: number, most: number): number => Math.max(0, Math.min(most, value));

const viewOf = (witness: PulseWitness, at: Moment): PulseView => {
  const pulses = witness.pulses.map((pulse) => ({ ...pulse, at: (pulse.at - at) / 1e6 }));
  const recent = pulses.filter((pulse) => pulse.at > -RECENT_S);
  const seconds = witness.seconds.filter((second) => second.at > at - RECENT_S * 1e6 - 1e5);
  let quality = 0;
  let worst = 1;
  let leastSwing = 2;
  for (const second of seconds) {
    quality += second.quality / RECENT_S;
    worst = Math.min(worst, second.quality);
    if (witness.usualSwing > 0) leastSwing = Math.min(leastSwing, second.swing / witness.usualSwing);
  }
  const likeness = middleOf(recent.map((pulse) => pulse.likeness)) ?? 0;
  const strengths = recent.map(({ strength }) => clamped(strength, 2));
  const living = recent.filter((pulse) => pulse.likeness >= ALIKE && pulse.strength >= STRONG);
  const times = living.map((pulse) => pulse.at);
  const gaps = [...times, -0.45].map((time, i) => time - (i === 0 ? -RECENT_S : times[i - 1]!));
  const worth = quality * clamped(likeness, 1) * (1 - irregularityOf(times, -RECENT_S, 0));
  return {
    code: witness.code,
    pulses,
    worth,
    measures: {
      quality,
      worst: seconds.length < RECENT_S ? 0 : worst,
      likeness: clamped(likeness, 1),
      leastLikeness: recent.length === 0 ? 0 : clamped(Math.min(...recent.map((pulse) => pulse.likeness)), 1),
      strength: middleOf(strengths) ?? 0,
      leastStrength: strengths.length === 0 ? 0 : Math.min(...strengths),
      living: living.length / Math.max(1, recent.length),
      livingGap: Math.log(Math.max(0.25, ...gaps) / 4),
      leastSwing: seconds.length === 0 ? 0 : clamped(leastSwing, 2),
      worth,
    },
  };
};

/** What is seen where there is no pulse signal at all. */
export const NO_PULSE: PulseView = viewOf({ code: 0, pulses: [], seconds: [], usualSwing: 0 }, moment(0));

/** A pulse signal of which nothing was heard for so long says nothing, not even that there is no pulse. */
const HEARD_WITHIN_US = 3e6;

export const pulseViews = (memory: WitnessMemory, at: Moment): readonly PulseView[] =>
  memory.pulseWitnesses
    .filter(({ seconds }) => (seconds.at(-1)?.at ?? 0) > at - HEARD_WITHIN_US)
    .map((witness) => viewOf(witness, at));
