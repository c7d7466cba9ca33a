import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Counts up. A label is the one word that splits the count, for example the rejection code. */
export interface Count {
  readonly add: (by?: number, label?: string) => void;
}
export interface Level {
  readonly set: (value: number, label?: string) => void;
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
  readonly contentType: string;
  /** The text of /metrics. */
  readonly text: () => Promise<string>;
}

const LATENCY_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 10];
const APPEND_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** A registry of its own per call, so that two wards in one process (tests) do not add up. */
export const makeMeters = (): Meters => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const count = (name: string, help: string, label?: string): Count => {
    const counter = new Counter({ name, help, registers, labelNames: label === undefined ? [] : [label] });
    if (label === undefined) return { add: (by = 1) => counter.inc(by) };
    return { add: (by = 1, word = 'unknown') => counter.inc({ [label]: word }, by) };
  };
  const level = (name: string, help: string, label?: string): Level => {
    const gauge = new Gauge({ name, help, registers, labelNames: label === undefined ? [] : [label] });
    if (label === undefined) return { set: (value) => gauge.set(value) };
    return { set: (value, word = 'unknown') => gauge.set({ [label]: word }, value) };
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
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
};
