import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ECG_RATE_HZ } from '../../stream-models/ecg/sighting.ts';
import { fibrillationFeatures } from '../../stream-models/fibrillation/fibrillation-features.ts';
import { rankedValue, rankRoom, sortIntoBuckets } from '../../stream-models/fibrillation/order-statistics.ts';
import { dice, type Line, type MadeBeat, type Stretch, shift, steady } from '../rhythm/shift.ts';
import { plainFeatures } from './plain-features.ts';

const WINDOW = 4 * ECG_RATE_HZ;
const runs = { numRuns: 150, seed: 20_261_121 };

/** Windows as a lead may bring them: 32-bit samples, some of them equal, some of them spikes, waves or a still line. */
const anyWindow = fc
  .record({
    seed: fc.integer({ min: 1, max: 2 ** 30 }),
    length: fc.constantFrom(WINDOW, WINDOW, WINDOW, WINDOW - 1, WINDOW + 1, 250, 251, 700, 2_000),
    scale: fc.constantFrom(1e-7, 1e-3, 1, 1, 50, 1e6),
    offset: fc.constantFrom(0, 0, 0.5, -1000),
    waves: fc.array(
      fc.tuple(fc.double({ min: 0.1, max: 60, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        maxLength: 3,
      },
    ),
    noise: fc.constantFrom(0, 0.01, 0.3, 1, 3),
    spikes: fc.constantFrom(0, 0.002, 0.05),
    /** Few levels: many samples are equal. 0: as many as there are numbers. */
    levels: fc.constantFrom(0, 0, 1, 4, 100),
    stillFrom: fc.constantFrom(1, 1, 1, 1, 0.5, 0.1, 0),
  })
  .map(({ seed, length, scale, offset, waves, noise, spikes, levels, stillFrom }) => {
    const roll = dice(seed);
    return Float64Array.from({ length }, (_, i) => {
      if (i >= stillFrom * length) return offset;
      let value = noise * (roll() - 0.5);
      for (const [hz, share] of waves) value += share * Math.sin((2 * Math.PI * hz * i) / ECG_RATE_HZ);
      if (roll() < spikes) value += 10 * (roll() - 0.5);
      return Math.fround(offset + scale * (levels === 0 ? value : Math.round(value * levels) / levels));
    });
  });

/** All four-second windows of a made shift's first lead, a quarter of a second apart. */
const windowsOf = (stretches: readonly Stretch[], beats: readonly MadeBeat[] = []): readonly Float64Array[] => {
  const line = shift(16, beats, stretches).flatMap((seen) =>
    seen.tag === 'EcgProgress' ? [...seen.leads[0]!.samplesMv] : [],
  );
  const windows: Float64Array[] = [];
  for (let from = 0; from + WINDOW <= line.length; from += 62)
    windows.push(Float64Array.from(line.slice(from, from + WINDOW)));
  return windows;
};

describe('the features of a window', () => {
  it('are those of the plain formulas to the last bit, whatever the window', () => {
    let looked = 0;
    fc.assert(
      fc.property(anyWindow, (window) => {
        const found = fibrillationFeatures(window);
        expect(found).toEqual(plainFeatures(window));
        if (found !== undefined) looked++;
      }),
      runs,
    );
    expect(looked).toBeGreaterThan(runs.numRuns / 2);
  });

  it.each<[string, Line, readonly MadeBeat[]]>([
    ['sinus rhythm', 'beats', steady(0.3, 20, 75)],
    ['ventricular tachycardia', 'beats', steady(0.3, 50, 190)],
    ['fibrillation', 'fibrillation', []],
    ['flutter', 'flutter', []],
    ['noise', 'noise', []],
  ])('are those of the plain formulas all along %s and as it begins and dies down', (_, line, beats) => {
    const windows = windowsOf(
      [
        { from: 0, line: 'noise' },
        { from: 5, line },
        { from: 11, line: 'flat' },
      ],
      beats,
    );
    expect(windows.length).toBeGreaterThan(40);
    for (const window of windows) expect(fibrillationFeatures(window)).toEqual(plainFeatures(window));
  });

  it('are not touched by the window looked at before', () => {
    fc.assert(
      fc.property(anyWindow, anyWindow, (one, other) => {
        const alone = fibrillationFeatures(one);
        fibrillationFeatures(other);
        expect(fibrillationFeatures(one)).toEqual(alone);
      }),
      { ...runs, numRuns: 40 },
    );
  });
});

describe('a value at a rank', () => {
  const magnitudes = fc.oneof(
    fc.array(fc.double({ min: 0, noNaN: true }), { minLength: 1, maxLength: 300 }),
    fc.array(fc.constantFrom(0, 5e-324, 1, 2, 3, Number.MAX_VALUE), { minLength: 1, maxLength: 300 }),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 }),
  );

  it('is the one that sorting finds there', () => {
    fc.assert(
      fc.property(magnitudes, (values) => {
        const room = rankRoom(values.length);
        const given = Float64Array.from(values);
        const sorted = given.slice().sort();
        sortIntoBuckets(given, given.length, Math.max(...given), room);
        for (let rank = 0; rank < values.length; rank += 7)
          expect(rankedValue(given, given.length, rank, room)).toBe(sorted[rank]);
      }),
      runs,
    );
  });
});
