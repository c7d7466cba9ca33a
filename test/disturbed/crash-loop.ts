/**
 * npm run crash-loop -- [--kills 100] [--beds 16] [--seed 1] [--members 1] [--gently 0]
 *
 * Analysis and alarms, so many processes of each, are killed with SIGKILL at random moments, again and again, also while they
 * start, load their checkpoints and replay; each is started again at once. `--gently` is the share that is stopped with
 * SIGTERM instead: with several members that is a storm of rebalances. A small ward of everything that befalls simulated beds is written straight to
 * vigil.telemetry meanwhile. Findings, alarm inputs and alarm events on the log must then be those of an undisturbed run, byte
 * for byte. The seed draws ward, moments and victims.
 */
import { parseArgs } from 'node:util';
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { simulatedBed } from '../../services/simulate/simulated-bed.ts';
import { simulatedWard } from '../../services/simulate/ward.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { kafkaForTests } from '../servers/kafka.ts';
import { type StageProcess, startStage } from './stage-process.ts';
import { type Difference, differences, saidByAlarms, saidByAnalysis, wordCount } from './undisturbed.ts';
import { recordsOf, settled } from './ward.ts';

const victims = ['analysis', 'alarms'] as const;
type Victim = (typeof victims)[number];

interface Member {
  readonly stage: Victim;
  process: StageProcess;
}

export interface CrashLoop {
  readonly brokers: readonly string[];
  readonly kills: number;
  readonly beds: number;
  readonly seed: number;
  /** Processes of each stage; 1 if absent. */
  readonly members?: number;
  /** The share that is stopped with SIGTERM; 0 if absent. */
  readonly gently?: number;
  /** The longest time between two kills. Longer than a session, so that now and then somebody comes to work. */
  readonly pauseMsMax?: number;
}

export interface CrashLoopOutcome {
  readonly differences: readonly Difference[];
  readonly findings: number;
  readonly inputs: number;
  readonly alarms: number;
  /** Silent replays after a start: without any, no checkpoint was put to the test. */
  readonly replays: number;
  /** Partitions that were given to somebody. */
  readonly assignments: number;
}

const FRAME_MS = 250;
const FEED_EVERY_MS = 100;
/** The ward lives this much faster, so that a kill falls into more words. */
const SPEED = 2;
const PAUSE_MS_MAX = 9_000;

/** Writes the ward's frames as they fall due, until it is ended; then every bed is discharged. */
const feed = (log: EventLog, beds: number, seed: number) => {
  const beganMs = Date.now();
  const start = moment(beganMs * 1e3);
  const ward = simulatedWard({ beds, seed, start, frameMs: FRAME_MS, episodes: true }).map((settings) => {
    const bed = simulatedBed(settings);
    return { name: settings.bed, step: bed.step, memory: bed.start };
  });
  const now = (): Moment => moment(start + Math.floor((Date.now() - beganMs) * 1e3 * SPEED));
  const write = async (frames: readonly Telemetry[]): Promise<void> => {
    const kept = await log.append(
      frames.map((frame) => ({ topic: 'vigil.telemetry', key: frame.bed, value: encodeTelemetry(frame) })),
    )();
    if (E.isLeft(kept)) throw new Error(kept.left.sentence);
  };
  const play = async (): Promise<void> => {
    const frames: Telemetry[] = [];
    for (const bed of ward) {
      const [memory, played] = bed.step(bed.memory, now());
      bed.memory = memory;
      for (const { telemetry } of played)
        if (telemetry !== undefined) frames.push({ ...telemetry, gatewayTimeUs: telemetry.deviceTimeUs });
    }
    if (frames.length > 0) await write(frames);
  };
  let writing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    writing = writing.then(play);
    // A write that failed is told once, to whoever ends the feeding.
    writing.catch(() => undefined);
  }, FEED_EVERY_MS);
  return async (): Promise<void> => {
    clearInterval(timer);
    await writing;
    const at = now();
    await write(
      ward.map(({ name }) =>
        create(TelemetrySchema, {
          ...{ bed: name, source: 'discharge', sequence: 1, deviceTimeUs: at, gatewayTimeUs: at },
          assignment: { patient: '', fromUs: 0, population: 'adult' },
        }),
      ),
    );
  };
};

/** Ends one or the other, and starts it again: as often as is asked for, and on a slow machine until a start has replayed something. */
const ending = async (
  { kills, seed, members = 1, gently = 0, pauseMsMax = PAUSE_MS_MAX }: CrashLoop,
  start: (stage: Victim) => StageProcess,
  hasReplayed: () => boolean,
): Promise<void> => {
  const random = diceFrom(seed).unit;
  const all: readonly Member[] = victims.flatMap((stage) =>
    Array.from({ length: members }, () => ({ stage, process: start(stage) })),
  );
  for (let kill = 0; kill < kills || !hasReplayed(); kill++) {
    await new Promise((over) => setTimeout(over, random() * pauseMsMax));
    const victim = all[Math.floor(random() * all.length)]!;
    await (random() < gently ? victim.process.stop() : victim.process.kill());
    victim.process = start(victim.stage);
  }
};

export const crashLoop = async (settings: CrashLoop): Promise<CrashLoopOutcome> => {
  const { brokers, beds, seed } = settings;
  const prefix = `crash-${crypto.randomUUID().slice(0, 8)}.`;
  await createTopics({ brokers, prefix, clientId: 'vigil-test' });
  const log = await openKafkaEventLog({ brokers, prefix, clientId: 'vigil-test' });
  const env = { KAFKA_BROKERS: brokers.join(','), KAFKA_PREFIX: prefix };
  const processes: Record<Victim, StageProcess[]> = { analysis: [], alarms: [] };
  const all = (): readonly StageProcess[] => [...processes.analysis, ...processes.alarms];
  const timesSaid = (event: string): number =>
    all().reduce((sum, { journal }) => sum + journal.filter(({ msg }) => msg === event).length, 0);
  const replays = (): number => timesSaid('a stage re-read silently');
  try {
    const endFeeding = feed(log, beds, seed);
    const start = (stage: Victim): StageProcess => {
      const process = startStage([stage], env);
      processes[stage].push(process);
      return process;
    };
    await ending(settings, start, () => replays() > 0);
    await endFeeding();
    await settled(log, 'vigil-analysis', 'vigil.telemetry');
    // Its last words can be read a moment after its position: only when it has ended is it known what alarms have to answer.
    await Promise.all(processes.analysis.map((each) => each.stop()));
    await settled(log, 'vigil-alarms', 'vigil.alarm-inputs');
    await Promise.all(processes.alarms.map((each) => each.stop()));
    const [telemetry, findings, inputs, alarms] = [
      await recordsOf(log, 'vigil.telemetry'),
      await recordsOf(log, 'vigil.findings'),
      await recordsOf(log, 'vigil.alarm-inputs'),
      await recordsOf(log, 'vigil.alarms'),
    ];
    const analysis = await saidByAnalysis(telemetry);
    return {
      differences: [
        ...differences('vigil.findings', analysis, findings),
        ...differences('vigil.alarm-inputs', analysis, inputs),
        ...differences('vigil.alarms', await saidByAlarms(inputs), alarms),
      ],
      findings: wordCount('vigil.findings', analysis),
      inputs: wordCount('vigil.alarm-inputs', analysis),
      alarms: alarms.length,
      replays: replays(),
      assignments: timesSaid('a partition was given to a stage'),
    };
  } finally {
    await Promise.all(all().map((each) => each.kill()));
    await log.close();
  }
};

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '100' },
      beds: { type: 'string', default: '16' },
      seed: { type: 'string', default: '1' },
      members: { type: 'string', default: '1' },
      gently: { type: 'string', default: '0' },
    },
  });
  const [kills, beds, seed] = [Number(values.kills), Number(values.beds), Number(values.seed)];
  const [members, gently] = [Number(values.members), Number(values.gently)];
  const kafka = await kafkaForTests();
  if ('skipped' in kafka) throw new Error(kafka.skipped);
  const beganMs = Date.now();
  try {
    const outcome = await crashLoop({ brokers: kafka.brokers, kills, beds, seed, members, gently });
    console.log({ kills, beds, seed, members, gently, tookS: Math.round((Date.now() - beganMs) / 1e3), ...outcome });
    if (outcome.differences.length > 0) process.exitCode = 1;
  } finally {
    await kafka.stop();
  }
}
