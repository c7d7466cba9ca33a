import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObject,
  Registry,
} from 'prom-client';
import type { Reading } from '../../schemas/generated/vigil/v1/engine_pb.ts';
import { type MetricTold, readingsOf } from './readings.ts';

/** Counts up. A label is the one word that splits the count, for example the rejection code. */
export interface Count {
  readonly add: (by?: number, label?: string) => void;
}
export interface Level {
  readonly set: (value: number, label?: string) => void;
  /** Forgets every label, so that what is set next is all there is. */
  readonly clear: () => void;
}
/** A level that two words split. */
export interface LevelOfTwo {
  readonly set: (value: number, first: string, second: string) => void;
  readonly clear: () => void;
}
/** Lengths of time, in seconds. */
export interface Timing {
  readonly seen: (seconds: number, label?: string) => void;
}

/** Everything that Vigil counts about itself. Names and units are those of /metrics. */
export interface Meters {
  /** By verdict: live, retrospective, duplicate, silence. */
  readonly frames: Count;
  /** By rejection code. */
  readonly rejected: Count;
  /** Told "not taken, send again": by code. */
  readonly notTaken: Count;
  readonly framesLost: Count;
  /** On another partition than that of their bed's name. */
  readonly framesMisplaced: Count;
  readonly silencesLate: Count;
  readonly secondsUntold: Count;
  readonly clockSteps: Count;
  readonly sourceRestarts: Count;
  readonly bedsAdmitted: Level;
  /** By number of sources whose clock is off by more than the bound. */
  readonly sourcesUnsynchronised: Level;
  readonly appendSeconds: Timing;
  readonly appendRecords: Count;
  /** How far a stage is behind the telemetry, by stage. */
  readonly stageLag: Level;
  /** By path. */
  readonly sockets: Level;
  /** By reason: no heartbeat, no pong, alarm queue full, … */
  readonly socketsReaped: Count;
  /** Refused at the door, by reason: token, origin, host, too many. */
  readonly doorRefused: Count;
  readonly wavesShed: Count;
  /** Frames to consoles, by type. */
  readonly liveFrames: Count;
  /** From the end of the decisive signal to the console's socket. */
  readonly alertLatency: Timing;
  /** Records on the log that a screen could not read, by topic. */
  readonly unreadable: Count;
  readonly undelivered: Level;
  readonly httpSeconds: Timing;
  /** 1 for the provider in use. */
  readonly provider: Level;
  /** Batches and records that were settled, by stage; the recorder has four readers, each with its name. */
  readonly batches: Count;
  readonly batchRecords: Count;
  /** From the batch's arrival until outputs and position are stored. */
  readonly batchSeconds: Timing;
  /** By stage, or by the stages of a thread. */
  readonly restarts: Count;
  readonly inferenceSeconds: Timing;
  readonly inferenceFailures: Count;
  /** What the series store has kept, by kind. */
  readonly seriesPoints: Count;
  readonly seriesSeconds: Timing;
  readonly seriesFailures: Count;
  /** By what was purged: a table of the embedded store. */
  readonly seriesPurged: Count;
  readonly seriesPurgeFailures: Count;
  readonly seriesHolds: Level;
  readonly recorderRejected: Count;
  /** How Vigil does, as the screens judge it: by group, by process, by condition of Vigil itself. */
  readonly groupLag: Level;
  readonly groupStill: Level;
  readonly partState: LevelOfTwo;
  readonly processSilent: Level;
  readonly processRestarts: Count;
  readonly clockOffset: Level;
  readonly conditionOfVigil: Level;
  readonly consoles: Level;
  /** Entries that the log has kept, and those that could not wait for it any longer. */
  readonly auditEntries: Count;
  readonly auditLost: Count;
  /** By what is contradicted: `patient`, `devices`. */
  readonly bedsContradicted: Level;
  readonly contentType: string;
  /** The text of /metrics, with the figures of this process's other threads. */
  readonly text: (others?: readonly MetricsOfThread[]) => Promise<string>;
  /** The same figures for a report on vigil.engine. */
  readonly readings: () => Promise<readonly Reading[]>;
  /** For another thread, whose /metrics tells them. */
  readonly ofThread: () => Promise<MetricsOfThread>;
}

/** Vigil's own figures of one thread, as they cross to another. */
export type MetricsOfThread = readonly MetricObject[];

const LATENCY_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 10];
const APPEND_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

const LOOP_LAG = 'nodejs_eventloop_lag_p99_seconds';

/** A thread has a loop of its own; processor time and memory are the process's, and told by its main thread. */
const meterOwnLoop = (registry: Registry): void => {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const gauge = new Gauge({
    ...{ name: LOOP_LAG, help: 'Delay of the loop, 99th percentile', registers: [registry] },
    collect: () => {
      gauge.set(delay.count === 0 ? 0 : delay.percentile(99) / 1e9);
      delay.reset();
    },
  });
};

const isOfVigil = ({ name }: { readonly name: string }): boolean => name.startsWith('vigil_');

/** A registry of its own per call, so that two wards in one process (tests) do not add up. */
export const makeMeters = (of: 'process' | 'thread' = 'process'): Meters => {
  const registry = new Registry();
  if (of === 'process') collectDefaultMetrics({ register: registry });
  else meterOwnLoop(registry);
  const registers = [registry];
  const count = (name: string, help: string, label?: string): Count => {
    const counter = new Counter({ name, help, registers, labelNames: label === undefined ? [] : [label] });
    if (label === undefined) return { add: (by = 1) => counter.inc(by) };
    return { add: (by = 1, word = 'unknown') => counter.inc({ [label]: word }, by) };
  };
  const level = (name: string, help: string, label?: string): Level => {
    const gauge = new Gauge({ name, help, registers, labelNames: label === undefined ? [] : [label] });
    const clear = (): void => gauge.reset();
    if (label === undefined) return { set: (value) => gauge.set(value), clear };
    return { set: (value, word = 'unknown') => gauge.set({ [label]: word }, value), clear };
  };
  const levelOfTwo = (name: string, help: string, one: string, other: string): LevelOfTwo => {
    // A thread and the screens tell of the same part: it is as bad as the worse of them knows.
    const gauge = new Gauge({ name, help, registers, labelNames: [one, other], aggregator: 'max' });
    return {
      set: (value, first, second) => gauge.set({ [one]: first, [other]: second }, value),
      clear: () => gauge.reset(),
    };
  };
  const timing = (name: string, help: string, buckets: number[], label?: string): Timing => {
    const labelNames = label === undefined ? [] : [label];
    const histogram = new Histogram({ name, help, registers, buckets, labelNames });
    if (label === undefined) return { seen: (seconds) => histogram.observe(seconds) };
    return { seen: (seconds, word = 'unknown') => histogram.observe({ [label]: word }, seconds) };
  };
  return {
    frames: count('vigil_frames_total', 'Telemetry frames on the log', 'verdict'),
    rejected: count('vigil_rejected_total', 'Messages refused and kept on vigil.rejected', 'code'),
    notTaken: count('vigil_not_taken_total', 'Messages that the sender was told to send again', 'code'),
    framesLost: count('vigil_frames_lost_total', 'Sequence numbers that were skipped'),
    framesMisplaced: count('vigil_frames_misplaced_total', "Frames on another partition than that of their bed's name"),
    silencesLate: count('vigil_silences_late_total', 'Silences that came late from the log and were passed over'),
    secondsUntold: count('vigil_silent_seconds_untold_total', 'Seconds in which no bed was called silent', 'why'),
    clockSteps: count('vigil_clock_steps_total', 'Device clocks that were stepped', 'why'),
    sourceRestarts: count('vigil_source_restarts_total', 'Sources that began to count anew'),
    bedsAdmitted: level('vigil_beds_admitted', 'Beds that the gateway listens for'),
    sourcesUnsynchronised: level('vigil_sources_unsynchronised', 'Sources more than 50 ms from the gateway clock'),
    appendSeconds: timing('vigil_append_seconds', 'Time until the log kept a batch', APPEND_BUCKETS_S),
    appendRecords: count('vigil_append_records_total', 'Records that the gateway appended'),
    stageLag: level('vigil_stage_lag_seconds', 'How far a stage is behind the telemetry', 'stage'),
    sockets: level('vigil_sockets', 'Open WebSockets', 'path'),
    socketsReaped: count('vigil_sockets_reaped_total', 'WebSockets that Vigil closed', 'reason'),
    doorRefused: count('vigil_door_refused_total', 'Requests and sockets refused at the door', 'reason'),
    wavesShed: count('vigil_waves_shed_total', 'Wave frames dropped for slow consoles'),
    liveFrames: count('vigil_live_frames_total', 'Frames sent to consoles', 'type'),
    alertLatency: timing('vigil_alert_latency_seconds', 'From signal to console socket', LATENCY_BUCKETS_S),
    unreadable: count('vigil_unreadable_records_total', 'Records that a screen could not read', 'topic'),
    undelivered: level('vigil_alarms_undelivered', 'High alarms that no console has received'),
    httpSeconds: timing('vigil_http_seconds', 'Time of HTTP answers', LATENCY_BUCKETS_S, 'route'),
    provider: level('vigil_inference_provider_info', 'The inference provider in use', 'provider'),
    batches: count('vigil_stage_batches_total', 'Batches whose outputs and position were stored', 'stage'),
    batchRecords: count('vigil_stage_records_total', 'Records of these batches', 'stage'),
    batchSeconds: timing(
      'vigil_stage_batch_seconds',
      'From a batch to its outputs on the log',
      APPEND_BUCKETS_S,
      'stage',
    ),
    restarts: count('vigil_stage_restarts_total', 'Stages and threads that this process started anew', 'stage'),
    inferenceSeconds: timing('vigil_inference_seconds', 'Time of one call of the network', APPEND_BUCKETS_S),
    inferenceFailures: count('vigil_inference_failures_total', 'Calls of the network that failed', 'why'),
    seriesPoints: count('vigil_series_points_total', 'What the series store has kept', 'kind'),
    seriesSeconds: timing('vigil_series_write_seconds', 'Time until the series store kept a write', APPEND_BUCKETS_S),
    seriesFailures: count('vigil_series_failed_writes_total', 'Writes that the series store did not take'),
    seriesPurged: count('vigil_series_purged_total', 'Rows over their time that the series store let go', 'kind'),
    seriesPurgeFailures: count('vigil_series_purge_failures_total', 'Purges of the series store that failed'),
    seriesHolds: level('vigil_series_holds', 'Holds that stand'),
    recorderRejected: count('vigil_recorder_rejected_total', 'Records that were not recorded', 'code'),
    groupLag: level('vigil_group_lag_records', 'Records of its topic that a group has not settled', 'group'),
    groupStill: level('vigil_group_stands_still', '1 while records wait and the group does not move', 'group'),
    partState: levelOfTwo('vigil_part_state', '1 ok, 2 degraded, 3 failed, 0 unknown', 'process', 'part'),
    processSilent: level('vigil_process_silent', '1 for a process that no longer reports', 'process'),
    processRestarts: count('vigil_process_restarts_total', 'Processes that fell silent and were replaced', 'process'),
    clockOffset: level('vigil_clock_offset_seconds', 'Clock of the log minus that of a process', 'process'),
    conditionOfVigil: level('vigil_condition', '1 while a condition of Vigil itself is present', 'condition'),
    consoles: level('vigil_consoles', 'Consoles that hear Vigil and answer'),
    auditEntries: count('vigil_audit_entries_total', 'Entries of the audit on the log'),
    auditLost: count(
      'vigil_audit_entries_lost_total',
      'Entries of the audit that were lost while the log took nothing',
    ),
    bedsContradicted: level('vigil_beds_contradicted', 'Beds that contradict others or themselves', 'what'),
    contentType: registry.contentType,
    text: async (others = []) => {
      if (others.length === 0) return registry.metrics();
      return AggregatorRegistry.aggregate([await registry.getMetricsAsJSON(), ...others]).metrics();
    },
    readings: async () => readingsOf((await registry.getMetricsAsJSON()) as unknown as readonly MetricTold[]),
    ofThread: async () => (await registry.getMetricsAsJSON()).filter(isOfVigil) as unknown as MetricsOfThread,
  };
};
