import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { emptyPicture } from '../../services/screens/bed-picture.ts';
import { makeWaveSources, withWaveSource } from '../../services/screens/wave-sources.ts';
import { at } from '../gateway/frames.ts';

describe('a wave that is drawn', () => {
  it('is named by its device while another tells the same signal, and for a minute after', () => {
    const sources = makeWaveSources();
    const takes = (source: string, s: number, code: number = MDC.ecgII) =>
      sources.takes('b', code, { source, at: at(s), isUsable: true });
    const isNamed = (s: number, code: number = MDC.ecgII) => sources.isToldTwice('b', code, at(s));
    expect([takes('bedside', 0), isNamed(0)]).toEqual([true, false]);
    expect([takes('transport', 0.1), isNamed(0.1)]).toEqual([false, true]);
    expect([takes('bedside', 0.2, MDC.ecgV1), isNamed(0.2, MDC.ecgV1)]).toEqual([true, false]);
    expect([takes('bedside', 1), isNamed(1)]).toEqual([true, true]);
    expect([takes('transport', 4), isNamed(4)]).toEqual([true, true]);
    expect(takes('transport', 59)).toBe(true);
    expect([isNamed(59), isNamed(61.5)]).toEqual([true, false]);
  });

  it('has its name in the picture of its bed as long as it needs one, and the picture changes only then', () => {
    const { bed } = emptyPicture('b');
    expect(withWaveSource(bed, 1, undefined)).toBe(bed);
    const one = withWaveSource(bed, 1, 'bedside');
    expect(one.waveSources).toEqual([{ code: 1, source: 'bedside' }]);
    expect(withWaveSource(one, 1, 'bedside')).toBe(one);
    expect(withWaveSource(one, 1, 'transport').waveSources).toEqual([{ code: 1, source: 'transport' }]);
    expect(withWaveSource(one, 1, undefined)).toEqual(bed);
  });
});

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

  it('is drawn with its holes where no device has a better one, and from one of them', () => {
    expect(new Set(drawn(6, () => false))).toEqual(new Set(['bedside']));
    const said = drawn(10, (source, second) => source === 'bedside' && second < 3);
    expect(new Set(said)).toEqual(new Set(['bedside']));
  });

  it('is drawn at once from a device that has a better one than holes', () => {
    const said = drawn(6, (source, second) => source === 'transport' && second >= 3);
    expect(said.slice(0, 3)).toEqual(['bedside', 'bedside', 'bedside']);
    expect(new Set(said.slice(4))).toEqual(new Set(['transport']));
  });
});
