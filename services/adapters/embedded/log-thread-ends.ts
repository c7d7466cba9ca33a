import type { LogFile } from './log-thread-file.ts';

/** Where each partition's records end. Asked thousands of times a second, so the file is read only when others wrote to it. */
export interface LaneEnds {
  /** The next offset of a lane, as far as is known. */
  readonly of: (lane: number) => number;
  /** Looks whether another thread or process wrote to the file. Answers whether a lane grew by that. */
  readonly look: () => boolean;
  /** This thread's own records are stored; the file does not tell of them. */
  readonly grew: (lanes: ReadonlyMap<number, number>) => void;
}

/** Whoever is told that a lane grew reads it: lanes are never looked at only to find that nothing has come. */
export const laneEnds = (file: LogFile): LaneEnds => {
  const ends = new Map<number, number>();
  let versionSeen: number | undefined;

  const grew = (lanes: ReadonlyMap<number, number>): void => {
    for (const [lane, next] of lanes) if (next > (ends.get(lane) ?? 0)) ends.set(lane, next);
  };
  const look = (): boolean => {
    const { data_version: version } = file.statement('PRAGMA data_version').get() as { data_version: number };
    if (version === versionSeen) return false;
    let any = false;
    for (const row of file.statement('SELECT lane, next FROM lanes').all()) {
      const { lane, next } = row as { lane: number; next: number };
      if (next <= (ends.get(lane) ?? 0)) continue;
      ends.set(lane, next);
      any = true;
    }
    // Only now: when the lanes could not be read, the next look must not take them for known.
    versionSeen = version;
    return any;
  };
  return { of: (lane) => ends.get(lane) ?? 0, look: () => file.patiently(look), grew };
};
