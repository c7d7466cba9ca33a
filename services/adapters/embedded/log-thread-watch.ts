import type { LaneEnds } from './log-thread-ends.ts';

/** How often the file is looked at for records that another process wrote, while it does and while it does not. */
const POLL_BUSY_MS = 5;
const POLL_IDLE_MS = 50;
const BUSY_FOR_MS = 2_000;

interface Heard {
  /** There may be new records before the known ends. Answers whether somebody had waited for them. */
  readonly onRecords: () => boolean;
  readonly onGroups: () => void;
}

/** The lanes that grew, with their next offsets; or that members of groups changed. */
type Announcement = ReadonlyMap<number, number> | 'groups';

/**
 * Hears of what others wrote: threads of this process tell each other at once which lanes grew, so that nobody looks at the
 * file for it; other processes are noticed by looking at the file every few milliseconds.
 */
export const watchOthers = (ends: LaneEnds, name: string, heard: Heard) => {
  const channel = new BroadcastChannel(`vigil-log:${name}`);
  let busyUntil = 0;
  let timer: NodeJS.Timeout;
  // What was found in the file and no thread has told of yet. A look may be quicker than the word of the thread that wrote.
  const untold = new Map<number, number>();
  let untoldSince = 0;

  const look = (): void => {
    const now = performance.now();
    if (untold.size > 0 && now - untoldSince >= POLL_IDLE_MS) {
      busyUntil = now + BUSY_FOR_MS;
      untold.clear();
    }
    const found = ends.look();
    if (found.size > 0 && heard.onRecords()) {
      if (untold.size === 0) untoldSince = now;
      for (const [lane, next] of found) untold.set(lane, next);
    }
    timer = setTimeout(look, now < busyUntil ? POLL_BUSY_MS : POLL_IDLE_MS);
  };
  timer = setTimeout(look);

  channel.onmessage = (event) => {
    const announced = event.data as Announcement;
    if (announced === 'groups') return heard.onGroups();
    for (const [lane, next] of announced) if (next >= (untold.get(lane) ?? next)) untold.delete(lane);
    if (ends.grew(announced)) heard.onRecords();
  };

  return {
    announceRecords: (grown: ReadonlyMap<number, number>): void => channel.postMessage(grown satisfies Announcement),
    announceGroups: (): void => channel.postMessage('groups' satisfies Announcement),
    stop: (): void => {
      clearTimeout(timer);
      channel.close();
    },
  };
};
