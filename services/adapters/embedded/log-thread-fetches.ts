import type { LaneEnds } from './log-thread-ends.ts';
import type { LogFile } from './log-thread-file.ts';
import { readRecords } from './log-thread-lanes.ts';
import type { Ask, PackedBatch } from './log-thread-messages.ts';

type Fetch = Extract<Ask, { ask: 'fetch' }>;

/** Reads that wait until there is something to read. */
export const waitingFetches = (
  file: LogFile,
  ends: LaneEnds,
  answer: (id: number, batches: readonly PackedBatch[]) => void,
  fail: (id: number, cause: unknown) => void,
) => {
  const waiting = new Map<number, Fetch>();

  /** Answers a fetch if there is anything to answer. */
  const serve = ({ id, topic, lanes, recordsMax }: Fetch): boolean => {
    const grown = lanes.filter(({ partition, from }) => ends.of(file.lane(topic, partition)) > from);
    if (grown.length === 0) return false;
    const batches = file.patiently(() =>
      grown.flatMap((position) => readRecords(file, topic, position, recordsMax) ?? []),
    );
    if (batches.length > 0) answer(id, batches);
    return batches.length > 0;
  };

  const serveOrFail = (fetch: Fetch): boolean => {
    try {
      return serve(fetch);
    } catch (cause) {
      fail(fetch.id, cause);
      return true;
    }
  };

  /** Serves whoever waits for records before the known ends. Answers whether it served anyone. */
  const serveAll = (): boolean => {
    const served = [...waiting.values()].filter(serveOrFail);
    for (const { id } of served) waiting.delete(id);
    return served.length > 0;
  };

  return {
    add: (fetch: Fetch): void => {
      if (!serveOrFail(fetch)) waiting.set(fetch.id, fetch);
    },
    callOff: (id: number): void => {
      if (waiting.delete(id)) answer(id, []);
    },
    serveAll,
  };
};
