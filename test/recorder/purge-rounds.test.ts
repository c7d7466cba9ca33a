/** What the purge says: in notices, in the journal and in the metrics. */

import { Writable } from 'node:stream';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Moment, moment } from '../../schemas/units.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import { tellPurge } from '../../services/composition/tell-purge.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import type { Hold, PurgeReport } from '../../services/ports/holds.ts';
import type { SeriesError, SeriesStore } from '../../services/ports/series-store.ts';
import { type PurgeNotice, type PurgeRounds, startPurgeRounds } from '../../services/recorder/purge-rounds.ts';
import { temporaryFolder } from '../recordings/made-record.ts';
import { right } from '../right.ts';

const DAY_US = 86_400e6;
const keep = { numericsUs: DAY_US, minutesUs: 2 * DAY_US, findingsUs: DAY_US, alarmsUs: DAY_US };
const day = (n: number): Moment => moment(1_700_006_400e6 + n * DAY_US);
const number = (bed: string, at: Moment) => ({
  ...{ bed, device: 1, source: 'm', code: 147842, unit: '/min', at, value: 80 },
});
const hold: Hold = {
  ...{ id: 'h-1', bed: 'icu-04', from: day(0), to: day(1), reason: 'for Mrs Smith', by: 'M. Weber', at: day(9) },
};
const away: SeriesError = { tag: 'StoreUnavailable', retriable: true, sentence: 'its disk is full; make room there' };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: SeriesStore;
let lines: Record<string, unknown>[];
let notices: PurgeNotice[];
let rounds: PurgeRounds | undefined;
const meters = makeMeters('thread');

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openSqliteSeriesStore({ path: `${folder.path}/series.db`, keep });
  [lines, notices, rounds] = [[], [], undefined];
});
afterEach(async () => {
  await rounds?.stop();
  await store.close();
  await folder[Symbol.asyncDispose]();
});

const begin = (of: Pick<SeriesStore, 'purge'> = store): PurgeRounds => {
  const destination = new Writable({
    write: (chunk, _, done) => {
      lines.push(JSON.parse(String(chunk)) as Record<string, unknown>);
      done();
    },
  });
  const tell = tellPurge(makeJournal({ level: 'info', destination }), meters);
  rounds = startPurgeRounds({
    store: of,
    onNotice: (notice) => {
      notices.push(notice);
      tell(notice);
    },
  });
  return rounds;
};
const tags = (): string[] => notices.splice(0).map(({ tag }) => tag);

const someDays = async (): Promise<void> => {
  const numerics = ['icu-04', 'icu-05'].flatMap((bed) => [0, 0.1, 0.2, 9].map((n) => number(bed, day(n))));
  right(await store.write({ numerics, findings: [], alarms: [], strips: [], engine: [] })());
};

describe('a purge of the embedded series', () => {
  it('says in the journal what went, until when, how long it took, and what stays because it is held', async () => {
    await someDays();
    right(await store.hold(hold)());
    await begin().round();
    expect(lines).toMatchObject([
      { level: 30, msg: 'a hold stands', hold: 'h-1', bed: 'icu-04', until: '2023-11-16T00:00:00.000Z' },
      {
        ...{ level: 30, msg: 'series that were over their time were purged', kind: 'numerics' },
        ...{ until: '2023-11-23T00:00:00.000Z', count: 3, held: 3, milliseconds: expect.any(Number) },
      },
      {
        level: 30,
        msg: 'a purge of the series is over',
        ...{ count: 3, held: 3, holds: 1, milliseconds: expect.any(Number) },
      },
    ]);
    // Why a hold was placed may name a person.
    expect(JSON.stringify(lines)).not.toMatch(/Smith|Weber/);
    expect(await meters.text()).toMatch(
      /vigil_series_purged_total\{kind="numerics"\} 3\b[\s\S]*vigil_series_holds 1\b/,
    );
  });

  it('tells holds that came and went between two rounds, once', async () => {
    await someDays();
    const { round } = begin();
    await round();
    tags();
    right(await store.hold(hold)());
    await round();
    expect(tags()).toContain('HoldPlaced');
    await round();
    expect(tags()).not.toContain('HoldPlaced');
    right(await store.release('h-1', { at: day(9), by: 'A. Klein', reason: '' })());
    await round();
    expect(tags()).toContain('HoldReleased');
    await round();
    expect(tags()).not.toContain('HoldReleased');
    // Also of one that came and went within the hour.
    right(await store.hold({ ...hold, id: 'h-2' })());
    right(await store.release('h-2', { at: day(9), by: 'A. Klein', reason: '' })());
    await round();
    expect(tags()).toContain('HoldReleased');
  });

  it('counts what is held anew when it grows, and not at all when it was released', async () => {
    await someDays();
    right(await store.hold(hold)());
    const { round } = begin();
    const held = async (): Promise<number> => {
      await round();
      const over = notices.findLast((notice) => notice.tag === 'RoundOver');
      return over?.tag === 'RoundOver' ? (over.held ?? Number.NaN) : Number.NaN;
    };
    expect([await held(), await held()]).toEqual([3, 3]);
    right(await store.hold({ ...hold, id: 'h-2', from: day(8), to: day(10) })());
    const numerics = [8.5, 12].map((n) => number('icu-04', day(n)));
    right(await store.write({ numerics, findings: [], alarms: [], strips: [], engine: [] })());
    // Of the second hold one number and that of the ninth day are over their time by now.
    expect(await held()).toBe(5);
    right(await store.release('h-1', { at: day(9), by: 'A. Klein', reason: '' })());
    expect(await held()).toBe(2);
  });

  it('that fails is told with what to do, and the next round comes', async () => {
    let fails = true;
    const report: PurgeReport = { purged: [], changed: [], holds: [] };
    const { round } = begin({ purge: () => (fails ? TE.left(away) : TE.right(report)) });
    await round();
    expect(lines).toMatchObject([{ level: 50, sentence: 'its disk is full; make room there' }]);
    fails = false;
    await round();
    expect(tags()).toEqual(['PurgeFailed', 'RoundOver']);
  });

  it('waits for a writer that holds the file no longer than writes do, and says who holds it', async () => {
    const other = await openSqliteSeriesStore({ path: `${folder.path}/series.db`, keep, busyMsMax: 50 });
    const { DatabaseSync } = await import('node:sqlite');
    const writer = new DatabaseSync(`${folder.path}/series.db`);
    await someDays();
    writer.exec('BEGIN IMMEDIATE');
    const failed = await other.purge()();
    writer.close();
    expect(failed).toMatchObject(
      E.left({ tag: 'StoreUnavailable', sentence: expect.stringMatching(/another writer/) }),
    );
    await other.close();
  });
});
