import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BeatClassName } from '../../schemas/words.ts';
import {
  aamiClass,
  classScores,
  compareBeats,
  EC57,
  EC57_CLASSES,
  flutterEpisodes,
  matchBeats,
  positivePredictivity,
  referenceBeats,
  sensitivity,
  sumResults,
  type TimedBeat,
} from '../../stream-models/evaluation/ec57.ts';

const beat = (atSeconds: number, name: BeatClassName = 'N'): TimedBeat => ({ atSeconds, class: name });
const pairsOf = (reference: readonly number[], detected: readonly number[]): readonly string[] =>
  matchBeats(
    reference.map((at) => beat(at)),
    detected.map((at) => beat(at)),
    EC57.windowSeconds,
  ).map((pair) => `${pair.reference?.atSeconds ?? '-'} ${pair.detected?.atSeconds ?? '-'}`);

describe('matching by EC57', () => {
  it('pairs beats at most 150 ms apart, one to one', () => {
    expect(pairsOf([1, 2, 3], [1.1, 2.16, 3])).toEqual(['1 1.1', '2 -', '- 2.16', '3 3']);
    expect(pairsOf([1], [0.95, 1.02])).toEqual(['- 0.95', '1 1.02']);
    expect(pairsOf([1, 1.1], [1.09])).toEqual(['1 -', '1.1 1.09']);
    expect(pairsOf([], [1])).toEqual(['- 1']);
    expect(pairsOf([1], [])).toEqual(['1 -']);
  });

  it('pairs beats that are 150 ms apart to the sample, wherever they lie in a recording', () => {
    // At 360 Hz these are 54 samples; in seconds every second pair is a last bit further apart than 0.15.
    const apart54 = Array.from({ length: 3_000 }, (_, i) => 217 * i);
    const missed = apart54.filter((sample) => pairsOf([sample / 360], [(sample + 54) / 360]).length !== 1);
    expect(missed).toEqual([]);
    expect(pairsOf([1], [1 + 55 / 360])).toHaveLength(2);
  });

  it('takes the later of two beats that are equally near, as bxb does', () => {
    expect(pairsOf([2], [1.9, 2.1])).toEqual(['- 1.9', '2 2.1']);
    expect(pairsOf([1.9, 2.1], [2])).toEqual(['1.9 -', '2.1 2']);
  });

  it("leaves a beat to the earlier partner when the nearer one has a nearer partner of its own (bxb's example, 250 Hz)", () => {
    const at250 = (samples: readonly number[]): readonly number[] => samples.map((sample) => sample / 250);
    expect(pairsOf(at250([96, 160]), at250([128, 185]))).toEqual(['0.384 0.512', '0.64 0.74']);
    expect(pairsOf(at250([128, 185]), at250([96, 160]))).toEqual(['0.512 0.384', '0.74 0.64']);
  });

  it('loses no beat and invents none, whatever the series', () => {
    const series = fc
      .array(fc.integer({ min: 0, max: 4000 }), { maxLength: 40 })
      .map((times) => [...new Set(times)].sort((a, b) => a - b).map((ms) => beat(ms / 1000)));
    fc.assert(
      fc.property(series, series, (reference, detected) => {
        const pairs = matchBeats(reference, detected, 0.15);
        expect(pairs.flatMap((pair) => pair.reference ?? [])).toEqual(reference);
        expect(pairs.flatMap((pair) => pair.detected ?? [])).toEqual(detected);
        for (const pair of pairs)
          if (pair.reference && pair.detected)
            expect(Math.abs(pair.reference.atSeconds - pair.detected.atSeconds)).toBeLessThanOrEqual(0.15);
      }),
    );
  });

  it('finds everything when a series is compared with itself', () => {
    const beats = [beat(301), beat(302, 'V'), beat(303, 'S')];
    const result = compareBeats(beats, beats);
    expect(sensitivity(result)).toBe(1);
    expect(positivePredictivity(result)).toBe(1);
    expect(classScores(result, 'V')).toEqual({ sensitivity: 1, positivePredictivity: 1, errors: 0 });
  });

  it('ignores the first five minutes and stretches of ventricular flutter', () => {
    const reference = [beat(10), beat(299.9), beat(301), beat(340)];
    const detected = [beat(20), beat(301), beat(320), beat(321), beat(340)];
    const excluded = flutterEpisodes(
      [
        { sample: 315 * 360, symbol: '[' },
        { sample: 330 * 360, symbol: ']' },
      ],
      360,
    );
    const { truePositives, falseNegatives, falsePositives } = compareBeats(reference, detected, { ...EC57, excluded });
    expect({ truePositives, falseNegatives, falsePositives }).toEqual({
      truePositives: 2,
      falseNegatives: 0,
      falsePositives: 0,
    });
  });

  it('asks nothing of beats after the end of the recording, and holds nothing against what belongs before its beginning', () => {
    const reference = [beat(299.99), beat(301), beat(302), beat(303)];
    const detected = [beat(300.1), beat(300.2), beat(301), beat(302.5)];
    const { truePositives, falseNegatives, falsePositives } = compareBeats(reference, detected, {
      ...EC57,
      toSeconds: 302.5,
    });
    expect({ truePositives, falseNegatives, falsePositives }).toEqual({
      truePositives: 1,
      falseNegatives: 1,
      falsePositives: 2,
    });
  });

  it('counts the errors of a class by the rule of its predictivity', () => {
    const reference = [beat(301, 'F'), beat(302, 'Q'), beat(303, 'Q'), beat(304, 'N'), beat(305, 'V'), beat(306, 'F')];
    const detected = [beat(301, 'V'), beat(302, 'V'), beat(303, 'S'), beat(304, 'V'), beat(306, 'S')];
    const result = compareBeats(reference, detected);
    expect(classScores(result, 'V').errors).toBe(2);
    expect(classScores(result, 'S').errors).toBe(1);
  });

  it('counts classes in a matrix, row by row, and sums records', () => {
    const reference = [beat(301, 'V'), beat(302, 'N'), beat(303, 'S'), beat(304, 'N')];
    const detected = [beat(301, 'V'), beat(302, 'V'), beat(303, 'N'), beat(305, 'N')];
    const result = compareBeats(reference, detected);
    expect(result.matrix.V.V).toBe(1);
    expect(result.matrix.N.V).toBe(1);
    expect(result.matrix.S.N).toBe(1);
    expect(result.matrix.N.O).toBe(1);
    expect(result.matrix.O.N).toBe(1);
    expect(classScores(result, 'V')).toEqual({ sensitivity: 1, positivePredictivity: 0.5, errors: 1 });
    const twice = sumResults([result, result]);
    const total = EC57_CLASSES.reduce(
      (sum, row) => sum + EC57_CLASSES.reduce((all, column) => all + twice.matrix[row][column], 0),
      0,
    );
    expect(total).toBe(2 * 5);
    expect(twice.truePositives).toBe(6);
  });

  it('maps MIT symbols to AAMI classes, and what is no beat to nothing', () => {
    const map = (symbols: string): string => [...symbols].map((symbol) => aamiClass(symbol) ?? '.').join('');
    expect(map('NLRej')).toBe('NNNNN');
    expect(map('AaJS')).toBe('SSSS');
    expect(map('VE')).toBe('VV');
    expect(map('F/fQ')).toBe('FQQQ');
    expect(map('+~|"![]x')).toBe('........');
    expect(
      referenceBeats(
        [
          { sample: 360, symbol: 'V' },
          { sample: 400, symbol: '+' },
        ],
        360,
      ),
    ).toEqual([beat(1, 'V')]);
  });
});
