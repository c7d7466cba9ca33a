import { describe, expect, it } from 'vitest';
import { type LagMemory, lagWatch, type Standing } from '../../services/watch/lag-watch.ts';

const standing = (position: number | undefined, next: number, partition = 0): Standing => ({
  ...{ group: 'vigil-analysis', stage: 'analysis', partition, first: 0n, next: BigInt(next) },
  position: position === undefined ? undefined : BigInt(position),
});

/** Rounds two seconds apart; per round "records waiting", with "still" from when on. */
const story = (rounds: readonly (readonly Standing[])[], markersMost = 0n): readonly string[] => {
  let memory: LagMemory = lagWatch.start;
  return rounds.map((standings) => {
    const [after, [lag]] = lagWatch.step(memory, { standings, markersMost, passedS: 2 });
    memory = after;
    return `${lag!.records}${lag!.still ? ' still' : ''}`;
  });
};
const rounds = (...each: readonly Standing[]): readonly (readonly Standing[])[] => each.map((one) => [one]);

describe('a group of readers', () => {
  it('stands still when its position has not moved for five seconds and records wait', () => {
    expect(story(rounds(standing(5, 9), standing(5, 10), standing(5, 11), standing(5, 12)))).toEqual([
      '4',
      '5',
      '6',
      '7 still',
    ]);
  });

  it('moves while its position moves, however far it is behind', () => {
    expect(story(rounds(standing(5, 500), standing(6, 900), standing(7, 1_300), standing(8, 1_700)))).toEqual([
      '495',
      '894',
      '1293',
      '1692',
    ]);
  });

  it('has nothing to do when nothing waits, for however long', () => {
    expect(story(rounds(...Array.from({ length: 9 }, () => standing(9, 9))))).toEqual(Array(9).fill('0'));
  });

  it('stands still as a whole when one of its partitions does', () => {
    const both = (next: number) => [standing(next, next, 0), standing(3, next, 1)];
    expect(story([both(10), both(11), both(12), both(13)]).at(-1)).toBe('10 still');
  });

  it('that never settled anything waits from the beginning', () => {
    expect(
      story(rounds(standing(undefined, 3), standing(undefined, 4), standing(undefined, 5), standing(undefined, 6))).at(
        -1,
      ),
    ).toBe('6 still');
  });

  it('is not taken to stand still before the markers that a transaction leaves at a quiet end', () => {
    const quiet = Array.from({ length: 9 }, () => standing(8, 10));
    expect(story(rounds(...quiet), 2n)).toEqual(Array(9).fill('2'));
    expect(story(rounds(...quiet), 0n).at(-1)).toBe('2 still');
    // The end has moved since: now something waits behind the markers.
    expect(story(rounds(...quiet, standing(8, 12), standing(8, 12), standing(8, 12)), 2n).at(-1)).toBe('4 still');
  });

  it('whose position passed the end that was asked before has nothing waiting', () => {
    expect(story(rounds(standing(12, 10)))).toEqual(['0']);
  });
});
