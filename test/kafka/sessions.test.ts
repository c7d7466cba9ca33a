/**
 * Goal: membership of a group survives what a stage does to its process: a call of a minute, a loop that stands
 * still, members that come and go under load. No rebalance loop, and every record settled once.
 * Method: the real adapter on a real broker; the loop that stands still is another process's, and really does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { SESSION_MS } from '../../services/adapters/kafka/kafka-lane.ts';
import type { EventLog, Subscription } from '../../services/ports/event-log.ts';
import * as story from '../contracts/event-log-story.ts';
import { append, record, text } from '../contracts/event-log-story.ts';
import { underTest, underTestAt } from '../contracts/kafka-log-under-test.ts';
import { kafkaForTests } from '../servers/kafka.ts';

const CALL_MS = 60_000;
/** What C7 allows after a session is over. */
const GOES_ON_WITHIN_MS = SESSION_MS + 10_000;
const server = await kafkaForTests();

const startBlocking = (place: string, group: string, ms: number) => {
  const program = fileURLToPath(new URL('./blocking-child.ts', import.meta.url));
  const words = ['--disable-warning=ExperimentalWarning', program, underTest.module, place, group, String(ms)];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  let check = (): void => undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    check();
  });
  return {
    lines,
    /** The lines from the given one on hold one like this. */
    says: (line: RegExp, from = 0): Promise<string> =>
      new Promise((done) => {
        check = () => {
          const found = lines.slice(from).find((each) => line.test(each));
          if (found !== undefined) done(found);
        };
        check();
      }),
    end: async (): Promise<void> => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};

const stories = (brokers: readonly string[]): void => {
  const opened: EventLog[] = [];
  const openAt = async (place: string): Promise<EventLog> => {
    const log = await underTest.openAt(place);
    opened.push(log);
    return log;
  };
  const placeOf = async (partitions: number): Promise<string> => {
    const prefix = `sessions-${crypto.randomUUID()}.`;
    await createTopics({ brokers, clientId: 'vigil-test', prefix }, { partitions });
    return `${brokers.join(',')} ${prefix}`;
  };
  const long = { told: [] as string[], done: Promise.withResolvers<void>() };
  let longReader: Subscription;
  let longLog: EventLog;

  /** A broker that has just begun still loads its coordinator, and ends whoever joins too soon. */
  const brokerIsReady = async (log: EventLog): Promise<void> => {
    for (let ready = false; !ready; ) {
      const given = Promise.withResolvers<boolean>();
      const reader = await log.join({
        ...story.reader('first'),
        assigned: async () => {
          given.resolve(true);
          return undefined;
        },
      });
      ready = await Promise.race([given.promise, reader.ended.then(() => false)]);
      await reader.stop();
    }
  };

  beforeAll(async () => {
    // The minute passes while the others are told.
    longLog = await openAt(await underTestAt(brokers).newPlace());
    await brokerIsReady(longLog);
    await append(longLog, [record('bed-1', 'call')]);
    longReader = await longLog.join({
      ...story.reader('long call'),
      assigned: async (p) => {
        long.told.push(`has ${p}`);
        return undefined;
      },
      revoked: (p) => long.told.push(`lost ${p}`),
      react: ({ records }) =>
        TE.fromTask(async () => {
          const said = records.map(text);
          if (said.includes('call')) await new Promise((done) => setTimeout(done, CALL_MS));
          const settled = (): void => {
            for (const each of said) long.told.push(`settled ${each}`);
            if (said.includes('after')) long.done.resolve();
          };
          return { outputs: [], settled };
        }),
    });
  });
  afterAll(async () => {
    for (const log of opened) await log.close();
  });

  it('hands on the partition of a member whose loop stands still for longer than its session, and lets it come back', async () => {
    const place = await placeOf(2);
    const log = await openAt(place);
    const blocked = startBlocking(place, 'blocked', SESSION_MS * 1.7);
    try {
      await blocked.says(/^has 0/);
      await blocked.says(/^has 1/);
      const keyOf = (partition: number): string =>
        Array.from({ length: 100 }, (_, i) => `bed-${i}`).find(
          (key) => log.partitionOf('vigil.telemetry', key) === partition,
        )!;
      const other = await story.copier(log, 'blocked');
      await other.holds((held) => held.length === 1);
      const theirs = other.held()[0] === 0 ? 1 : 0;
      const [mine, key] = [keyOf(1 - theirs), keyOf(theirs)];
      const began = performance.now();
      await append(log, [record(key, 'block'), record(mine, 'meanwhile')]);
      await blocked.says(/^blocks/);
      await story.readFromBeginning(log, 'vigil.findings', 2);
      const tookOverMs = performance.now() - began;
      await blocked.says(/^goes on/);
      const wokeAt = performance.now();
      const known = blocked.lines.length;
      // It is one of two again: the other gives one partition back.
      await other.holds((held) => held.length === 1);
      await blocked.says(/^has/, known);
      await append(log, [record(key, 'afterwards'), record(mine, 'afterwards')]);
      const copied = await story.readFromBeginning(log, 'vigil.findings', 4);
      const cameBackMs = performance.now() - wokeAt;
      console.log(
        `loop blocked: taken over after ${Math.round(tookOverMs)} ms, back after ${Math.round(cameBackMs)} ms`,
      );
      expect(tookOverMs).toBeLessThan(GOES_ON_WITHIN_MS);
      expect(cameBackMs).toBeLessThan(GOES_ON_WITHIN_MS);
      await other.stop();
      // Behind everything that the member may have tried when it woke.
      await append(
        log,
        [key, mine].map((each) => record(each, 'last', 'vigil.findings')),
      );
      let lasts = 0;
      const all = await story.readUntil(log, 'vigil.findings', (each) => text(each) === 'last' && ++lasts === 2);
      expect(all.map(text).toSorted()).toEqual(['afterwards', 'afterwards', 'block', 'last', 'last', 'meanwhile']);
      expect(copied).toHaveLength(4);
    } finally {
      await blocked.end();
    }
  });

  it('gives the partitions of a member that was killed to the process that comes after it, without waiting for its session', async () => {
    const place = await placeOf(2);
    const log = await openAt(place);
    const killed = startBlocking(place, 'heir', 0);
    await append(log, [record('bed-1', 'before')]);
    await killed.says(/^settled before/);
    await killed.end();
    const diedAt = performance.now();
    const heir = await story.copier(log, 'heir');
    await heir.holds((held) => held.length === 2);
    const waitedMs = performance.now() - diedAt;
    await append(log, [record('bed-1', 'after')]);
    const copied = await story.readFromBeginning(log, 'vigil.findings', 2);
    await heir.stop();
    console.log(`killed: its partitions went over after ${Math.round(waitedMs)} ms`);
    expect(copied.map(text)).toEqual(['before', 'after']);
    expect(waitedMs).toBeLessThan(SESSION_MS);
  });

  it('settles every record once while three members come and go under load', async () => {
    const place = await placeOf(6);
    const logs = await Promise.all([openAt(place), openAt(place), openAt(place)]);
    const keys = Array.from({ length: 30 }, (_, i) => `bed-${i}`);
    let [said, over] = [0, false];
    const load = (async () => {
      for (; !over; said++)
        await append(
          logs[0]!,
          keys.map((key) => record(key, `${said}`)),
        );
    })();
    const all = 6;
    const first = await story.copier(logs[0]!, 'shift');
    await first.holds((held) => held.length === all);
    const second = await story.copier(logs[1]!, 'shift');
    await second.holds((held) => held.length === all / 2);
    const third = await story.copier(logs[2]!, 'shift');
    await third.holds((held) => held.length === all / 3);
    await first.stop();
    await second.holds((held) => held.length === all / 2);
    const fourth = await story.copier(logs[0]!, 'shift');
    await fourth.holds((held) => held.length === all / 3);
    await second.stop();
    await third.stop();
    await fourth.holds((held) => held.length === all);
    over = true;
    await load;
    const copied = await story.readFromBeginning(logs[1]!, 'vigil.findings', said * keys.length);
    await fourth.stop();
    const wanted = Array.from({ length: said }, (_, i) => `${i}`);
    for (const key of keys) expect(copied.filter((each) => each.key === key).map(text), key).toEqual(wanted);
    // Behind everything in every partition: whatever was said twice stands before it.
    await append(
      logs[1]!,
      keys.map((key) => record(key, 'last', 'vigil.findings')),
    );
    let lasts = 0;
    const isLast = (each: Parameters<typeof text>[0]): boolean => text(each) === 'last' && ++lasts === keys.length;
    const everything = await story.readUntil(logs[1]!, 'vigil.findings', isLast);
    expect(everything).toHaveLength((said + 1) * keys.length);
    console.log(`three members under load: ${said * keys.length} records, each settled once`);
  });

  it('leaves a member whose reaction takes a minute its partitions: no rebalance, and it goes on at once', async () => {
    const partition = longLog.partitionOf('vigil.telemetry', 'bed-1');
    const until = performance.now() + CALL_MS + GOES_ON_WITHIN_MS;
    await append(longLog, [record('bed-1', 'after')]);
    const ended = longReader.ended.then((error) => Promise.reject(new Error(`it ended: ${error?.sentence}`)));
    await Promise.race([long.done.promise, ended]);
    expect(performance.now()).toBeLessThan(until);
    expect(long.told.filter((line) => line === `has ${partition}`)).toHaveLength(1);
    expect(long.told.filter((line) => line.startsWith('lost'))).toEqual([]);
    expect(long.told.filter((line) => line.startsWith('settled'))).toEqual(['settled call', 'settled after']);
    await longReader.stop();
  });
};

if ('skipped' in server) {
  describe.skip(`sessions on Kafka (${server.skipped})`, () => it('survive a call of a minute', () => undefined));
} else {
  afterAll(server.stop);
  describe('a session on Kafka', () => stories(server.brokers));
}
