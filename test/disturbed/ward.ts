/**
 * A distributed Vigil as docker-compose.yml has it (front, analysis, alarms, recorder: a process each) on topics of its own
 * of a real Kafka, with a ward that plays into it and a console that watches. Whoever opens it may disturb its processes.
 */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import type { AlarmEvent } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeAlarmEvent } from '../../schemas/messages.ts';
import { decodeLoggedTelemetry, encodeTelemetry } from '../../schemas/telemetry.ts';
import type { Topic } from '../../schemas/topics.ts';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import type { EventLog, LogRecord } from '../../services/ports/event-log.ts';
import { readToNow } from '../../services/runtime/read-to-now.ts';
import { makeFrameSender } from '../../services/sender/frame-sender.ts';
import { bedNames, type PlannedAlarm } from '../bench/load.ts';
import { freePort } from '../servers/free-port.ts';
import { openResumingConsole, type ResumingConsole } from './resuming-console.ts';
import { type SeriesPlace, seriesPlace } from './series-place.ts';
import { isGiven, type StageProcess, startStage } from './stage-process.ts';
import { differences, saidByAlarms, saidByAnalysis, wordCount } from './undisturbed.ts';

export const parts = {
  front: ['gateway', 'screens'],
  analysis: ['analysis'],
  alarms: ['alarms'],
  recorder: ['recorder'],
} as const;
export type Part = keyof typeof parts;
export const partNames = Object.keys(parts) as readonly Part[];

export interface Ward {
  readonly log: EventLog;
  /** host:port of the front. */
  readonly address: string;
  readonly console: ResumingConsole;
  /** Where the recorder keeps its series. */
  readonly series: SeriesPlace;
  /** Every process of a part that was ever started, oldest first. */
  readonly processes: (part: Part) => readonly StageProcess[];
  readonly current: (part: Part) => StageProcess;
  /** Starts one more process of a part; it becomes the current one. */
  readonly start: (part: Part) => StageProcess;
  readonly close: () => Promise<void>;
}

/** Opens Vigil and waits until it runs and a console is greeted. The series lie in a file, or in this InfluxDB. */
export const openWard = async (brokers: readonly string[], influxUrl?: string): Promise<Ward> => {
  const prefix = `ward-${crypto.randomUUID().slice(0, 8)}.`;
  await createTopics({ brokers, prefix, clientId: 'vigil-test' });
  const [log, port, series] = [
    await openKafkaEventLog({ brokers, prefix, clientId: 'vigil-test' }),
    await freePort(),
    await seriesPlace(influxUrl),
  ];
  const env = { KAFKA_BROKERS: brokers.join(','), KAFKA_PREFIX: prefix, ...series.env };
  const started: Record<Part, StageProcess[]> = { front: [], analysis: [], alarms: [], recorder: [] };
  const start = (part: Part): StageProcess => {
    const process = startStage(parts[part], part === 'front' ? { ...env, VIGIL_PORT: String(port) } : env);
    started[part].push(process);
    return process;
  };
  const address = `127.0.0.1:${port}`;
  await Promise.all(partNames.map((part) => start(part).running()));
  const console = openResumingConsole(`ws://${address}`);
  await console.greeted;
  return {
    ...{ log, address, console, series, start },
    processes: (part) => started[part],
    current: (part) => started[part].at(-1)!,
    close: async () => {
      console.close();
      await Promise.all(partNames.flatMap((part) => started[part].map((each) => each.kill())));
      await log.close();
      await series.discard();
    },
  };
};

/** Every bed says that nobody lies in it, so that the gateway expects nothing more of it. Resolves when the log has it. */
export const discharge = async (ward: Ward, beds: number): Promise<void> => {
  const sender = makeFrameSender({ url: `ws://${ward.address}` });
  for (const bed of bedNames(beds))
    sender.send(
      encodeTelemetry(
        create(TelemetrySchema, {
          ...{ bed, source: 'discharge', sequence: 1, deviceTimeUs: Date.now() * 1e3 },
          assignment: { patient: '', fromUs: 0, population: 'adult' },
        }),
      ),
    );
  await sender.settled();
  sender.close();
};

export const recordsOf = async (log: EventLog, topic: Topic): Promise<readonly LogRecord[]> => {
  const records: LogRecord[] = [];
  await readToNow(log, topic, (record) => records.push(record));
  return records;
};

const LOOK_EVERY_MS = 100;

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
};

/** Resolves when a group has settled everything that a topic holds now. */
export const settled = async (log: EventLog, group: string, topic: Topic): Promise<void> => {
  const wanted = new Map<number, bigint>();
  await readToNow(log, topic, ({ partition, offset }) => void wanted.set(partition, offset + 1n));
  await until(async () => {
    const positions = await log.positions(group, topic);
    return [...wanted].every(([partition, next]) => (positions.get(partition) ?? 0n) >= next);
  });
};

/** Whom the recorder reads as, and what. */
export const RECORDED: readonly (readonly [string, Topic])[] = [
  ['vigil-recorder-telemetry', 'vigil.telemetry'],
  ['vigil-recorder-findings', 'vigil.findings'],
  ['vigil-recorder-alarms', 'vigil.alarms'],
];

/** What the recorder reads once more after a start, for the strips that were open. */
const READ_AGAIN = ['vigil.telemetry', 'vigil.alarms'] as const;

/**
 * Lets everything come to an end: all is analysed, decided, shown and recorded, and every part was stopped as an orchestrator
 * stops it. The ward must have been discharged.
 */
export const comeToRest = async (ward: Ward): Promise<void> => {
  const { log, console } = ward;
  await settled(log, 'vigil-analysis', 'vigil.telemetry');
  await ward.current('analysis').stop();
  await settled(log, 'vigil-alarms', 'vigil.alarm-inputs');
  const told = transitionsOf(await recordsOf(log, 'vigil.alarms')).length;
  await console.hears((heard) => heard.length >= told);
  await ward.current('front').stop();
  await settled(log, 'vigil-alarms', 'vigil.alarm-inputs');
  await ward.current('alarms').stop();
  for (const [group, topic] of RECORDED) await settled(log, group, topic);
  await hasReadAgain(ward);
  await ward.current('recorder').stop();
};

/**
 * A recorder that was killed writes once more what its strips lack, behind positions that are stored already; one that is
 * stopped meanwhile does it after its next start.
 */
const hasReadAgain = async (ward: Ward): Promise<void> => {
  const recorder = ward.current('recorder');
  const extents = await Promise.all(READ_AGAIN.map((topic) => ward.log.extent(topic)));
  const partitions = extents.reduce((sum, each) => sum + each.length, 0);
  await recorder.says(() => {
    // A partition may be given more than once: the last word on it counts.
    const isReading = new Map<string, boolean>();
    for (const line of recorder.journal) {
      const key = `${line.topic}/${line.partition}`;
      if (isGiven('recorder')(line)) isReading.set(key, (line.count ?? 0) > 0);
      else if (line.msg === 'a stage re-read silently') isReading.set(key, false);
    }
    return isReading.size >= partitions && ![...isReading.values()].includes(true);
  });
};

const eventsOf = (alarms: readonly LogRecord[]): readonly AlarmEvent[] =>
  alarms.map(({ value }) => {
    const event = decodeAlarmEvent(value);
    if (E.isLeft(event)) throw new Error(event.left.sentence);
    return event.right;
  });

const transitionsOf = (alarms: readonly LogRecord[]): readonly string[] =>
  eventsOf(alarms).flatMap(({ bed, atUs, transition }) =>
    transition === undefined ? [] : [`${bed} ${transition.alarm} ${atUs} ${transition.why}`],
  );

/** Alarm events that a store can tell apart: where time has gone on before two worse values come, both are of one moment, and the newer one stands. */
const apartOf = (alarms: readonly LogRecord[]): number =>
  new Set(
    eventsOf(alarms).map(({ bed, atUs, transition, judged, worse }) =>
      JSON.stringify([bed, atUs, transition?.alarm, transition?.from, transition?.to, judged, worse]),
    ),
  ).size;

/** Of two lists of words: those that the second lacks, and those that it has too often. */
const compared = (wanted: readonly string[], found: readonly string[]) => {
  const left = [...wanted];
  const extra = found.filter((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return { lost: left, extra };
};

/** What became of the ward's frames and words. Everything but the counts should be empty. */
export const audit = async (ward: Ward, frames: readonly { readonly bed: string; readonly frames: number }[]) => {
  const { log } = ward;
  const [telemetry, findings, inputs, alarms] = [
    await recordsOf(log, 'vigil.telemetry'),
    await recordsOf(log, 'vigil.findings'),
    await recordsOf(log, 'vigil.alarm-inputs'),
    await recordsOf(log, 'vigil.alarms'),
  ];
  const analysis = await saidByAnalysis(telemetry);
  const told = transitionsOf(alarms);
  const shown = ward.console.heard.map(({ bed, alarm, atUs, why }) => `${bed} ${alarm} ${atUs} ${why}`);
  return {
    counts: {
      frames: telemetry.length,
      findings: wordCount('vigil.findings', analysis),
      inputs: wordCount('vigil.alarm-inputs', analysis),
      alarms: alarms.length,
      alarmsApart: apartOf(alarms),
      transitions: told.length,
    },
    frames: frameFaults(telemetry, frames),
    findings: differences('vigil.findings', analysis, findings),
    inputs: differences('vigil.alarm-inputs', analysis, inputs),
    alarms: differences('vigil.alarms', await saidByAlarms(inputs), alarms),
    console: compared(told, shown),
  };
};

/** Frames that are not on the log exactly once. */
const frameFaults = (
  telemetry: readonly LogRecord[],
  wanted: readonly { readonly bed: string; readonly frames: number }[],
): readonly string[] => {
  const heard = new Map<string, Map<number, number>>();
  for (const { key, value } of telemetry) {
    const frame = decodeLoggedTelemetry(value);
    if (E.isLeft(frame) || frame.right.source !== 'bench') continue;
    const sequences = heard.get(key) ?? new Map<number, number>();
    heard.set(key, sequences.set(frame.right.sequence, (sequences.get(frame.right.sequence) ?? 0) + 1));
  }
  return wanted.flatMap(({ bed, frames }) => {
    const sequences = heard.get(bed) ?? new Map<number, number>();
    return Array.from({ length: frames }, (_, i) => i + 1)
      .filter((sequence) => sequences.get(sequence) !== 1)
      .map((sequence) => `${bed} ${sequence}: ${sequences.get(sequence) ?? 0} times`);
  });
};

/** A planned alarm and when the console heard it. */
export interface Lateness {
  readonly planned: number;
  readonly lost: number;
  /** Desaturations that went on although none was planned. */
  readonly unplanned: number;
  /** Milliseconds beyond the frame's length, the longest last. */
  readonly lateMs: readonly number[];
  /** The same in the order in which they were planned. */
  readonly each: readonly { readonly intendedMs: number; readonly lateMs: number }[];
}

/** How late the planned alarms of the load came. Planned and heard ones of a bed belong together in their order. */
export const lateness = (planned: readonly PlannedAlarm[], { console }: Pick<Ward, 'console'>): Lateness => {
  const went = console.heard.filter(
    ({ condition, from, to }) => condition === 'spo2-desaturation' && to === 'on' && from !== 'on',
  );
  const perBed = Map.groupBy(went, ({ bed }) => bed);
  const each: { intendedMs: number; lateMs: number }[] = [];
  let lost = 0;
  for (const { bed, intendedMs } of planned) {
    const heard = perBed.get(bed)?.shift();
    if (heard === undefined) lost++;
    else each.push({ intendedMs, lateMs: Math.round(heard.arrivedMs - intendedMs) });
  }
  const unplanned = [...perBed.values()].reduce((sum, rest) => sum + rest.length, 0);
  const lateMs = each.map((one) => one.lateMs).sort((a, b) => a - b);
  return { planned: planned.length, lost, unplanned, lateMs, each };
};
