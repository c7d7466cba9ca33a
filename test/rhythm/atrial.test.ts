import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microseconds } from '../../schemas/units.ts';
import type { ClassifiedBeat } from '../../stream-models/analysis/sighting.ts';
import { SHAPE_BEFORE } from '../../stream-models/ecg/sighting.ts';
import { ATRIAL_BEATS_KEPT } from '../../stream-models/rhythm/atrial-beats.ts';
import { type IrregularMemory, irregularStart, judgeIrregular } from '../../stream-models/rhythm/irregular.ts';
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

const play = (intervals: readonly number[], shape: (i: number) => Float32Array, hasNetwork = true): Played => {
  let memory = irregularStart;
  let second = 0;
  const said: { second: number; present: boolean }[] = [];
  for (const [i, rr] of intervals.entries()) {
    second += rr;
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
