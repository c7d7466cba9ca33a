import { MDC } from '../../../schemas/codes.ts';
import type { Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import { type Dimension, type SubgroupFigure, subgroupsOf, unlessTooFew } from '../subgroups.ts';

const PULSES = ['ABP and PLETH', 'ABP', 'PLETH', 'none'] as const;
/** What a record has beside its ECG that could tell a pulse. */
export type PulseSignals = (typeof PULSES)[number];

/** `codes`: MDC codes of a record's signals. */
export const pulsesAmong = (codes: readonly number[]): PulseSignals => {
  const [hasAbp, hasPleth] = [codes.includes(MDC.abpWave), codes.includes(MDC.pleth)];
  if (hasAbp) return hasPleth ? 'ABP and PLETH' : 'ABP';
  return hasPleth ? 'PLETH' : 'none';
};

type Share = 'score' | 'sensitivity' | 'specificity' | 'auroc';

/** How right the verdicts on a part of the alarms were; what would be of too few alarms is not said. */
export type AlarmSubgroup = {
  readonly by: string;
  readonly name: string;
  readonly alarms: number;
  readonly trueAlarms: number;
} & Readonly<Record<Share, SubgroupFigure>>;

interface Labelled {
  readonly pulses: PulseSignals;
  readonly isTrue: boolean | undefined;
}

const BY_PULSES: Dimension<Labelled> = { by: 'pulse signals', names: PULSES, nameOf: ({ pulses }) => pulses };

/** Labelled verdicts by their records' pulse signals; `figuresOf` with intervals. */
export const alarmSubgroups = <Verdict extends Labelled>(
  labelled: readonly Verdict[],
  figuresOf: (verdicts: readonly Verdict[]) => Readonly<Record<Share, Interval>>,
): readonly AlarmSubgroup[] =>
  subgroupsOf(labelled, [BY_PULSES]).map(({ by, name, members }) => {
    const { score, sensitivity, specificity, auroc } = figuresOf(members);
    const alarms = members.length;
    const trueAlarms = members.filter(({ isTrue }) => isTrue === true).length;
    const falseAlarms = alarms - trueAlarms;
    return {
      ...{ by, name, alarms, trueAlarms },
      score: unlessTooFew(score, alarms),
      sensitivity: unlessTooFew(sensitivity, trueAlarms),
      specificity: unlessTooFew(specificity, falseAlarms),
      auroc: unlessTooFew(auroc, Math.min(trueAlarms, falseAlarms)),
    };
  });
