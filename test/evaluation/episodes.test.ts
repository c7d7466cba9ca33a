import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareEpisodes,
  type Episode,
  episodeFigures,
  type SaidEpisode,
  sumTallies,
} from '../../stream-models/evaluation/episodes.ts';

const episode = (fromSeconds: number, toSeconds: number): Episode => ({ fromSeconds, toSeconds });
const said = (fromSeconds: number, toSeconds: number, saidSeconds = fromSeconds): SaidEpisode => ({
  ...episode(fromSeconds, toSeconds),
  saidSeconds,
});
const hour = { lengthSeconds: 3600, shortestSeconds: 3 };
const anyEpisode = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 90 }));

describe("the comparison of episodes, by epicmp's conventions", () => {
  it('finds an episode that anything said overlaps, and counts what overlaps nothing as false', () => {
    const { tally, delaysSeconds, missed, falseOnes } = compareEpisodes(
      [episode(100, 110), episode(200, 300), episode(500, 520)],
      [said(104, 108, 106), said(250, 260, 252), said(270, 280, 271), said(700, 710, 702)],
      hour,
    );
    expect(tally).toMatchObject({ reference: 3, found: 2, said: 4, right: 3, overlapSeconds: 24, saidSeconds: 34 });
    expect(delaysSeconds).toEqual([6, 52]);
    expect(missed).toEqual([episode(500, 520)]);
    expect(falseOnes).toEqual([said(700, 710, 702)]);
    const figures = episodeFigures(tally);
    expect(figures.episodePredictivity).toBeCloseTo(3 / 4, 12);
    expect(figures.falsePerHour).toBeCloseTo(3600 / (3600 - 130), 12);
  });

  it('does not ask for an episode that is too short to be one, and yet excuses what was said of it', () => {
    const { tally } = compareEpisodes([episode(10, 12)], [said(10, 14, 12)], hour);
    expect(tally).toMatchObject({ reference: 0, said: 1, right: 1 });
  });

  it('is perfect for what repeats the reference, and sums to what each record counted', () => {
    fc.assert(
      fc.property(fc.array(anyEpisode, { minLength: 1, maxLength: 12 }), (made) => {
        const reference = made.map(([from, length]) => episode(from, from + length));
        const repeated = reference.map(({ fromSeconds, toSeconds }) => said(fromSeconds, toSeconds));
        const { tally, delaysSeconds } = compareEpisodes(reference, repeated, { ...hour, shortestSeconds: 0 });
        const figures = episodeFigures(tally);
        expect(figures.episodeSensitivity).toBe(1);
        expect(figures.episodePredictivity).toBe(1);
        expect(figures.durationSensitivity).toBeCloseTo(1, 9);
        expect(figures.durationPredictivity).toBeCloseTo(1, 9);
        expect(Math.max(...delaysSeconds)).toBe(0);
        expect(sumTallies([tally, tally], [1, 2]).said).toBe(3 * tally.said);
      }),
    );
  });
});
