import type { LogFile } from './log-thread-file.ts';

/** How often the file is looked at for records that another process wrote, while it does and while it does not. */
const POLL_BUSY_MS = 5;
const POLL_IDLE_MS = 50;
const BUSY_FOR_MS = 2_000;

interface Heard {
  /** @param lanes that grew, undefined for "perhaps any". Answers whether somebody had waited for that. */
  readonly onRecords: (lanes: ReadonlySet<number> | undefined) => boolean;
  readonly onGroups: () => void;
  readonly anyoneWaits: () => boolean;
}

interface Announcement {
  readonly records?: ReadonlySet<number>;
  readonly groups?: true;
}

/**
 * Hears of what others wrote: threads of this process tell each other at once, other processes are noticed by looking
 * at the file every few milliseconds, which is done only while somebody waits for records.
 */
export const watchOthers = (file: LogFile, name: string, heard: Heard) => {
  const channel = new BroadcastChannel(`vigil-log:${name}`);
  const nexts = (): string => file.patiently(() => JSON.stringify(file.statement('SELECT next FROM lanes').all()));
  const version = (): number =>
    file.patiently(() => (file.statement('PRAGMA data_version').get() as { data_version: number }).data_version);
  let versionSeen = version();
  let nextsSeen = nexts();
  let busyUntil = 0;
  let timer: NodeJS.Timeout;

  const look = (): void => {
    if (heard.anyoneWaits() && version() !== versionSeen) {
      versionSeen = version();
      const nextsNow = nexts();
      // Heartbeats of others change the version too; only records need an answer.
      if (nextsNow !== nextsSeen && heard.onRecords(undefined)) busyUntil = performance.now() + BUSY_FOR_MS;
      nextsSeen = nextsNow;
    }
    timer = setTimeout(look, performance.now() < busyUntil ? POLL_BUSY_MS : POLL_IDLE_MS);
  };
  timer = setTimeout(look, POLL_IDLE_MS);

  channel.onmessage = (event) => {
    const { records, groups } = event.data as Announcement;
    if (records !== undefined) heard.onRecords(records);
    if (groups === true) heard.onGroups();
  };

  return {
    announceRecords: (lanes: ReadonlySet<number>): void =>
      channel.postMessage({ records: lanes } satisfies Announcement),
    announceGroups: (): void => channel.postMessage({ groups: true } satisfies Announcement),
    stop: (): void => {
      clearTimeout(timer);
      channel.close();
    },
  };
};
