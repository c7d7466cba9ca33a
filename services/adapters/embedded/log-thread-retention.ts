import { isOfAudit, type Topic, topicNames, topics } from '../../../schemas/topics.ts';
import type { LogFile } from './log-thread-file.ts';

/** Rows deleted per transaction, so that appends never wait long behind the housekeeping. */
const ROWS_PER_STEP = 2_000;

/**
 * One small step of housekeeping, in a transaction of its own: what is over its time goes (`now_us`: the clock of the purge),
 * the audit after a time of its own (`auditKeptMs`), checkpoints keep only the newest of each key, and what senders said gives way when the file is full, the oldest first. Answers
 * whether there is more to do, and what an operator must hear.
 */
export const tidyStep = (
  file: LogFile,
  now_us: number,
  bytesMax: number,
  auditKeptMs = Number.POSITIVE_INFINITY,
): { more: boolean; troubles: string[] } => {
  const troubles: string[] = [];
  let more = false;
  for (const topic of topicNames) {
    const { retention } = topics[topic];
    for (let partition = 0; partition < (file.partitions.get(topic) ?? 0); partition++) {
      const gone =
        retention.kind === 'compacted'
          ? compact(file, topic, partition)
          : purgeBefore(file, topic, partition, now_us - (isOfAudit(topic) ? auditKeptMs : retention.ms) * 1e3, now_us);
      if (gone >= ROWS_PER_STEP) more = true;
    }
  }
  if (bytesUsed(file) > bytesMax) {
    const gone = purgeOldestSaid(file);
    if (gone > 0) more = true;
    else troubles.push(`the log's file holds more than ${bytesMax} bytes and has no telemetry left to purge`);
  }
  return { more, troubles };
};

/** Bytes of the file that hold something. Freed pages are used again, so the file itself grows no further. */
export const bytesUsed = (file: LogFile): number => {
  const pages = file.statement('PRAGMA page_count').get() as { page_count: number };
  const free = file.statement('PRAGMA freelist_count').get() as { freelist_count: number };
  const size = file.statement('PRAGMA page_size').get() as { page_size: number };
  return (pages.page_count - free.freelist_count) * size.page_size;
};

/**
 * Rows are deleted from the oldest on and only while they are over time, so an odd clock cannot tear a hole. Those that a clock wrote
 * which ran ahead (after `now_us`) are as old as the next one whose time is known, or they would hold up the purge until then.
 */
const purgeBefore = (
  file: LogFile,
  topic: Topic,
  partition: number,
  before_us: number,
  now_us = Number.POSITIVE_INFINITY,
): number => {
  const lane = file.lane(topic, partition);
  const oldest = file
    .statement(`SELECT offset, at_us FROM lane_${lane} ORDER BY offset LIMIT ${ROWS_PER_STEP}`)
    .all() as unknown as readonly LaneRow[];
  const known = oldest.filter(({ at_us }) => at_us <= now_us);
  const kept = known.findIndex(({ at_us }) => at_us >= before_us);
  const last = kept < 0 ? (known.at(-1) ?? overTimeBehind(file, lane, oldest, before_us, now_us)) : known[kept - 1];
  if (last === undefined) return 0;
  const gone = oldest.filter(({ offset }) => offset <= last.offset);
  file.statement(`DELETE FROM lane_${lane} WHERE offset <= ?`).run(gone.at(-1)!.offset);
  return gone.length;
};

interface LaneRow {
  readonly offset: number;
  readonly at_us: number;
}

/** Behind rows of which none has a time that is known: the next one found that has, if it is over time. Looks ever further, so that few rows are read. */
const overTimeBehind = (
  file: LogFile,
  lane: number,
  rows: readonly LaneRow[],
  before_us: number,
  now_us: number,
): LaneRow | undefined => {
  const at = file.statement(`SELECT offset, at_us FROM lane_${lane} WHERE offset >= ? ORDER BY offset LIMIT 1`);
  const first = rows[0]?.offset ?? 0;
  for (let ahead = ROWS_PER_STEP; ; ahead *= 2) {
    const row = at.get(first + ahead) as LaneRow | undefined;
    if (row === undefined || row.at_us <= now_us) return row !== undefined && row.at_us < before_us ? row : undefined;
  }
};

const oldestTelemetry = (file: LogFile): number => {
  let oldest_us = Number.POSITIVE_INFINITY;
  for (let partition = 0; partition < (file.partitions.get('vigil.telemetry') ?? 0); partition++) {
    const lane = file.lane('vigil.telemetry', partition);
    const row = file.statement(`SELECT at_us FROM lane_${lane} ORDER BY offset LIMIT 1`).get();
    if (row !== undefined) oldest_us = Math.min(oldest_us, row['at_us'] as number);
  }
  return oldest_us;
};

/** What was refused goes with the telemetry of its time: a sender whose every frame is refused takes no more of the file than one that is understood. */
const purgeOldestSaid = (file: LogFile): number => {
  const refused = purgeBefore(file, 'vigil.rejected', 0, oldestTelemetry(file));
  if (refused > 0) return refused;
  let gone = 0;
  for (let partition = 0; partition < (file.partitions.get('vigil.telemetry') ?? 0); partition++) {
    gone += purgeBefore(file, 'vigil.telemetry', partition, Number.POSITIVE_INFINITY);
  }
  return gone;
};

const compact = (file: LogFile, topic: Topic, partition: number): number => {
  const lane = file.lane(topic, partition);
  const { changes } = file
    .statement(`DELETE FROM lane_${lane} WHERE offset NOT IN (SELECT max(offset) FROM lane_${lane} GROUP BY key)`)
    .run();
  // All at once: a partition holds one row per bed and stage, and what a few seconds added.
  return changes === 0 ? 0 : 1;
};
