import type { LaneEnds } from './log-thread-ends.ts';

/** How often the file is looked at for records that another process wrote, while it does and while it does not. */
const POLL_BUSY_MS = 5;
const POLL_IDLE_MS = 50;
const BUSY_FOR_MS = 2_000;

interface Heard {
  /** There may be new records before the known ends. Answers whether somebody had waited for them. */
  readonly onRecords: () => boolean;
  readonly onGroups: () => void;
  readonly anyoneWaits: () => boolean;
}

type Announcement = 'records' | 'groups';

/**
 * Hears of what others wrote: threads of this process tell each other at once, other processes are noticed by looking
 * at the file every few milliseconds, which is done only while somebody waits for records.
 */
export const watchOthers = (ends: LaneEnds, name: string, heard: Heard) => {
  const channel = new BroadcastChannel(`vigil-log:${name}`);
  let busyUntil = 0;
  let timer: NodeJS.Timeout;

  const look = (): void => {
    // Heartbeats of others change the file, too; only records need an answer.
    if (heard.anyoneWaits() && ends.look() && heard.onRecords()) busyUntil = performance.now() + BUSY_FOR_MS;
    timer = setTimeout(look, performance.now() < busyUntil ? POLL_BUSY_MS : POLL_IDLE_MS);
  };
  timer = setTimeout(look, POLL_IDLE_MS);

  channel.onmessage = (event) => {
    const announced = event.data as Announcement;
    if (announced === 'groups') return heard.onGroups();
    // Who asks later looks for himself.
    if (heard.anyoneWaits() && ends.look()) heard.onRecords();
  };

  return {
    announceRecords: (): void => channel.postMessage('records' satisfies Announcement),
    announceGroups: (): void => channel.postMessage('groups' satisfies Announcement),
    stop: (): void => {
      clearTimeout(timer);
      channel.close();
    },
  };
};
