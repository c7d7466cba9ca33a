import type { LeadView } from './lead-view.ts';
import type { PulseView } from './pulse-view.ts';
import { BEAT_LATE_S, bounded, logRatio, PULSE_LATE_S, WINDOW_S } from './scale.ts';
import { fastestOver, irregularityOf, longestGap, slowestOver } from './series.ts';

type Times = readonly number[];

/** A witness is believed by itself from here on. */
const LEAD_GOOD = 0.3;
const PULSE_GOOD = 0.45;
const USUAL = 0.4;
const ALIVE_LIKENESS = 0.8;
const ALIVE_STRENGTH = 0.35;

const timesOf = (all: readonly { readonly at: number }[]): Times => all.map(({ at }) => at);
const mostOf = (values: readonly number[], otherwise: number): number =>
  values.length === 0 ? otherwise : Math.max(...values);
const leastOf = (values: readonly number[], otherwise: number): number =>
  values.length === 0 ? otherwise : Math.min(...values);

/**
 * What the panel of all good witnesses says together: the one that denies the claim most clearly decides. Beats of another
 * shape than the patient's own (pacing without capture, movement) and pulses unlike the usual ones deny no standstill.
 */
export const panelEvidence = (
  leads: readonly LeadView[],
  pulses: readonly PulseView[],
  votes: Times,
): Record<string, number> => {
  const goodLeads = leads.filter(({ quality }) => quality >= LEAD_GOOD);
  const goodPulses = pulses.filter(({ worth }) => worth >= PULSE_GOOD);
  const usual = leads.map(({ beats }) => timesOf(beats.filter(({ strangeness }) => strangeness < USUAL)));
  const alive = pulses.map(({ pulses: all }) =>
    timesOf(all.filter((one) => one.likeness >= ALIVE_LIKENESS && one.strength >= ALIVE_STRENGTH)),
  );
  const usualGap = leastOf(
    usual.map((times) => longestGap(times, -WINDOW_S, 0, BEAT_LATE_S)),
    WINDOW_S,
  );
  const aliveGap = leastOf(
    alive.map((times) => longestGap(times, -WINDOW_S, 0, PULSE_LATE_S)),
    WINDOW_S,
  );
  const series = [...goodLeads.map(({ beats }) => timesOf(beats)), ...goodPulses.map((pulse) => timesOf(pulse.pulses))];
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
  const pulseCalm = goodPulses.map((pulse) => pulse.worth * (1 - irregularityOf(timesOf(pulse.pulses), -10, 0)));
  return {
    'panel.usualGap': logRatio(usualGap, 4),
    'panel.aliveGap': logRatio(aliveGap, 4),
    'panel.gap': logRatio(Math.min(usualGap, aliveGap), 4),
    'panel.slow5': bounded(logRatio(slow, 40), 1.5),
    'panel.slow5near': bounded(logRatio(slow, 40), 0.3),
    'panel.slow5middle': bounded(logRatio(slowMiddle, 40), 0.3),
    'panel.fast17': bounded(logRatio(leastOf(fast, 40), 140), 1.2),
    'panel.fast17most': bounded(logRatio(mostOf(fast, 40), 140), 1.2),
    'panel.fast5most': bounded(logRatio(mostOf(fives, 40), 100), 1.2),
    'panel.calm': mostOf(calm, 0),
    'panel.pulseCalm': mostOf(pulseCalm, 0),
    'panel.good': heard === series ? series.length : 0,
  };
};
