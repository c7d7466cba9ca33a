/** One trial of the scale bench: so many processes of one stage, each with its share of a core, under the load of so many beds. */
import * as E from 'fp-ts/lib/Either.js';
import { SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { decodeAlarmEvent } from '../../schemas/messages.ts';
import type { Topic } from '../../schemas/topics.ts';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import type { EventLog, LogRecord } from '../../services/ports/event-log.ts';
import { isGiven, type StageProcess, startStage } from '../disturbed/stage-process.ts';
import { usageOf } from '../servers/vigil.ts';
import { type CpuShare, limitCpu, machineUse } from './cpu-share.ts';
import { type PlannedAlarm, WARM_UP_S } from './load.ts';
import { inputsLoad, type ScaleLoad, telemetryLoad } from './scale-load.ts';

interface StageUnderLoad {
  readonly reads: Topic;
  readonly group: string;
  readonly load: (log: EventLog, beds: number, lengthS: number) => ScaleLoad;
}

export const stages = {
  analysis: { reads: 'vigil.telemetry', group: 'vigil-analysis', load: telemetryLoad },
  alarms: { reads: 'vigil.alarm-inputs', group: 'vigil-alarms', load: inputsLoad },
} as const satisfies Record<string, StageUnderLoad>;
export type StageName = keyof typeof stages;

export interface Trial {
  readonly brokers: readonly string[];
  readonly stage: StageName;
  readonly members: number;
  readonly share: number;
  readonly partitions: number;
  readonly beds: number;
  readonly seconds: number;
  readonly p99MsMax: number;
}

export interface Outcome {
  /** Ascending. */
  readonly latenciesMs: readonly number[];
  readonly planned: number;
  readonly lost: number;
  readonly doubled: number;
  /** Seconds of load that waited, in the middle and in the last third of the measured time (medians). */
  readonly lagS: readonly [number, number];
  readonly cores: readonly number[];
  readonly throttledS: readonly (number | undefined)[];
  readonly how: string;
  readonly generatorLateMs: number;
  /** Of the machine's time: what the host of a virtual machine took, and what nobody wanted. */
  readonly stolen: number;
  readonly idle: number;
  /** Beds of each partition. */
  readonly spread: readonly number[];
  /** Empty: the beds were carried. */
  readonly because: string;
}

const LAG_GROWS_S = 0.5;
const DRAIN_MS_MAX = 20_000;
const LOOK_EVERY_MS = 500;

export const percentile = (ascending: readonly number[], p: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * p) / 100))] ?? Number.NaN;

const median = (numbers: readonly number[]): number =>
  percentile(
    numbers.toSorted((a, b) => a - b),
    50,
  );

/** Starts the members one after the other and waits until each has its part of the partitions. */
const startMembers = async (
  { stage, members, partitions }: Trial,
  env: Readonly<Record<string, string>>,
): Promise<readonly StageProcess[]> => {
  const started: StageProcess[] = [];
  for (let member = 0; member < members; member++) {
    const process = startStage([stage], env);
    started.push(process);
    await process.running();
    const own = Math.floor(partitions / (member + 1));
    await process.says(() => process.journal.filter(isGiven(stage)).length >= own);
  }
  return started;
};

/** Hears vigil.alarms: every desaturation that goes on, with its arrival here. */
const hearAlarms = async (log: EventLog) => {
  const heard: { readonly bed: string; readonly atMs: number }[] = [];
  const events = new Set<string>();
  let doubled = 0;
  const tail = await log.tail({
    ...{ topic: 'vigil.alarms', from: new Map(), otherwise: 'beginning' },
    onRecords: ({ records }: { readonly records: readonly LogRecord[] }) => {
      const atMs = Date.now();
      for (const { value } of records) {
        const event = decodeAlarmEvent(value);
        if (E.isLeft(event) || event.right.transition === undefined) continue;
        const { bed, atUs, transition } = event.right;
        if (transition.condition !== 'spo2-desaturation' || transition.to !== SignalState.ON) continue;
        const name = `${transition.alarm} ${atUs}`;
        if (events.has(name)) doubled++;
        events.add(name);
        heard.push({ bed, atMs });
      }
    },
  });
  return { heard, doubled: () => doubled, stop: tail.stop };
};

/** Seconds of load that the group has not settled. */
const lagOf = async (log: EventLog, { reads, group }: StageUnderLoad, recordsPerS: number): Promise<number> => {
  const [positions, extent] = [await log.positions(group, reads), await log.extent(reads)];
  const waiting = extent.reduce((sum, { partition, next }) => sum + Number(next - (positions.get(partition) ?? 0n)), 0);
  return waiting / recordsPerS;
};

const latenciesOf = (
  planned: readonly PlannedAlarm[],
  heard: readonly { readonly bed: string; readonly atMs: number }[],
): readonly number[] => {
  const perBed = Map.groupBy(heard, ({ bed }) => bed);
  return planned
    .flatMap(({ bed, intendedMs }) => {
      const next = perBed.get(bed)?.shift();
      return next === undefined ? [] : [Math.max(0, next.atMs - intendedMs)];
    })
    .sort((a, b) => a - b);
};

const reasonsAgainst = (outcome: Omit<Outcome, 'because'>, p99MsMax: number): string =>
  [
    ...(outcome.lost > 0 ? [`${outcome.lost} alarms did not come`] : []),
    ...(outcome.doubled > 0 ? [`${outcome.doubled} alarms came twice`] : []),
    ...(percentile(outcome.latenciesMs, 99) <= p99MsMax ? [] : [`p99 over ${p99MsMax} ms`]),
    ...(outcome.lagS[1] <= outcome.lagS[0] + LAG_GROWS_S ? [] : ['the lag grows']),
  ].join(', ');

/** A fresh process compiles: it is bound when it is warm, or it would drag that backlog through the whole measurement. */
const BOUND_AFTER_S = 8;

const measure = async (trial: Trial, log: EventLog, members: readonly StageProcess[], shares: CpuShare[]) => {
  const stage = stages[trial.stage];
  const alarms = await hearAlarms(log);
  const load = stage.load(log, trial.beds, WARM_UP_S + trial.seconds);
  await new Promise((done) => setTimeout(done, BOUND_AFTER_S * 1e3));
  for (const { pid } of members) shares.push(limitCpu(pid, trial.share));
  await new Promise((done) => setTimeout(done, (WARM_UP_S - BOUND_AFTER_S) * 1e3));
  const usages = () => members.map(({ pid }) => usageOf(pid).cpuS);
  const [before, machineBefore, beganMs] = [usages(), machineUse(), Date.now()];
  const lags: number[] = [];
  let looking: Promise<unknown> = Promise.resolve();
  const looks = setInterval(() => {
    looking = looking.then(() => lagOf(log, stage, trial.beds * load.recordsPerBedS)).then((lag) => lags.push(lag));
  }, LOOK_EVERY_MS);
  await load.played;
  clearInterval(looks);
  await looking;
  const [after, machineAfter, spentS] = [usages(), machineUse(), (Date.now() - beganMs) / 1e3];
  const machineS = machineAfter.allS - machineBefore.allS;
  await load.kept;
  for (const until = Date.now() + DRAIN_MS_MAX; alarms.heard.length < load.planned.length && Date.now() < until; )
    await new Promise((done) => setTimeout(done, 100));
  await alarms.stop();
  const latenciesMs = latenciesOf(load.planned, alarms.heard);
  const third = Math.floor(lags.length / 3);
  return {
    ...{ latenciesMs, planned: load.planned.length, lost: load.planned.length - latenciesMs.length },
    doubled: alarms.doubled(),
    lagS: [median(lags.slice(third, 2 * third)), median(lags.slice(-third))],
    cores: after.map((cpuS, i) => (cpuS - before[i]!) / spentS),
    throttledS: shares.map((each) => each.throttledS()),
    how: shares[0]!.how,
    generatorLateMs: load.lateMsMax(),
    stolen: (machineAfter.stolenS - machineBefore.stolenS) / machineS,
    idle: (machineAfter.idleS - machineBefore.idleS) / machineS,
  } as const;
};

/** Runs a trial on topics of its own. */
export const runTrial = async (trial: Trial, bedsOfPartitions: readonly number[]): Promise<Outcome> => {
  const { brokers, stage, partitions } = trial;
  const prefix = `scale-${crypto.randomUUID().slice(0, 8)}.`;
  await createTopics({ brokers, prefix, clientId: 'vigil-bench' }, { partitions });
  const log = await openKafkaEventLog({ brokers, prefix, clientId: 'vigil-bench' });
  const env = { KAFKA_BROKERS: brokers.join(','), KAFKA_PREFIX: prefix };
  const started: StageProcess[] = [];
  const shares: CpuShare[] = [];
  try {
    // What follows analysis is not measured, and has all the CPU it wants.
    if (stage === 'analysis') started.push(startStage(['alarms'], env));
    const members = await startMembers(trial, env);
    started.push(...members);
    await Promise.all(started.map((each) => each.running()));
    const outcome = { ...(await measure(trial, log, members, shares)), spread: bedsOfPartitions };
    return { ...outcome, because: reasonsAgainst(outcome, trial.p99MsMax) };
  } finally {
    await Promise.all(started.map((each) => each.kill()));
    for (const each of shares) each.end();
    await log.close();
  }
};
