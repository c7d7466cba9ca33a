/** What a tile says where beds or devices contradict each other. */
import { describe, expect, it } from 'vitest';
import { contradictionText } from '../../dashboards/console/src/logic/ward/contradictions.ts';
import { makeWardStore } from '../../dashboards/console/src/logic/ward/ward-store.ts';
import { MDC } from '../../schemas/codes.ts';
import type { LiveBed } from '../../schemas/live.ts';
import { at, bed, bedFrame, numeric, snapshot } from './live-ward.ts';

const wall = (...beds: readonly LiveBed[]) => {
  const ward = makeWardStore();
  ward.apply(snapshot(0, beds));
  const says = (name: string, second = 0): string => contradictionText(ward.bed(name)!, ward.alsoOn(name), at(second));
  return { ward, says };
};
const spo2 = (source: string, value: number, more = {}) =>
  numeric(MDC.spo2, value, { source, staleAfterUs: 10e6, ...more });

describe('a contradiction', () => {
  it('of one patient on two beds is said on both, until one of them is named otherwise', () => {
    const { ward, says } = wall(
      bed('icu-04', { patient: 'p-1' }),
      bed('icu-07', { patient: 'p-1' }),
      bed('icu-09', { patient: 'p-2' }),
    );
    expect([says('icu-04'), says('icu-07'), says('icu-09')]).toEqual([
      'patient also on icu-07',
      'patient also on icu-04',
      '',
    ]);
    ward.apply(bedFrame(1, bed('icu-04', { patient: null })));
    expect([says('icu-04'), says('icu-07')]).toEqual(['', '']);
  });

  it('is none between beds without a patient', () => {
    const { says } = wall(bed('icu-04', { patient: null }), bed('icu-07', { patient: null }));
    expect(says('icu-04')).toBe('');
  });

  it('of two devices that tell one signal names both, while both are heard', () => {
    const two = bed('icu-04', { numerics: [spo2('ward', 97), spo2('gateway b', 85)] });
    expect(wall(two).says('icu-04')).toBe('2 devices: gateway b, ward');
    expect(wall(two).says('icu-04', 10)).toBe('');
  });

  it('is none of two probes of one monitor, of what is measured now and then, nor of two signals', () => {
    const numerics = [
      [spo2('ward', 97), spo2('ward (2)', 96)],
      [spo2('ward', 97), numeric(MDC.pulseRate, 71, { source: 'transport' })],
      [spo2('ward', 97, { staleAfterUs: 1_200e6 }), spo2('cuff', 85, { staleAfterUs: 1_200e6 })],
    ];
    for (const each of numerics) expect(wall(bed('icu-04', { numerics: each })).says('icu-04')).toBe('');
  });

  it('of two devices that tell one wave names the one that is drawn', () => {
    const two = bed('icu-04', { waveSources: [{ code: MDC.ecgII, source: 'ward' }] });
    expect(wall(two).says('icu-04')).toBe('another device beside ward');
  });
});
