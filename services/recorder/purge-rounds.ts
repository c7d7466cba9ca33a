import * as E from 'fp-ts/lib/Either.js';
import { type Hold, type Purged, stands } from '../ports/holds.ts';
import type { SeriesStore } from '../ports/series-store.ts';

/** What a round did; nothing here needs an answer. */
export type PurgeNotice =
  /** One kind of series. */
  | { readonly tag: 'Purged'; readonly purged: Purged }
  /** The round is over; rows of all kinds together, if the store says. Without kinds it had nothing to do itself. */
  | {
      readonly tag: 'RoundOver';
      readonly kinds: number;
      readonly gone: number | undefined;
      readonly held: number | undefined;
      readonly tookMs: number;
      readonly standing: number;
    }
  /** The store's own retention was changed. */
  | { readonly tag: 'RetentionChanged'; readonly sentence: string }
  /** A hold that the round before did not see; `news` false: it stood already when this process began. */
  | { readonly tag: 'HoldPlaced'; readonly hold: Hold; readonly news: boolean }
  | { readonly tag: 'HoldReleased'; readonly hold: Hold }
  /** The machine's clock leapt, and the round did not go by it. */
  | { readonly tag: 'ClockDoubted'; readonly sentence: string }
  /** Nothing that was not let go is lost; the next round takes it. */
  | { readonly tag: 'PurgeFailed'; readonly sentence: string };

export interface PurgeRoundsOptions {
  readonly store: Pick<SeriesStore, 'purge'>;
  readonly onNotice: (notice: PurgeNotice) => void;
  readonly everyMs?: number;
}

export interface PurgeRounds {
  /** Why the newest round did not go by the machine's clock; undefined: it did. */
  readonly doubt: () => string | undefined;
  /** A round now; the one under way if there is one. */
  readonly round: () => Promise<void>;
  /** No more rounds. The one under way goes on until the store is closed. */
  readonly stop: () => Promise<void>;
}

const EVERY_MS = 3_600_000;

/** Purges the store at once and then every hour, and tells what went, what stayed and which holds came and went. */
export const startPurgeRounds = ({ store, onNotice, everyMs = EVERY_MS }: PurgeRoundsOptions): PurgeRounds => {
  let seen: ReadonlyMap<string, Hold> | undefined;
  let stopped = false;
  let underWay: Promise<void> | undefined;
  let doubt: string | undefined;

  const tellHolds = (holds: readonly Hold[]): void => {
    for (const hold of holds) {
      const before = seen?.get(hold.id);
      if (stands(hold) && before === undefined) onNotice({ tag: 'HoldPlaced', hold, news: seen !== undefined });
      const stood = before === undefined ? seen !== undefined : stands(before);
      if (!stands(hold) && stood) onNotice({ tag: 'HoldReleased', hold });
    }
    seen = new Map(holds.map((hold) => [hold.id, hold]));
  };

  const round = async (): Promise<void> => {
    const began = performance.now();
    const report = await store.purge()();
    if (stopped) return;
    if (E.isLeft(report)) return onNotice({ tag: 'PurgeFailed', sentence: report.left.sentence });
    const { purged, changed, holds } = report.right;
    doubt = report.right.doubt;
    if (doubt !== undefined) onNotice({ tag: 'ClockDoubted', sentence: doubt });
    tellHolds(holds);
    for (const sentence of changed) onNotice({ tag: 'RetentionChanged', sentence });
    for (const each of purged) onNotice({ tag: 'Purged', purged: each });
    const sum = (of: 'gone' | 'held'): number | undefined =>
      purged.reduce<number | undefined>((rows, each) => {
        const own = each[of];
        return rows === undefined || own === undefined ? undefined : rows + own;
      }, 0);
    onNotice({
      ...{ tag: 'RoundOver', kinds: purged.length, gone: sum('gone'), held: sum('held') },
      ...{ tookMs: Math.round(performance.now() - began), standing: holds.filter(stands).length },
    });
  };
  const oneRound = (): Promise<void> => {
    underWay ??= round().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  void oneRound();
  const timer = setInterval(() => void oneRound(), everyMs);
  timer.unref();
  return {
    doubt: () => doubt,
    round: oneRound,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
    },
  };
};
