import type { Moment } from '../../schemas/units.ts';
import type { VerdictWord } from '../../schemas/words.ts';
import { alarmModels } from './alarm-models.ts';
import { type AlarmModel, probabilityOf } from './alarm-probability.ts';
import type { AlarmKind } from './claim.ts';
import { type Evidence, evidenceAt, hasRhythmWords } from './features.ts';
import { type Testimony, testimonies } from './testimony.ts';
import { vtModelByWords } from './vt-model-by-words.ts';
import type { WitnessMemory } from './witness.ts';

export interface AlarmVerdict {
  readonly verdict: VerdictWord;
  /** That the alarm is true, 0 … 1. */
  readonly probability: number;
  readonly testimonies: readonly Testimony[];
}

/** What is held of an alarm of which no signal says anything. */
export const unheard = (kind: AlarmKind): AlarmVerdict => ({
  ...{ verdict: 'undecided', probability: alarmModels[kind].prior, testimonies: [] },
});

const modelOf = (kind: AlarmKind, evidence: Evidence): AlarmModel =>
  kind === 'vt' && hasRhythmWords(evidence) ? vtModelByWords : alarmModels[kind];

/**
 * Judges a red rhythm alarm, the monitor's or Vigil's own, that rings at `at`, from what was heard before. Refuted only below the
 * threshold at which a lost true alarm weighs as much as the false ones that are kept (CinC 2015 counts a lost one five times;
 * README); confirmed only where a lead says so by the definition too, because a missing pulse proves nothing; undecided in between, and
 * where no signal was heard. Never throws.
 */
export const judgeAlarm = (memory: WitnessMemory, kind: AlarmKind, at: Moment): AlarmVerdict => {
  const said = testimonies(memory, kind, at);
  if (said.length === 0) return unheard(kind);
  const evidence = evidenceAt(memory, at);
  const model = modelOf(kind, evidence);
  const probability = probabilityOf(model, evidence);
  const leadSaysSo = said.some(({ says }) => says === 'for');
  const verdict =
    probability < model.refuteBelow
      ? 'refuted'
      : probability >= model.confirmFrom && leadSaysSo
        ? 'confirmed'
        : 'undecided';
  return { verdict, probability, testimonies: said };
};
