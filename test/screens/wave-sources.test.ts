import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { makeWaveSources } from '../../services/screens/wave-sources.ts';
import { at } from '../gateway/frames.ts';

/** Which of two devices' waves is drawn, second by second: each tells a wave in every one of them. */
const drawn = (seconds: number, isUsable: (source: string, second: number) => boolean): readonly string[] => {
  const { takes } = makeWaveSources();
  return Array.from({ length: seconds }, (_, second) =>
    ['bedside', 'transport']
      .filter((source, i) =>
        takes('icu-01', MDC.ecgII, { source, at: at(second + i / 2), isUsable: isUsable(source, second) }),
      )
      .join(' and '),
  );
};

describe('a lead that two devices tell', () => {
  it('is drawn from the one that was first', () => {
    expect(new Set(drawn(10, () => true))).toEqual(new Set(['bedside']));
  });

  it('is drawn from the other two seconds after the first has only holes, or a lead that is off', () => {
    const said = drawn(10, (source, second) => source === 'transport' || second < 3);
    expect(said.slice(0, 4)).toEqual(['bedside', 'bedside', 'bedside', 'bedside']);
    expect(new Set(said.slice(5))).toEqual(new Set(['transport']));
  });

  it('is drawn with its holes where no device has a better one', () => {
    expect(drawn(4, () => false).every((devices) => devices.includes('bedside'))).toBe(true);
  });
});
