import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auprc, auroc, curves, rank } from '../../stream-models/evaluation/auroc.ts';

const cases = fc.array(fc.record({ score: fc.integer({ min: 0, max: 9 }), label: fc.integer({ min: 0, max: 1 }) }), {
  minLength: 2,
  maxLength: 40,
});
const ranked = (of: readonly { readonly score: number; readonly label: number }[]) =>
  rank(
    of.map(({ score }) => score),
    of.map(({ label }) => label),
  );

describe('the area under the ROC curve', () => {
  it('is 1 for a perfect order, 0 for the reverse, a half for one score for all, and counts ties half', () => {
    expect(auroc(rank([3, 2, 1], [1, 1, 0]))).toBe(1);
    expect(auroc(rank([1, 2, 3], [1, 1, 0]))).toBe(0);
    expect(auroc(rank([5, 5, 5, 5], [1, 0, 0, 1]))).toBe(0.5);
    // Of the four pairs, 0.8 > 0.4 and 0.8 > 0.1 and 0.4 > 0.1 are right, 0.4 = 0.4 is a tie.
    expect(auroc(rank([0.8, 0.4, 0.4, 0.1], [1, 1, 0, 0]))).toBe(3.5 / 4);
  });

  it('is the share of pairs in the right order, whatever the cases', () => {
    fc.assert(
      fc.property(cases, (of) => {
        const positives = of.filter(({ label }) => label === 1);
        const negatives = of.filter(({ label }) => label === 0);
        let right = 0;
        for (const p of positives)
          for (const n of negatives) right += p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0;
        const area = auroc(ranked(of));
        if (positives.length * negatives.length === 0) expect(area).toBeNaN();
        else expect(area).toBeCloseTo(right / (positives.length * negatives.length), 12);
      }),
    );
  });

  it('counts a case of weight two as two cases', () => {
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (of, stream) => {
        const weights = of.map(() => stream.next().value as number);
        const repeated = of.flatMap((each, i) => new Array(weights[i]!).fill(each) as typeof of);
        const [area, again] = [auroc(ranked(of), weights), auroc(ranked(repeated))];
        if (Number.isNaN(again)) expect(area).toBeNaN();
        else expect(area).toBeCloseTo(again, 12);
        const [precision, precisionAgain] = [auprc(ranked(of), weights), auprc(ranked(repeated))];
        if (Number.isNaN(precisionAgain)) expect(precision).toBeNaN();
        else expect(precision).toBeCloseTo(precisionAgain, 12);
      }),
    );
  });

  it('refuses a case without a score, and scores without labels', () => {
    expect(() => rank([1, Number.NaN], [1, 0])).toThrow('the score of case 1 is no number');
    expect(() => rank([1], [1, 0])).toThrow('1 scores and 2 labels');
  });
});

describe('the average precision', () => {
  it('is the mean precision at each positive case', () => {
    // Positives at ranks 1 and 3: (1/1 + 2/3) / 2.
    expect(auprc(rank([4, 3, 2, 1], [1, 0, 1, 0]))).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });

  it('is the share of positives when all scores are equal', () => {
    expect(auprc(rank([1, 1, 1, 1], [1, 0, 0, 0]))).toBeCloseTo(0.25, 12);
  });
});

describe('the curves', () => {
  it('rise to all positives and all negatives', () => {
    const points = curves(rank([4, 3, 2, 1], [1, 0, 1, 0]));
    expect(points[0]).toEqual({ sensitivity: 0.5, falsePositiveRate: 0, precision: 1 });
    expect(points.at(-1)).toEqual({ sensitivity: 1, falsePositiveRate: 1, precision: 0.5 });
  });
});
