import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { moment } from '../../schemas/units.ts';
import { emptyPicture } from '../../services/screens/bed-picture.ts';
import { makeWaveSources, withWaveSource } from '../../services/screens/wave-sources.ts';

const at = (s: number) => moment(s * 1e6);

describe('a wave that is drawn', () => {
  it('is named by its device while another tells the same signal, and for a minute after', () => {
    const sources = makeWaveSources();
    const takes = (source: string, s: number, code: number = MDC.ecgII) => sources.takes('b', code, source, at(s));
    const named = (s: number, code: number = MDC.ecgII) => sources.named('b', code, at(s));
    expect([takes('bedside', 0), named(0)]).toEqual([true, undefined]);
    expect([takes('transport', 0.1), named(0.1)]).toEqual([false, 'bedside']);
    expect([takes('bedside', 0.2, MDC.ecgV1), named(0.2, MDC.ecgV1)]).toEqual([true, undefined]);
    expect([takes('bedside', 1), named(1)]).toEqual([true, 'bedside']);
    expect([takes('transport', 4), named(4)]).toEqual([true, 'transport']);
    expect(takes('transport', 59)).toBe(true);
    expect([named(59), named(61.5)]).toEqual(['transport', undefined]);
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
