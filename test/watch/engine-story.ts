import { type StageName, stageNames } from '../../schemas/engine.ts';
import type { HealthState } from '../../services/reports/part.ts';
import { type EngineInput, type EngineMemory, engineWatch } from '../../services/watch/engine-watch.ts';
import type { ReportHeard } from '../../services/watch/instances.ts';
import type { GroupLag } from '../../services/watch/lag-watch.ts';

/** Small pieces to tell shifts of Vigil itself with. Log time and counted seconds run together unless a story says otherwise. */
const OWN = 'gateway+screens 1';

interface Told {
  readonly startedUs?: number;
  readonly parts?: Readonly<Record<string, HealthState>>;
  readonly stopping?: boolean;
  readonly offsetS?: number;
  readonly provider?: string;
}

const stagesOf = (process: string): readonly StageName[] =>
  process === 'front' ? ['gateway', 'screens'] : stageNames.filter((stage) => process.includes(stage));

/**
 * One run of the watch: what was said, each with the second in which it was. The alarms stage answers at once, unless the story
 * is about one that does not.
 */
export const openStory = ({ answers = true } = {}) => {
  const fold = engineWatch(OWN);
  let memory: EngineMemory = fold.start;
  let second = 0;
  let reports = 0;
  const said: string[] = [];

  const hear = (input: EngineInput): void => {
    const [after, told] = fold.step(memory, input);
    memory = after;
    for (const { condition, present, agoS } of told)
      said.push(`${second}s ${condition} ${present ? 'comes' : 'goes'}${agoS > 0 ? ` (${agoS} s ago)` : ''}`);
    if (answers && told.length > 0) hear({ tag: 'Picture', present: [...memory.said.keys()] });
  };
  const report = (process: string, told: Told = {}): void => {
    const parts = Object.entries(told.parts ?? {}).map(([name, state]) => ({
      name,
      state,
      sentence: `${name} is ${state}`,
    }));
    const heard: ReportHeard = {
      ...{ process, startedUs: told.startedUs ?? 1, stages: stagesOf(process), version: '1', parts },
      ...{ provider: told.provider ?? '', stopping: told.stopping ?? false },
      ...{ appendedUs: second * 1e6 + ++reports, offsetUs: (told.offsetS ?? 0) * 1e6 },
    };
    hear({ tag: 'Report', report: heard });
  };
  return {
    report,
    said: (): readonly string[] => said,
    memory: (): EngineMemory => memory,
    picture: (...present: Extract<EngineInput, { tag: 'Picture' }>['present']) => hear({ tag: 'Picture', present }),
    lags: (...lags: readonly GroupLag[]) => hear({ tag: 'Lags', lags }),
    /** Seconds pass, in each of which these report. The watch's own reports come as long as the log works. */
    pass: (count: number, speaking: Readonly<Record<string, Told>>, logFault?: string): void => {
      for (let i = 0; i < count; i++) {
        second += 1;
        hear({ tag: 'SecondPassed', logFault });
        if (logFault === undefined) report('front');
        for (const [process, told] of Object.entries(speaking)) report(process.replace(/ .*/, ''), told);
      }
    },
    /** Seconds pass in which nothing comes back over the log, though it seems to take what is written. */
    passDeaf: (count: number): void => {
      for (let i = 0; i < count; i++) {
        second += 1;
        hear({ tag: 'SecondPassed', logFault: undefined });
      }
    },
  };
};

export const still = (group: string, stage: StageName, begun = true): GroupLag => ({
  ...{ group, stage, records: 12, still: true, begun },
});
export const moving = (group: string, stage: StageName): GroupLag => ({
  group,
  stage,
  records: 3,
  still: false,
  begun: true,
});

/** A Vigil of one process per stage, all well. */
export const WELL = { 'analysis-0': {}, 'alarms-0': {}, 'recorder-0': {} } as const;
