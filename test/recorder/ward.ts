/** Puts a ward's shift on a log, plays the recorder over it, and reads back what the store then has. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import { crc32c } from '../../schemas/checksum.ts';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import {
  type AlarmEvent,
  AlarmEventSchema,
  Priority,
  SignalState,
} from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import {
  type Finding,
  FindingSchema,
  FindingsSchema,
  type RhythmKind,
} from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Rejected } from '../../schemas/generated/vigil/v1/log_pb.ts';
import { NumericSchema, TelemetrySchema, WaveformSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeRejected, encodeAlarmEvent, encodeFindings } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import type { Topic } from '../../schemas/topics.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import type { EventLog, LogRecord, NewRecord } from '../../services/ports/event-log.ts';
import type { SeriesStore } from '../../services/ports/series-store.ts';
import type { RecorderNotice } from '../../services/recorder/notice.ts';
import { makeRecorder, type Recorder } from '../../services/recorder/recorder.ts';
import { right } from '../right.ts';

export const RATE = 125;
export const LEADS = [MDC.ecgII, MDC.ecgI];
const START_US = 1_700_000_000e6;
export const at = (s: number): Moment => moment(START_US + s * 1e6);
const secondOf = (time: Moment): number => (time - START_US) / 1e6;

/** What the samples of one second are: a function of second and lead, so that a mix-up shows. */
export const samplesAt = (s: number, code: number): Int16Array =>
  Int16Array.from({ length: RATE }, (_, i) => ((s * RATE + i) * (code % 97)) % 30_000);

export interface FrameOptions {
  readonly source?: string;
  /** How far the device clock is from the gateway's, and how long the frame travelled. */
  readonly deviceAheadUs?: number;
  readonly travelUs?: number;
  readonly retrospective?: boolean;
  readonly silent?: boolean;
  readonly heartRate?: { readonly value: number; readonly unit: string };
  /** So many more probes tell a heart rate at the same moment, each one higher than the one before. */
  readonly moreProbes?: number;
}
/** The second that begins at `s`: two leads, a heart rate. */
export const frame = (bed: string, s: number, options: FrameOptions = {}): NewRecord => {
  const device = (seconds: number): number => at(seconds) + (options.deviceAheadUs ?? 0);
  const waveforms = LEADS.map((code) =>
    create(WaveformSchema, {
      ...{ code, startUs: device(s), rateNumerator: RATE, rateDenominator: 1, gain: 0.005, offset: 0, unit: 'mV' },
      samples: new Uint8Array(samplesAt(s, code).buffer),
    }),
  );
  const { value, unit } = options.heartRate ?? { value: 60 + (s % 40), unit: '/min' };
  const numerics = Array.from({ length: 1 + (options.moreProbes ?? 0) }, (_, i) => {
    const reading = { case: 'value', value: value + i } as const;
    return create(NumericSchema, { code: MDC.ecgHeartRate, atUs: device(s), unit, reading });
  });
  const message = create(TelemetrySchema, {
    ...{ bed, source: options.source ?? 'monitor-1', sequence: s, retrospective: options.retrospective ?? false },
    ...{ deviceTimeUs: device(s + 1), gatewayTimeUs: at(s + 1) + (options.travelUs ?? 0) },
    ...(options.silent ? { silence: { sinceUs: 0 } } : { waveforms, numerics }),
  });
  return { topic: 'vigil.telemetry', key: bed, value: encodeTelemetry(message) };
};
export const frames = (bed: string, from: number, to: number, options?: FrameOptions): NewRecord[] =>
  Array.from({ length: to - from }, (_, i) => frame(bed, from + i, options));

export const findings = (bed: string, ...list: Finding[]): NewRecord => ({
  topic: 'vigil.findings',
  key: bed,
  value: encodeFindings(create(FindingsSchema, { bed, findings: list })),
});
export const rhythm = (s: number, of: RhythmKind, saidS = s): Finding =>
  create(FindingSchema, {
    ...{ atUs: at(s), saidUs: at(saidS), preset: 'adult' },
    kind: { case: 'rhythm', value: { rhythm: of } },
  });
export const derived = (s: number, value: number): Finding =>
  create(FindingSchema, {
    ...{ atUs: at(s), saidUs: at(s), preset: 'adult' },
    kind: { case: 'derived', value: { code: MDC.ecgHeartRate, unit: '/min', value } },
  });

/** A condition with onset at `s` whose signal begins three seconds later. */
export const alarmEvent = (
  bed: string,
  s: number,
  change: { condition?: string; priority?: Priority; from?: SignalState; to?: SignalState } = {},
): AlarmEvent => {
  const { condition = 'vt', priority = Priority.HIGH, from = SignalState.OFF, to = SignalState.ON } = change;
  const alarm = `${bed}/${condition}/${s}`;
  return create(AlarmEventSchema, {
    ...{ bed, atUs: at(s + 3), saidUs: at(s + 3) },
    transition: { alarm, condition, from, to, by: 'vigil', why: 'condition present' },
    signals: [{ alarm, condition, priority, state: to, onsetUs: at(s), sinceUs: at(s + 3), present: true }],
  });
};
export const alarm = (...of: Parameters<typeof alarmEvent>): NewRecord => ({
  topic: 'vigil.alarms',
  key: of[0],
  value: encodeAlarmEvent(alarmEvent(...of)),
});

export interface Place {
  readonly log: EventLog;
  readonly store: SeriesStore;
  readonly logPath: string;
  readonly seriesPath: string;
  readonly say: (...records: readonly NewRecord[]) => Promise<void>;
  readonly close: () => Promise<void>;
}
/** A log in a folder of its own, and a store: SQLite beside it unless another is given, which stays the caller's. */
export const openPlace = async (given?: SeriesStore): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-recorder-'));
  const [logPath, seriesPath] = [join(folder, 'log.db'), join(folder, 'series.db')];
  const log = await openSqliteEventLog({ path: logPath, partitions: PARTITIONS, leaseMs: 1_000 });
  const store = given ?? (await openSqliteSeriesStore({ path: seriesPath }));
  return {
    ...{ logPath, seriesPath },
    log,
    store,
    say: async (...records) => right(await log.append(records)()),
    close: async () => {
      await log.close();
      if (given === undefined) await store.close();
      await rm(folder, { recursive: true });
    },
  };
};

const PARTITIONS = 2;
/** Partitions of telemetry and alarms. */
const READ_AGAIN = 2 * PARTITIONS;
const READ: readonly Topic[] = ['vigil.telemetry', 'vigil.findings', 'vigil.alarms'];
const GROUPS: Readonly<Partial<Record<Topic, string>>> = {
  'vigil.telemetry': 'vigil-recorder-telemetry',
  'vigil.findings': 'vigil-recorder-findings',
  'vigil.alarms': 'vigil-recorder-alarms',
};

/** What is on the log and not yet settled by the recorder: `topic/partition` → the offset that must be reached. */
const unsettled = async (log: EventLog): Promise<Map<string, bigint>> => {
  const wanted = new Map<string, bigint>();
  for (const topic of READ) {
    const positions = await log.positions(GROUPS[topic]!, topic);
    for (const { partition, next } of await log.extent(topic))
      if (next > (positions.get(partition) ?? 0n)) wanted.set(`${topic}/${partition}`, next);
  }
  return wanted;
};

/** A recorder that can be waited for. */
export const startRecorder = async (
  log: EventLog,
  store: SeriesStore,
  onNotice: (notice: RecorderNotice) => void = () => undefined,
): Promise<
  Recorder & { readonly caughtUp: () => Promise<void>; readonly settlements: (count: number) => Promise<void> }
> => {
  let seen = 0;
  const listeners = new Set<() => void>();
  const reached = new Map<string, bigint>();
  /** Per partition that may be read again: where that ends. */
  const assigned = new Map<string, bigint>();
  const recorder = await makeRecorder({
    ...{ log, store, lingerMs: 0, pauseMs: () => 0 },
    onNotice: (notice) => {
      onNotice(notice);
      if (notice.tag === 'Assigned') {
        const { topic, partition, stored, readAgainFrom } = notice;
        assigned.set(`${topic}/${partition}`, readAgainFrom === undefined ? 0n : stored!);
      } else if (notice.tag === 'Settled') {
        seen++;
        reached.set(`${notice.topic}/${notice.partition}`, notice.next);
      } else return;
      for (const listener of listeners) listener();
    },
  });
  const when = (isSo: () => boolean): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listener = (): void => {
      if (!isSo()) return;
      listeners.delete(listener);
      resolve();
    };
    listeners.add(listener);
    listener();
    return promise;
  };
  return {
    ...recorder,
    caughtUp: async () => {
      const wanted = await unsettled(log);
      const isThere = ([place, next]: readonly [string, bigint]): boolean => (reached.get(place) ?? 0n) >= next;
      await when(() => assigned.size === READ_AGAIN && [...assigned, ...wanted].every(isThere));
    },
    settlements: (count) => when(() => seen >= count),
  };
};

/** Runs a recorder in another process and kills it when it has said so many lines. */
export const runAndKill = async ({ logPath, seriesPath }: Place, lines: number): Promise<void> => {
  const program = fileURLToPath(new URL('./recorder-child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, logPath, seriesPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let said = 0;
  createInterface({ input: child.stdout }).on('line', () => {
    if (++said === lines) child.kill('SIGKILL');
  });
  const [, signal] = (await exited) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error(`the recorder ended by itself after ${said} lines`);
};

/** Records everything that is on the log, and stops. */
export const recordAll = async (
  { log, store }: Pick<Place, 'log' | 'store'>,
  onNotice?: (notice: RecorderNotice) => void,
): Promise<void> => {
  const recorder = await startRecorder(log, store, onNotice);
  await recorder.caughtUp();
  await recorder.stop();
};

/** Everything that a store has of some beds. */
export const contentOf = async (store: SeriesStore, beds: readonly string[]) => {
  const everything = { from: moment(0), to: moment(2 * START_US) };
  const content = [];
  for (const bed of beds)
    content.push(
      right(await store.numerics({ ...everything, bed, code: MDC.ecgHeartRate })()),
      right(await store.numerics({ ...everything, bed, code: PRIVATE.rhythm })()),
      right(await store.minutes({ ...everything, bed, code: MDC.ecgHeartRate })()),
      right(await store.findings({ ...everything, bed })()),
      right(await store.alarms({ ...everything, bed })()),
    );
  for (const bed of beds) {
    const blocks = right(await store.waves({ ...everything, bed })());
    content.push(blocks.map(({ samples, ...rest }) => ({ ...rest, samples: crc32c(new Uint8Array(samples.buffer)) })));
  }
  return content.map((part) => part.map((entry) => JSON.stringify(entry, sorted)));
};

/** Keys in the order of their names: stores need not agree on more. */
const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The seconds of waves of one lead that were kept of an alarm's strip, checked sample by sample. */
export const secondsOf = async (store: SeriesStore, alarmId: string, code: number): Promise<number[]> => {
  const [bed, , onset] = alarmId.split('/') as [string, string, string];
  const range = { bed, from: at(Number(onset) - 10), to: at(Number(onset) + 10) };
  const blocks = right(await store.waves(range)()).filter((block) => block.code === code);
  return blocks.map(({ start, samples }) => {
    const s = secondOf(start);
    if (samples.join() !== samplesAt(s, code).join()) throw new Error(`second ${s} of ${code} has other samples`);
    return s;
  });
};
export const span = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Every record of vigil.rejected. */
export const rejectedOn = async (log: EventLog): Promise<Rejected[]> => {
  const records: LogRecord[] = [];
  const wanted = (await log.extent('vigil.rejected')).reduce((sum, { first, next }) => sum + Number(next - first), 0);
  if (wanted === 0) return [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const tail = await log.tail({
    ...{ topic: 'vigil.rejected', from: new Map(), otherwise: 'beginning' },
    onRecords: (batch) => {
      records.push(...batch.records);
      if (records.length >= wanted) resolve();
    },
  });
  await promise;
  await tail.stop();
  return records.map(({ value }) => right(decodeRejected(value)));
};
