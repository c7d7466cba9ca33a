import { describe, expect, it } from 'vitest';
import type { ScreenTold } from '../../schemas/live.ts';
import { type RosterInput, roster } from '../../services/screens/roster.ts';

const told = (name: string, ...beds: readonly string[]): ScreenTold => ({ id: `id-of-${name}`, name, beds });
const here = (line: number, screen: ScreenTold): RosterInput => ({ tag: 'Here', line, screen });
const closed = (line: number): RosterInput => ({ tag: 'Gone', line, onPurpose: true, quietS: 0 });
const broke = (line: number, quietS = 0): RosterInput => ({ tag: 'Gone', line, onPurpose: false, quietS });
const elsewhere = (screen: ScreenTold): RosterInput => ({ tag: 'Elsewhere', screen: screen.id });
const seconds = (count: number): readonly RosterInput[] =>
  Array.from({ length: count }, () => ({ tag: 'SecondPassed' }));

/** What is said, with the second in which it is. */
const story = (...inputs: readonly (RosterInput | readonly RosterInput[])[]): readonly string[] => {
  let second = 0;
  let memory = roster.start;
  return inputs.flat().flatMap((input) => {
    if (input.tag === 'SecondPassed') second += 1;
    const [after, said] = roster.step(memory, input);
    memory = after;
    return said.map((one) =>
      one.tag === 'Screen'
        ? `${second}s ${one.screen.name} ${one.state}${one.quietS > 0 ? `, quiet for ${one.quietS} s` : ''}`
        : `${second}s ${one.screen.name} ${one.chosen ? 'has' : 'lets go of'} ${one.bed}`,
    );
  });
};

const nurse4 = told('nurse 4', 'icu-04', 'icu-05');
const plain = told('station');

describe('the screens of a front', () => {
  it('are lost eight seconds after they were heard last, with what they had chosen', () => {
    expect(story(here(1, nurse4), seconds(3), broke(1, 2), seconds(20))).toEqual([
      '0s nurse 4 watching',
      '0s nurse 4 has icu-04',
      '0s nurse 4 has icu-05',
      '9s nurse 4 lost, quiet for 8 s',
      '9s nurse 4 lets go of icu-04',
      '9s nurse 4 lets go of icu-05',
    ]);
  });

  it('are not lost when they come back in time, on this front or on another', () => {
    expect(story(here(1, plain), broke(1), seconds(7), here(2, plain), seconds(20))).toEqual([
      '0s station watching',
      '7s station watching',
    ]);
    expect(story(here(1, plain), broke(1), seconds(5), elsewhere(plain), seconds(20))).toEqual(['0s station watching']);
  });

  it('are not lost while another line of theirs stands, nor when an old line ends after they went to another front', () => {
    expect(story(here(1, plain), here(2, plain), broke(1, 6), seconds(20))).toEqual([
      '0s station watching',
      '0s station watching',
    ]);
    expect(story(here(1, plain), elsewhere(plain), broke(1, 6), seconds(20))).toEqual(['0s station watching']);
  });

  it('are not missed when they were closed on purpose, and their beds are everybody’s at once', () => {
    expect(story(here(1, told('nurse 4', 'icu-04')), seconds(2), closed(1), seconds(20)).slice(2)).toEqual([
      '2s nurse 4 left',
      '2s nurse 4 lets go of icu-04',
    ]);
  });

  it('say what they have chosen when it changes, also across a broken line, and again every half minute', () => {
    expect(
      story(here(1, nurse4), here(1, told('nurse 4', 'icu-05', 'icu-06')), broke(1), here(2, plain)).slice(3),
    ).toEqual(['0s nurse 4 lets go of icu-04', '0s nurse 4 has icu-06', '0s station watching']);
    expect(story(here(1, told('a', 'icu-04')), broke(1), here(2, { ...told('a'), beds: ['icu-09'] })).slice(2)).toEqual(
      ['0s a watching', '0s a lets go of icu-04', '0s a has icu-09'],
    );
    expect(story(here(1, told('a', 'icu-04')), seconds(61)).slice(2)).toEqual(['30s a has icu-04', '60s a has icu-04']);
  });
});
