import { describe, expect, it } from 'vitest';
import type { BeatSequence } from '../../services/train/beat-sequences/beat-sequence.ts';
import { discriminate, fitDiscriminants, momentsOf } from '../../services/train/beats/linear-discriminants.ts';
import { BEAT_FEATURES } from '../../stream-models/beats/beat-input.ts';
import { diceFrom } from '../../stream-models/dice.ts';

/** Beats of three classes, each with its own mean in three inputs and the same spread; a fourth input never varies. */
const clouds = (seed: number, beats: number): BeatSequence => {
  const dice = diceFrom(seed);
  const labels = Int8Array.from({ length: beats }, () => dice.below(3));
  const x = new Float32Array(beats * BEAT_FEATURES);
  for (const [beat, label] of labels.entries())
    for (let i = 0; i < 3; i++) x[beat * BEAT_FEATURES + i] = (i === label ? 3 : 0) + dice.normal();
  return { record: 'made', x, labels, atSeconds: new Float64Array(beats), fresh: new Uint8Array(beats) };
};
const evenly = new Map([['made', [1, 1, 1, 1, 1]]]);

describe('linear discriminants', () => {
  it('tell apart classes that differ in their means', () => {
    const fitted = fitDiscriminants([momentsOf('made', [clouds(1, 2_000)])], evenly);
    const seen = clouds(2, 1_000);
    const found = discriminate(fitted, seen);
    const right = found.filter((name, beat) => name === seen.labels[beat]).length;
    // The best possible rule is right in 96.6 % of such beats.
    expect(right / seen.labels.length).toBeGreaterThan(0.93);
  });

  it('never name a class that they have not seen', () => {
    const fitted = fitDiscriminants([momentsOf('made', [clouds(1, 500)])], evenly);
    expect(Math.max(...discriminate(fitted, clouds(3, 500)))).toBe(2);
  });
});
