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
