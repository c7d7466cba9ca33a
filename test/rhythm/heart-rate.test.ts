import { describe, expect, it } from 'vitest';
import { beats, type MadeBeat, rates, shift, steady } from './shift.ts';

/** The first second from which on the shown rate stays within 5/min of the new one. */
const settled = (before: number, after: number): number => {
  const step = 20;
  const first = steady(0.5, Math.floor((step * before) / 60), before);
  const made = [...first, ...steady(step, 60, after)].filter((beat) => beat.at < 44);
  const shown = [...rates(shift(45, made))].filter(([second]) => second > step && second < 44);
  const off = shown.findLast(([, rate]) => Math.abs(rate - after) > 5);
  return (off?.[0] ?? step) + 1 - step;
};

/** A cycle of RR intervals again and again for 30 s; what is shown from 20 s on. */
const shownFor = (cycle: readonly number[]): readonly number[] => {
  const intervals = Array.from({ length: 80 }, (_, i) => cycle[i % cycle.length]!);
  const made = beats(0.5, intervals).filter((beat: MadeBeat) => beat.at < 30);
  return [...rates(shift(30, made))].filter(([second]) => second >= 20).map(([, rate]) => rate);
};

describe('the heart rate meter', () => {
  it('shows a steady rate as it is', () => {
    for (const rate of [30, 60, 80, 150, 200, 300])
      expect(rates(shift(20, steady(0.2, Math.ceil((20 * rate) / 60), rate))).get(20), `${rate}/min`).toBe(rate);
  });

  it('shows the step from 80 to 120 in less than 11 s (EC13)', () => {
    expect(settled(80, 120)).toBeLessThan(11);
  });

  it('shows the step from 80 to 40 in less than 11 s (EC13)', () => {
    expect(settled(80, 40)).toBeLessThan(11);
  });

  it.each([
    ['ventricular bigeminy, 80/min', [0.5, 1.0], 80],
    ['slow alternating bigeminy, 60/min', [0.75, 0.75, 1.25, 1.25], 60],
    ['rapid alternating bigeminy, 120/min', [0.375, 0.375, 0.625, 0.625], 120],
    ['bidirectional systoles, 90/min', [0.5, 0.75, 0.5, 0.9167], 90],
  ])('counts every beat of %s within a tenth', (_, cycle, expected) => {
    for (const rate of shownFor(cycle)) expect(Math.abs(rate - expected)).toBeLessThanOrEqual(expected / 10);
  });

  it('falls while the next beat is overdue, and shows nothing 5 s after the last beat', () => {
    const shown = rates(shift(20, steady(0.5, 10, 60)));
    expect(shown.get(9)).toBe(60);
    expect(shown.get(12)).toBeLessThan(60);
    expect([...shown.keys()].filter((second) => second >= 14)).toEqual([]);
  });

  it('shows nothing before four beats have come', () => {
    expect(rates(shift(5, steady(0.5, 3, 60))).size).toBe(0);
  });
});
