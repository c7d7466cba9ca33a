/** What the review page measures and lists, held against signals of which every sample is known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReviewAddress, reviewAddress } from '../../dashboards/console/src/logic/page/review-address.ts';
import { marchedOut, measure, snapped, stepped } from '../../dashboards/console/src/review/logic/calipers.ts';
import { kindsIn, nextEvent, rowsInSight, shownOf } from '../../dashboards/console/src/review/logic/event-list.ts';
import { bandSpan, dayAround } from '../../dashboards/console/src/review/logic/overview-look.ts';
import { PX_PER_MM, usAt, widthPx, xOf } from '../../dashboards/console/src/review/logic/paper.ts';
import { gapsOf, sampleAt, spreadOf, tracesOf } from '../../dashboards/console/src/review/logic/traces.ts';
import { MDC } from '../../schemas/codes.ts';
import { NO_SAMPLE } from '../../schemas/no-sample.ts';
import type { ReviewEvent, ReviewWave } from '../../schemas/review.ts';

const START = 1_800_000_000e6;
const GAIN = 0.005;
const base64 = (samples: readonly number[]): string => Buffer.from(Int16Array.from(samples).buffer).toString('base64');

/** A stretch of lead II from second `s` on. */
const wave = (s: number, samples: readonly number[], rate = 250, source = 'monitor'): ReviewWave => ({
  ...{ code: MDC.ecgII, label: 'II', source, unit: 'mV', startUs: START + s * 1e6 },
  ...{ rateNumerator: rate, rateDenominator: 1, gain: GAIN, offset: 0, samples: base64(samples) },
});

/** A flat line with peaks of `mV` at these samples. */
const peaks = (length: number, places: readonly number[], mV: number): readonly number[] =>
  Array.from({ length }, (_, i) => (places.includes(i) ? Math.round(mV / GAIN) : 0));

describe('calipers', () => {
  it('agree with the truth at any two samples, wherever the hand put the lines within half a sample', () => {
    const rates = fc.constantFrom(125, 200, 250, 360, 500);
    fc.assert(
      fc.property(
        rates,
        fc.nat(700),
        fc.nat(700),
        fc.double({ min: -0.49, max: 0.49, noNaN: true }),
        (rate, i, j, off) => {
          const [trace] = tracesOf([wave(0, peaks(800, [i], 1.25), rate)]);
          const [aUs, bUs] = [i, j].map((sample) => snapped(trace, START + ((sample + off) * 1e6) / rate));
          const { intervalMs, perMinute, amplitude } = measure(trace, { aUs: aUs!, bUs: bUs! });
          expect(intervalMs).toBeCloseTo((Math.abs(j - i) * 1e3) / rate, 3);
          const truth = (60 * rate) / Math.abs(j - i);
          if (i !== j) expect(Math.abs(perMinute! / truth - 1)).toBeLessThan(1e-3);
          expect(amplitude).toBeCloseTo(i === j ? 0 : i < j ? -1.25 : 1.25, 9);
        },
      ),
    );
  });

  it('go from sample to sample by the keys, over the seam between two frames too', () => {
    const [trace] = tracesOf([wave(0, peaks(250, [], 0)), wave(1, peaks(250, [0], 1))]);
    const last = START + 249 * 4_000;
    expect(stepped(trace, last, 1)).toBe(START + 1e6);
    expect(stepped(trace, START + 1e6, -1)).toBe(last);
    expect(measure(trace, { aUs: stepped(trace, last, 1), bUs: last }).amplitude).toBeCloseTo(1, 9);
  });

  it('tell no amplitude where one of them stands in a gap', () => {
    const [trace] = tracesOf([wave(0, [0, 200, NO_SAMPLE, NO_SAMPLE, NO_SAMPLE, NO_SAMPLE])]);
    const measured = measure(trace, { aUs: START + 4_000, bUs: snapped(trace, START + 16_000) });
    expect(measured).toMatchObject({ intervalMs: 12, amplitude: undefined });
  });

  it('march out: the interval comes again on both sides, and not where it would cover the trace', () => {
    const seconds = (...of: number[]): number[] => of.map((s) => START + s * 1e6);
    const [aUs, bUs] = seconds(4, 3.2) as [number, number];
    const lines = marchedOut({ aUs, bUs }, START, START + 6e6).map((us) => (us - START) / 1e6);
    expect(lines.map((s) => Number(s.toFixed(3)))).toEqual([0, 0.8, 1.6, 2.4, 4.8, 5.6]);
    expect(marchedOut({ aUs, bUs: aUs + 50e3 }, START, START + 6e6)).toEqual([]);
  });
});

describe('traces', () => {
  it('keep every sample at its own moment and value', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -32_767, max: 32_767 }), { minLength: 1, maxLength: 50 }), (samples) => {
        const [trace] = tracesOf([wave(2, samples)]);
        samples.forEach((sample, i) => {
          const found = sampleAt(trace!, START + 2e6 + i * 4_000);
          expect(found).toEqual({ atUs: START + 2e6 + i * 4_000, value: sample * GAIN, stepUs: 4_000 });
        });
      }),
    );
  });

  it('have a gap where nothing was said and where a sample is none, and nowhere else', () => {
    const silent = Array.from({ length: 250 }, () => NO_SAMPLE);
    const [trace] = tracesOf([wave(1, peaks(250, [], 0)), wave(2, silent), wave(3, peaks(250, [], 0)), wave(6, [0])]);
    const gaps = gapsOf(trace!, START, START + 7e6).map((gap) => gap.map((us) => (us - START) / 1e6));
    expect(gaps).toEqual([
      [0, 1],
      [2, 3],
      [4, 6],
      [6.004, 7],
    ]);
  });

  it('of two devices that tell one lead stay two', () => {
    const traces = tracesOf([wave(0, [1, 2]), wave(0, [3, 4], 250, 'transport'), wave(1, [5])]);
    expect(traces.map(({ source, pieces }) => [source, pieces.length])).toEqual([
      ['monitor', 2],
      ['transport', 1],
    ]);
    expect(spreadOf(traces[0]!)).toMatchObject({ least: GAIN, most: 5 * GAIN, median: 2 * GAIN });
  });
});

it('the paper is 25 mm of 96 pixels to the inch a second, and a moment is found again where it lies', () => {
  const paper = { fromUs: START, toUs: START + 60e6, speed: 25, gain: 10 } as const;
  expect(widthPx(paper)).toBeCloseTo(1_500 * PX_PER_MM, 6);
  expect(usAt(paper, xOf(paper, START + 12_345_678))).toBeCloseTo(START + 12_345_678, 0);
});

describe('the list of events', () => {
  const event = (s: number, name: string, kind: ReviewEvent['kind'] = 'alarm'): ReviewEvent => ({
    ...{ kind, atUs: START + s * 1e6, endUs: null, name, label: name.toUpperCase(), priority: null, text: '' },
  });
  const events = [
    event(0, 'vt'),
    event(5, 'hr-low'),
    event(9, 'vt'),
    event(9, 'vt', 'rhythm'),
    event(30, 'reset', 'reset'),
  ];

  it('is filtered by kind, a rhythm apart from the alarm of its name', () => {
    expect(kindsIn(events).map(({ key, count }) => [key, count])).toEqual([
      ['alarm vt', 2],
      ['alarm hr-low', 1],
      ['rhythm vt', 1],
      ['reset reset', 1],
    ]);
    expect(shownOf(events, new Set(['alarm vt', 'reset reset'])).map(({ name }) => name)).toEqual(['hr-low', 'vt']);
  });

  it('leads to the next and the one before from any moment, and to none beyond its ends', () => {
    expect(nextEvent(events, START + 6e6, 1)).toBe(2);
    expect(nextEvent(events, START + 6e6, -1)).toBe(1);
    expect(nextEvent(events, START + 30e6, 1)).toBeUndefined();
    expect(nextEvent(events, START, -1)).toBeUndefined();
  });

  it('of ten thousand draws those in sight, and every one of them comes into sight', () => {
    const seen = new Set<number>();
    for (let scrolled = 0; scrolled <= 10_000 * 40 - 400; scrolled += 200) {
      const { from, to } = rowsInSight(10_000, 40, scrolled, 400);
      expect(to - from).toBeLessThanOrEqual(21);
      for (let row = from; row < to; row++) seen.add(row);
    }
    expect(seen.size).toBe(10_000);
  });
});

it('an address leads to the bed and the moment it was made of, whatever the bed is called', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), (bed, s) => {
      const hash = reviewAddress(bed, START + s * 1e6).replace('review.html', '');
      expect(readReviewAddress(hash)).toEqual({ bed, atUs: START + s * 1e6, token: undefined });
    }),
  );
});

describe('the picture of a day', () => {
  it('is of the newest day, or has the moment in its middle, and always has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 * 86_400 }), (s) => {
        const [nowUs, atUs] = [START, START - s * 1e6];
        const { fromUs, toUs } = dayAround(atUs, nowUs);
        expect(toUs - fromUs).toBe(86_400e6);
        expect(fromUs <= atUs && atUs <= toUs).toBe(true);
      }),
    );
  });

  it('is not flattened by one artefact', () => {
    const ecgMost = Array.from({ length: 100 }, (_, i) => (i === 7 ? 40 : i === 8 ? null : 1.2));
    const ecgLeast = ecgMost.map((most) => (most === null ? null : -0.3));
    expect(bandSpan({ ecgLeast, ecgMost })).toEqual([-0.3, 1.2]);
    expect(bandSpan({ ecgLeast: [null], ecgMost: [null] })).toEqual([-1, 1]);
  });
});
