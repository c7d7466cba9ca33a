import type { LogFile } from './log-thread-file.ts';

/** Where each partition's records end. Asked thousands of times a second, so the file is read only when others wrote to it. */
export interface LaneEnds {
  /** The next offset of a lane, as far as is known. */
  readonly of: (lane: number) => number;
  /** Looks whether another thread or process wrote to the file. Answers the lanes that grew by that, with their next offsets. */
  readonly look: () => ReadonlyMap<number, number>;
  /** Records of this process are stored; the file need not be asked. Answers whether any were not known yet. */
  readonly grew: (lanes: ReadonlyMap<number, number>) => boolean;
}

const NONE: ReadonlyMap<number, number> = new Map();

/** Whoever is told that a lane grew reads it: lanes are never looked at only to find that nothing has come. */
export const laneEnds = (file: LogFile): LaneEnds => {
  const ends = new Map<number, number>();
  let versionSeen: number | undefined;

  const isNews = (lane: number, next: number): boolean => {
    if (next <= (ends.get(lane) ?? 0)) return false;
    ends.set(lane, next);
    return true;
  };
  const grew = (lanes: ReadonlyMap<number, number>): boolean => {
    let any = false;
    for (const [lane, next] of lanes) any = isNews(lane, next) || any;
    return any;
  };
  const look = (): ReadonlyMap<number, number> => {
    const { data_version: version } = file.statement('PRAGMA data_version').get() as { data_version: number };
    if (version === versionSeen) return NONE;
    const grown = new Map<number, number>();
    for (const row of file.statement('SELECT lane, next FROM lanes').all()) {
      const { lane, next } = row as { lane: number; next: number };
      if (isNews(lane, next)) grown.set(lane, next);
    }
    // Only now: when the lanes could not be read, the next look must not take them for known.
    versionSeen = version;
    return grown;
  };
  return { of: (lane) => ends.get(lane) ?? 0, look: () => file.patiently(look), grew };
};
