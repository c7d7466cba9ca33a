import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { Batch, EventLog, GroupReader, LogRecord } from '../../services/ports/event-log.ts';
import { RECORD_BYTES_MAX } from '../../services/ports/event-log.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import * as story from './event-log-story.ts';
import { type LogUnderTest, record, startChild, text } from './event-log-story.ts';

/** What every event log promises. `underTest.module` lets another process open the same log. */
export const eventLogContract = (name: string, underTest: LogUnderTest): void => {
  const opened: EventLog[] = [];
  const open = async (place: string): Promise<EventLog> => {
    const log = await underTest.openAt(place);
    opened.push(log);
    return log;
  };
  const places: string[] = [];
  const newPlace = async (): Promise<string> => {
    const place = await underTest.newPlace();
    places.push(place);
    return place;
  };
  const openNew = async (): Promise<EventLog> => open(await newPlace());
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
    for (const place of places.splice(0)) await underTest.discard(place);
  });

  describe(`${name} keeps the event log contract`, () => {
    it('delivers the records of one key in the order they were appended, each in the partition of its key', async () => {
      const log = await openNew();
      const keys = ['bed-1', 'bed-2', 'bed-3', 'bed-4', 'bed-5'];
      const appends = Array.from({ length: 60 }, (_, i) => log.append(keys.map((key) => record(key, `${i}`)))());
      expect((await Promise.all(appends)).every(E.isRight)).toBe(true);
      const read = await story.readFromBeginning(log, 'vigil.telemetry', 300);
      for (const key of keys) {
        const mine = read.filter((r) => r.key === key);
        expect(mine.map(text)).toEqual(Array.from({ length: 60 }, (_, i) => `${i}`));
        expect(new Set(mine.map((r) => r.partition))).toEqual(new Set([log.partitionOf('vigil.telemetry', key)]));
      }
    });

    it('offers a batch again when the reaction failed, and asks before where to begin', async () => {
      const log = await openNew();
      await story.append(log, [record('bed-1', 'a'), record('bed-1', 'b')]);
      const partition = log.partitionOf('vigil.telemetry', 'bed-1');
      const told: string[] = [];
      const done = Promise.withResolvers<void>();
      let failures = 0;
      const reader = await log.join({
        ...story.reader('again'),
        assigned: async (p, stored) => {
          if (p === partition) told.push(`assigned ${stored}`);
          return undefined;
        },
        react: (batch) => {
          told.push(batch.records.map(text).join(''));
          if (++failures === 1) return TE.left('the model is not loaded');
          if (failures === 2) return () => Promise.reject(new Error('our own mistake'));
          return TE.right({ outputs: [], settled: done.resolve });
        },
      });
      await done.promise;
      await reader.stop();
      expect(told).toEqual(['assigned undefined', 'ab', 'assigned undefined', 'ab', 'assigned undefined', 'ab']);
    });

    it('stores outputs and position together, or neither', async () => {
      const log = await openNew();
      await story.append(log, [record('bed-1', 'a')]);
      const partition = log.partitionOf('vigil.telemetry', 'bed-1');
      const positionsSeen: (bigint | undefined)[] = [];
      const settled = Promise.withResolvers<void>();
      const reader = await log.join({
        ...story.reader('together'),
        assigned: async (p, stored) => {
          if (p === partition) positionsSeen.push(stored);
          return undefined;
        },
        react: () => {
          // The first reaction cannot be stored whole: its last output is larger than any log takes.
          const tooLarge = { ...record('bed-1', '', 'vigil.findings'), value: new Uint8Array(RECORD_BYTES_MAX + 1) };
          const first = positionsSeen.length === 1;
          const outputs = [record('bed-1', first ? 'half' : 'whole', 'vigil.findings'), ...(first ? [tooLarge] : [])];
          return TE.right({ outputs, settled: settled.resolve });
        },
      });
      await settled.promise;
      await reader.stop();
      expect(positionsSeen).toEqual([undefined, undefined]);
      const outputs = await story.readFromBeginning(log, 'vigil.findings', 1);
      expect(outputs.map(text)).toEqual(['whole']);
      await story.standsAtEnd(log, 'together', partition);
    });

    it('stores the position of answers without outputs with the next outputs, in time, and when the reader stops', async () => {
      const log = await openNew();
      const partition = log.partitionOf('vigil.telemetry', 'bed-1');
      const reading = async (positionEveryMs: number) => {
        const answered: string[] = [];
        let told = (): void => undefined;
        const { stop } = await log.join({
          ...story.reader('in no hurry'),
          positionEveryMs,
          react: ({ records }) => {
            const said = records.map(text);
            const outputs = said.includes('speak') ? [record('bed-1', 'spoken', 'vigil.findings')] : [];
            const settled = (): void => {
              answered.push(...said);
              told();
            };
            return TE.right({ outputs, settled });
          },
        });
        const answers = async (said: string): Promise<void> => {
          const { promise, resolve } = Promise.withResolvers<void>();
          told = () => {
            if (answered.includes(said)) resolve();
          };
          await story.append(log, [record('bed-1', said)]);
          await promise;
        };
        return { answers, stop };
      };
      const first = await reading(600_000);
      await first.answers('a');
      await first.answers('b');
      await first.answers('speak');
      await story.standsAtEnd(log, 'in no hurry', partition);
      await first.answers('c');
      await first.stop();
      await story.standsAtEnd(log, 'in no hurry', partition);
      const second = await reading(50);
      await second.answers('d');
      await second.answers('e');
      await story.standsAtEnd(log, 'in no hurry', partition);
      await second.stop();
    });

    it('resumes after the last settled batch, also when the log was opened again', async () => {
      const place = await newPlace();
      const first = await open(place);
      await story.append(first, [record('bed-1', 'a'), record('bed-1', 'b')]);
      expect(await story.consume(first, 'resume', 2)).toEqual(['a', 'b']);
      await first.close();
      const second = await open(place);
      await story.append(second, [record('bed-1', 'c')]);
      expect(await story.consume(second, 'resume', 1)).toEqual(['c']);
      expect(await story.consume(second, 'another group', 3)).toEqual(['a', 'b', 'c']);
    });

    it('reads again from where a reader asks, and never moves the stored position back', async () => {
      const log = await openNew();
      const partition = log.partitionOf('vigil.telemetry', 'bed-1');
      await story.append(log, [record('bed-1', 'a'), record('bed-1', 'b'), record('bed-1', 'c')]);
      await story.consume(log, 'replay', 3);
      const stored = await story.standsAtEnd(log, 'replay', partition);
      const positions: (bigint | undefined)[] = [];
      const seen: string[] = [];
      const done = Promise.withResolvers<void>();
      const reader = await log.join({
        ...story.reader('replay'),
        recordsPerBatchMax: 1,
        assigned: async (p, at) => (p === partition && at !== undefined ? at - 2n : undefined),
        react: (batch) => {
          seen.push(...batch.records.map(text));
          const settled = async (): Promise<void> => {
            positions.push((await log.positions('replay', 'vigil.telemetry')).get(partition));
            if (positions.length === seen.length && seen.at(-1) === 'c') done.resolve();
          };
          return TE.right({ outputs: [], settled: () => void settled() });
        },
      });
      await done.promise;
      await reader.stop();
      expect(seen.join('')).toBe('bc');
      expect(new Set(positions)).toEqual(new Set([stored]));
    });

    it('never gives more records in a batch than the reader wants', async () => {
      const log = await openNew();
      await story.append(
        log,
        Array.from({ length: 50 }, (_, i) => record('bed-1', `${i}`)),
      );
      const sizes: number[] = [];
      const seen: string[] = [];
      const done = Promise.withResolvers<void>();
      const reader = await log.join({
        ...story.reader('small'),
        recordsPerBatchMax: 7,
        react: (batch) => {
          sizes.push(batch.records.length);
          seen.push(...batch.records.map(text));
          return TE.right({ outputs: [], settled: () => (seen.length >= 50 ? done.resolve() : undefined) });
        },
      });
      await done.promise;
      await reader.stop();
      expect(Math.max(...sizes)).toBeLessThanOrEqual(7);
      expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
    });

    it('lets a reader in no hurry wait until more has gathered', async () => {
      const log = await openNew();
      await story.append(log, [record('bed-1', 'a')]);
      const LINGER_MS = 600;
      const cameMs: number[] = [];
      const settledOf: string[] = [];
      const first = Promise.withResolvers<void>();
      const all = Promise.withResolvers<void>();
      const reader = await log.join({
        ...story.reader('no hurry'),
        lingerMs: LINGER_MS,
        react: ({ records }) => {
          cameMs.push(performance.now());
          const settled = (): void => {
            settledOf.push(...records.map(text));
            first.resolve();
            if (settledOf.length === 4) all.resolve();
          };
          return TE.right({ outputs: [], settled });
        },
      });
      await first.promise;
      for (const said of ['b', 'c', 'd']) await story.append(log, [record('bed-1', said)]);
      await all.promise;
      await reader.stop();
      expect(settledOf).toEqual(['a', 'b', 'c', 'd']);
      // However long the three appends took: what came is left to gather for that time, less what the answer before it took.
      const gaps = cameMs.slice(1).map((ms, i) => ms - cameMs[i]!);
      expect(Math.min(...gaps)).toBeGreaterThan(LINGER_MS / 2);
    });

    it('shares the partitions between two readers of a group and hands them over, each record settled once', async () => {
      const place = await newPlace();
      const day = await open(place);
      const night = await open(place);
      const all = story.partitionsOf(await day.extent('vigil.telemetry'));
      const dayReader = await story.copier(day, 'shift');
      await dayReader.holds((held) => held.length === all.length);
      const nightReader = await story.copier(night, 'shift');
      const keys = Array.from({ length: 20 }, (_, i) => `bed-${i}`);
      const appending = story.append(
        day,
        keys.flatMap((key) => [record(key, 'early'), record(key, 'late')]),
      );
      await dayReader.holds((held) => held.length === all.length / 2);
      await nightReader.holds((held) => held.length === all.length / 2);
      expect([...dayReader.held(), ...nightReader.held()].toSorted()).toEqual(all);
      await appending;
      await story.readFromBeginning(day, 'vigil.findings', 40);
      await dayReader.stop();
      await nightReader.holds((held) => held.length === all.length);
      await story.append(
        night,
        keys.map((key) => record(key, 'night')),
      );
      const copied = await story.readFromBeginning(night, 'vigil.findings', 60);
      for (const key of keys) {
        expect(copied.filter((r) => r.key === key).map(text)).toEqual(['early', 'late', 'night']);
      }
      expect(dayReader.held()).toEqual([]);
    });

    it('leaves a reader its partitions while a reaction takes longer than its lease', async () => {
      const log = await openNew();
      await story.append(log, [record('bed-1', 'a')]);
      const partition = log.partitionOf('vigil.telemetry', 'bed-1');
      const told: string[] = [];
      const settled = Promise.withResolvers<void>();
      const slow = await log.join({
        ...story.reader('slow'),
        assigned: async (p) => {
          if (p === partition) told.push('assigned');
          return undefined;
        },
        revoked: (p) => {
          if (p === partition) told.push('revoked');
        },
        react: ({ records }) =>
          TE.fromTask(async () => {
            await story.outlive(underTest.leaseMs);
            told.push(...records.map(text));
            return { outputs: [record('bed-1', 'b', 'vigil.findings')], settled: settled.resolve };
          }),
      });
      await settled.promise;
      expect(told).toEqual(['assigned', 'a']);
      await slow.stop();
      expect(told).toEqual(['assigned', 'a', 'revoked']);
    });

    it('lets a fenced reader write nothing', async () => {
      const place = await newPlace();
      const log = await open(place);
      const partition = log.partitionOf('vigil.telemetry', 'bed-1');
      await story.append(log, [record('bed-1', 'a')]);
      const frozen = startChild(underTest, place, 'holder', 'fence');
      try {
        await frozen.says('holding');
        frozen.signal('SIGSTOP'); // its process stands still in the middle of a reaction, longer than its lease
        const successor = await story.copier(log, 'fence');
        await successor.holds((held) => held.includes(partition));
        await story.readFromBeginning(log, 'vigil.findings', 1);
        frozen.signal('SIGCONT');
        frozen.tell('go on');
        await frozen.says(`revoked ${partition}`);
        await successor.stop();
      } finally {
        await frozen.end();
      }
      // A record after everything that the fenced reader may have tried.
      await story.append(log, [record('bed-1', 'last', 'vigil.findings')]);
      const outputs = await story.readUntil(log, 'vigil.findings', (r) => text(r) === 'last');
      expect(outputs.map(text)).toEqual(['a', 'last']);
    });

    it('keeps outputs and position together when the process is killed in the middle of writing', async () => {
      const place = await newPlace();
      const log = await open(place);
      const inputs = Array.from({ length: 3_000 }, (_, i) => record(`bed-${i % 7}`, `${i}`));
      await story.append(log, inputs);
      for (const copiedBefore of [1, 1_000]) {
        const victim = startChild(underTest, place, 'copier', 'kill');
        await story.readFromBeginning(log, 'vigil.findings', copiedBefore);
        victim.signal('SIGKILL');
        await victim.end();
      }
      const survivor = await story.copier(log, 'kill');
      const copied = await story.readFromBeginning(log, 'vigil.findings', inputs.length);
      await survivor.stop();
      const more = await story.consume(log, 'count', inputs.length, 'vigil.findings');
      expect(copied.map(text).toSorted()).toEqual(inputs.map(text).toSorted());
      expect(more.length).toBe(inputs.length);
    });

    it('shows a reader that starts late everything, and one that starts at the end only what follows', async () => {
      const log = await openNew();
      await story.append(log, [record('bed-1', 'a'), record('bed-1', 'b')]);
      expect(await story.consume(log, 'late', 2)).toEqual(['a', 'b']);
      const partition = log.partitionOf('vigil.telemetry', 'bed-1');
      const seen = Promise.withResolvers<readonly string[]>();
      const ready = Promise.withResolvers<void>();
      const reader: GroupReader = {
        ...story.reader('from now'),
        startAt: 'end',
        assigned: async (p) => {
          if (p === partition) ready.resolve();
          return undefined;
        },
        react: (batch) => TE.right({ outputs: [], settled: () => seen.resolve(batch.records.map(text)) }),
      };
      const subscription = await log.join(reader);
      await ready.promise;
      // The reader stands at the end from some moment after `assigned` on: say it until it is heard.
      const heard = await story.repeatUntil(seen.promise, () => story.append(log, [record('bed-1', 'c')]));
      await subscription.stop();
      expect(new Set(heard)).toEqual(new Set(['c']));
    });

    it('lets 100,000 records pass unharmed', async () => {
      const log = await openNew();
      const sent = new Map<string, ReturnType<typeof createHash>>();
      const hashOf = (hashes: typeof sent, key: string) => {
        const known = hashes.get(key) ?? createHash('sha256');
        hashes.set(key, known);
        return known;
      };
      const random = diceFrom(7).unit;
      for (let start = 0; start < 100_000; start += 1_000) {
        const records = Array.from({ length: 1_000 }, () => {
          const value = Uint8Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256));
          return { topic: 'vigil.telemetry', key: `bed-${Math.floor(random() * 50)}`, value } as const;
        });
        for (const { key, value } of records) hashOf(sent, key).update(`${value.length}:`).update(value);
        await story.append(log, records);
      }
      const received: typeof sent = new Map();
      let count = 0;
      const done = Promise.withResolvers<void>();
      const tail = await log.tail({
        topic: 'vigil.telemetry',
        from: new Map(),
        otherwise: 'beginning',
        onRecords: ({ records }) => {
          for (const { key, value } of records) hashOf(received, key).update(`${value.length}:`).update(value);
          count += records.length;
          if (count >= 100_000) done.resolve();
        },
      });
      await done.promise;
      await tail.stop();
      const digests = (hashes: typeof sent) =>
        [...hashes].map(([key, hash]) => `${key} ${hash.digest('hex')}`).toSorted();
      expect(count).toBe(100_000);
      expect(digests(received)).toEqual(digests(sent));
    });

    it('refuses a record that is too large with a clear error and keeps nothing of that append', async () => {
      const log = await openNew();
      const large = { ...record('bed-1', ''), value: new Uint8Array(RECORD_BYTES_MAX + 1) };
      const answer = await log.append([record('bed-1', 'small'), large])();
      expect(answer).toMatchObject(E.left({ tag: 'RecordTooLarge', retriable: false }));
      expect(E.isLeft(answer) && answer.left.sentence).toContain(`${RECORD_BYTES_MAX}`);
      const largest = { ...record('bed-1', ''), value: new Uint8Array(RECORD_BYTES_MAX - 100) };
      await story.append(log, [largest]);
      const [read] = await story.readFromBeginning(log, 'vigil.telemetry', 1);
      expect(read?.value.length).toBe(RECORD_BYTES_MAX - 100);
    });

    it('keeps the order of an append that holds many large records', async () => {
      const log = await openNew();
      const records = Array.from({ length: 12 }, (_, i) => ({
        ...record('bed-1', ''),
        value: new Uint8Array(400_000).fill(i),
      }));
      await story.append(log, records);
      const read = await story.readFromBeginning(log, 'vigil.telemetry', 12);
      expect(read.map((r) => r.value[399_999])).toEqual(records.map((_, i) => i));
    });

    it('tails from given offsets, from a time and from the end', async () => {
      const log = await openNew();
      const partition = log.partitionOf('vigil.telemetry', 'bed-1');
      await story.append(log, [record('bed-1', 'a'), record('bed-1', 'b')]);
      const [, b] = await story.readFromBeginning(log, 'vigil.telemetry', 2);
      const fromB = new Map([[partition, b!.offset]]);
      expect((await story.readSome(log, { from: fromB, otherwise: 'end' }, 1)).map(text)).toEqual(['b']);

      await story.clockPasses(b!.appendedAt);
      await story.append(log, [record('bed-1', 'c')]);
      const all = await story.readFromBeginning(log, 'vigil.telemetry', 3);
      const since = all[2]!.appendedAt;
      const late = await story.readSome(log, { from: new Map(), otherwise: { since } }, 1);
      expect(late.map(text)).toEqual(['c']);
      expect(all.map((r) => r.appendedAt)).toEqual(all.map((r) => r.appendedAt).toSorted((x, y) => x - y));

      const heard = Promise.withResolvers<Batch>();
      const tail = await log.tail({
        topic: 'vigil.telemetry',
        from: new Map(),
        otherwise: 'end',
        onRecords: heard.resolve,
      });
      await story.repeatUntil(heard.promise, () => story.append(log, [record('bed-1', 'd')]));
      await tail.stop();
      expect(new Set((await heard.promise).records.map(text))).toEqual(new Set(['d']));
    });

    it('tells a tail where it stands, to the very end of what transactions wrote', async () => {
      const log = await openNew();
      const copier = await story.copier(log, 'transactions');
      const keys = ['bed-1', 'bed-2', 'bed-3'];
      await story.append(
        log,
        keys.map((key) => record(key, 'a')),
      );
      await story.readFromBeginning(log, 'vigil.findings', keys.length);
      await copier.stop();
      const ends = new Map((await log.extent('vigil.findings')).map(({ partition, next }) => [partition, next]));
      const told: string[] = [];
      const heard: string[] = [];
      const stands = new Map<number, bigint>();
      const reached = Promise.withResolvers<void>();
      const tail = await log.tail({
        ...{ topic: 'vigil.findings', from: new Map(), otherwise: 'beginning' },
        onRecords: ({ records }) => {
          heard.push(...records.map(({ key }) => key));
          for (const { partition, offset } of records) {
            told.push(`${partition}: record ${offset}`);
            expect(stands.get(partition)).toBeLessThanOrEqual(offset);
          }
        },
        onPosition: (partition, next) => {
          stands.set(partition, next);
          told.push(`${partition}: at ${next}`);
          if ([...ends].every(([each, end]) => stands.get(each) === end)) reached.resolve();
        },
      });
      await reached.promise;
      await tail.stop();
      expect(heard.toSorted()).toEqual(keys);
      for (const partition of ends.keys())
        expect(told.find((line) => line.startsWith(`${partition}:`))).toBe(`${partition}: at 0`);
    });

    it('says what it holds and where each group stands', async () => {
      const log = await openNew();
      const partition = log.partitionOf('vigil.telemetry', 'bed-1');
      const empty = await log.extent('vigil.telemetry');
      expect(empty.every(({ first, next }) => first === next)).toBe(true);
      expect(await log.positions('nobody', 'vigil.telemetry')).toEqual(new Map());
      await story.append(log, [record('bed-1', 'a'), record('bed-1', 'b')]);
      const extent = (await log.extent('vigil.telemetry')).find((e) => e.partition === partition)!;
      expect(extent.next - extent.first).toBeGreaterThanOrEqual(2n);
      const read: readonly LogRecord[] = await story.readFromBeginning(log, 'vigil.telemetry', 2);
      await story.consume(log, 'stands', 2);
      expect(await story.standsAtEnd(log, 'stands', partition)).toBe(read[1]!.offset + 1n);
    });

    it('ends its readers and refuses appends when it is closed', async () => {
      const log = await openNew();
      await story.append(log, [record('bed-1', 'a')]);
      const held = Promise.withResolvers<void>();
      const revoked: number[] = [];
      const group = await log.join({
        ...story.reader('closing'),
        revoked: (partition) => revoked.push(partition),
        react: () => TE.right({ outputs: [], settled: held.resolve }),
      });
      const tail = await log.tail({
        topic: 'vigil.telemetry',
        from: new Map(),
        otherwise: 'end',
        onRecords: () => undefined,
      });
      await held.promise;
      await log.close();
      expect((await group.ended)?.tag).toBe('Closed');
      expect((await tail.ended)?.tag).toBe('Closed');
      expect(revoked).toContain(log.partitionOf('vigil.telemetry', 'bed-1'));
      expect(await log.append([record('bed-1', 'b')])()).toMatchObject(E.left({ tag: 'Closed' }));
      await expect(log.join(story.reader('too late'))).rejects.toMatchObject({ tag: 'Closed' });
    });

    it('answers the end of a reader that was stopped', async () => {
      const log = await openNew();
      const group = await log.join(story.reader('stopped'));
      await group.stop();
      expect(await group.ended).toBeUndefined();
      const tail = await log.tail({
        topic: 'vigil.telemetry',
        from: new Map(),
        otherwise: 'end',
        onRecords: () => undefined,
      });
      await tail.stop();
      expect(await tail.ended).toBeUndefined();
    });
  });
};
