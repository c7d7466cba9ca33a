import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayOf, headAt, hearPiece, type PlayHead } from '../../dashboards/console/src/logic/waves/play-head.ts';
import { rescaleAfterUs, steadyScale } from '../../dashboards/console/src/logic/waves/steady-scale.ts';
import {
  ecgScale,
  fittingScale,
  PX_PER_MM,
  PX_PER_SECOND,
  sweepUs,
  trace,
  WIPE_PX,
  wholeSweep,
  wiped,
  xOf,
  yOf,
} from '../../dashboards/console/src/logic/waves/sweep.ts';
import {
  makeWaveRing,
  RING_SECONDS,
  spanOf,
  timeOfSample,
  valueAt,
  type WaveRing,
  writeWave,
} from '../../dashboards/console/src/logic/waves/wave-ring.ts';
import { makeWaveStore } from '../../dashboards/console/src/logic/waves/wave-store.ts';
import { MDC } from '../../schemas/codes.ts';
import { at } from './live-ward.ts';

const RATE = 250;
const counting = (from: number, count: number): Int16Array => Int16Array.from({ length: count }, (_, i) => from + i);
const write = (ring: WaveRing, second: number, samples: Int16Array): boolean =>
  writeWave(ring, at(second), samples, 1, 0);
const values = (ring: WaveRing, from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => valueAt(ring, from + i));

interface Stroke {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}
/** A pen that remembers every line it drew. */
const recordingPen = () => {
  const strokes: Stroke[] = [];
  let here: readonly [number, number] = [0, 0];
  return {
    strokes,
    moveTo: (x: number, y: number) => {
      here = [x, y];
    },
    lineTo: (x: number, y: number) => {
      strokes.push({ from: here, to: [x, y] });
      here = [x, y];
    },
  };
};
const SCALE = { pxPerUnit: 1, middle: 0, mmPerUnit: 1 };

describe('the wave ring', () => {
  it('keeps samples in their place however they were cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 30 }), (cuts) => {
        const ring = makeWaveRing(RATE, at(0));
        let written = 0;
        for (const count of cuts) {
          // Device clocks jitter by up to a millisecond; a sample is four.
          expect(write(ring, written / RATE + 0.001 * Math.sin(written), counting(written % 1_000, count))).toBe(true);
          written += count;
        }
        expect(ring.next).toBe(written);
        const from = Math.max(0, written - 200);
        expect(spanOf(ring, from, written)).toBeDefined();
        expect(values(ring, from, written).some(Number.isNaN)).toBe(false);
      }),
    );
  });
  it('leaves a hole where samples never came', () => {
    const ring = makeWaveRing(RATE, at(0));
    write(ring, 0, counting(0, 250));
    write(ring, 2, counting(500, 250));
    expect(values(ring, 250, 500).every(Number.isNaN)).toBe(true);
    expect(valueAt(ring, 249)).toBe(249);
    expect(valueAt(ring, 500)).toBe(500);
  });
  it('reads the sentinel as no sample', () => {
    const ring = makeWaveRing(RATE, at(0));
    write(ring, 0, Int16Array.from([5, -32768, 7]));
    expect(values(ring, 0, 3)).toEqual([5, Number.NaN, 7]);
  });
  it('fills a hole when its samples come late, and asks for a new painting when it was painted', () => {
    const ring = makeWaveRing(RATE, at(0));
    write(ring, 0, counting(0, 250));
    write(ring, 2, counting(500, 250));
    ring.painted = 600;
    write(ring, 1, counting(250, 250));
    expect(values(ring, 249, 252)).toEqual([249, 250, 251]);
    expect(ring.rewritten).toBe(1);
  });
  it('forgets what is older than its length, and does not show it as new', () => {
    const ring = makeWaveRing(RATE, at(0));
    for (let second = 0; second < RING_SECONDS + 5; second++) write(ring, second, counting(second, RATE));
    expect(valueAt(ring, 0)).toBeNaN();
    expect(valueAt(ring, ring.next)).toBeNaN();
    expect(valueAt(ring, ring.next - 1)).toBe(RING_SECONDS + 4 + RATE - 1);
  });
  it('keeps its times when the device runs fast against its stated rate', () => {
    const ring = makeWaveRing(RATE, at(0));
    for (let piece = 0; piece < 200; piece++) write(ring, piece * 1.0005, counting(0, RATE));
    expect(ring.next).toBe(200 * RATE);
    expect(Math.abs(timeOfSample(ring, 199 * RATE) - at(199 * 1.0005))).toBeLessThan(6_000);
  });
  it('does not take a stretch from another time', () => {
    const ring = makeWaveRing(RATE, at(0));
    write(ring, 0, counting(0, 250));
    expect(write(ring, -3_600, counting(0, 250))).toBe(false);
    expect(write(ring, 3_600, counting(0, 250))).toBe(false);
  });
});

describe('the sweep', () => {
  it('runs at 25 mm/s and shows a millivolt as 10 mm', () => {
    expect(xOf(1e6, 10_000) - xOf(0, 10_000)).toBeCloseTo(25 * PX_PER_MM);
    expect(ecgScale(-0.3, 1.2, 100)).toMatchObject({ mmPerUnit: 10, pxPerUnit: 10 * PX_PER_MM });
  });
  it('takes a smaller gain rather than cut the trace off, and says so', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        fc.integer({ min: 60, max: 400 }),
        (low, range, height) => {
          const scale = ecgScale(low, low + range, height);
          expect(scale.pxPerUnit).toBeCloseTo(scale.mmPerUnit * PX_PER_MM);
          if (scale.mmPerUnit > 1.25) {
            expect(yOf(low + range, scale, height)).toBeGreaterThanOrEqual(0);
            expect(yOf(low, scale, height)).toBeLessThanOrEqual(height);
          }
        },
      ),
    );
  });
  it('fits pressures and pleth into the strip', () => {
    const scale = fittingScale(60, 140, 100);
    expect([yOf(140, scale, 100), yOf(60, scale, 100)].map(Math.round)).toEqual([7, 93]);
  });
  it('never joins over a hole, whatever is missing', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 300 }), (there) => {
        const ring = makeWaveRing(RATE, at(0));
        write(
          ring,
          0,
          Int16Array.from(there, (is, i) => (is ? i : -32768)),
        );
        const pen = recordingPen();
        trace(pen, ring, 0, there.length, SCALE, 100_000, 0);
        const joined = pen.strokes.map(({ from, to }) => [-from[1], -to[1]]);
        const neighbours = there.flatMap((is, i) => (is && there[i + 1] === true ? [[i, i + 1]] : []));
        expect(joined.map((pair) => pair.map((v) => v + 0))).toEqual(neighbours);
      }),
    );
  });
  it('never draws back over the right edge', () => {
    const ring = makeWaveRing(RATE, at(0));
    write(ring, 0, counting(0, 2_000));
    const pen = recordingPen();
    trace(pen, ring, 0, 2_000, SCALE, 200, 50);
    expect(pen.strokes.length).toBeGreaterThan(1_900);
    for (const { from, to } of pen.strokes) expect(to[0] - from[0]).toBeGreaterThanOrEqual(0);
  });
  it('draws in pieces what it draws at once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 }), (steps) => {
        const ring = makeWaveRing(RATE, at(0));
        write(ring, 0, counting(0, 1_200));
        const once = recordingPen();
        const pieces = recordingPen();
        let drawn = 0;
        for (const step of steps) {
          trace(pieces, ring, drawn, drawn + step, SCALE, 300, 50);
          drawn += step;
        }
        trace(once, ring, 0, drawn, SCALE, 300, 50);
        expect(pieces.strokes).toEqual(once.strokes);
      }),
      { numRuns: 25 },
    );
  });
  it('wipes exactly what the hand passes, ahead of it and around the edge', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (second, span) => {
          const strips = wiped(at(second), at(second + span), 400);
          const width = strips.reduce((sum, [from, to]) => sum + to - from, 0);
          expect(width).toBeCloseTo(span * PX_PER_SECOND, 2);
          for (const [from, to] of strips) expect(from >= 0 && to <= 400.001 && from <= to).toBe(true);
          expect(strips[0]?.[0]).toBeCloseTo((xOf(at(second), 400) + WIPE_PX) % 400, 5);
        },
      ),
    );
  });
  it('shows one width of time less the wipe', () => {
    const ring = makeWaveRing(RATE, at(0));
    const [from, to] = wholeSweep(ring, at(20), 400);
    expect(to - 1).toBe(20 * RATE);
    expect((to - from) / RATE).toBeCloseTo((sweepUs(400) - (WIPE_PX / PX_PER_SECOND) * 1e6) / 1e6, 1);
  });
});

describe('the hand of the sweep', () => {
  const pieces = (seconds: number, delays: readonly number[]): PlayHead =>
    delays.reduce<PlayHead | undefined>(
      (head, delay, i) => hearPiece(head, at((i + 1) * seconds), seconds * 1e6, at((i + 1) * seconds + delay)),
      undefined,
    )!;

  it('stands just far enough behind that steady pieces never run out', () => {
    const head = pieces(0.5, [0.02, 0.05, 0.03, 0.02]);
    const newest = at(2);
    const beforeTheNext = at(2.5 + 0.1);
    expect(headAt(head, beforeTheNext)).toBeLessThanOrEqual(newest);
    expect(delayOf(head) / 1e6).toBeLessThan(1);
  });
  it('goes on when pieces stop coming, and so leaves a hole', () => {
    const head = pieces(0.5, [0.02, 0.02]);
    expect(headAt(head, at(9)) - headAt(head, at(4))).toBe(5e6);
    expect(headAt(head, at(9))).toBeGreaterThan(at(1));
  });
  it('does not stay behind for ever after one late start', () => {
    const late = pieces(0.5, [4, ...Array.from({ length: 100 }, () => 0.02)]);
    expect(delayOf(late) / 1e6).toBeLessThan(1);
  });
});

describe('the waves of a bed', () => {
  const wave = (code: number, second: number) => ({
    frame: 1,
    bed: 'icu-01',
    code,
    startUs: at(second),
    rateNumerator: 250,
    rateDenominator: 1,
    gain: 0.005,
    offset: 0,
    samples: counting(0, 250),
  });
  it('show lead II when it is there, keep their lead while it lives, and change when it dies', () => {
    const waves = makeWaveStore();
    waves.hear(wave(131331, 0), at(1));
    expect(waves.lead('icu-01', at(1.5))).toBe(131331);
    waves.hear(wave(131330, 0), at(1));
    waves.hear(wave(150452, 0), at(1));
    expect(waves.lead('icu-01', at(1.5))).toBe(131331);
    for (let second = 1; second < 8; second++) waves.hear(wave(131330, second), at(second + 1));
    expect(waves.lead('icu-01', at(8.5))).toBe(131330);
    expect(waves.codes('icu-01')).toEqual([131330, 131331, 150452]);
  });
  it('begin a new ring when the signal changes its rate or comes from another time', () => {
    const waves = makeWaveStore();
    waves.hear(wave(131330, 0), at(1));
    const first = waves.ring('icu-01', 131330);
    waves.hear({ ...wave(131330, 1), rateNumerator: 500 }, at(2));
    expect(waves.ring('icu-01', 131330)?.rateHz).toBe(500);
    expect(waves.ring('icu-01', 131330)).not.toBe(first);
    waves.hear({ ...wave(131330, 90_000), rateNumerator: 500 }, at(90_001));
    expect(valueAt(waves.ring('icu-01', 131330)!, 0)).toBe(0);
  });
  it('are not troubled by an impossible rate', () => {
    const waves = makeWaveStore();
    waves.hear({ ...wave(131330, 0), rateDenominator: 0 }, at(1));
    expect(waves.codes('icu-01')).toEqual([]);
  });
});

describe('the scale of a strip', () => {
  const first = steadyScale(MDC.ecgII, { low: -0.4, high: 1 }, 60, undefined);

  it('stands while the trace wanders a little, and changes before a beat would be cut off', () => {
    expect(steadyScale(MDC.ecgII, { low: -0.35, high: 1.05 }, 60, first)).toBe(first);
    const higher = steadyScale(MDC.ecgII, { low: -0.4, high: 2.5 }, 60, first);
    expect(higher.mmPerUnit).toBeLessThan(first.mmPerUnit);
    for (const value of [-0.4, 2.5]) expect(Math.abs(yOf(value, higher, 60) - 30)).toBeLessThanOrEqual(30);
  });

  it('is looked at every half second while the trace is young, and later once per sweep', () => {
    expect([0, 4e6, 3_600e6].map((traceUs) => rescaleAfterUs(400, traceUs))).toEqual([0.5e6, 2e6, sweepUs(400)]);
  });
});
