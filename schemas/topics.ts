/** The topics of the log: what each is keyed by, how long it is kept, and how many partitions it starts with. */
const DAY_MS = 86_400_000;

export type Retention =
  /** `bytesMax`: of each partition, the oldest go before their time; the embedded log has one bound for its file. */
  { readonly kind: 'time'; readonly ms: number; readonly bytesMax?: number } | { readonly kind: 'compacted' };

export interface TopicSettings {
  readonly retention: Retention;
  /** Topics that are read together share one count, so that one process owns all topics of a bed. */
  readonly partitions: number;
  /** What of a key decides on its partition; all of it if absent. */
  readonly placedBy?: (key: string) => string;
}

/**
 * Whoever reads a topic sees of each partition what lies before the oldest transaction that is open there, and no two partitions
 * stand alike. What a stage remembers of one of its partitions must therefore lie in one: its low water may never be seen
 * without the memories of the beds that it speaks of. The key is stage/partition/bed.
 */
const stageAndPartition = (key: string): string => key.split('/', 2).join('/');

/** Six years: what HIPAA (45 CFR 164.316) asks of such papers. A site says another time with VIGIL_KEEP_AUDIT_DAYS. */
export const AUDIT_DAYS_USUAL = 2_192;

/** Partitions of every topic keyed by bed. Changing it moves beds, so it is set once per hospital. */
export const PARTITIONS_USUAL = 4;

export const topics = {
  'vigil.telemetry': { retention: { kind: 'time', ms: 7 * DAY_MS }, partitions: PARTITIONS_USUAL },
  'vigil.findings': { retention: { kind: 'time', ms: 30 * DAY_MS }, partitions: PARTITIONS_USUAL },
  'vigil.alarm-inputs': { retention: { kind: 'time', ms: 30 * DAY_MS }, partitions: PARTITIONS_USUAL },
  'vigil.alarms': { retention: { kind: 'time', ms: 365 * DAY_MS }, partitions: PARTITIONS_USUAL },
  // A sender whose every frame is refused would else fill the disk for all.
  'vigil.rejected': { retention: { kind: 'time', ms: 30 * DAY_MS, bytesMax: 2 * 1024 ** 3 }, partitions: 1 },
  // Two topics, so that who lay where and who was there is found without reading what was seen and done at every bed for years.
  'vigil.audit': { retention: { kind: 'time', ms: AUDIT_DAYS_USUAL * DAY_MS }, partitions: 1 },
  'vigil.audit-beds': { retention: { kind: 'time', ms: AUDIT_DAYS_USUAL * DAY_MS }, partitions: PARTITIONS_USUAL },
  'vigil.engine': { retention: { kind: 'time', ms: 7 * DAY_MS }, partitions: 1 },
  'vigil.checkpoints': { retention: { kind: 'compacted' }, partitions: PARTITIONS_USUAL, placedBy: stageAndPartition },
} as const satisfies Record<string, TopicSettings>;

/** What the audit lies on: retention of its own, and chains that go over both. */
export const auditTopics = ['vigil.audit', 'vigil.audit-beds'] as const satisfies readonly (keyof typeof topics)[];
export const isOfAudit = (topic: string): boolean => auditTopics.some((each) => each === topic);

export type Topic = keyof typeof topics;
export const topicNames = Object.keys(topics) as readonly Topic[];
