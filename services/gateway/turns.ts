/**
 * Frames of one source in the order of their numbers. Requests that are sent side by side overtake each other by milliseconds, and what
 * was overtaken would be kept and heard by nobody: a hole in the ECG, in which no rhythm can be told. So a frame before which some are
 * missing waits a moment for them.
 */
export interface Numbered {
  readonly sequence: number;
}

export interface Turns<One extends Numbered> {
  /** Passes it on, now or when its turn has come, each once. `key`: of its source. */
  readonly take: (key: string, one: One) => void;
  /** Passes on all that wait, in order. */
  readonly passAll: () => void;
}

export interface TurnsOptions<One extends Numbered> {
  readonly pass: (one: One) => void;
  /** The highest number that is known of a source that has not been heard here yet; undefined: it is new. */
  readonly newestOf: (key: string) => number | undefined;
  /** How long a frame waits at most. 0: none ever does. */
  readonly waitMs: number;
}

/** More missing frames than these are a loss, or a device that counts anew: nothing that a moment brings. */
const MISSING_MAX = 16;
/** So many frames may wait, of all sources: their bytes fill memory. The next ones wait no more. */
const WAITING_MAX = 512;
/** So far below the highest number a device counts anew. */
const ANEW_BELOW = 64;
/** Sources that are remembered; beyond it all begin anew, which costs no frame. */
const SOURCES_MAX = 100_000;

interface Source<One> {
  newest: number;
  /** Ascending. */
  waiting: One[];
  timer: NodeJS.Timeout | undefined;
}

export const makeTurns = <One extends Numbered>({ pass, newestOf, waitMs }: TurnsOptions<One>): Turns<One> => {
  const sources = new Map<string, Source<One>>();
  let waiting = 0;

  const passOn = (source: Source<One>, one: One): void => {
    const behind = source.newest - one.sequence;
    if (behind < 0 || behind > ANEW_BELOW) source.newest = one.sequence;
    pass(one);
  };

  /** Passes on those that wait, up to the first before which some are still missing. */
  const passWaiting = (source: Source<One>, isOver: boolean): void => {
    while (source.waiting.length > 0 && (isOver || source.waiting[0]!.sequence <= source.newest + 1)) {
      waiting--;
      passOn(source, source.waiting.shift()!);
    }
    if (source.waiting.length > 0) return;
    clearTimeout(source.timer);
    source.timer = undefined;
  };

  const passAll = (): void => {
    for (const source of sources.values()) passWaiting(source, true);
  };

  const sourceOf = (key: string, first: number): Source<One> => {
    const known = sources.get(key);
    if (known !== undefined) return known;
    if (sources.size >= SOURCES_MAX) {
      passAll();
      sources.clear();
    }
    const source = { newest: newestOf(key) ?? first, waiting: [], timer: undefined };
    sources.set(key, source);
    return source;
  };

  return {
    take: (key, one) => {
      const source = sourceOf(key, one.sequence);
      const missing = one.sequence - source.newest - 1;
      if (waitMs > 0 && missing > 0 && missing <= MISSING_MAX && waiting < WAITING_MAX) {
        waiting++;
        const before = source.waiting.findLastIndex(({ sequence }) => sequence <= one.sequence) + 1;
        source.waiting.splice(before, 0, one);
        source.timer ??= setTimeout(() => passWaiting(source, true), waitMs);
        return;
      }
      if (missing > 0) passWaiting(source, true);
      passOn(source, one);
      passWaiting(source, false);
    },
    passAll,
  };
};
