/** Motion that is made for the training of artefacts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMotion, MOTION_KINDS } from '../../services/train/artefacts/made-motion.ts';
import { diceFrom } from '../../stream-models/dice.ts';

const RATE_HZ = 250;
const LENGTH_S = 24;
const FROM_S = 2;
const TO_S = 22;
const leads = () => [0, 0.5].map((mv) => ({ samplesMv: new Float32Array(LENGTH_S * RATE_HZ).fill(mv) }));
const moved = (kind: (typeof MOTION_KINDS)[number], seed: number, made = leads()) => {
  addMotion(made, [1, 1.5], RATE_HZ, [FROM_S, TO_S], kind, diceFrom(seed));
  return made.map(({ samplesMv }) => samplesMv);
};
const bytesOf = (samples: Float32Array): string => Buffer.from(samples.buffer).toString('base64');

describe.each(MOTION_KINDS)('made motion: %s', (kind) => {
  it('comes from its dice alone, stays within its stretch and within what an amplifier shows', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const samples = moved(kind, seed);
        expect(samples.map(bytesOf)).toEqual(moved(kind, seed).map(bytesOf));
        for (const [lead, samplesMv] of samples.entries()) {
          const still = lead === 0 ? 0 : 0.5;
          const outside = samplesMv.filter((_, i) => i < FROM_S * RATE_HZ || i >= TO_S * RATE_HZ);
          expect(outside.every((mv) => mv === still)).toBe(true);
          expect(samplesMv.every((mv) => Math.abs(mv) <= 5)).toBe(true);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('moves the leads, and makes no samples where a lead has none', () => {
    const heights = Array.from({ length: 20 }, (_, seed) => Math.max(...moved(kind, seed)[0]!.map(Math.abs)));
    expect(Math.max(...heights)).toBeGreaterThan(1);
    const odd = leads();
    odd[0]!.samplesMv.fill(Number.NaN);
    odd[1]!.samplesMv.fill(6);
    const [hole, high] = moved(kind, 1, odd);
    expect(hole!.every(Number.isNaN)).toBe(true);
    expect(high!.every((mv) => Math.abs(mv) <= 6)).toBe(true);
  });
});
