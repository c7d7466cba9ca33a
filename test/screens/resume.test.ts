import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveTransition } from '../../schemas/live.ts';
import {
  type AlarmHistory,
  afterRecord,
  emptyHistory,
  missedSince,
  TRANSITIONS_MAX,
  withPartition,
} from '../../services/screens/alarm-history.ts';
import { cursorText, parseCursor } from '../../services/screens/cursor.ts';

const transition = (alarm: string): LiveTransition => ({
  bed: 'icu-01',
  alarm,
  condition: 'vt',
  from: 'off',
  to: 'on',
  atUs: 0,
  by: 'vigil',
  why: '',
});

interface Logged {
  readonly partition: number;
  readonly tells: boolean;
}

/** Offsets with holes, as Kafka's have. */
const play = (records: readonly Logged[]): readonly AlarmHistory[] => {
  const next = [0n, 0n, 0n];
  let history = [0, 1, 2].reduce((made, partition) => withPartition(made, partition, 0n), emptyHistory);
  const all = [history];
  for (const [i, { partition, tells }] of records.entries()) {
    const offset = next[partition]! + (i % 3 === 0 ? 1n : 0n);
    next[partition] = offset + 1n;
    history = afterRecord(history, partition, offset, tells ? transition(`${i}`) : undefined);
    all.push(history);
  }
  return all;
};

describe('a cursor', () => {
  it('comes back as it was given', () => {
    const cursors = fc.dictionary(fc.integer({ min: 0, max: 999 }).map(String), fc.bigInt({ min: 0n, max: 2n ** 62n }));
    fc.assert(
      fc.property(cursors, (entries) => {
        const cursor = new Map(Object.entries(entries).map(([partition, next]) => [Number(partition), next]));
        expect(parseCursor(cursorText(cursor))).toEqual(cursor);
      }),
    );
  });

  it('is not made of anything else', () => {
    for (const text of ['0', '0:', 'a:1', '0:1;1:2', '0:-1', '0:1,', '99999:1', `0:${'9'.repeat(30)}`])
      expect(parseCursor(text), text).toBeUndefined();
  });

  it('gives exactly the transitions after it, once and in order', () => {
    const records = fc.array(fc.record({ partition: fc.integer({ min: 0, max: 2 }), tells: fc.boolean() }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(records, fc.nat(), (told, pick) => {
        const histories = play(told);
        const cut = pick % histories.length;
        const missed = missedSince(histories.at(-1)!, histories[cut]!.position);
        const expected = told.flatMap(({ tells }, i) => (tells && i >= cut ? [`${i}`] : []));
        expect(missed?.map((one) => one.transition.alarm)).toEqual(expected);
      }),
    );
  });

  it('of another log, or older than what is kept, is told apart from one that missed nothing', () => {
    const short = play([{ partition: 0, tells: true }]).at(-1)!;
    expect(missedSince(short, new Map([[0, 99n]]))).toBeUndefined();
    expect(missedSince(short, new Map([[7, 0n]]))).toBeUndefined();
    expect(missedSince(short, short.position)).toEqual([]);
    let long = withPartition(emptyHistory, 0, 0n);
    for (let i = 0; i <= TRANSITIONS_MAX; i++) long = afterRecord(long, 0, BigInt(i), transition(`${i}`));
    expect(missedSince(long, new Map([[0, 0n]]))).toBeUndefined();
    expect(missedSince(long, new Map([[0, BigInt(TRANSITIONS_MAX)]]))).toHaveLength(1);
  });
});
