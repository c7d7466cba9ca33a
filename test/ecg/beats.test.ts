import { describe, expect, it } from 'vitest';
import { startEcg } from '../../stream-models/ecg/hear-ecg.ts';
import { SHAPE_AFTER, SHAPE_BEFORE } from '../../stream-models/ecg/sighting.ts';
import {
  beatsAt,
  beatsOf,
  frameOf,
  LEAD_II,
  LEAD_V1,
  leadOf,
  noiseAt,
  secondsOf,
  seenIn,
  seenWhile,
  steady,
} from './synthetic-ecg.ts';

const beatTimes = (signal: (seconds: number) => number, seconds: number, rateHz = 250): readonly number[] =>
  beatsOf(seenWhile([leadOf(LEAD_II, rateHz, signal)], seconds)).map(({ at }) => secondsOf(at));

/** How far the worst found beat lies from the beat it stands for; Infinity when a beat is missing or too many. */
const worstMs = (found: readonly number[], known: readonly number[]): number =>
  found.length === known.length
    ? Math.max(...found.map((at, i) => Math.abs(at - known[i]!) * 1000))
    : Number.POSITIVE_INFINITY;

describe('beats', () => {
  const peaks = steady(75, 0.6, 19.2);

  it.each([125, 200, 250, 300, 360, 500, 1000])(
    'are found within 8 ms of their R peak at %i samples per second',
    (rateHz) => {
      expect(worstMs(beatTimes(beatsAt(peaks), 20, rateHz), peaks)).toBeLessThanOrEqual(8);
    },
  );

  it('are found at a rate that is no whole number', () => {
    const lead = { code: LEAD_II, rateNumerator: 30000, rateDenominator: 97, signal: beatsAt(peaks) };
    expect(
      worstMs(
        beatsOf(seenWhile([lead], 20)).map(({ at }) => secondsOf(at)),
        peaks,
      ),
    ).toBeLessThanOrEqual(8);
  });

  it.each([0.2, 0.5, 1, 5, -1])('are found when the R wave is %d mV', (rMv) => {
    const form = { rMv, tMv: 0.2 * rMv, pMv: 0.1 * Math.abs(rMv) };
    const sightings = seenWhile([leadOf(LEAD_II, 250, beatsAt(peaks, form))], 20);
    const found = beatsOf(sightings);
    expect(
      worstMs(
        found.map(({ at }) => secondsOf(at)),
        peaks,
      ),
    ).toBeLessThanOrEqual(8);
    expect(Math.sign(found.at(-1)!.amplitudeMv)).toBe(Math.sign(rMv));
  });

  it.each([30, 60, 120, 200, 250])('are found at %i a minute', (perMinute) => {
    const tAfter = Math.min(0.28, 30 / perMinute);
    const fast = steady(perMinute, 0.6, 19);
    const found = beatTimes(beatsAt(fast, { tAfter, pMv: 0, tWidth: tAfter / 7 }), 20);
    expect(found.length).toBeGreaterThanOrEqual(fast.length - 1);
    expect(found.length).toBeLessThanOrEqual(fast.length);
  });

  it.each([0.008, 0.02, 0.04])('are found when the complex is %d s wide (standard deviation)', (rWidth) => {
    expect(worstMs(beatTimes(beatsAt(peaks, { rWidth }), 20), peaks)).toBeLessThanOrEqual(16);
  });

  it.each([60, 80, 120])('do not count T waves of 1.2 mV at %i a minute', (perMinute) => {
    const slow = steady(perMinute, 0.6, 19);
    const tall = { rWidth: 0.018, tMv: 1.2, tWidth: 0.045, tAfter: 0.26 };
    expect(beatTimes(beatsAt(slow, tall), 20)).toHaveLength(slow.length);
  });

  it('are found under hum of 0.3 mV, breath of 1 mV and noise', () => {
    const sum = (seconds: number): number =>
      beatsAt(peaks)(seconds) +
      0.3 * Math.sin(2 * Math.PI * 50 * seconds) +
      Math.sin(2 * Math.PI * 0.25 * seconds) +
      0.05 * noiseAt(seconds);
    expect(worstMs(beatTimes(sum, 20, 500), peaks)).toBeLessThanOrEqual(12);
  });

  it('are found again after they became ten times smaller, and after they became ten times larger', () => {
    const before = steady(75, 0.6, 15);
    const after = steady(75, 15, 44.6);
    const big = { rMv: 2, pMv: 0.1 };
    const small = { rMv: 0.2, tMv: 0.04, pMv: 0.01 };
    const shrinking = beatTimes((s) => beatsAt(before, big)(s) + beatsAt(after, small)(s), 45);
    expect(shrinking.filter((at) => at > 30)).toHaveLength(after.filter((at) => at > 30).length);
    const growing = beatTimes((s) => beatsAt(before, small)(s) + beatsAt(after, big)(s), 45);
    expect(growing.filter((at) => at > 20)).toHaveLength(after.filter((at) => at > 20).length);
  });

  it('are said at most 300 ms after the R peak once the first two seconds are learned, in the order of saying', () => {
    for (const rateHz of [250, 360, 500]) {
      const sightings = seenWhile([leadOf(LEAD_II, rateHz, beatsAt(peaks))], 20);
      for (const { at, said } of beatsOf(sightings).filter(({ at }) => secondsOf(at) > 2))
        expect(said - at).toBeLessThanOrEqual(300_000);
      const said = sightings.map((sighting) => sighting.said);
      expect(said).toEqual([...said].sort((a, b) => a - b));
    }
  });

  it('carry a whole shape of each lead in use, the best first, with the R peak in its middle', () => {
    const leads = [leadOf(LEAD_II, 250, (s: number) => 0.2 * beatsAt(peaks)(s)), leadOf(LEAD_V1, 360, beatsAt(peaks))];
    const beat = beatsOf(seenWhile(leads, 20)).at(-1)!;
    expect(beat.lead).toBe(LEAD_V1);
    expect(beat.shapes.map(({ length }) => length)).toEqual([SHAPE_BEFORE + SHAPE_AFTER, SHAPE_BEFORE + SHAPE_AFTER]);
    const best = beat.shapes[0]!;
    expect(best.indexOf(Math.max(...best))).toBe(SHAPE_BEFORE);
    expect(Math.max(...best)).toBeGreaterThan(3 * Math.max(...beat.shapes[1]!));
  });
});

describe('one bad lead does not spoil the others', () => {
  const peaks = steady(75, 0.6, 29.2);
  const good = leadOf(LEAD_II, 250, (s: number) => beatsAt(peaks)(s) + 0.01 * noiseAt(s));
  const bad: Readonly<Record<string, (seconds: number) => number>> = {
    'goes flat': (s) => (s < 10 ? beatsAt(peaks)(s) : 0),
    'falls silent (no samples)': (s) => (s < 10 ? beatsAt(peaks)(s) : Number.NaN),
    'fills with noise of 0.5 mV': (s) => beatsAt(peaks)(s) + (s < 10 ? 0 : 0.5 * noiseAt(s, 7)),
    'is noise from the beginning': (s) => 0.3 * noiseAt(s, 7),
  };
  it.each(Object.keys(bad))('when it %s', (what) => {
    const found = beatsOf(seenWhile([good, leadOf(LEAD_V1, 250, bad[what]!)], 30)).map(({ at }) => secondsOf(at));
    expect(worstMs(found, peaks)).toBeLessThanOrEqual(40);
  });

  it('when it is 4 mV of noise and its electrode is said to be off', () => {
    const loud = leadOf(LEAD_V1, 250, (s: number) => 4 * noiseAt(s, 3));
    const found = beatsOf(seenWhile([good, loud], 30, 1, new Set([LEAD_V1])));
    expect(
      worstMs(
        found.map(({ at }) => secondsOf(at)),
        peaks,
      ),
    ).toBeLessThanOrEqual(8);
    expect(found.every(({ shapes }) => shapes.length === 1)).toBe(true);
  });
});

describe('no beats is an answer', () => {
  const none: Readonly<Record<string, (seconds: number) => number>> = {
    zeros: () => 0,
    'a constant of 3 mV': () => 3,
    'no samples at all': () => Number.NaN,
    'a pacemaker that captures nothing': (s) => (Math.round(s * 250) % 200 === 50 ? 2 : 0) + 0.01 * noiseAt(s),
    'noise of 0.05 mV': (s) => 0.05 * noiseAt(s),
    'slow wander': (s) => Math.sin(2 * Math.PI * 0.3 * s),
  };
  it.each(Object.keys(none))('in %s', (what) => {
    const sightings = seenWhile([leadOf(LEAD_II, 250, none[what]!)], 20);
    expect(beatsOf(sightings)).toEqual([]);
    expect(sightings).toHaveLength(80);
    expect(sightings.every((sighting) => sighting.tag === 'EcgProgress' && sighting.lastBeat === undefined)).toBe(true);
  });

  it('for at least ten seconds after the last beat, in noise, with P waves alone, and with pacing that fails', () => {
    const before = steady(75, 0.6, 15.2);
    const last = before.at(-1)!;
    const standstill: readonly ((seconds: number) => number)[] = [
      (s) => 0.05 * noiseAt(s),
      (s) => (s > 15 ? beatsAt(steady(75, 0.6, 40), { rMv: 0, tMv: 0, pMv: 0.15 })(s) : 0),
      (s) => (Math.round(s * 250) % 200 === 50 ? 2 : 0),
    ];
    for (const more of standstill) {
      const found = beatTimes((s) => beatsAt(before)(s) + more(s), 30);
      expect(found.filter((at) => at > last + 0.1 && at < last + 10)).toEqual([]);
      expect(found.filter((at) => at < last + 0.1)).toHaveLength(before.length);
    }
  });

  it('in fibrillation, noise, one sample, or numbers that are none, and nothing throws', () => {
    const wild: readonly ((seconds: number) => number)[] = [
      (s) => 0.4 * Math.sin(2 * Math.PI * 5 * s + Math.sin(2 * s)) * (1 + 0.5 * Math.sin(s)),
      (s) => noiseAt(s),
      (s) => (Math.round(s * 250) % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NaN),
      (s) => 1e30 * noiseAt(s),
    ];
    for (const signal of wild) expect(seenWhile([leadOf(LEAD_II, 250, signal)], 20).length).toBeGreaterThanOrEqual(80);
    expect(seenIn([frameOf([leadOf(LEAD_II, 250, () => 1)], 0, 0.004)])).toEqual([]);
    expect(seenIn([[]])).toEqual([]);
    expect(startEcg).toEqual({ run: undefined });
  });
});
