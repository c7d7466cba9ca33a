import type { Moment } from '../../schemas/units.ts';
import { jointEvidence } from './joint-view.ts';
import { type LeadView, leadViews, NO_LEAD } from './lead-view.ts';
import { NO_PULSE, type PulseView, pulseViews } from './pulse-view.ts';
import { countWithin, fastestOver, irregularityOf, longestGap, slowestOver } from './series.ts';
import type { WitnessMemory } from './witness.ts';

/** A beat or pulse is known so long after it came. */
const BEAT_LATE_S = 0.3;
const PULSE_LATE_S = 0.45;
/** What an alarm rings for began at most 10 s before; what it is made of may reach a little farther back. */
const WINDOW_S = 14;

/** Every number that may speak for or against an alarm, by name. */
export type Evidence = Readonly<Record<string, number>>;

const log = (value: number, unit: number): number => Math.log(Math.max(1e-3, value) / unit);
const bounded = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** Rates and gaps of one series, as the definitions of the alarms ask for them. */
const ofSeries = (name: string, times: readonly number[], lateS: number): Record<string, number> => {
  const gap = longestGap(times, -WINDOW_S, 0, lateS);
  const slow = slowestOver(times, 5, -WINDOW_S, 0);
  // While the next beat is overdue the rate is falling, though no beat has said so yet.
  const open = times.length >= 4 ? 240 / Math.max(0.1, -lateS - times.at(-4)!) : 240;
  const slowest = Math.min(slow ?? 20, open);
  return {
    [`${name}.gap`]: bounded(log(gap, 4), 2),
    [`${name}.slow5`]: bounded(log(slowest, 40), 1.5),
    [`${name}.fast17`]: bounded(log(fastestOver(times, 17, -WINDOW_S, 0) ?? 40, 140), 1.2),
    [`${name}.fast5`]: bounded(log(fastestOver(times, 5, -WINDOW_S, 0) ?? 40, 100), 1.2),
    [`${name}.rate10`]: bounded(log(6 * countWithin(times, -10, 0), 80), 2),
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

/** A witness is believed by itself from here on. */
const LEAD_GOOD = 0.3;
const PULSE_GOOD = 0.45;
const USUAL = 0.4;
const ALIVE_LIKENESS = 0.8;
const ALIVE_STRENGTH = 0.35;

const mostOf = (values: readonly number[], otherwise: number): number =>
  values.length === 0 ? otherwise : Math.max(...values);
const leastOf = (values: readonly number[], otherwise: number): number =>
  values.length === 0 ? otherwise : Math.min(...values);

/**
 * What the panel of all good witnesses says together: the one that denies the claim most clearly decides. Beats of another
 * shape than the patient's own (pacing without capture, movement) and pulses unlike the usual ones deny no standstill.
 */
const ofPanel = (
  leads: readonly LeadView[],
  pulses: readonly PulseView[],
  votes: readonly number[],
): Record<string, number> => {
  const goodLeads = leads.filter(({ quality }) => quality >= LEAD_GOOD);
  const goodPulses = pulses.filter(({ worth }) => worth >= PULSE_GOOD);
  const usual = leads.map(({ beats }) => beats.filter(({ strangeness }) => strangeness < USUAL).map(({ at }) => at));
  const alive = pulses.map(({ pulses: all }) =>
    all.filter((one) => one.likeness >= ALIVE_LIKENESS && one.strength >= ALIVE_STRENGTH).map(({ at }) => at),
  );
  const usualGap = leastOf(
    usual.map((times) => longestGap(times, -WINDOW_S, 0, BEAT_LATE_S)),
    WINDOW_S,
  );
  const aliveGap = leastOf(
    alive.map((times) => longestGap(times, -WINDOW_S, 0, PULSE_LATE_S)),
    WINDOW_S,
  );
  const series = [
    ...goodLeads.map(({ beats }) => beats.map(({ at }) => at)),
    ...goodPulses.map(({ pulses: all }) => all.map(({ at }) => at)),
  ];
  const heard = series.length > 0 ? series : [votes];
  const slows = heard.flatMap((times) => slowestOver(times, 5, -WINDOW_S, 0) ?? []).sort((a, b) => a - b);
  const slow = mostOf(slows, 20);
  const slowMiddle = slows.length === 0 ? 20 : (slows[(slows.length - 1) >> 1]! + slows[slows.length >> 1]!) / 2;
  const fast = heard.flatMap((times) => fastestOver(times, 17, -WINDOW_S, 0) ?? []);
  const fives = [...heard, votes].flatMap((times) => fastestOver(times, 5, -WINDOW_S, 0) ?? []);
  const calm = heard.map((times) => {
    const five = fastestOver(times, 5, -WINDOW_S, 0) ?? 200;
    return (1 - irregularityOf(times, -10, 0)) * (five < 100 ? 1 : Math.max(0, 1 - (five - 100) / 30));
  });
  const pulseCalm = goodPulses.map(
    ({ pulses: all, worth }) =>
      worth *
      (1 -
        irregularityOf(
          all.map(({ at }) => at),
          -10,
          0,
        )),
  );
  return {
    'panel.usualGap': log(usualGap, 4),
    'panel.aliveGap': log(aliveGap, 4),
    'panel.gap': log(Math.min(usualGap, aliveGap), 4),
    'panel.slow5': bounded(log(slow, 40), 1.5),
    'panel.slow5near': bounded(log(slow, 40), 0.3),
    'panel.slow5middle': bounded(log(slowMiddle, 40), 0.3),
    'panel.fast17': bounded(log(leastOf(fast, 40), 140), 1.2),
    'panel.fast17most': bounded(log(mostOf(fast, 40), 140), 1.2),
    'panel.fast5most': bounded(log(mostOf(fives, 40), 100), 1.2),
    'panel.calm': mostOf(calm, 0),
    'panel.pulseCalm': mostOf(pulseCalm, 0),
    'panel.good': heard === series ? series.length : 0,
  };
};

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

/**
 * The evidence on an alarm that rings at `at`, from what every signal did in the seconds before. Rates and gaps are
 * logarithms of their ratio to what the alarm's definition asks for (gap 4 s, slow 40/min over 5 beats, fast 140/min over
 * 17, ventricular 100/min over 5), so that 0 is the definition.
 */
export const evidenceAt = (memory: WitnessMemory, at: Moment): Evidence => {
  const leads = leadViews(memory, at);
  const pulses = pulseViews(memory, at);
  const votes = memory.beats.map((beat) => (beat.at - at) / 1e6);
  const evidence: Record<string, number> = { ...ofSeries('vote', votes, BEAT_LATE_S), ...ofVotes(memory, at) };
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
  return { ...evidence, ...ofPanel(leads, pulses, votes), ...jointEvidence(leads, voted) };
};
