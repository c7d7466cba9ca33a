import type { EventLog, LogError, Subscription } from '../ports/event-log.ts';
import type { SeriesStore } from '../ports/series-store.ts';
import { alarmsReader } from './alarms-reader.ts';
import type { Desk } from './desk.ts';
import { engineReader } from './engine-reader.ts';
import { findingsReader } from './findings-reader.ts';
import type { RecorderNotice, RecorderState } from './notice.ts';
import { makeStrips } from './strips.ts';
import { telemetryReader } from './telemetry-reader.ts';

export interface RecorderOptions {
  readonly log: EventLog;
  /** Stays the caller's: `stop` does not close it. */
  readonly store: SeriesStore;
  readonly onNotice?: (notice: RecorderNotice) => void;
  /** How long records may gather for one write: nobody waits for the store, and every write costs a transaction. */
  readonly lingerMs?: number;
  /** How long to wait before attempt number `attempt + 1` of a write. */
  readonly pauseMs?: (attempt: number) => number;
}

export interface Recorder {
  /** Ends after the batches in flight; a write that is being tried again is given up and comes again after a start. */
  readonly stop: () => Promise<void>;
  readonly state: () => RecorderState;
  /** Resolves when a reader stopped by itself with an error it cannot mend, or after `stop`. */
  readonly ended: Promise<LogError | undefined>;
}

const LINGER_MS = 250;
const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 2_000;
const usualPauseMs = (attempt: number): number => Math.min(PAUSE_MS_MIN * 4 ** (attempt - 1), PAUSE_MS_MAX);

/**
 * Puts everything that was said into the series store: numbers, findings, alarms and the waves around each alarm, and how
 * Vigil itself does. Four readers with four positions; a position moves only when the store has what came before it.
 */
export const makeRecorder = async (options: RecorderOptions): Promise<Recorder> => {
  const { log, store, onNotice = () => undefined, lingerMs = LINGER_MS, pauseMs = usualPauseMs } = options;
  const stopping = new AbortController();
  const count = { numerics: 0, findings: 0, alarms: 0, blocks: 0, engine: 0, rejected: 0, failedWrites: 0 };
  const strips = makeStrips((bed, bytes) => onNotice({ tag: 'RingFull', bed, bytes }));
  const desk: Desk = {
    ...{ log, store, strips, count, lingerMs, failing: new Map() },
    onNotice: (notice) => {
      if (notice.tag === 'WriteFailed') count.failedWrites++;
      onNotice(notice);
    },
    wait: (attempt, notBeforeMs) => waitFor(Math.max(pauseMs(attempt), notBeforeMs), stopping.signal),
    stopping: stopping.signal,
  };
  const telemetry = telemetryReader(desk);
  const readers: Subscription[] = [];
  const all = [telemetry.reader, findingsReader(desk), alarmsReader(desk, telemetry.memoriesOf), engineReader(desk)];
  for (const reader of all) readers.push(await log.join(reader));
  return {
    state: () => ({ ...count, stripsOpen: strips.countOpen() }),
    ended: Promise.race(readers.map(({ ended }) => ended)),
    stop: async () => {
      stopping.abort();
      await Promise.all(readers.map((reader) => reader.stop()));
    },
  };
};

/** False when the signal came first. */
const waitFor = (ms: number, signal: AbortSignal): Promise<boolean> => {
  if (signal.aborted) return Promise.resolve(false);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, ms, true);
  const giveUp = (): void => {
    clearTimeout(timer);
    resolve(false);
  };
  signal.addEventListener('abort', giveUp, { once: true });
  return promise.finally(() => signal.removeEventListener('abort', giveUp));
};
