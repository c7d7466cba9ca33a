/**
 * Goal: the minute in which a recorder was stopped is rolled up, however long nothing came afterwards.
 * Method: batches with the log's time of our choosing, answered by the telemetry reader as the log would hand them over.
 */

import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { moment } from '../../schemas/units.ts';
import type { LogRecord, NewRecord } from '../../services/ports/event-log.ts';
import type { Desk } from '../../services/recorder/desk.ts';
import { makeStrips } from '../../services/recorder/strips.ts';
import { telemetryReader } from '../../services/recorder/telemetry-reader.ts';
import { right } from '../right.ts';
import { at, frame, openPlace, type Place } from './ward.ts';

const PARTITION = 0;
const BED = 'icu-04';

describe('a recorder that was stopped in the middle of a minute', () => {
  let place: Place;
  beforeEach(async () => {
    place = await openPlace();
  });
  afterEach(() => place.close());

  const deskOf = ({ log, store }: Place): Desk => ({
    ...{ log, store, strips: makeStrips(() => undefined), lingerMs: 0, failing: new Map() },
    count: { numerics: 0, findings: 0, alarms: 0, blocks: 0, engine: 0, rejected: 0, failedWrites: 0 },
    onNotice: () => undefined,
    wait: async () => true,
    stopping: new AbortController().signal,
  });
  /** Frames as the log has them: taken as they were said. */
  const logged = (seconds: readonly number[], firstOffset: number): LogRecord[] =>
    seconds.map((s, i) => {
      const { topic, key, value }: NewRecord = frame(BED, s);
      return { topic, key, value, partition: PARTITION, offset: BigInt(firstOffset + i), appendedAt: at(s + 1) };
    });

  /** One life of a recorder: batches of five seconds. Answers where it stands. */
  const live = async (records: readonly LogRecord[], stored: bigint | undefined): Promise<bigint> => {
    const { reader } = telemetryReader(deskOf(place));
    const from = (await reader.assigned(PARTITION, stored)) ?? stored ?? 0n;
    const read = records.filter(({ offset }) => offset >= from);
    for (let i = 0; i < read.length; i += 5) {
      const batch = { topic: 'vigil.telemetry', partition: PARTITION, records: read.slice(i, i + 5) } as const;
      const reaction = await reader.react(batch)();
      if (E.isLeft(reaction)) throw reaction.left;
      await place.say(...reaction.right.outputs);
      reaction.right.settled();
    }
    return records.at(-1)!.offset + 1n;
  };

  it('has that minute rolled up after an hour in which nothing came', async () => {
    // The shift begins 20 s into a minute, so it is stopped 30 s into the fifth.
    const before = logged([...Array(250).keys()], 0);
    const position = await live(before, undefined);
    const hourLater = logged(
      Array.from({ length: 180 }, (_, i) => 3_600 + i),
      before.length,
    );
    await live([...before, ...hourLater], position);
    const range = { bed: BED, from: moment(0), to: moment(9e15), code: MDC.ecgHeartRate };
    const minutes = right(await place.store.minutes(range)());
    const counted = minutes.filter(({ start }) => start < at(3_000)).reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(250);
  });
});
