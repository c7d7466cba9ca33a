import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microseconds } from '../../schemas/units.ts';
import { SHAPE_BEFORE } from '../../stream-models/ecg/sighting.ts';
import { ATRIAL_BEATS_KEPT } from '../../stream-models/rhythm/atrial-beats.ts';
import { atrialFeatureNames } from '../../stream-models/rhythm/atrial-features.ts';
import { atrialWeights, atrialWordWeights } from '../../stream-models/rhythm/atrial-weights.ts';
import { WORDS_KEPT, wordFeatureNames } from '../../stream-models/rhythm/atrial-words.ts';
import {
  hearAtrialWord,
  type IrregularMemory,
  irregularStart,
  judgeIrregular,
} from '../../stream-models/rhythm/irregular.ts';
import { RHYTHM_CLASSES } from '../../stream-models/rhythm-network/rhythm-classes.ts';
import type { ClassifiedBeat } from '../../stream-models/vocabulary/sighting.ts';
import { at, dice } from './shift.ts';

/** The 280 ms up to an R peak: the wave at `height` mV about 160 ms before it, then the upstroke. */
const untilPeak = (height: number, shift = 0): Float32Array =>
  Float32Array.from({ length: SHAPE_BEFORE }, (_, i) => {
    const wave = height * Math.exp(-(((i - 30 - shift) / 6) ** 2));
    return wave + Math.exp(-(((i - SHAPE_BEFORE) / 5) ** 2));
  });

interface Played {
  readonly said: readonly { readonly second: number; readonly present: boolean }[];
  readonly memory: IrregularMemory;
}

/** The rhythm network's word: atrial fibrillation so probable, else sinus-like. */
const wordOf = (af: number): Float32Array =>
  Float32Array.from(RHYTHM_CLASSES, (name) => (name === 'af' ? af : name === 'sinus-like' ? 1 - af : 0));

/** `af`: what the rhythm network says of every second; undefined: it says nothing. */
const play = (
  intervals: readonly number[],
  shape: (i: number) => Float32Array,
  hasNetwork = true,
  af?: number,
): Played => {
  let memory = irregularStart;
  let second = 0;
  let heard = 0;
  const said: { second: number; present: boolean }[] = [];
  for (const [i, rr] of intervals.entries()) {
    second += rr;
    for (; af !== undefined && heard + 1 <= second; heard++) memory = hearAtrialWord(memory, wordOf(af), at(heard + 1));
    const beat: ClassifiedBeat = {
      ...{
        tag: 'ClassifiedBeat',
        at: at(second),
        said: at(second + 0.3),
        class: hasNetwork ? 'N' : undefined,
        probability: 1,
      },
      ...{ amplitudeMv: 1, lead: 131330, beforeMv: shape(i) },
    };
    const [next, claims] = judgeIrregular(memory, beat, i === 0 ? undefined : microseconds(Math.round(rr * 1e6)));
    memory = next;
    for (const { present } of claims) if (said.at(-1)?.present !== present) said.push({ second, present });
  }
  return { said, memory };
};

const roll = dice(3);
const irregular = Array.from({ length: 120 }, () => 0.45 + 0.5 * roll());
const steady = Array.from({ length: 120 }, () => 0.8 + 0.01 * roll());
const wandering = (): Float32Array => untilPeak(0.1 * roll(), 20 * roll());

describe('fibrillation of the atria', () => {
  it('is said within half a minute of intervals that jump and no steady wave before QRS', () => {
    const { said } = play(irregular, wandering);
    expect(said[0]?.present).toBe(true);
    expect(said[0]!.second).toBeLessThan(30);
    expect(said).toHaveLength(1);
  });

  it('is not said of a steady rhythm with P waves', () => {
    expect(play(steady, () => untilPeak(0.15)).said.filter(({ present }) => present)).toEqual([]);
  });

  it('ends when rhythm and P waves come back', () => {
    const { said } = play([...irregular, ...steady], (i) => (i < irregular.length ? wandering() : untilPeak(0.15)));
    expect(said.map(({ present }) => present)).toEqual([true, false]);
  });

  it('is not said of bigeminy, which is irregular in order', () => {
    const pairs = Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? 0.5 : 1.0));
    expect(play(pairs, () => untilPeak(0.15)).said.filter(({ present }) => present)).toEqual([]);
  });

  it('is never said without classes, whatever the intervals', () => {
    expect(play(irregular, wandering, false).said).toEqual([]);
  });

  it('is said and refuted sooner by the word of the network while beats are few', () => {
    const few = irregular.slice(0, 24);
    const unsteady = steady.slice(0, 24).map((rr, i) => rr + (i % 3) * 0.05);
    expect(play(few, wandering, true, 0.02).said).not.toContainEqual(expect.objectContaining({ present: true }));
    expect(play(few, wandering, true, 0.98).said[0]?.present).toBe(true);
    expect(play(unsteady, () => untilPeak(0.15), true, 0.02).said[0]?.present).toBe(false);
  });

  it('is said against the network once there are all beats, because the rule knows strangers better', () => {
    const { said, memory } = play(irregular, wandering, true, 0.02);
    expect(said.at(-1)?.present).toBe(true);
    expect(memory.words).toEqual([]);
  });

  it('remembers no more words than it looks at', () => {
    const slow = Array.from({ length: ATRIAL_BEATS_KEPT - 1 }, () => 2.9);
    expect(play(slow, () => untilPeak(0.15), true, 0.5).memory.words).toHaveLength(WORDS_KEPT);
  });

  it('leaves a memory of bounded size and finite numbers, whatever is heard', () => {
    const anyRr = fc.double({ min: 0.05, max: 5, noNaN: true });
    const anySample = fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(anyRr, { maxLength: 120 }), anySample, (intervals, sample) => {
        const { memory } = play(intervals, (i) => (i % 5 === 0 ? untilPeak(0.1).fill(sample, 10, 20) : untilPeak(0.1)));
        expect(memory.atrial.beats.length).toBeLessThanOrEqual(ATRIAL_BEATS_KEPT);
        expect(memory.atrial.wave.every(Number.isFinite)).toBe(true);
        expect(Number.isFinite(memory.atrial.energy)).toBe(true);
      }),
    );
  });
});

describe('the weights of atrial fibrillation', () => {
  it('have one for each named feature and one for its square', () => {
    const { mean, deviation, weights } = atrialWeights;
    for (const values of [mean, deviation, weights]) expect(values).toHaveLength(2 * atrialFeatureNames.length);
    const withWords = 2 * (atrialFeatureNames.length + wordFeatureNames.length);
    for (const values of [atrialWordWeights.mean, atrialWordWeights.deviation, atrialWordWeights.weights])
      expect(values).toHaveLength(withWords);
  });
});
