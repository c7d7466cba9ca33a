import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taughtByAlarms } from '../../services/train/rhythm/alarm-lessons.ts';
import type { JudgedAlarm } from '../../services/train/rhythm/alarmed-recordings.ts';
import { askRhythm } from '../../services/train/rhythm/ask-rhythm.ts';
import { epochWindows, secondWeights } from '../../services/train/rhythm/rhythm-batches.ts';
import { RHYTHM_MEMBER } from '../../services/train/rhythm/rhythm-fit.ts';
import type { RhythmSequence } from '../../services/train/rhythm/rhythm-sequence.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { initialWeights } from '../../stream-models/network/initial-weights.ts';
import { joinedNetwork } from '../../stream-models/network/joined.ts';
import { RHYTHM_CLASSES } from '../../stream-models/rhythm-network/rhythm-classes.ts';
import { RHYTHM_FEATURES } from '../../stream-models/rhythm-network/rhythm-input.ts';

const CLASSES = RHYTHM_CLASSES.length;
const [VT, VF] = [RHYTHM_CLASSES.indexOf('vt'), RHYTHM_CLASSES.indexOf('vf')];

/** A minute of which the experts looked at the last ten seconds. */
const minute = (seed: number): RhythmSequence => {
  const dice = diceFrom(seed);
  return {
    ...{ patient: 'bed', record: `bed ${seed}`, isChanged: false },
    atSeconds: Float64Array.from({ length: 60 }, (_, i) => i + 1),
    x: Float32Array.from({ length: 60 * RHYTHM_FEATURES }, () => dice.normal()),
    labels: Int8Array.from({ length: 60 }, (_, i) => (i >= 50 ? 0 : -1)),
    weights: new Float32Array(60).fill(1),
  };
};

const teacher = joinedNetwork(RHYTHM_MEMBER, [initialWeights(RHYTHM_MEMBER, 5)]);
const lesson = async (alarm: JudgedAlarm, seed: number): Promise<RhythmSequence> => {
  const [taught] = await taughtByAlarms(teacher, [{ alarm, sequence: minute(seed) }]);
  return taught!;
};
const taughtSeconds = ({ labels }: RhythmSequence): readonly number[] =>
  [...labels.keys()].filter((second) => labels[second]! >= 0);
const targetOf = ({ targets }: RhythmSequence, second: number): Float32Array =>
  targets!.subarray(second * CLASSES, (second + 1) * CLASSES);
const seeds = fc.integer({ min: 1, max: 1000 });

describe('what the seconds before a judged alarm teach', () => {
  it('is, before a true alarm of VT, VT where a network that knows no alarm sees red most', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const taught = await lesson({ kind: 'vt', isTrue: true }, seed);
        const seconds = taughtSeconds(taught);
        const [asked] = await askRhythm(teacher, [minute(seed)]);
        const { probabilities } = asked!;
        const red = (second: number) => probabilities[second * CLASSES + VT]! + probabilities[second * CLASSES + VF]!;
        const most = Math.max(...Array.from({ length: 10 }, (_, i) => red(50 + i)));
        expect(seconds.some((second) => red(second) === most)).toBe(true);
        expect(seconds.length).toBeLessThanOrEqual(5);
        for (const second of seconds) {
          expect(second).toBeGreaterThanOrEqual(50);
          expect(targetOf(taught, second)[VT]).toBeGreaterThan(0.97);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is, before a false alarm, that all of it was not red, and of what else it was what the network sees', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.constantFrom('vt', 'vf', 'asystole', 'extreme-tachy' as const), async (seed, kind) => {
        const taught = await lesson({ kind: kind as JudgedAlarm['kind'], isTrue: false }, seed);
        expect(taughtSeconds(taught)).toEqual(Array.from({ length: 10 }, (_, i) => 50 + i));
        for (const second of taughtSeconds(taught)) {
          const target = targetOf(taught, second);
          expect(target[VT]! + target[VF]!).toBeLessThan(0.01);
          expect(target.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is nothing before a true tachycardia, which may be a VT, and before a true asystole, which may end a fibrillation', async () => {
    for (const kind of ['extreme-tachy', 'asystole'] as const)
      expect(taughtSeconds(await lesson({ kind, isTrue: true }, 3))).toEqual([]);
  });

  it('is what a batch holds, and takes no weight from the patients who are annotated', async () => {
    const annotated = { ...minute(1), labels: new Int8Array(60).fill(0) };
    const taught = await lesson({ kind: 'vt', isTrue: false }, 2);
    expect(secondWeights([annotated, taught]).of).toEqual(secondWeights([annotated]).of);
    const weights = secondWeights([annotated, taught]);
    const shown: number[][] = [];
    for (const { batch } of epochWindows([taught], weights, diceFrom(1), RHYTHM_MEMBER.encoder))
      for (const [at, weight] of batch.weight.entries())
        if (weight > 0) shown.push([...batch.target.subarray(at * CLASSES, (at + 1) * CLASSES)]);
    expect(shown).toEqual(taughtSeconds(taught).map((at) => [...targetOf(taught, at)]));
  });
});
