import type { StageName } from '../../schemas/engine.ts';
import { SILENT_AFTER_S } from '../../schemas/engine.ts';
import type { HealthState } from '../reports/part.ts';

export interface PartHeard {
  readonly name: string;
  readonly state: HealthState;
  readonly sentence: string;
}

/** What one report says, and how far the log's clock was from the process's own when the log took it. */
export interface ReportHeard {
  readonly process: string;
  readonly startedUs: number;
  readonly stages: readonly StageName[];
  readonly version: string;
  readonly provider: string;
  readonly stopping: boolean;
  readonly parts: readonly PartHeard[];
  /** When the log took it, by the log's clock, which is one for all. */
  readonly appendedUs: number;
  readonly offsetUs: number;
}

/** One life of a process, as its reports tell of it. */
export interface Instance extends Omit<ReportHeard, 'stopping' | 'offsetUs' | 'appendedUs'> {
  /** Log time of its first and of its newest report. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** Seconds without a report, while others could be heard. */
  readonly quietS: number;
  /** The newest, newest last. */
  readonly offsetsUs: readonly number[];
  /** The life of which this one is the next. */
  readonly replaces: string | undefined;
}

/** By what they do and when they started: names may wander between processes with the partitions. */
export type Instances = ReadonlyMap<string, Instance>;

const OFFSETS_KEPT = 3;
const INSTANCES_MOST = 256;
/** A process that was taken away for good, and whose work others do, is no fault for ever. */
const MISSED_FOR_S = 600;
const CLOCK_OFF_US = 1e6;

/** One life of a process: what it does, and since when. */
export const keyOf = ({ stages, startedUs }: Pick<ReportHeard, 'stages' | 'startedUs'>): string =>
  `${stages.join('+')} ${startedUs}`;
const sameWork = (a: Instance, b: Instance): boolean => a.stages.join('+') === b.stages.join('+');

/** Whether a process has said nothing for too long. */
export const isSilent = ({ quietS }: Instance): boolean => quietS >= SILENT_AFTER_S;

/**
 * The log's clock is more than a second from the process's, by each of its newest reports: one report that was long on its way
 * says nothing about a clock.
 */
export const clockIsOff = ({ offsetsUs }: Instance): boolean =>
  offsetsUs.length === OFFSETS_KEPT && offsetsUs.every((us) => Math.abs(us) > CLOCK_OFF_US);

/** The offset that the way to the log has added least to. */
export const clockOffsetUs = ({ offsetsUs }: Instance): number =>
  offsetsUs.reduce((least, us) => (Math.abs(us) < Math.abs(least) ? us : least), offsetsUs[0] ?? 0);

/** After a report; one that stops is no longer expected to speak. */
export const withReport = (before: Instances, report: ReportHeard): Instances => {
  const after = new Map(before);
  const key = keyOf(report);
  if (report.stopping) {
    after.delete(key);
    return after;
  }
  const known = before.get(key);
  if (known === undefined && before.size >= INSTANCES_MOST) return before;
  const { stopping: _, offsetUs, appendedUs, ...told } = report;
  after.set(key, {
    ...told,
    ...{ firstUs: known?.firstUs ?? appendedUs, lastUs: appendedUs, quietS: 0, replaces: known?.replaces },
    offsetsUs: [...(known?.offsetsUs ?? []), offsetUs].slice(-OFFSETS_KEPT),
  });
  return after;
};

/** A second passed in which the others could be heard. */
export const withSecond = (before: Instances, own: string): Instances =>
  new Map([...before].map(([key, each]) => [key, key === own ? each : { ...each, quietS: each.quietS + 1 }]));

/** Nobody could be heard for a while: whoever fell quiet meanwhile is given the whole time again; who was silent stays so. */
export const heardAgain = (before: Instances): Instances =>
  new Map([...before].map(([key, each]) => [key, isSilent(each) ? each : { ...each, quietS: 0 }]));

export interface Replaced {
  readonly instances: Instances;
  /** Names of processes that fell silent and were begun anew. */
  readonly begunAnew: readonly string[];
}

/** The next life of a silent process: the same work, first heard after the last word of the silent one, and nobody else's next. */
const nextLifeOf = (silent: Instance, instances: Instances): readonly [string, Instance] | undefined =>
  [...instances].find(
    ([, each]) => each.replaces === undefined && each.firstUs > silent.lastUs && sameWork(each, silent),
  );

const isDoneByOthers = ({ stages }: Instance, instances: Instances): boolean => {
  const speaking = [...instances.values()].filter((each) => !isSilent(each));
  return stages.every((stage) => speaking.some((each) => each.stages.includes(stage)));
};

/** Silent processes whose next life was heard, or whose work others have done for long, are no longer missed. */
export const withoutReplaced = (before: Instances): Replaced => {
  const instances = new Map(before);
  const begunAnew: string[] = [];
  for (const [key, silent] of before) {
    if (!isSilent(silent)) continue;
    const next = nextLifeOf(silent, instances);
    if (next !== undefined) {
      instances.delete(key);
      instances.set(next[0], { ...next[1], replaces: key });
      begunAnew.push(silent.process);
    } else if (silent.quietS >= MISSED_FOR_S && isDoneByOthers(silent, instances)) instances.delete(key);
  }
  return { instances, begunAnew };
};
