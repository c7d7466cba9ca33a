import type { Topic } from '../../schemas/topics.ts';
import type { EventLog } from '../ports/event-log.ts';
import { groups } from './groups.ts';
import type { LagRound, Standing } from './lag-watch.ts';

/** A transaction leaves one marker on each partition that it wrote to; one more may be of a transaction that was given up. */
const MARKERS_MOST: Readonly<Record<EventLog['kind'], bigint>> = { embedded: 0n, kafka: 2n };

/**
 * Asks the log once where every group stands: the end of each topic once for all its groups, the position of each group once
 * for all its partitions. Rejects while the log does not answer.
 */
export const askWhereGroupsStand = async (log: EventLog): Promise<Omit<LagRound, 'passedS'>> => {
  const extents = new Map<Topic, Awaited<ReturnType<EventLog['extent']>>>();
  const topics = [...new Set(groups.map(({ topic }) => topic))];
  await Promise.all(topics.map(async (topic) => void extents.set(topic, await log.extent(topic))));
  const standings = await Promise.all(
    groups.map(async ({ group, topic, stage }): Promise<readonly Standing[]> => {
      const positions = await log.positions(group, topic);
      return (extents.get(topic) ?? []).map(({ partition, first, next }) => ({
        ...{ group, stage, partition, position: positions.get(partition), first, next },
      }));
    }),
  );
  return { standings: standings.flat(), markersMost: MARKERS_MOST[log.kind] };
};
