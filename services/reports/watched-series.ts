import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Topic } from '../../schemas/topics.ts';
import type { Meters } from '../metrics/meters.ts';
import type { SeriesError, SeriesStore, SeriesWrite } from '../ports/series-store.ts';
import type { RecorderNotice } from '../recorder/notice.ts';
import type { HealthPart } from './part.ts';

/** How the series store does, from what the recorder tells and from how long its writes wait. */
export interface WatchedSeries {
  readonly store: SeriesStore;
  readonly hear: (notice: RecorderNotice) => void;
  /** The recorder begins anew and does not remember what had failed. */
  readonly begin: () => void;
  readonly part: () => HealthPart;
}

const WAITS_LONG_S = 2;
const WAITS_TOO_LONG_S = 5;
/** The recorder tries again after a minute at the latest; a failure that is not repeated is of a partition that went elsewhere. */
const FORGOTTEN_AFTER_S = 90;
/** That what was kept is gone is told for a day: nobody may have looked in the moment in which it was noticed. */
const REPLACED_TOLD_S = 86_400;

const KINDS = ['numerics', 'findings', 'alarms', 'strips', 'engine'] as const satisfies readonly (keyof SeriesWrite)[];

/** The same store, and whether it takes what the recorder writes. */
export const watchSeries = (store: SeriesStore, meters: Meters): WatchedSeries => {
  const waitingSince = new Set<number>();
  const failing = new Map<Topic, { readonly sentence: string; readonly atMs: number }>();
  let keptAtMs: number | undefined;
  let replaced: { readonly sentence: string; readonly atMs: number } | undefined;

  const timed =
    <A>(ask: TaskEither<SeriesError, A>): TaskEither<SeriesError, A> =>
    async () => {
      // Two writes may begin in the same instant, and are one wait then.
      const began = performance.now();
      waitingSince.add(began);
      try {
        const answer = await ask();
        if (E.isRight(answer)) keptAtMs = performance.now();
        else if (answer.left.tag === 'StoreReplaced')
          replaced = { sentence: answer.left.sentence, atMs: performance.now() };
        return answer;
      } finally {
        waitingSince.delete(began);
      }
    };

  const write =
    (what: SeriesWrite): TaskEither<SeriesError, void> =>
    async () => {
      const began = performance.now();
      const answer = await timed(store.write(what))();
      if (E.isLeft(answer)) return answer;
      meters.seriesSeconds.seen((performance.now() - began) / 1e3);
      for (const kind of KINDS) if (what[kind].length > 0) meters.seriesPoints.add(what[kind].length, kind);
      return answer;
    };

  const failure = (): string | undefined => {
    for (const [topic, { atMs }] of failing)
      if (performance.now() - atMs > FORGOTTEN_AFTER_S * 1e3) failing.delete(topic);
    return [...failing.values()][0]?.sentence;
  };

  return {
    store: { ...store, write, rollUp: (what) => timed(store.rollUp(what)) },
    begin: () => failing.clear(),
    hear: (notice) => {
      if (notice.tag === 'WriteFailed') {
        meters.seriesFailures.add();
        failing.set(notice.topic, { sentence: notice.sentence, atMs: performance.now() });
      } else if (notice.tag === 'WriteRecovered') failing.delete(notice.topic);
      else if (notice.tag === 'Rejected') meters.recorderRejected.add(1, notice.code);
    },
    part: () => {
      const ageS = keptAtMs === undefined ? null : (performance.now() - keptAtMs) / 1e3;
      const told = (state: HealthPart['state'], sentence: string): HealthPart => ({
        ...{ name: 'series store', state, ageS, sentence },
      });
      const failed = failure();
      if (failed !== undefined)
        return told('failed', `it takes no writes, which wait on the log meanwhile and are tried again: ${failed}`);
      const waitedS = waitingSince.size === 0 ? 0 : (performance.now() - Math.min(...waitingSince)) / 1e3;
      if (waitedS > WAITS_TOO_LONG_S)
        return told(
          'failed',
          'it does not answer; writes wait on the log meanwhile. Look whether it runs and has room',
        );
      if (waitedS > WAITS_LONG_S) return told('degraded', 'it is slow to answer');
      if (replaced !== undefined && performance.now() - replaced.atMs < REPLACED_TOLD_S * 1e3)
        return told('degraded', replaced.sentence);
      return ageS === null ? told('unknown', 'nothing was written yet') : told('ok', 'it keeps what it is given');
    },
  };
};
