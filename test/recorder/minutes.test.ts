import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { bedsBefore, makeMinutes } from '../../services/recorder/minutes.ts';
import { right } from '../right.ts';
import { at, frame, openPlace, type Place, recordAll } from './ward.ts';

const MINUTE = 60e6;
const minuteAt = (n: number): Moment => moment(1_700_000_040e6 + n * MINUTE);
const point = (bed: string, n: number) => ({
  ...{ bed, device: 1, source: 'm', code: 1, unit: '1', at: moment(minuteAt(n) + 5e6), value: 1 },
});
const told = (made: readonly { from: number; to: number; beds: ReadonlySet<string> | undefined }[]): string[] =>
  made.map(
    ({ from, to, beds }) =>
      `${(from - minuteAt(0)) / MINUTE} to ${(to - minuteAt(0)) / MINUTE}: ${beds === undefined ? 'all' : [...beds].join(' ')}`,
  );

describe('the minutes of a partition', () => {
  it('are rolled up a minute after they ended, for the beds that had numbers', () => {
    const minutes = makeMinutes(new Set());
    minutes.touched([point('a', 0), point('b', 0), point('a', 1)]);
    expect(told(minutes.over(moment(minuteAt(2) - 1)))).toEqual([]);
    expect(told(minutes.over(minuteAt(2)))).toEqual(['0 to 1: a b']);
    minutes.done(minuteAt(2));
    expect(told(minutes.over(minuteAt(3)))).toEqual(['1 to 2: a']);
  });

  it('are asked for again until they were rolled up', () => {
    const minutes = makeMinutes(new Set());
    minutes.touched([point('a', 0)]);
    expect(told(minutes.over(minuteAt(9)))).toEqual(['0 to 1: a']);
    expect(told(minutes.over(minuteAt(9)))).toEqual(['0 to 1: a']);
  });

  it('are rolled up anew when a number comes late', () => {
    const minutes = makeMinutes(new Set());
    minutes.touched([point('a', 0)]);
    minutes.done(minuteAt(9));
    minutes.touched([point('a', 0)]);
    expect(told(minutes.over(minuteAt(9)))).toEqual(['0 to 1: a']);
  });

  it('are rolled up anew when a number comes late that reaches over from the minute before', () => {
    const minutes = makeMinutes(new Set());
    minutes.touched([point('a', 0), point('a', 1)]);
    minutes.done(minuteAt(9));
    minutes.touched([{ ...point('a', 0), at: moment(minuteAt(1) - 15e6) }]);
    expect(told(minutes.over(minuteAt(9)))).toEqual(['0 to 1: a']);
    minutes.touched([{ ...point('b', 0), at: moment(minuteAt(1) - 15e6 + 1) }]);
    expect(told(minutes.over(minuteAt(9)))).toEqual(['0 to 2: a b']);
  });

  it('are taken together where they are neighbours', () => {
    const minutes = makeMinutes(new Set());
    minutes.touched([0, 1, 2, 5, 6].map((n) => point(n === 2 ? 'b' : 'a', n)));
    expect(told(minutes.over(minuteAt(20)))).toEqual(['0 to 3: a b', '5 to 7: a']);
  });

  it('of the last ten count as touched at a start, because the process before may not have come to them', () => {
    for (const [before, said] of [
      [new Set(['a', 'b']), 'a b'],
      ['all', 'all'],
    ] as const) {
      const minutes = makeMinutes(before);
      minutes.begin(moment(minuteAt(20) + 1));
      expect(told(minutes.over(minuteAt(20)))).toEqual([`10 to 19: ${said}`]);
      minutes.done(minuteAt(20));
      minutes.begin(minuteAt(40));
      expect(told(minutes.over(minuteAt(40)))).toEqual([`19 to 21: ${said}`]);
    }
  });

  it('before a start are those of the beds that were known, of all beds only where that is lost', () => {
    expect(bedsBefore(7n, ['a', 'b'])).toEqual(new Set(['a', 'b']));
    expect(bedsBefore(7n, undefined)).toBe('all');
    expect(bedsBefore(undefined, undefined)).toEqual(new Set());
  });
});

describe('a recorder', () => {
  let place: Place;
  beforeEach(async () => {
    place = await openPlace();
  });
  afterEach(() => place.close());

  it('has rolled up what it recorded, with how many numbers there were and no minute for a gap', async () => {
    const range = { bed: 'icu-04', from: moment(0), to: moment(9e15), code: MDC.ecgHeartRate };
    const seconds = [...Array(20).keys(), ...Array.from({ length: 60 }, (_, i) => 160 + i)];
    await place.say(...seconds.map((s) => frame('icu-04', s)));
    await recordAll(place);
    const minutes = right(await place.store.minutes(range)());
    // The shift begins 20 s into a minute.
    expect(minutes.map(({ start, count }) => [(start - at(-20)) / MINUTE, count])).toEqual([
      [0, 20],
      [3, 60],
    ]);
    await place.say(frame('icu-04', 30, { retrospective: true }));
    await recordAll(place);
    expect(right(await place.store.minutes(range)()).map(({ count }) => count)).toEqual([21, 60]);
  });
});
