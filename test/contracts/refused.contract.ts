import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it, vi } from 'vitest';
import { rejection } from '../../schemas/rejection.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import { newestRefused, refusedAt } from '../../services/runtime/read-refused.ts';
import { refused } from '../../services/runtime/refused.ts';
import { append, type LogUnderTest, reader, record, text } from './event-log-story.ts';
import { opensLogs } from './opened-logs.ts';

const VISIBLE_WITHIN = { timeout: 20_000, interval: 50 };

/** What was refused, found again on a log with everything that it leaves between records. */
export const refusedContract = (name: string, underTest: LogUnderTest): void => {
  const open = opensLogs(underTest);
  const look = (each: LogRecord): string => text(each);

  describe(`${name} gives back what was refused`, () => {
    it('nothing where nothing was', async () => {
      const log = await open();
      expect(await newestRefused(log, { limit: 5, look })).toEqual([]);
      expect(await refusedAt(log, 0, 0n)).toBeUndefined();
    });

    it('newest first, no more than are wanted, and not what was before a time', async () => {
      const log = await open();
      for (let i = 0; i < 30; i++) await append(log, [record('s', `${i}`, 'vigil.rejected')]);
      expect(await newestRefused(log, { limit: 3, look })).toEqual(['29', '28', '27']);
      expect(await newestRefused(log, { limit: 100, look })).toHaveLength(30);
      const [{ appendedAt }] = (await newestRefused(log, { limit: 1, look: (each) => each })) as [LogRecord];
      const late = await newestRefused(log, { limit: 100, since: appendedAt, look });
      expect(late[0]).toBe('29');
      expect(late.length).toBeLessThan(30);
    });

    it('whole and by its place, also what a stage refused in transactions', async () => {
      const log = await open();
      const beds = ['bed-1', 'bed-2', 'bed-3'];
      for (const bed of beds) await append(log, [record(bed, `frame of ${bed}`)]);
      const done = Promise.withResolvers<void>();
      let left = beds.length;
      const stage = await log.join({
        ...reader('vigil-analysis'),
        react: ({ records }) =>
          TE.right({
            outputs: records.map((each) => refused('analysis', each, rejection('unreadable', '', 'not a frame'))),
            settled: () => {
              left -= records.length;
              if (left === 0) done.resolve();
            },
          }),
      });
      await done.promise;
      await stage.stop();
      // A broker writes the end of a transaction into its partitions a moment after it has answered.
      const looked = () => newestRefused(log, { limit: 9, look: (each) => each });
      const places = await vi.waitUntil(async () => {
        const found = await looked();
        return found.length === beds.length ? found : undefined;
      }, VISIBLE_WITHIN);
      expect(places.map(({ key }) => key).sort()).toEqual(beds);
      for (const each of places) expect(await refusedAt(log, each.partition, each.offset)).toEqual(each);
      expect(await refusedAt(log, 0, places[0]!.offset + 100n)).toBeUndefined();
    });
  });
};
