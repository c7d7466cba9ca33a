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

/** What it means at the bedside when a stage does nothing: it stands first, for a nurse reads it. */
const MEANS: Readonly<Record<StageName, string>> = {
  gateway: 'no device is heard, trust the monitors',
  analysis: 'beds are not analysed, trust the monitors',
  alarms: 'no new alarm can ring, trust the monitors',
  screens: 'its consoles see nothing',
  recorder: 'series are not written, the log keeps what comes',
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
    sentence: `${MEANS[stage]}: ${process} has said nothing for ${SILENT_AFTER_S} s; start it again`,
  }));

/** A process that is begun anew with the same fault is no other fault: its stages are to blame. */
const blamed = ({ stages }: Instance): string => stages.join('+');

const ofParts = (instance: Instance): readonly Reason[] =>
  instance.parts.flatMap(({ name, state, sentence }): Reason[] => {
    const told = (condition: ConditionOfVigil): Reason => ({
      ...{ condition, culprit: blamed(instance), sentence: `${instance.process}: ${sentence}` },
    });
    if (name === 'series store' && state === 'failed') return [told('series-away')];
    if (name === 'inference' && state === 'failed') return [told('model-failed')];
    if (name === 'inference' && state === 'degraded') return [told('inference-fallback')];
    if (name === 'audit' && state === 'degraded') return [told('audit-away')];
    return [];
  });

const ofClock = (instance: Instance): readonly Reason[] => {
  if (!clockIsOff(instance)) return [];
  const us = clockOffsetUs(instance);
  const sentence = `the clock of ${instance.process} is ${Math.round(Math.abs(us) / 1e6)} s ${us > 0 ? 'behind' : 'ahead of'} the log's: times on screens are off by as much. Let NTP set both`;
  return [{ condition: 'clock-off', culprit: blamed(instance), sentence }];
};

const STILL = {
  analysis: 'analysis-stuck',
  alarms: 'alarms-stuck',
  recorder: 'recorder-stuck',
} as const satisfies Partial<Record<StageName, ConditionOfVigil>>;

const isMeasured = (stage: StageName): stage is keyof typeof STILL => Object.hasOwn(STILL, stage);
const isNeeded = (stage: StageName): boolean => (NEEDED as readonly StageName[]).includes(stage);

/** A stage that never ran here and that no alarm needs stands still with good reason; so does one that is being begun anew. */
const ofLag = ({ group, stage, still, begun }: GroupLag, excused: ReadonlySet<StageName>): readonly Reason[] =>
  still && isMeasured(stage) && (begun || isNeeded(stage)) && !excused.has(stage)
    ? [
        {
          ...{ condition: STILL[stage], culprit: stage },
          sentence: `${MEANS[stage]}: ${group} does not move although records wait; start it again`,
        },
      ]
    : [];

/** Where somebody is told as silent, that nobody runs the stage is no second reason. */
const ofMissing = (missingS: Readonly<Record<NeededStage, number>>, silent: readonly Instance[]): readonly Reason[] =>
  NEEDED.filter(
    (stage) => missingS[stage] >= MISSED_AFTER_S && !silent.some(({ stages }) => stages.includes(stage)),
  ).map((stage) => ({
    condition: SILENT[stage],
    culprit: 'nobody',
    sentence: `${MEANS[stage]}: no process runs ${stage}; start one`,
  }));

/** Stages whose silence is told: that their groups stand still is no news. */
export const silentStages = (
  instances: Instances,
  missingS: Readonly<Record<NeededStage, number>>,
): readonly StageName[] => [
  ...[...instances.values()].filter(isSilent).flatMap(({ stages }) => stages),
  ...NEEDED.filter((stage) => missingS[stage] >= MISSED_AFTER_S),
];

/** Everything that is wrong with Vigil by what was heard. A silent process is told as silent, and nothing else of it. */
export const reasonsNow = (
  instances: Instances,
  lags: readonly GroupLag[],
  missingS: Readonly<Record<NeededStage, number>>,
  excused: ReadonlySet<StageName>,
): readonly Reason[] => {
  const all = [...instances];
  const speaking = all.map(([, each]) => each).filter((each) => !isSilent(each));
  const silent = all.filter(([, each]) => isSilent(each));
  return [
    ...silent.flatMap(ofSilence),
    ...ofMissing(
      missingS,
      silent.map(([, each]) => each),
    ),
    ...lags.flatMap((lag) => ofLag(lag, excused)),
    ...speaking.flatMap(ofParts),
    ...speaking.flatMap(ofClock),
  ];
};
