import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { everySecond, systemClock } from '../../services/composition/clock.ts';

const HOUR_MS = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** The machine's clock is set by so much; real time passes as before. */
const setBy = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

describe('the clock of gateway and screens', () => {
  it('says what the machine says', () => {
    const now = systemClock();
    for (const ms of [0, 1, 250, 60_000, 900_000]) {
      vi.advanceTimersByTime(ms);
      expect(now()).toBe(Date.now() * 1e3);
    }
  });

  it('goes on when the machine was set back, so that what falls silent grows old, and never goes back', () => {
    const now = systemClock();
    const before = now();
    setBy(-2 * HOUR_MS);
    let last = before;
    for (let second = 1; second <= 60; second++) {
      vi.advanceTimersByTime(1_000);
      const at = now();
      expect(at).toBeGreaterThan(last);
      expect(at - before).toBeGreaterThan(0.89e6 * second);
      expect(at - before).toBeLessThan(1e6 * second);
      last = at;
    }
  });

  it("is the machine's again ten times as long after as it was set back by", () => {
    const now = systemClock();
    now();
    setBy(-30_000);
    for (let second = 0; second < 301; second++) {
      vi.advanceTimersByTime(1_000);
      now();
    }
    expect(now()).toBe(Date.now() * 1e3);
  });

  it.each([0, -2 * HOUR_MS])('tells of seconds that are no shorter, also when it was set by %d ms', (step) => {
    vi.setSystemTime(1_767_225_600_990);
    const now = systemClock();
    now();
    setBy(step);
    const told: number[] = [];
    const stop = everySecond(now, () => told.push(performance.now()));
    vi.advanceTimersByTime(60_000);
    stop();
    expect(told.length).toBeGreaterThanOrEqual(54);
    expect(told.length).toBeLessThanOrEqual(61);
    expect(Math.min(...told.slice(1).map((ms, i) => ms - told[i]!))).toBeGreaterThan(500);
  });
});
