import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { hearPulses, startPulses } from '../../stream-models/pulse/hear-pulse.ts';
import { noiseAt, steady } from '../ecg/synthetic-ecg.ts';
import {
  chunksOf,
  every,
  pressureAt,
  progressOf,
  pulseOf,
  pulsesOf,
  type SyntheticPulse,
  secondsOf,
  seenBetween,
} from './synthetic-pulse.ts';

const SECONDS = 16;
const rate = fc.constantFrom([250, 1], [125, 1], [200, 1], [500, 1], [125, 2], [30000, 97]);
const bed: fc.Arbitrary<readonly SyntheticPulse[]> = fc
  .record({
    rates: fc.array(rate, { minLength: 1, maxLength: 2 }),
    perMinute: fc.integer({ min: 40, max: 170 }),
    noise: fc.double({ min: 0, max: 6, noNaN: true }),
    missingFrom: fc.integer({ min: 0, max: SECONDS }),
    missingFor: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ rates, perMinute, noise, missingFrom, missingFor }) =>
    rates.map(([rateNumerator, rateDenominator], i) => ({
      code: i === 0 ? MDC.abpWave : MDC.pleth,
      rateNumerator: rateNumerator!,
      rateDenominator: rateDenominator!,
      signal: (s: number): number =>
        i === 0 && s > missingFrom && s < missingFrom + missingFor
          ? Number.NaN
          : pressureAt(steady(perMinute, 0.5, SECONDS))(s) + noise * noiseAt(s, i),
    })),
  );

/** Of each signal in its order: two signals that are said at one moment may change places. */
const bySignal = (seen: ReturnType<typeof seenBetween>) =>
  [MDC.abpWave, MDC.pleth].map((code) => seen.filter((each) => each.code === code));

describe('what is heard of a pulse', () => {
  it('does not depend on how the signal was cut into frames', () => {
    const cuts = fc.array(fc.double({ min: 0, max: SECONDS, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(bed, cuts, (signals, anyhow) => {
        const whole = bySignal(seenBetween(signals, [0, SECONDS]));
        expect(whole[0]!.length).toBeGreaterThan(12);
        expect(bySignal(seenBetween(signals, [0, ...anyhow.sort((a, b) => a - b), SECONDS]))).toEqual(whole);
        expect(bySignal(seenBetween(signals, every(0.04, SECONDS)))).toEqual(whole);
        expect(bySignal(seenBetween(signals, every(1, SECONDS)))).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('is the same after its memory went through a checkpoint', () => {
    const signals = [pulseOf(125, pressureAt(steady(72, 0.5, SECONDS)))];
    const [before] = hearPulses(startPulses, chunksOf(signals, 0, 7.3));
    const rest = chunksOf(signals, 7.3, SECONDS);
    expect(hearPulses(structuredClone(before), rest)).toEqual(hearPulses(before, rest));
  });

  it('finds every pulse of a steady heart, from 40 to 180 a minute, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 180 }), rate, (perMinute, [rateNumerator, rateDenominator]) => {
        const upstrokes = steady(perMinute, 0.5, 30);
        const signal = {
          ...pulseOf(1, pressureAt(upstrokes)),
          rateNumerator: rateNumerator!,
          rateDenominator: rateDenominator!,
        };
        const found = pulsesOf(seenBetween([signal], every(1, 30))).map(({ at }) => secondsOf(at));
        const expected = upstrokes.filter((at) => at > 5 && at < 29);
        for (const at of expected)
          expect(
            found.filter((each) => Math.abs(each - at) < 0.15),
            `pulse at ${at.toFixed(2)} s`,
          ).toHaveLength(1);
        expect(found.filter((at) => at > 5 && at < 29).length).toBeLessThanOrEqual(expected.length + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('says a pulse within half a second of its upstroke', () => {
    const seen = pulsesOf(seenBetween([pulseOf(250, pressureAt(steady(75, 0.5, 20)))], every(0.04, 20)));
    expect(seen.length).toBeGreaterThan(15);
    for (const { at, said } of seen) expect(said - at).toBeLessThan(500_000);
  });

  it('calls a pulse that looks as always alike and strong', () => {
    const seen = pulsesOf(seenBetween([pulseOf(125, pressureAt(steady(75, 0.5, 30)))], every(1, 30)));
    for (const pulse of seen.filter(({ at }) => secondsOf(at) > 8)) {
      expect(pulse.likeness).toBeGreaterThan(0.97);
      expect(pulse.strength).toBeGreaterThan(0.9);
      expect(pulse.strength).toBeLessThan(1.1);
    }
  });

  it('hears no pulse in a line that has gone still, and calls it flat', () => {
    const upstrokes = steady(75, 0.5, 20);
    const signal = (s: number): number => (s < 20 ? pressureAt(upstrokes)(s) : 68) + 0.2 * noiseAt(s);
    const seen = seenBetween([pulseOf(125, signal)], every(1, 32));
    expect(pulsesOf(seen).filter(({ at }) => secondsOf(at) > 21.5)).toEqual([]);
    for (const second of progressOf(seen).filter(({ at }) => secondsOf(at) > 22.5)) expect(second.flat).toBe(true);
  });

  it('calls pulses weak that hardly move the line any more', () => {
    const signal = (s: number): number =>
      s < 20 ? pressureAt(steady(75, 0.5, 20))(s) : pressureAt(steady(75, 20.5, 40), 9)(s);
    const weak = pulsesOf(seenBetween([pulseOf(125, signal)], every(1, 40))).filter(({ at }) => secondsOf(at) > 26);
    expect(weak.length).toBeGreaterThan(5);
    for (const { strength } of weak.slice(0, 6)) expect(strength).toBeLessThan(0.4);
  });

  it('thinks little of noise', () => {
    const good = progressOf(seenBetween([pulseOf(125, pressureAt(steady(75, 0.5, 20)))], every(1, 20)));
    const bad = progressOf(seenBetween([pulseOf(125, (s) => 70 + 40 * noiseAt(s))], every(1, 20)));
    for (const { quality } of good.slice(3)) expect(quality).toBeGreaterThan(0.8);
    for (const { quality } of bad.slice(3)) expect(quality).toBeLessThan(0.25);
  });

  it('begins anew behind a hole', () => {
    const signals = [pulseOf(125, pressureAt(steady(75, 0.5, 30)))];
    const [before] = hearPulses(startPulses, chunksOf(signals, 0, 10));
    const [, seen] = hearPulses(before, chunksOf(signals, 12, 13));
    expect(seen[0]).toMatchObject({ tag: 'PulseBroken', why: 'gap' });
  });
});
