import { describe, expect, it } from 'vitest';
import { diceFrom } from '../../stream-models/dice.ts';
import { fitScaling, scaledRow } from '../../stream-models/evaluation/scaling.ts';

/** Rows of probabilities of three classes, and a label drawn by each. */
const drawn = (rows: number) => {
  const dice = diceFrom(5);
  const truth = new Float64Array(3 * rows);
  const labels = new Int8Array(rows);
  for (let row = 0; row < rows; row++) {
    const logits = [dice.normal(), dice.normal(), dice.normal() - 1];
    const sum = logits.reduce((all, logit) => all + Math.exp(logit), 0);
    const p = logits.map((logit) => Math.exp(logit) / sum);
    truth.set(p, 3 * row);
    const roll = dice.unit();
    labels[row] = roll < p[0]! ? 0 : roll < p[0]! + p[1]! ? 1 : 2;
  }
  return { truth, labels };
};

describe('scaling', () => {
  it('takes back what made probabilities too sure, and too fond of a class', () => {
    const { truth, labels } = drawn(4_000);
    const said = new Float64Array(truth.length);
    const row = new Float64Array(3);
    for (let i = 0; i < labels.length; i++) {
      scaledRow({ slope: 2, shifts: [0, 0, 1] }, truth, i, row);
      said.set(row, 3 * i);
    }
    const { slope, shifts } = fitScaling(said, labels, 3);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(Math.abs(shifts[2]! + 0.5)).toBeLessThan(0.15);
    expect(Math.abs(shifts[1]!)).toBeLessThan(0.15);
  });

  it('passes rows without a label over, and needs one', () => {
    const { truth, labels } = drawn(50);
    const masked = labels.map((label, i) => (i % 2 === 0 ? label : -1));
    const kept = truth.filter((_, i) => Math.floor(i / 3) % 2 === 0);
    const half = labels.filter((_, i) => i % 2 === 0);
    expect(fitScaling(truth, masked, 3)).toEqual(fitScaling(kept, half, 3));
    expect(() => fitScaling(truth, new Int8Array(50).fill(-1), 3)).toThrow('labels');
  });
});
