import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askedTogether } from '../../services/http/asked-together.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

describe('figures that are asked for', () => {
  it('are gathered once for all who ask within a second, and anew for the next', async () => {
    let gathered = 0;
    const figures = askedTogether(async () => ++gathered, 1_000);
    expect(await Promise.all(Array.from({ length: 1_000 }, figures))).toEqual(Array(1_000).fill(1));
    vi.advanceTimersByTime(999);
    expect(await figures()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await figures()).toBe(2);
  });

  it('are gathered anew when they could not be gathered', async () => {
    let asked = 0;
    const figures = askedTogether(async () => {
      if (++asked === 1) throw new Error('away');
      return asked;
    }, 1_000);
    await expect(figures()).rejects.toThrow('away');
    expect(await figures()).toBe(2);
  });
});
