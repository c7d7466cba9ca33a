import type { LogFile } from './log-thread-file.ts';
import { readRecords } from './log-thread-lanes.ts';
import type { Ask, PackedBatch } from './log-thread-messages.ts';

type Fetch = Extract<Ask, { ask: 'fetch' }>;

/** Reads that wait until there is something to read. */
export const waitingFetches = (
  file: LogFile,
  answer: (id: number, batches: readonly PackedBatch[]) => void,
  fail: (id: number, cause: unknown) => void,
) => {
  const waiting = new Map<number, Fetch>();

  /** Answers a fetch if there is anything to answer. */
  const serve = (fetch: Fetch): boolean => {
    const batches = file.patiently(() =>
      fetch.lanes.flatMap((position) => readRecords(file, fetch.topic, position, fetch.recordsMax) ?? []),
    );
    if (batches.length > 0) answer(fetch.id, batches);
    return batches.length > 0;
  };

  const serveIfTouched = (fetch: Fetch, grown: ReadonlySet<number> | undefined): boolean => {
    const touched = grown === undefined || fetch.lanes.some((l) => grown.has(file.lane(fetch.topic, l.partition)));
    if (!touched) return false;
    try {
      return serve(fetch);
    } catch (cause) {
      fail(fetch.id, cause);
      return true;
    }
  };

  return {
    add: (fetch: Fetch): void => {
      if (!serve(fetch)) waiting.set(fetch.id, fetch);
    },
    callOff: (id: number): void => {
      if (waiting.delete(id)) answer(id, []);
    },
    any: (): boolean => waiting.size > 0,
    /** @param grown the lanes that have new records, undefined for "perhaps any". Answers whether it served anyone. */
    serveAll: (grown: ReadonlySet<number> | undefined): boolean => {
      const served = [...waiting.values()].filter((fetch) => serveIfTouched(fetch, grown));
      for (const { id } of served) waiting.delete(id);
      return served.length > 0;
    },
  };
};
