import { describe, expect, it } from 'vitest';
import { moment, seconds } from '../../schemas/units.ts';
import type { WaveBlock } from '../../services/ports/series-store.ts';
import { makeStrips, RING_SPAN, type StripWindow } from '../../services/recorder/strips.ts';

const block = (s: number, samples = 250, more: Partial<WaveBlock> = {}): WaveBlock => ({
  ...{ bed: 'icu-04', device: 1, source: 'monitor-1', code: 131330, unit: 'mV', start: moment(s * 1e6) },
  ...{ rateNumerator: 250, rateDenominator: 1, gain: 1, offset: 0, samples: new Int16Array(samples) },
  ...more,
});
const heard = (s: number, blocks: readonly WaveBlock[] = [block(s)]) => ({
  ...{ bed: 'icu-04', partition: 0, end: moment((s + 1) * 1e6), blocks },
});
const window = (from: number, to: number, alarm = 'vt'): StripWindow => ({
  ...{ alarm, bed: 'icu-04', from: moment(from * 1e6), to: moment(to * 1e6), wavePartition: 0 },
  ...{ partition: 0, offset: 7n, appendedAt: moment(to * 1e6) },
});
const strips = () => makeStrips(() => undefined);
const startsOf = (blocks: readonly WaveBlock[]): number[] => blocks.map(({ start }) => start / 1e6);

describe('what is remembered of the waves', () => {
  it('is the last minute and no more, for ever', () => {
    const remembered = strips();
    for (let s = 0; s < 1000; s++) remembered.hear(heard(s));
    const { blocks, forgotten } = remembered.open(window(0, 2000));
    expect(startsOf(blocks)).toEqual(Array.from({ length: RING_SPAN / 1e6 }, (_, i) => 940 + i));
    expect(forgotten).toBe(true);
  });
  it('is bounded in bytes too, and says when it is full', () => {
    const full: number[] = [];
    const remembered = makeStrips((_bed, bytes) => full.push(bytes));
    const big = { rateNumerator: 65_000 };
    for (let s = 0; s < 50; s++)
      remembered.hear(heard(s, [block(s, 65_000, big), block(s, 65_000, { ...big, code: 1 })]));
    const bytes = remembered.open(window(0, 99)).blocks.reduce((sum, { samples }) => sum + samples.byteLength, 0);
    expect(bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(full).toHaveLength(1);
  });
  it('holds a frame once that comes twice', () => {
    const remembered = strips();
    for (const s of [1, 2, 1, 2, 3]) remembered.hear(heard(s));
    expect(startsOf(remembered.open(window(0, 9)).blocks)).toEqual([1, 2, 3]);
  });
  it('does not hold what came too late to ring, but an open strip gets it', () => {
    const remembered = strips();
    remembered.hear(heard(0));
    remembered.open(window(2, 9));
    expect(startsOf(remembered.hear({ ...heard(5), end: undefined }))).toEqual([5]);
    expect(startsOf(remembered.open(window(0, 9, 'vf')).blocks)).toEqual([0]);
  });
  it('knows that there may be waves from before it listened', () => {
    const remembered = strips();
    remembered.hear(heard(20));
    expect(remembered.open(window(15, 35)).forgotten).toBe(true);
    expect(remembered.open(window(20, 40, 'vf')).forgotten).toBe(false);
  });
});

describe('an open strip', () => {
  it('gets every block that has a sample of its time, to the edge', () => {
    const remembered = strips();
    remembered.hear(heard(0));
    remembered.open(window(10, 12));
    const got = [8.9, 9, 9.1, 10, 11.9, 12].flatMap((s) => startsOf(remembered.hear(heard(s))));
    expect(got).toEqual([9.1, 10, 11.9]);
  });
  it('stays open until the store has what came after it, and is then the first no more', () => {
    const remembered = strips();
    remembered.open(window(0, 20));
    remembered.hear(heard(30));
    expect(remembered.firstOpen(0)).toBe(7n);
    remembered.kept(0, new Map([['icu-04', moment(31e6)]]), moment(31e6));
    expect(remembered.firstOpen(0)).toBeUndefined();
  });
  it('ends with the log when its bed fell silent', () => {
    const remembered = strips();
    remembered.open(window(0, 20));
    remembered.kept(0, new Map(), moment(20e6 + seconds(119)));
    expect(remembered.countOpen()).toBe(1);
    remembered.kept(1, new Map(), moment(20e6 + seconds(999)));
    expect(remembered.countOpen()).toBe(1);
    remembered.kept(0, new Map(), moment(20e6 + seconds(121)));
    expect(remembered.countOpen()).toBe(0);
  });
});
