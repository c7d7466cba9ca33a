/** What lies on `vigil.rejected`, for whoever looks: the newest, or one of them. */
import type { Moment } from '../../schemas/units.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';
import { readToNow } from './read-to-now.ts';

const TOPIC = 'vigil.rejected';
/** A log has positions that are never delivered (Kafka's markers), so more of them are read than records are wanted. */
const WINDOW_FIRST = 4;
const WINDOW_GROWS = 8;

export interface RefusedWanted<A> {
  readonly limit: number;
  /** By the log's own clock. Absent: all that is kept. */
  readonly since?: Moment;
  /** What is remembered of a record: its bytes may be a megabyte. */
  readonly look: (record: LogRecord) => A;
}

/** The newest refusals, newest first. Rejects with an Error when the log cannot be read. */
export const newestRefused = async <A>(
  log: EventLog,
  { limit, since, look }: RefusedWanted<A>,
): Promise<readonly A[]> => {
  const extent = await log.extent(TOPIC);
  for (let window = BigInt(limit * WINDOW_FIRST); ; window *= BigInt(WINDOW_GROWS)) {
    const longer = since === undefined ? extent.filter(({ first, next }) => next - window > first) : [];
    const from = new Map(longer.map(({ partition, next }) => [partition, next - window]));
    const kept = new Map<number, { readonly at: Moment; readonly offset: bigint; readonly seen: A }[]>();
    const keep = (record: LogRecord): void => {
      const own = kept.get(record.partition) ?? [];
      kept.set(record.partition, own);
      own.push({ at: record.appendedAt, offset: record.offset, seen: look(record) });
      if (own.length > 2 * limit) own.splice(0, limit);
    };
    await readToNow(log, TOPIC, keep, { from, otherwise: since === undefined ? 'beginning' : { since } });
    if (longer.some(({ partition }) => (kept.get(partition)?.length ?? 0) < limit)) continue;
    const all = [...kept.values()].flat();
    const newestFirst = all.sort((a, b) => b.at - a.at || Number(b.offset - a.offset));
    return newestFirst.slice(0, limit).map(({ seen }) => seen);
  }
};

/** The refusal at this place; undefined: none is kept there. Rejects with an Error when the log cannot be read. */
export const refusedAt = async (log: EventLog, partition: number, offset: bigint): Promise<LogRecord | undefined> => {
  const lane = (await log.extent(TOPIC)).find((each) => each.partition === partition);
  if (lane === undefined || offset < lane.first || offset >= lane.next) return undefined;
  let found: LogRecord | undefined;
  const keep = (record: LogRecord): void => {
    if (record.partition === partition && record.offset === offset) found = record;
  };
  const to = new Map([[partition, offset + 1n]]);
  await readToNow(log, TOPIC, keep, { from: new Map([[partition, offset]]), otherwise: 'end', to });
  return found;
};
