/**
 * Goal: what training is shown as other rhythms of a patient is what its reference says it is.
 * Method: a line with a peak at every beat is retimed. Peaks must stand where the new reference has its beats, whatever was
 * taken out or put in; the labels must follow from the distances.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broaden, someFocus } from '../../services/train/beats/copies/broadened.ts';
import type { PrematureBeats } from '../../services/train/beats/copies/ectopy.ts';
import { retimed } from '../../services/train/beats/copies/retimed.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import type { TimedBeat } from '../../stream-models/evaluation/ec57.ts';

const RATE = 360;
const LENGTH_S = 600;

/** Even beats, each a narrow peak of its own height on a flat line. */
const evenHeart = (distanceS: number, seed: number) => {
  const dice = diceFrom(seed);
  const beats: TimedBeat[] = [];
  const samplesMv = new Float32Array(LENGTH_S * RATE);
  for (let at = 1; at < LENGTH_S - 2; at += distanceS * (1 + 0.02 * dice.normal())) {
    const sample = Math.round(at * RATE);
    beats.push({ atSeconds: sample / RATE, class: 'N' });
    for (let k = -8; k <= 8; k++) samplesMv[sample + k] = 1 - Math.abs(k) / 9;
  }
  return { leads: [{ code: 131330, samplesMv }], reference: { beats, excluded: [] } };
};

const hearts = fc.tuple(fc.double({ min: 0.5, max: 1.2, noNaN: true }), fc.integer({ min: 1, max: 1_000 }));

describe('a recording with another rhythm', () => {
  it('has its R peaks where its reference has the beats', () => {
    fc.assert(
      fc.property(hearts, ([distanceS, seed]) => {
        const { leads, reference } = evenHeart(distanceS, seed);
        const other = retimed(leads, RATE, reference, diceFrom(seed));
        expect(other.reference.beats).toHaveLength(reference.beats.length);
        for (const { atSeconds } of other.reference.beats)
          expect(other.leads[0]!.samplesMv[Math.round(atSeconds * RATE)]).toBeGreaterThan(0.99);
      }),
      { numRuns: 20 },
    );
  });

  it('calls beats supraventricular that come early, and leaves every heart some of its own', () => {
    let early = 0;
    fc.assert(
      fc.property(hearts, ([distanceS, seed]) => {
        const { leads, reference } = evenHeart(distanceS, seed);
        const { beats } = retimed(leads, RATE, reference, diceFrom(seed)).reference;
        for (const [i, { atSeconds, class: name }] of beats.entries()) {
          if (name !== 'S') continue;
          early++;
          // A fast heart has little room between its T and P waves: earlier than it came, then, however little.
          const before = reference.beats[i]!.atSeconds - reference.beats[i - 1]!.atSeconds;
          expect(atSeconds - beats[i - 1]!.atSeconds).toBeLessThan(before);
        }
        expect(beats.filter(({ class: name }) => name === 'N').length).toBeGreaterThan(beats.length / 4);
      }),
      { numRuns: 20 },
    );
    expect(early).toBeGreaterThan(50);
  });

  it('is given ventricular beats only when it is asked for', () => {
    const { leads, reference } = evenHeart(0.8, 3);
    const classes = (foci: number) =>
      new Set(retimed(leads, RATE, reference, diceFrom(4), { foci }).reference.beats.map(({ class: name }) => name));
    expect(classes(0)).toEqual(new Set(['N', 'S']));
    expect(classes(2)).toEqual(new Set(['N', 'S', 'V']));
  });

  it('has premature beats of any frequency where it is asked for them: seldom in some hearts, in others at most beats', () => {
    const { leads, reference } = evenHeart(0.9, 8);
    const sharesOf = (premature: PrematureBeats): number[] =>
      Array.from({ length: 40 }, (_, seed) => {
        const { beats } = retimed(leads, RATE, reference, diceFrom(seed + 1), { premature }).reference;
        return beats.filter(({ class: name }) => name === 'S').length / beats.length;
      }).sort((a, b) => a - b);
    const seldom = sharesOf('seldom');
    const often = sharesOf('any-frequency');
    expect(often[0]).toBeLessThan(seldom[20]!);
    expect(seldom[39]).toBeLessThan(0.35);
    expect(often[39]).toBeGreaterThan(0.45);
  });

  it('leaves alone what is not normal and even', () => {
    const { leads, reference } = evenHeart(0.8, 5);
    const beats = reference.beats.map((beat, i) => ({ ...beat, class: i % 3 === 0 ? ('V' as const) : beat.class }));
    expect(retimed(leads, RATE, { beats, excluded: [] }, diceFrom(6), { foci: 2 }).reference.beats).toEqual(beats);
  });
});

describe('a ventricular beat made of a normal one', () => {
  it('is broader than the beat that it was made of', () => {
    const { leads, reference } = evenHeart(0.8, 7);
    const own = leads[0]!.samplesMv;
    const at = Math.round(reference.beats[5]!.atSeconds * RATE);
    const breadth = (line: Float32Array): number => {
      const part = line.subarray(at - 60, at + 60);
      const peak = Math.max(...part.map(Math.abs));
      return part.filter((value) => Math.abs(value) > peak / 2).length;
    };
    for (let seed = 1; seed <= 10; seed++) {
      const changed = own.slice();
      broaden(changed, at, RATE, someFocus(1, diceFrom(seed)), 0, diceFrom(seed));
      expect(breadth(changed)).toBeGreaterThan(1.2 * breadth(own));
    }
  });
});
