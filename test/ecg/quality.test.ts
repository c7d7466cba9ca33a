import { describe, expect, it } from 'vitest';
import type { LeadProgress } from '../../stream-models/ecg/sighting.ts';
import { beatsAt, LEAD_II, leadOf, noiseAt, progressOf, seenWhile, steady } from './synthetic-ecg.ts';

const clean = beatsAt(steady(75, 0.6, 30));

/** The lead as it is judged at the end of ten seconds. */
const judged = (signal: (seconds: number) => number, rateHz = 250, off: readonly number[] = []): LeadProgress =>
  progressOf(seenWhile([leadOf(LEAD_II, rateHz, signal)], 10, 1, new Set(off))).at(-1)!.leads[0]!;

/** What an amplifier with rails at ±2 mV makes of a signal. */
const clipped = (signal: (seconds: number) => number) => (seconds: number) =>
  Math.max(-2, Math.min(2, signal(seconds)));

describe('quality', () => {
  it('of a clean lead is above 0.9', () => {
    expect(judged(clean)).toMatchObject({ flat: false, saturated: false, off: false });
    expect(judged(clean).quality).toBeGreaterThan(0.9);
  });

  const harms: Readonly<Record<string, (much: number) => (seconds: number) => number>> = {
    'baseline wander': (much) => (s) => clean(s) + 5 * much * Math.sin(2 * Math.PI * 0.4 * s),
    'hum of 50 Hz': (much) => (s) => clean(s) + much * Math.sin(2 * Math.PI * 50 * s),
    'hum of 60 Hz': (much) => (s) => clean(s) + much * Math.sin(2 * Math.PI * 60 * s),
    'muscle noise': (much) => (s) => clean(s) + much * noiseAt(s),
    motion: (much) => (s) => clean(s) + 10 * much * Math.sin(2 * Math.PI * 1.7 * s) ** 3,
    clipping: (much) => clipped((s) => (1 + 10 * much) * clean(s) + 6 * much * Math.sin(2 * Math.PI * 0.9 * s)),
  };
  it.each(Object.keys(harms))('falls with %s, the more the lower', (what) => {
    const [none, some, much] = [0, 0.3, 1].map((amount) => judged(harms[what]!(amount), 500).quality);
    expect(some!).toBeLessThan(0.8 * none!);
    expect(much!).toBeLessThan(0.5 * some! + 1e-9);
  });

  it('is 0 on a lead that is flat, missing or said to be off needs no more', () => {
    expect(judged(() => 0)).toMatchObject({ quality: 0, flat: true, saturated: false });
    expect(judged((s) => 0.01 * noiseAt(s))).toMatchObject({ quality: 0, flat: true });
    expect(judged(() => Number.NaN)).toMatchObject({ quality: 0, flat: false });
    expect(judged(clean, 250, [LEAD_II]).off).toBe(true);
  });
});

describe('a flat line', () => {
  it('is seen within 1.3 s, and so is its end', () => {
    const progress = progressOf(seenWhile([leadOf(LEAD_II, 360, (s: number) => (s > 8 && s < 14 ? 0 : clean(s)))], 20));
    const flat = progress.filter(({ leads }) => leads[0]!.flat);
    expect((flat[0]!.at - progress[0]!.at) / 1e6 + 0.25).toBeLessThan(9.5);
    expect((flat.at(-1)!.at - progress[0]!.at) / 1e6 + 0.25).toBeLessThan(15.5);
    expect(flat.length).toBeGreaterThan(16);
  });

  it('is not asystole with a little noise', () => {
    expect(judged((s) => 0.05 * noiseAt(s)).flat).toBe(false);
  });
});

describe('saturation', () => {
  it('is seen in plateaus at a rail, at 250 and at 360 samples per second', () => {
    for (const rateHz of [250, 360]) {
      const railed = clipped((s) => clean(s) + (s > 8 ? 5 : 0));
      expect(judged(railed, rateHz).saturated).toBe(true);
    }
  });

  it('is not seen in a clean lead, a flat line or a tall R wave', () => {
    expect(judged(clean).saturated).toBe(false);
    expect(judged(() => 0).saturated).toBe(false);
    expect(judged((s) => 5 * clean(s), 500).saturated).toBe(false);
  });
});
