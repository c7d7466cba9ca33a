import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startPulse, withoutPulses } from '../../stream-models/ecg/pacing-pulse.ts';
import { beatsAt, beatsOf, LEAD_II, LEAD_V1, leadOf, noiseAt, secondsOf, seenWhile, steady } from './synthetic-ecg.ts';

/** A front end shows no more than this. */
const CLIPPED_MV = 5;

/** Pulses as a converter samples them: the mean over the time of a sample, or the value behind a low-pass of the first order. */
const pulsesAt =
  (times: readonly number[], mv: number, seconds: number, rateHz: number, lowPassHz?: number) =>
  (s: number): number => {
    let sum = 0;
    for (const t of times) {
      if (Math.abs(s - t) > 0.1) continue;
      const shared = Math.min(t + seconds, s + 0.5 / rateHz) - Math.max(t, s - 0.5 / rateHz);
      const answer = (x: number): number => (x <= 0 ? 0 : 1 - Math.exp(-2 * Math.PI * lowPassHz! * x));
      sum +=
        lowPassHz === undefined ? Math.max(0, shared) * rateHz * mv : mv * (answer(s - t) - answer(s - t - seconds));
    }
    return Math.max(-CLIPPED_MV, Math.min(CLIPPED_MV, sum));
  };

/** Wide complexes behind each pulse up to 20 s, then pulses that capture nothing, at places between the samples. */
const CAPTURED_TO = 20;
const captured = steady(70, 0.6, CAPTURED_TO).map((at) => at + 0.04);
const pulseTimes = [...steady(70, 0.6, CAPTURED_TO), ...steady(70, CAPTURED_TO + 0.3, 40)].map(
  (at, i) => at + ((i * 7) % 13) * 0.0003,
);

const found = (rateHz: number, mv: number, seconds: number, lowPassHz?: number): readonly number[] => {
  const ecg = beatsAt(captured, { rWidth: 0.03, rMv: -1, tMv: 0.4, pMv: 0 });
  const pulses = pulsesAt(pulseTimes, mv, seconds, rateHz, lowPassHz);
  const lead = (code: number, share: number) =>
    leadOf(code, rateHz, (s) => ecg(s) + share * pulses(s) + 0.008 * noiseAt(s, code));
  return beatsOf(seenWhile([lead(LEAD_II, 1), lead(LEAD_V1, 0.7)], 40)).map(({ at }) => secondsOf(at));
};

describe('pulses of a pacemaker', () => {
  const strong: readonly (readonly [mv: number, seconds: number])[] = [
    [100, 0.001],
    [300, 0.002],
    [-700, 0.0005],
    [700, 0.002],
  ];
  it.each([300, 360, 500, 1000])('that capture nothing are no beats at %i samples per second', (rateHz) => {
    for (const [mv, seconds] of strong) {
      const beats = found(rateHz, mv, seconds);
      expect(beats.filter((at) => at < CAPTURED_TO)).toHaveLength(captured.length);
      expect(beats.filter((at) => at > CAPTURED_TO + 0.2)).toEqual([]);
    }
  });

  it.each([300, 500, 1000])('are none behind a low-pass of 150 Hz either, at %i samples per second', (rateHz) => {
    for (const [mv, seconds] of strong) {
      const beats = found(rateHz, mv, seconds, 150);
      expect(beats.filter((at) => at < CAPTURED_TO)).toHaveLength(captured.length);
      expect(beats.filter((at) => at > CAPTURED_TO + 0.2)).toEqual([]);
    }
  });
});

describe('samples without the pulses in them', () => {
  const sampled = (rateHz: number, seconds: number, signal: (s: number) => number): Float32Array =>
    Float32Array.from({ length: seconds * rateHz }, (_, i) => signal(i / rateHz));

  it.each([125, 240, 360, 500, 1000])('are the same array where a heart beats, however tall, at %i Hz', (rateHz) => {
    for (const rWidth of [0.012, 0.03]) {
      const samples = sampled(
        rateHz,
        20,
        (s) => beatsAt(steady(80, 0.5, 20), { rMv: 3, rWidth })(s) + 0.05 * noiseAt(s),
      );
      expect(withoutPulses(startPulse(), samples, rateHz)).toBe(samples);
    }
  });

  it('do not depend on how they were cut', () => {
    const samples = sampled(500, 5, (s) =>
      s > 2 && s < 2.1 ? Number.NaN : beatsAt(steady(80, 0.5, 5))(s) + pulsesAt(steady(70, 0.3, 5), 50, 0.001, 500)(s),
    );
    const whole = withoutPulses(startPulse(), samples, 500);
    expect(whole).not.toBe(samples);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: samples.length }), { maxLength: 40 }), (cuts) => {
        const state = startPulse();
        const edges = [0, ...cuts.sort((a, b) => a - b), samples.length];
        const parts = edges.slice(1).map((to, i) => withoutPulses(state, samples.subarray(edges[i]!, to), 500));
        expect(Float32Array.from(parts.flatMap((part) => [...part]))).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });
});
