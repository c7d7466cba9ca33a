import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeTurns, type Turns } from '../../services/gateway/turns.ts';

interface One {
  readonly sequence: number;
}
let passed: number[];
let turns: Turns<One>;
const begin = (newest: number | undefined, waitMs = 200): void => {
  passed = [];
  turns = makeTurns<One>({ waitMs, newestOf: () => newest, pass: ({ sequence }) => void passed.push(sequence) });
};
const take = (...sequences: readonly number[]): void => {
  for (const sequence of sequences) turns.take('icu-04\nmonitor', { sequence });
};

beforeEach(() => {
  vi.useFakeTimers();
  begin(10);
});
afterEach(() => vi.useRealTimers());

describe('frames of one source', () => {
  it('pass at once while they come in their order, whatever the first one is called', () => {
    take(11, 12, 13);
    expect(passed).toEqual([11, 12, 13]);
    begin(undefined);
    take(700, 701);
    expect(passed).toEqual([700, 701]);
  });

  it('are put in their order where one overtakes another', () => {
    take(12, 11, 15, 14, 13, 16);
    expect(passed).toEqual([11, 12, 13, 14, 15, 16]);
  });

  it('wait a moment for what is lost, and no longer', () => {
    take(12, 13);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(199);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(passed).toEqual([12, 13]);
    take(14, 11);
    expect(passed).toEqual([12, 13, 14, 11]);
  });

  it('do not wait when far too many are missing, when the device counts anew, or when nothing waits', () => {
    take(100, 101, 1, 2, 3);
    expect(passed).toEqual([100, 101, 1, 2, 3]);
    begin(10, 0);
    take(12, 11);
    expect(passed).toEqual([12, 11]);
  });

  it('pass in order when all are asked for, as at the end of a second', () => {
    take(14, 12);
    turns.passAll();
    expect(passed).toEqual([12, 14]);
    take(15);
    expect(passed).toEqual([12, 14, 15]);
  });

  it('pass each once, and in order where none is away for longer than a few', () => {
    const order = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(order, (delays) => {
        begin(0);
        const sent = delays.map((delay, i) => ({ sequence: i + 1, at: i + delay })).sort((a, b) => a.at - b.at);
        take(...sent.map(({ sequence }) => sequence));
        expect(passed).toEqual(delays.map((_, i) => i + 1));
      }),
    );
  });

  it('pass each once whatever comes, and nothing is kept for long', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }), (sequences) => {
        begin(undefined);
        take(...sequences);
        vi.advanceTimersByTime(200);
        expect([...passed].sort((a, b) => a - b)).toEqual([...sequences].sort((a, b) => a - b));
      }),
    );
  });
});
