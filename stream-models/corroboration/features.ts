import type { Moment } from '../../schemas/units.ts';
import { jointEvidence } from './joint-view.ts';
import { type LeadView, leadViews, NO_LEAD } from './lead-view.ts';
import { panelEvidence } from './panel.ts';
import { NO_PULSE, type PulseView, pulseViews } from './pulse-view.ts';
import { BEAT_LATE_S, bounded, logRatio, PULSE_LATE_S, WINDOW_S } from './scale.ts';
import { countWithin, fastestOver, irregularityOf, longestGap, slowestOver } from './series.ts';
import type { WitnessMemory } from './witness.ts';

/** Every number that may speak for or against an alarm, by name. */
export type Evidence = Readonly<Record<string, number>>;

/** Rates and gaps of one series, as the definitions of the alarms ask for them. */
const ofSeries = (name: string, times: readonly number[], lateS: number): Record<string, number> => {
  const gap = longestGap(times, -WINDOW_S, 0, lateS);
  const slow = slowestOver(times, 5, -WINDOW_S, 0);
  // While the next beat is overdue the rate is falling, though no beat has said so yet.
  const open = times.length >= 4 ? 240 / Math.max(0.1, -lateS - times.at(-4)!) : 240;
  const slowest = Math.min(slow ?? 20, open);
  return {
    [`${name}.gap`]: bounded(logRatio(gap, 4), 2),
    [`${name}.slow5`]: bounded(logRatio(slowest, 40), 1.5),
    [`${name}.fast17`]: bounded(logRatio(fastestOver(times, 17, -WINDOW_S, 0) ?? 40, 140), 1.2),
    [`${name}.fast5`]: bounded(logRatio(fastestOver(times, 5, -WINDOW_S, 0) ?? 40, 100), 1.2),
    [`${name}.rate10`]: bounded(logRatio(6 * countWithin(times, -10, 0), 80), 2),
    [`${name}.irregular`]: irregularityOf(times, -10, 0),
  };
};

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of each name: the best lead's value, the least, the greatest, and the mean. */
const together = (
  prefix: string,
  each: readonly Record<string, number>[],
  best: number,
  into: Record<string, number>,
): void => {
  for (const name of Object.keys(each[0] ?? {})) {
    const values = each.map((one) => one[name]!);
    into[`${prefix}.best.${name}`] = values[best]!;
    into[`${prefix}.least.${name}`] = Math.min(...values);
    into[`${prefix}.most.${name}`] = Math.max(...values);
    into[`${prefix}.mean.${name}`] = meanOf(values);
  }
};

const ofLead = (lead: LeadView): Record<string, number> => ({
  ...ofSeries(
    'own',
    lead.beats.map(({ at }) => at),
    BEAT_LATE_S,
  ),
  ...lead.wave,
  ...lead.rows,
  quality: lead.quality,
});

const ofPulse = (pulse: PulseView): Record<string, number> => ({
  ...ofSeries(
    'own',
    pulse.pulses.map(({ at }) => at),
    PULSE_LATE_S,
  ),
  ...pulse.measures,
});

const bestOf = <T>(all: readonly T[], worth: (one: T) => number): number => {
  let best = 0;
  for (let i = 1; i < all.length; i++) if (worth(all[i]!) > worth(all[best]!)) best = i;
  return best;
};

/** The longest row of beats in the last seconds that the network called ventricular, and how sure the surest five are. */
const ofVotes = (memory: WitnessMemory, at: Moment): Record<string, number> => {
  const beats = memory.beats
    .map((beat) => ({ at: (beat.at - at) / 1e6, v: beat.ventricular ?? 0 }))
    .filter((beat) => beat.at > -WINDOW_S);
  let row = 0;
  let longest = 0;
  let surest = 0;
  for (let i = 0; i < beats.length; i++) {
    row = beats[i]!.v >= 0.5 ? row + 1 : 0;
    longest = Math.max(longest, row);
    if (i < 4) continue;
    const five = beats.slice(i - 4, i + 1);
    const rate = 240 / Math.max(0.1, five[4]!.at - five[0]!.at);
    if (rate >= 90) surest = Math.max(surest, meanOf(five.map(({ v }) => v)));
  }
  return { 'vote.row': Math.min(8, longest) / 5, 'vote.five': surest };
};

/** The network of rhythm speaks of the ten seconds that the definitions look at, and of the one in which they began. */
const JUDGED_S = 11;
/** Where a network says 0 or 1 it is no surer than this. */
const SUREST = 0.997;
/** So many seconds in a row are looked at together. */
const IN_A_ROW = 3;

const oddsOf = (probability: number): number => {
  const within = Math.min(SUREST, Math.max(1 - SUREST, probability));
  return Math.log(within / (1 - within)) / 3;
};

/** Has the network of rhythm said anything of the last seconds? */
export const hasRhythmWords = (evidence: Evidence): boolean => evidence['words.redMost'] !== undefined;

/** What the network of rhythm said in the last seconds; nothing where it said nothing. */
const ofJudgedSeconds = ({ seconds }: WitnessMemory, at: Moment): Record<string, number> => {
  const said = seconds.filter((second) => second.at > at - JUDGED_S * 1e6 && second.at <= at);
  if (said.length === 0) return {};
  const reds = said.map(({ red }) => red);
  const rows = reds.map((_, i) => meanOf(reds.slice(Math.max(0, i - IN_A_ROW + 1), i + 1)));
  return {
    'words.redMost': oddsOf(Math.max(...reds)),
    'words.redRow': oddsOf(Math.max(...rows.slice(Math.min(IN_A_ROW, rows.length) - 1))),
    'words.redMean': oddsOf(meanOf(reds)),
    'words.noiseMean': oddsOf(meanOf(said.map(({ noise }) => noise))),
  };
};

/**
 * The evidence on an alarm that rings at `at`, from what every signal did in the seconds before. Rates and gaps are
 * logarithms of their ratio to what the alarm's definition asks for (gap 4 s, slow 40/min over 5 beats, fast 140/min over
 * 17, ventricular 100/min over 5), so that 0 is the definition.
 */
export const evidenceAt = (memory: WitnessMemory, at: Moment): Evidence => {
  const leads = leadViews(memory, at);
  const pulses = pulseViews(memory, at);
  const votes = memory.beats.map((beat) => (beat.at - at) / 1e6);
  const evidence: Record<string, number> = {
    ...ofSeries('vote', votes, BEAT_LATE_S),
    ...ofVotes(memory, at),
    ...ofJudgedSeconds(memory, at),
  };
  together(
    'lead',
    leads.length > 0 ? leads.map(ofLead) : [ofLead(NO_LEAD)],
    bestOf(leads, ({ quality }) => quality),
    evidence,
  );
  together(
    'pulse',
    pulses.length > 0 ? pulses.map(ofPulse) : [ofPulse(NO_PULSE)],
    bestOf(pulses, ({ worth }) => worth),
    evidence,
  );
  const voted = memory.beats.map((beat) => ({ at: (beat.at - at) / 1e6, ventricular: beat.ventricular ?? 0 }));
  return { ...evidence, ...panelEvidence(leads, pulses, votes), ...jointEvidence(leads, voted) };
};
