import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstHeard, type HeardSequences, hear, withPast } from '../../services/gateway/sequences.ts';

/** What was said about each number, in order. */
const story = (first: number, ...numbers: number[]): readonly string[] => {
  let heard: HeardSequences = firstHeard(first);
  return numbers.map((number) => {
    const hearing = hear(heard, number);
    if (hearing.tag !== 'HeardBefore') heard = hearing.after;
    return hearing.tag === 'Next' && hearing.lost > 0
      ? `${number} Next, ${hearing.lost} lost`
      : `${number} ${hearing.tag}`;
  });
};

describe('the sequence numbers of a source', () => {
  it('are taken in order without a word', () => {
    expect(story(1, 2, 3, 4)).toEqual(['2 Next', '3 Next', '4 Next']);
  });

  it('name a loss, and take the lost ones when they come late, each once', () => {
    expect(story(1, 2, 6, 4, 3, 4, 5, 5)).toEqual([
      '2 Next',
      '6 Next, 3 lost',
      '4 Late',
      '3 Late',
      '4 HeardBefore',
      '5 Late',
      '5 HeardBefore',
    ]);
  });

  it('from before the first that was heard are late, not lost', () => {
    expect(story(10, 8, 9, 8, 11)).toEqual(['8 Late', '9 Late', '8 HeardBefore', '11 Next']);
  });

  it('know exactly what was heard, whatever the order (up to 64 gaps at a time)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 150 }),
        ([first, ...numbers]) => {
          let heard = firstHeard(first!);
          const set = new Set([first!]);
          for (const number of numbers) {
            const hearing = hear(heard, number);
            expect(hearing.tag === 'HeardBefore').toBe(set.has(number));
            set.add(number);
            if (hearing.tag !== 'HeardBefore') heard = hearing.after;
          }
          expect(heard.newest).toBe(Math.max(...set));
        },
      ),
    );
  });

  it('stay small when every second one is lost for ever: what is forgotten is stored again rather than lost', () => {
    let heard = firstHeard(0);
    for (let number = 2; number <= 2_000; number += 2) {
      const hearing = hear(heard, number);
      if (hearing.tag !== 'HeardBefore') heard = hearing.after;
    }
    expect(heard.missing.length).toBe(64);
    expect(hear(heard, 5).tag).toBe('Late');
    expect(hear(heard, 1_999).tag).toBe('Late');
    expect(hear(heard, 1_998).tag).toBe('HeardBefore');
  });

  it('are the same in all, whether they were heard in one go or the older half was learnt later', () => {
    const heardOf = (numbers: readonly number[]): HeardSequences =>
      numbers.slice(1).reduce((heard, number) => {
        const hearing = hear(heard, number);
        return hearing.tag === 'HeardBefore' ? heard : hearing.after;
      }, firstHeard(numbers[0]!));
    const ascending = fc.uniqueArray(fc.integer({ min: 0, max: 150 }), { minLength: 2, maxLength: 100 });
    fc.assert(
      fc.property(ascending, fc.nat(), (unordered, pick) => {
        const numbers = unordered.toSorted((a, b) => a - b);
        const cut = 1 + (pick % (numbers.length - 1));
        expect(withPast(heardOf(numbers.slice(0, cut)), heardOf(numbers.slice(cut)))).toEqual(heardOf(numbers));
      }),
    );
  });

  it('keep what was heard now when the past counted otherwise', () => {
    const now = firstHeard(5);
    expect(withPast({ knownFrom: 1, newest: 900, missing: [] }, now)).toBe(now);
  });
});
