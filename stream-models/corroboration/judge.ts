import type { Moment } from '../../schemas/units.ts';
import type { VerdictWord } from '../../schemas/words.ts';
import { alarmModels } from './alarm-models.ts';
import type { AlarmKind } from './claim.ts';
import { type Evidence, evidenceAt } from './features.ts';
import { type Testimony, testimonies } from './testimony.ts';
import type { WitnessMemory } from './witness.ts';

/** A regularised logistic model of one kind of alarm, and what is done with its probability. */
export interface AlarmModel {
  /** Names of evidence. */
  readonly terms: readonly string[];
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number;
  /** Share of true alarms among those it learned from: what is said when nothing was heard. */
  readonly prior: number;
  readonly refuteBelow: number;
  readonly confirmFrom: number;
  /** Where this term lies below a value, the claim's own definition denies it: no more than DENIED is said then. */
  readonly deniedBelow?: { readonly term: string; readonly value: number };
}

export interface AlarmVerdict {
  readonly verdict: VerdictWord;
  /** That the alarm is true, 0 … 1. */
  readonly probability: number;
  readonly testimonies: readonly Testimony[];
}

/** A value farther from the mean than so many deviations teaches no more. */
const FAR = 4;
const DENIED = 0.05;

/** The model's probability for some evidence. Evidence that lacks a term counts as usual in it. */
export const probabilityOf = (
  model: Omit<AlarmModel, 'refuteBelow' | 'confirmFrom' | 'prior'>,
  evidence: Evidence,
): number => {
  let logit = model.bias;
  for (const [i, term] of model.terms.entries()) {
    const value = evidence[term];
    if (value === undefined || !Number.isFinite(value)) continue;
    const far = (value - model.mean[i]!) / model.deviation[i]!;
    logit += model.weights[i]! * Math.max(-FAR, Math.min(FAR, far));
  }
  const probability = 1 / (1 + Math.exp(-logit));
  const { deniedBelow } = model;
  const denied = deniedBelow !== undefined && (evidence[deniedBelow.term] ?? 0) < deniedBelow.value;
  return denied ? Math.min(DENIED, probability) : probability;
};

/** What is held of an alarm of which no signal says anything. */
export const unheard = (kind: AlarmKind): AlarmVerdict => ({
  ...{ verdict: 'undecided', probability: alarmModels[kind].prior, testimonies: [] },
});

/**
 * Judges a red rhythm alarm, the monitor's or Vigil's own, that rings at `at`, from what was heard before. Refuted only below the
 * threshold at which a lost true alarm weighs as much as the false ones that are kept (CinC 2015 counts a lost one five times;
 * README); confirmed only where a lead says so by the definition too, because a missing pulse proves nothing; undecided in between, and
 * where no signal was heard. Never throws.
 */
export const judgeAlarm = (memory: WitnessMemory, kind: AlarmKind, at: Moment): AlarmVerdict => {
  const model = alarmModels[kind];
  const said = testimonies(memory, kind, at);
  if (said.length === 0) return unheard(kind);
  const probability = probabilityOf(model, evidenceAt(memory, at));
  const leadSaysSo = said.some(({ says }) => says === 'for');
  const verdict =
    probability < model.refuteBelow
      ? 'refuted'
      : probability >= model.confirmFrom && leadSaysSo
        ? 'confirmed'
        : 'undecided';
  return { verdict, probability, testimonies: said };
};
