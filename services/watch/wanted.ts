import type { ConditionOfVigil } from '../../schemas/conditions.ts';
import { SILENT_AFTER_S, type StageName } from '../../schemas/engine.ts';
import { clockIsOff, clockOffsetUs, type Instance, type Instances, isSilent } from './instances.ts';
import type { GroupLag } from './lag-watch.ts';

/** One reason for a condition: who is to blame (the same reason has the same name), and the words for people. */
export interface Reason {
  readonly condition: ConditionOfVigil;
  readonly culprit: string;
  readonly sentence: string;
}

/** Stages without which nobody is alarmed. */
export const NEEDED = ['gateway', 'analysis', 'alarms'] as const satisfies readonly StageName[];
export type NeededStage = (typeof NEEDED)[number];
/** A stage that was stopped on purpose, or was not started yet, is missed after so long. */
export const MISSED_AFTER_S = 30;

/** What it means when a stage does nothing, and what to do. */
const MEANS: Readonly<Record<StageName, string>> = {
  gateway: 'no device is heard. Trust the monitors; start it again',
  analysis: 'beds are not analysed. Trust the monitors; start it again',
  alarms: 'no new alarm can ring. Trust the monitors; start it again',
  screens: 'its consoles see nothing; start it again',
  recorder: 'series are not written, the log keeps what comes; start it again',
};

const SILENT: Readonly<Record<StageName, ConditionOfVigil>> = {
  gateway: 'gateway-silent',
  analysis: 'analysis-silent',
  alarms: 'alarms-silent',
  screens: 'screens-silent',
  recorder: 'recorder-silent',
};

const ofSilence = ([key, { process, stages }]: readonly [string, Instance]): readonly Reason[] =>
  stages.map((stage) => ({
    condition: SILENT[stage],
    culprit: key,
    sentence: `${process} has said nothing for ${SILENT_AFTER_S} s: ${MEANS[stage]}`,
  }));

const ofParts = ([key, { process, parts }]: readonly [string, Instance]): readonly Reason[] =>
  parts.flatMap(({ name, state, sentence }): Reason[] => {
    const told = (condition: ConditionOfVigil): Reason => ({
      condition,
      culprit: key,
      sentence: `${process}: ${sentence}`,
    });
    if (name === 'series store' && state === 'failed') return [told('series-away')];
    if (name === 'inference' && state === 'failed') return [told('model-failed')];
    if (name === 'inference' && state === 'degraded') return [told('inference-fallback')];
    return [];
  });

const ofClock = ([key, instance]: readonly [string, Instance]): readonly Reason[] => {
  if (!clockIsOff(instance)) return [];
  const us = clockOffsetUs(instance);
  const sentence = `the clock of ${instance.process} is ${Math.round(Math.abs(us) / 1e6)} s ${us > 0 ? 'behind' : 'ahead of'} the log's: times on screens are off by as much. Let NTP set both`;
  return [{ condition: 'clock-off', culprit: key, sentence }];
};

const STILL = {
  analysis: 'analysis-stuck',
  alarms: 'alarms-stuck',
  recorder: 'recorder-stuck',
} as const satisfies Partial<Record<StageName, ConditionOfVigil>>;

const isMeasured = (stage: StageName): stage is keyof typeof STILL => Object.hasOwn(STILL, stage);
const isNeeded = (stage: StageName): boolean => (NEEDED as readonly StageName[]).includes(stage);

/** A stage that never ran here and that no alarm needs stands still with good reason. */
const ofLag = ({ group, stage, still, begun }: GroupLag): readonly Reason[] =>
  still && isMeasured(stage) && (begun || isNeeded(stage))
    ? [
        {
          condition: STILL[stage],
          culprit: group,
          sentence: `${group} does not move although records wait: ${MEANS[stage]}`,
        },
      ]
    : [];

const ofMissing = (missingS: Readonly<Record<NeededStage, number>>): readonly Reason[] =>
  NEEDED.filter((stage) => missingS[stage] >= MISSED_AFTER_S).map((stage) => ({
    condition: SILENT[stage],
    culprit: 'nobody',
    sentence: `no process runs ${stage}: ${MEANS[stage]}`,
  }));

/** Everything that is wrong with Vigil by what was heard. A silent process is told as silent, and nothing else of it. */
export const reasonsNow = (
  instances: Instances,
  lags: readonly GroupLag[],
  missingS: Readonly<Record<NeededStage, number>>,
): readonly Reason[] => {
  const all = [...instances];
  const speaking = all.filter(([, each]) => !isSilent(each));
  return [
    ...all.filter(([, each]) => isSilent(each)).flatMap(ofSilence),
    ...ofMissing(missingS),
    ...lags.flatMap(ofLag),
    ...speaking.flatMap(ofParts),
    ...speaking.flatMap(ofClock),
  ];
};
