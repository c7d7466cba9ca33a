import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, expect, it, vi } from 'vitest';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import { watchSeries } from '../../services/reports/watched-series.ts';

afterEach(() => void vi.useRealTimers());

it('the series store counts as failed also while it asked to be left alone for a minute', async () => {
  const store = await openSqliteSeriesStore({ path: ':memory:' });
  vi.useFakeTimers({ toFake: ['performance'] });
  const watched = watchSeries(store, makeMeters());
  watched.hear({ tag: 'WriteFailed', topic: 'vigil.telemetry', attempt: 1, sentence: 'it is told too much' });
  // A minute is the longest that a store is left alone; then it has ten seconds for its answer.
  for (const _ of Array(7)) {
    expect(watched.part().state).toBe('failed');
    vi.advanceTimersByTime(10_000);
  }
  expect(watched.part().state).toBe('failed');
  watched.hear({ tag: 'WriteRecovered', topic: 'vigil.telemetry', attempts: 2 });
  expect(watched.part().state).not.toBe('failed');
  await store.close();
});

it('a series store whose file was removed is told for a day, though it takes writes again', async () => {
  const replaced = { tag: 'StoreReplaced', retriable: true, sentence: 'its file was removed' } as const;
  const store = await openSqliteSeriesStore({ path: ':memory:' });
  const nothing = { numerics: [], findings: [], alarms: [], strips: [], engine: [] };
  let answer: ReturnType<typeof store.write> = TE.left(replaced);
  vi.useFakeTimers({ toFake: ['performance'] });
  const watched = watchSeries({ ...store, write: () => answer }, makeMeters());
  await watched.store.write(nothing)();
  answer = TE.right(undefined);
  await watched.store.write(nothing)();
  expect(watched.part()).toMatchObject({ state: 'degraded', sentence: 'its file was removed' });
  vi.advanceTimersByTime(86_400_000);
  expect(watched.part()).toMatchObject({ state: 'ok' });
  await store.close();
});
