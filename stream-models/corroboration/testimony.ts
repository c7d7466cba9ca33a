import { signalOf } from '../../schemas/codes.ts';
import type { Moment } from '../../schemas/units.ts';
import type { TestimonyWord } from '../../schemas/words.ts';
import type { AlarmKind } from './claim.ts';
import { type LeadView, leadViews } from './lead-view.ts';
import { type PulseView, pulseViews } from './pulse-view.ts';
import { BEAT_LATE_S, PULSE_LATE_S, WINDOW_S } from './scale.ts';
import { fastestOver, longestGap, slowestOver } from './series.ts';
import type { WitnessMemory } from './witness.ts';

/** What one signal says of an alarm's claim, by the claim's own definition and for a person to read. */
export interface Testimony {
  /** As on the screen, for example "II" or "PLETH". */
  readonly signal: string;
  readonly code: number;
  readonly says: TestimonyWord;
  /** In a few words, for example "no beat for 5.2 s". */
  readonly because: string;
}

type Said = Pick<Testimony, 'says' | 'because'>;

/** A lead or pulse worse than this says nothing. */
const LEAD_QUALITY_MIN = 0.25;
const PULSE_WORTH_MIN = 0.35;
// Between what speaks for and what speaks against lies a margin in which a signal says nothing. Each pair lies about the definition
// of the alarm (claim.ts), the first on its side with room for the measuring.
/** The longest gap without a beat, seconds: a standstill is 4 s. */
const STILL_S = 3.7;
const MOVING_S = 3;
/** The slowest rate over five beats, per minute: extreme bradycardia is under 40. */
const SLOW = 42;
const NOT_SLOW = 47;
/** The fastest rate over seventeen beats, per minute: extreme tachycardia is over 140. */
const FAST = 136;
const NOT_FAST = 125;
/** How strange five beats in a fast row are beside the lead's own normal (beats/norms.ts): VT is five ventricular beats. */
const STRANGE_FIVE = 0.4;
const USUAL_FIVE = 0.2;

const nothing = (because: string): Said => ({ says: 'nothing', because });
const whole = (rate: number): string => `${Math.round(rate)}/min`;

const onGap = (gap: number, what: string): Said => {
  const because =
    gap >= MOVING_S ? `no ${what} for ${gap.toFixed(1)} s` : `a ${what} at least every ${gap.toFixed(1)} s`;
  return { says: gap >= STILL_S ? 'for' : gap < MOVING_S ? 'against' : 'nothing', because };
};

const onSlow = (times: readonly number[]): Said => {
  const rate = slowestOver(times, 5, -WINDOW_S, 0);
  if (rate === undefined) return nothing('too few beats');
  return { says: rate < SLOW ? 'for' : rate > NOT_SLOW ? 'against' : 'nothing', because: `slowest 5: ${whole(rate)}` };
};

const onFast = (times: readonly number[]): Said => {
  const rate = fastestOver(times, 17, -WINDOW_S, 0) ?? fastestOver(times, 9, -WINDOW_S, 0);
  if (rate === undefined) return nothing('too few beats');
  return { says: rate > FAST ? 'for' : rate < NOT_FAST ? 'against' : 'nothing', because: `fastest 17: ${whole(rate)}` };
};

const ofLead = (kind: AlarmKind, lead: LeadView): Said => {
  // A still line is of no quality; that is no reason to leave a standstill unsaid.
  if (lead.quality < LEAD_QUALITY_MIN && kind !== 'asystole') return nothing('poor signal');
  const times = lead.beats.map(({ at }) => at);
  switch (kind) {
    case 'asystole':
      return lead.isBlind ? nothing('no signal') : onGap(longestGap(times, -WINDOW_S, 0, BEAT_LATE_S), 'beat');
    case 'extreme-brady':
      return onSlow(times);
    case 'extreme-tachy':
      return onFast(times);
    case 'vt': {
      const five = lead.rows['five']!;
      if (five > STRANGE_FIVE) return { says: 'for', because: 'five beats of another shape in a fast row' };
      return five < USUAL_FIVE ? { says: 'against', because: 'beats of the usual shape' } : nothing('unclear shapes');
    }
    case 'vf': {
      const logit = lead.wave['fibrillation2']!;
      if (logit > 0) return { says: 'for', because: 'fibrillatory waves' };
      return logit < -1 ? { says: 'against', because: 'no fibrillatory waves' } : nothing('unclear waves');
    }
  }
};

const ofPulse = (kind: AlarmKind, pulse: PulseView): Said => {
  if (pulse.worth < PULSE_WORTH_MIN && kind !== 'asystole') return nothing('poor signal');
  const times = pulse.pulses.map(({ at }) => at);
  switch (kind) {
    case 'asystole': {
      const said = onGap(longestGap(times, -WINDOW_S, 0, PULSE_LATE_S), 'pulse');
      // A live pulse refutes a standstill; a missing one may be the sensor's.
      return said.says === 'for' || pulse.worth < PULSE_WORTH_MIN ? nothing(said.because) : said;
    }
    case 'extreme-brady':
      return onSlow(times);
    case 'extreme-tachy':
      return onFast(times);
    default: {
      const { living, livingGap } = pulse.measures;
      const gapS = 4 * Math.exp(livingGap!);
      if (living! > 0.8 && gapS < 2) return { says: 'against', because: 'strong, even pulses' };
      return nothing('weak or uneven pulses');
    }
  }
};

const labelOf = (code: number): string => signalOf(code)?.label ?? `ECG ${code}`;

/** What every signal of a bed says of an alarm of this kind that rings at `at`: leads first, then pulses. */
export const testimonies = (memory: WitnessMemory, kind: AlarmKind, at: Moment): readonly Testimony[] => [
  ...leadViews(memory, at).map((lead) => ({ signal: labelOf(lead.code), code: lead.code, ...ofLead(kind, lead) })),
  ...pulseViews(memory, at).map((pulse) => ({
    signal: labelOf(pulse.code),
    code: pulse.code,
    ...ofPulse(kind, pulse),
  })),
];
