/**
 * The log's own thread: SQLite blocks, and nothing else may wait for it. Appends and settlements that wait at the same
 * time share one transaction; reads wait here until a record comes, from this thread, another or another process.
 */
import { realpathSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { LogError } from '../../ports/event-log.ts';
import { fileIdentity } from './file-identity.ts';
import { laneEnds } from './log-thread-ends.ts';
import { waitingFetches } from './log-thread-fetches.ts';
import { type LogFile, logErrorOf, openLogFile } from './log-thread-file.ts';
import {
  addMember,
  type Changes,
  type Member,
  releasePartition,
  removeMember,
  stillOwns,
  storedPositions,
  storePosition,
  tendMember,
} from './log-thread-groups.ts';
import { extentOf, positionsSince, putRecords } from './log-thread-lanes.ts';
import type { Answers, Ask, LogThreadSettings, Told } from './log-thread-messages.ts';
import { tidyStep } from './log-thread-retention.ts';
import { watchOthers } from './log-thread-watch.ts';
import { groupCommit } from './log-thread-writes.ts';
import { doubtSentence, type PurgeClock, purgeClockIn } from './purge-clock.ts';

type AskOf<K extends Ask['ask']> = Extract<Ask, { ask: K }>;
/** What each question does. It returns its answer, or undefined if the answer comes later. */
type Desk = { readonly [K in Ask['ask']]: (ask: AskOf<K>) => Answered<K> | undefined };
type Answered<K extends Ask['ask']> = { readonly value: Answers[K] };

const settings = workerData as LogThreadSettings;
const port = parentPort!;
const tell = (told: Told, given: ArrayBuffer[] = []): void => port.postMessage(told, given);
const answer = (id: number) => (error: LogError | undefined) =>
  tell(error === undefined ? { told: 'answer', id, value: undefined } : { told: 'failed', id, error });
const fail = (id: number, cause: unknown): void =>
  tell({ told: 'failed', id, error: logErrorOf(settings.path, cause) });
const done = { value: undefined } as const;
/** A folder that cannot be looked into any more is as good as none, and no reason for the log's thread to end. */
const isGone = (path: string, identity: string | undefined): boolean => {
  try {
    return fileIdentity(path) !== identity;
  } catch {
    return true;
  }
};

/** An open file that was removed takes records as ever: alarms go on. What begins anew would open another, and not hear the rest. */
const goneSentence = (path: string): string =>
  `the log ${path} was removed or replaced while Vigil runs: alarms go on, but what was acknowledged and all that was heard is gone with the next start, and a part that begins anew does not hear the others. Stop Vigil and start it again`;

const start = (file: LogFile): void => {
  const members = new Map<number, Member>();
  const ends = laneEnds(file);
  const fetches = waitingFetches(
    file,
    ends,
    (id, value) =>
      tell(
        { told: 'answer', id, value },
        value.flatMap((b) => [b.bytes.buffer, b.offsets.buffer, b.at.buffer, b.lengths.buffer]),
      ),
    fail,
  );
  const tend = (): void => tendMembers(file, members);
  const others = watchOthers(ends, realpathSync(file.path), {
    onRecords: fetches.serveAll,
    onGroups: tend,
  });
  const commits = groupCommit(file, (grown) => {
    ends.grew(grown);
    others.announceRecords(grown);
    fetches.serveAll();
  });
  const groupsChanged = (): typeof done => {
    tend();
    others.announceGroups();
    return done;
  };
  const heartbeat = setInterval(tend, settings.leaseMs / 5);
  const identity = fileIdentity(file.path);
  const housekeeping = setInterval(() => {
    tidy(file, false);
    if (isGone(file.path, identity)) tell({ told: 'trouble', sentence: goneSentence(file.path) });
  }, settings.housekeepingMs / 4);
  const memberOf = (reader: number): Member => members.get(reader)!;

  const desk: Desk = {
    append: ({ id, records }) => {
      const work = (grown: Map<number, number>): void => putRecords(file, records, Date.now() * 1e3, grown);
      commits.submit({ durable: true, work, answer: answer(id) });
      return undefined;
    },
    settle: (ask) => {
      const work = (grown: Map<number, number>): void => settle(file, memberOf(ask.reader), ask, grown);
      commits.submit({ durable: false, work, answer: answer(ask.id) });
      return undefined;
    },
    fetch: (ask) => {
      fetches.add(ask);
      return undefined;
    },
    cancel: ({ fetch }) => {
      fetches.callOff(fetch);
      return done;
    },
    join: ({ reader, group, topic }) => {
      const member: Member = { id: crypto.randomUUID(), group, topic, held: new Map() };
      file.write(false, () => addMember(file, member));
      members.set(reader, member);
      return groupsChanged();
    },
    release: ({ reader, partition, epoch }) => {
      file.write(false, () => releasePartition(file, memberOf(reader), partition, epoch));
      return groupsChanged();
    },
    leave: ({ reader }) => {
      const member = memberOf(reader);
      members.delete(reader);
      file.write(false, () => removeMember(file, member));
      return groupsChanged();
    },
    extent: ({ topic }) => ({ value: file.patiently(() => extentOf(file, topic)) }),
    since: ({ topic, since }) => ({ value: file.patiently(() => positionsSince(file, topic, since)) }),
    positions: ({ group, topic }) => ({ value: file.patiently(() => storedPositions(file, group, topic)) }),
    tidy: () => {
      tidy(file, true);
      return done;
    },
    close: () => {
      commits.flush();
      clearInterval(heartbeat);
      clearInterval(housekeeping);
      others.stop();
      file.close();
      setImmediate(() => port.close());
      return done;
    },
  };
  port.on('message', (ask: Ask) => {
    try {
      const answered = (desk[ask.ask] as (ask: Ask) => Answered<Ask['ask']> | undefined)(ask);
      if (answered !== undefined) tell({ told: 'answer', id: ask.id, value: answered.value });
    } catch (cause) {
      fail(ask.id, cause);
    }
  });
  tell({ told: 'opened', partitions: file.partitions });
};

/** Heartbeat of all readers of this handle, and what it brings or takes. */
const tendMembers = (file: LogFile, members: ReadonlyMap<number, Member>): void => {
  if (members.size === 0) return;
  let changes: readonly (Changes & { readonly reader: number })[];
  try {
    changes = file.write(false, () =>
      [...members].map(([reader, member]) => ({ reader, ...tendMember(file, member, settings.leaseMs) })),
    );
  } catch (cause) {
    tell({
      told: 'trouble',
      sentence: `the heartbeat of the log's readers failed: ${logErrorOf(settings.path, cause).sentence}`,
    });
    return;
  }
  for (const { reader, given, askedBack, lost } of changes) {
    for (const each of lost) tell({ told: 'lost', reader, ...each });
    for (const each of given) tell({ told: 'given', reader, ...each });
    for (const each of askedBack) tell({ told: 'asked-back', reader, ...each });
  }
};

/** Outputs and position, or neither: nothing is written before the epoch is known to be good. */
const settle = (file: LogFile, member: Member, ask: AskOf<'settle'>, grown: Map<number, number>): void => {
  if (!stillOwns(file, member, ask.partition, ask.epoch)) {
    throw {
      tag: 'Fenced',
      retriable: false,
      sentence: `${member.topic}/${ask.partition} of group ${member.group} went to another reader; nothing was written`,
    } satisfies LogError;
  }
  putRecords(file, ask.outputs, Date.now() * 1e3, grown);
  storePosition(file, member, ask.partition, ask.position);
};

/** A clock that is not believed is said again so often, by each handle that tidies. */
const DOUBT_SAID_EVERY_MS = 3_600_000;
let doubtSaidAtMs = Number.NEGATIVE_INFINITY;

const tellDoubt = (clock: PurgeClock): void => {
  const sentence = doubtSentence(settings.path, clock);
  if (sentence === undefined || performance.now() - doubtSaidAtMs < DOUBT_SAID_EVERY_MS) return;
  doubtSaidAtMs = performance.now();
  tell({ told: 'trouble', sentence });
};

/** Housekeeping, by whichever handle's turn it is; in small steps, so that appends come between. */
const tidy = (file: LogFile, now: boolean): void => {
  const nowMs = Date.now();
  try {
    const done = file.write(false, () => {
      if (!now && !isTimeToTidy(file, nowMs)) return undefined;
      const clock = purgeClockIn(file.statement, nowMs * 1e3);
      return { clock, ...tidyStep(file, Math.min(clock.atUs, nowMs * 1e3), settings.bytesMax, settings.auditKeptMs) };
    });
    if (done === undefined) return;
    tellDoubt(done.clock);
    for (const sentence of done.troubles) tell({ told: 'trouble', sentence });
    if (done.more) setImmediate(() => tidy(file, true));
  } catch (cause) {
    tell({ told: 'trouble', sentence: `the log could not be tidied: ${logErrorOf(settings.path, cause).sentence}` });
  }
};

const isTimeToTidy = (file: LogFile, nowMs: number): boolean =>
  file
    .statement('UPDATE housekeeping SET done_ms = ? WHERE done_ms < ? OR done_ms > ?')
    .run(nowMs, nowMs - settings.housekeepingMs, nowMs).changes > 0;

try {
  start(openLogFile(settings.path, settings.partitions));
} catch (cause) {
  tell({ told: 'refused', error: logErrorOf(settings.path, cause) });
  port.close();
}
