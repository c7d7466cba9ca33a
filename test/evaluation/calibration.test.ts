import { describe, expect, it } from 'vitest';
import { brier, expectedCalibrationError, reliability } from '../../stream-models/evaluation/calibration.ts';

describe('calibration', () => {
  it('is perfect when what was said is what came', () => {
    const said = [0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75];
    const came = [1, 0, 0, 0, 1, 1, 1, 0];
    const table = reliability(said, came);
    expect(table).toEqual([
      { cases: 4, said: 0.25, came: 0.25 },
      { cases: 4, said: 0.75, came: 0.75 },
    ]);
    expect(expectedCalibrationError(table)).toBe(0);
    expect(brier(said, came)).toBeCloseTo((2 * (0.75 ** 2 + 3 * 0.25 ** 2)) / 8, 12);
  });

  it('counts by cases how far what was said is from what came', () => {
    // Three quarters of the cases are 0.1 off, one quarter 0.5.
    const table = reliability([0.1, 0.1, 0.1, 0.5], [0, 0, 0, 1]);
    expect(expectedCalibrationError(table)).toBeCloseTo(0.75 * 0.1 + 0.25 * 0.5, 12);
  });

  it('cuts bins of equal count where nearly all probabilities are small', () => {
    const said = Array.from({ length: 100 }, (_, i) => i / 10_000);
    const table = reliability(said, new Array(100).fill(0), 'equal-count', 10);
    expect(table.map(({ cases }) => cases)).toEqual(new Array(10).fill(10));
    expect(reliability(said, new Array(100).fill(0))).toHaveLength(1);
  });

  it('does not part equal probabilities, takes 0 and 1, and refuses what is no probability', () => {
    expect(reliability([0.2, 0.2, 0.2], [1, 0, 1], 'equal-count', 2)).toHaveLength(1);
    expect(reliability([0, 1], [0, 1])).toHaveLength(2);
    expect(() => reliability([1.2], [1])).toThrow('case 0 has the probability 1.2');
    expect(() => reliability([0.5], [])).toThrow('1 probabilities and 0 labels');
  });
});
