import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourWorths, normalisedUtility, stayUtility } from '../../stream-models/evaluation/sepsis-utility.ts';
import { bestThreshold, strictestThreshold } from '../../stream-models/evaluation/threshold.ts';

/** A stay of 40 hours with sepsis at hour 30: labels are 1 from hour 24 on. */
const SEPTIC = Array.from({ length: 40 }, (_, hour) => (hour >= 24 ? 1 : 0));
const WELL = new Array<number>(20).fill(0);
const never = (hours: number) => new Array<number>(hours).fill(0);
const always = (hours: number) => new Array<number>(hours).fill(1);

const stays = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 60 }), fc.option(fc.integer({ min: 0, max: 59 }))).map(([hours, first]) => ({
    labels: Array.from({ length: hours }, (_, hour) => (first !== null && hour >= first ? 1 : 0)),
  })),
  { minLength: 1, maxLength: 8 },
);

describe('the utility of the CinC 2019 challenge', () => {
  it('is worth what Reyna et al. draw in their figure, hour by hour', () => {
    const { alarm, silence } = hourWorths(SEPTIC);
    const at = (hour: number) => [alarm[hour]!, silence[hour]!].map((worth) => Math.round(worth * 1e6) / 1e6);
    expect(at(10)).toEqual([-0.05, 0]); // 20 h before
    expect(at(18)).toEqual([0, 0]); // 12 h before
    expect(at(21)).toEqual([0.5, 0]); // 9 h before
    expect(at(24)).toEqual([1, 0]); // 6 h before
    expect(at(27)).toEqual([0.666667, -0.666667]); // 3 h before
    expect(at(30)).toEqual([0.333333, -1.333333]); // the onset
    expect(at(33)).toEqual([0, -2]); // 3 h after
    expect(at(34)).toEqual([0, 0]); // too late for anything
  });

  it('adds up a worked example', () => {
    // Silence until 3 h before the onset, then alarms: hours 25 and 26 of silence cost 2/9 and 4/9.
    const alarms = SEPTIC.map((_, hour) => (hour >= 27 ? 1 : 0));
    const { observed, inaction, best } = stayUtility(SEPTIC, alarms);
    expect(observed).toBeCloseTo(-2 / 9 - 4 / 9 + (6 + 5 + 4 + 3 + 2 + 1) / 9, 12);
    expect(inaction).toBeCloseTo((-2 * (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9)) / 9, 12);
    expect(best).toBeCloseTo((1 + 2 + 3 + 4 + 5) / 6 + 1 + (8 + 7 + 6 + 5 + 4 + 3 + 2 + 1) / 9, 12);
    expect(stayUtility(WELL, always(20)).observed).toBeCloseTo(-1, 12);
  });

  it('is 0 for silence, 1 for the best alarms, and at most 1 for any', () => {
    fc.assert(
      fc.property(stays, fc.infiniteStream(fc.boolean()), (all, dice) => {
        fc.pre(all.some(({ labels }) => labels.includes(1)));
        const scored = (alarms: (labels: readonly number[]) => readonly number[]) =>
          normalisedUtility(all.map(({ labels }) => stayUtility(labels, alarms(labels))));
        expect(scored((labels) => never(labels.length))).toBeCloseTo(0, 12);
        const best = scored((labels) => {
          const first = labels.indexOf(1);
          return labels.map((_, hour) => (first >= 0 && hour >= first - 6 && hour <= first + 9 ? 1 : 0));
        });
        expect(best).toBeCloseTo(1, 12);
        const any = scored((labels) => labels.map(() => (dice.next().value ? 1 : 0)));
        expect(any).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('has no value without a stay that has sepsis', () => {
    expect(normalisedUtility([stayUtility(WELL, always(20))])).toBeNaN();
  });
});

describe('the best threshold', () => {
  it('is worth what alarms at it are worth, and no other score is worth more', () => {
    fc.assert(
      fc.property(stays, fc.infiniteStream(fc.integer({ min: 0, max: 6 })), (all, dice) => {
        fc.pre(all.some(({ labels }) => labels.includes(1)));
        const scored = all.map(({ labels }) => ({ labels, scores: labels.map(() => dice.next().value as number) }));
        const utilityAt = (threshold: number) =>
          normalisedUtility(
            scored.map(({ labels, scores }) =>
              stayUtility(
                labels,
                scores.map((score) => (score >= threshold ? 1 : 0)),
              ),
            ),
          );
        const { threshold, utility } = bestThreshold(scored);
        expect(utilityAt(threshold)).toBeCloseTo(utility, 9);
        for (let other = 0; other <= 7; other++) expect(utilityAt(other)).toBeLessThanOrEqual(utility + 1e-9);
      }),
    );
  });

  it('leaves rows without a score silent, and needs a stay that has sepsis', () => {
    const holes = SEPTIC.map((label, hour) => (hour < 30 ? Number.NaN : label));
    expect(bestThreshold([{ labels: SEPTIC, scores: holes }]).threshold).toBe(1);
    expect(() => bestThreshold([{ labels: WELL, scores: always(20) }])).toThrow('without a stay that has sepsis');
  });

  it('becomes stricter for a little utility, and never gives up more than that', () => {
    fc.assert(
      fc.property(
        stays,
        fc.infiniteStream(fc.integer({ min: 0, max: 6 })),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        (all, dice, givesUp) => {
          fc.pre(all.some(({ labels }) => labels.includes(1)));
          const scored = all.map(({ labels }) => ({ labels, scores: labels.map(() => dice.next().value as number) }));
          const best = bestThreshold(scored);
          const strict = strictestThreshold(scored, givesUp);
          expect(strict.threshold).toBeGreaterThanOrEqual(best.threshold);
          expect(strict.utility).toBeGreaterThanOrEqual(best.utility - givesUp - 1e-9);
        },
      ),
    );
  });
});
