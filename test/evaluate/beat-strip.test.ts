import { describe, expect, it } from 'vitest';
import { beatStrip, STRIP_S } from '../../services/evaluate/beats/beat-strip.ts';
import type { JudgedRecord } from '../../services/evaluate/beats/judge-beats.ts';
import type { WfdbRecord } from '../../services/recordings/wfdb/record.ts';
import { NO_SAMPLE } from '../../services/recordings/wfdb/signals.ts';

const RATE = 100;
const GAIN = 200;
/** A second high, a second low, by 1 mV; the samples of a hole are missing. */
const squares = (isHole: (sample: number) => boolean): WfdbRecord => {
  const samples = Int16Array.from({ length: 20 * RATE }, (_, i) =>
    isHole(i) ? NO_SAMPLE : Math.floor(i / RATE) % 2 === 0 ? GAIN : 0,
  );
  const signal = { ...{ file: 'x.dat', format: 16, byteOffset: 0, skew: 0 }, gain: GAIN, baseline: 0, unit: 'mV' };
  const header = { rateHz: RATE, sampleCount: samples.length, signals: [{ ...signal, description: 'MLII' }] };
  return { name: 'x', header, signals: [samples] } as unknown as WfdbRecord;
};
const judged = { reference: [], said: [], errors: [] } as unknown as JudgedRecord;
const error = { atSeconds: 10, reference: 'N', said: 'V' } as const;

/** The strokes of the first lead, each a list of points. */
const strokes = (svg: string): number[][][] => {
  const path = /<path d="([^"]*)" fill="none" stroke="#111"/.exec(svg)![1]!;
  return path
    .split('M')
    .filter((stroke) => stroke !== '')
    .map((stroke) => stroke.split('L').map((point) => point.split(' ').map(Number.parseFloat)));
};
/** Where the lines of the seconds are. */
const seconds = (svg: string): readonly number[] =>
  [...svg.matchAll(/<path d="M([0-9.]+) \d+V\d+" class="grid"/g)].map(([, x]) => Number(x));

describe('the strip of a wrong beat', () => {
  it('is never joined over a hole, however short', () => {
    const svg = beatStrip(
      squares((i) => i === 7 * RATE || (i >= 9 * RATE && i < 11 * RATE)),
      judged,
      error,
    );
    const drawn = strokes(svg);
    expect(drawn.map((stroke) => stroke.length)).toEqual([RATE, 2 * RATE - 1, 3 * RATE]);
    expect(svg).not.toContain('NaN');
  });

  it('says its lead, how long a second is and how high a part of a millivolt', () => {
    const svg = beatStrip(
      squares(() => false),
      judged,
      error,
    );
    const [stroke] = strokes(svg);
    const rises = stroke!.filter(([, y], i) => i > 0 && y! < stroke![i - 1]![1]!).map(([x]) => x!);
    const lines = seconds(svg);
    expect(lines).toHaveLength(STRIP_S + 1);
    expect(rises[1]! - rises[0]!).toBeCloseTo(lines[2]! - lines[0]!, 6);
    const heights = stroke!.map(([, y]) => y!);
    const millivolt = Math.max(...heights) - Math.min(...heights);
    const [, bar, share] = /v-([0-9.]+)" stroke="#b3400a".*?MLII, bar ([0-9.]+) mV/.exec(svg)!;
    expect(Number(bar)).toBeCloseTo(Number(share) * millivolt, 6);
  });
});
