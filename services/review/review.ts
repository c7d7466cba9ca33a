/** What those who look back at one bed are told: its waves from the log, and what was found in them from the series store. */
import * as E from 'fp-ts/lib/Either.js';
import { INTENDED_USE } from '../../schemas/live.ts';
import type { ReviewEvents, ReviewOverview, ReviewStretch } from '../../schemas/review.ts';
import type { EventLog } from '../ports/event-log.ts';
import { sentenceOf } from '../ports/log-error.ts';
import type { Range, SeriesStore } from '../ports/series-store.ts';
import { eventsOf } from './events.ts';
import { marksOf } from './marks.ts';
import { openedOnce } from './opened-once.ts';
import { columnOf, type Overview, overviewOf } from './overview.ts';
import { makeWaveReader } from './waves.ts';

export interface ReviewOptions {
  readonly openLog: () => Promise<EventLog>;
  /** Undefined: this process knows no series store, and the answer says so. */
  readonly openSeries: (() => Promise<SeriesStore>) | undefined;
}

/** Looks back at one bed. Each rejects with an Error for people when the log does not answer; a series store that is away is told in the answer. */
export interface Review {
  readonly stretch: (range: Range) => Promise<ReviewStretch>;
  readonly events: (range: Range) => Promise<ReviewEvents>;
  /** In at most so many columns. */
  readonly overview: (range: Range, columns: number) => Promise<ReviewOverview>;
  readonly close: () => Promise<void>;
}

const NO_STORE = 'this process knows no series store (set INFLUX_URL for it, as for the recorder)';

/**
 * Opens handles of its own at the first question: a reading of minutes of waves must not stand before what the screens hear. It reads
 * only, and remembers nothing that a restart would lose.
 */
export const makeReview = ({ openLog, openSeries }: ReviewOptions): Review => {
  const log = openedOnce(openLog, (opened) => opened.close());
  const store = openSeries === undefined ? undefined : openedOnce(openSeries, (opened) => opened.close());
  const waves = makeWaveReader(log.get);

  /** What the store answers; where it does not, `otherwise`, and why in `missing`. */
  const fromStore = async <Found>(
    what: string,
    ask: (store: SeriesStore) => Promise<E.Either<{ readonly sentence: string }, Found>>,
    otherwise: Found,
    missing: string[],
  ): Promise<Found> => {
    const found =
      store === undefined
        ? E.left({ sentence: NO_STORE })
        : await store.get().then(ask, (cause: unknown) => E.left({ sentence: sentenceOf(cause) }));
    if (E.isRight(found)) return found.right;
    missing.push(`${what}: ${found.left.sentence}`);
    return otherwise;
  };

  return {
    stretch: async (range) => {
      const missing: string[] = [];
      const [found, strips, marks] = await Promise.all([
        waves.read(range),
        fromStore('waves that were kept around alarms', (opened) => opened.waves(range)(), [], missing),
        fromStore('beats and rhythm', (opened) => marksOf(opened, range), undefined, missing),
      ]);
      if (found.untimed > 0)
        missing.push(
          `waves of ${found.untimed === 1 ? 'one frame' : `${found.untimed} frames`}: nobody remembers how the clock of its device lay to the ward's`,
        );
      return {
        ...{ bed: range.bed, fromUs: range.from, toUs: range.to },
        waves: found.asWaves(strips),
        ...(marks ?? { beats: [], rhythms: [], resets: [] }),
        ...{ missing, intendedUse: INTENDED_USE },
      };
    },
    events: async (range) => {
      const missing: string[] = [];
      const none = { events: [], cut: 0 };
      const found = await fromStore('alarms and rhythms', (opened) => eventsOf(opened, range), none, missing);
      return {
        ...{ bed: range.bed, fromUs: range.from, toUs: range.to },
        ...{ ...found, missing, intendedUse: INTENDED_USE },
      };
    },
    overview: async (range, columns) => {
      const missing: string[] = [];
      const none: Overview = {
        ...{ columnUs: columnOf(range, columns), ecgLeast: [], ecgMost: [], heartRateLeast: [], heartRateMost: [] },
      };
      const ask = (opened: SeriesStore) => overviewOf(opened, range, columns);
      const found = await fromStore('ECG and heart rate', ask, none, missing);
      return {
        ...{ bed: range.bed, fromUs: range.from, toUs: range.to },
        ...{ ...found, missing, intendedUse: INTENDED_USE },
      };
    },
    close: async () => {
      await Promise.all([log.close(), store?.close()]);
    },
  };
};
