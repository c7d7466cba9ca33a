import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moment } from '../../schemas/units.ts';
import { type EcgMemory, hearEcg, startEcg } from '../../stream-models/ecg/hear-ecg.ts';
import type { EcgChunk, EcgSighting } from '../../stream-models/ecg/sighting.ts';
import {
  beatsAt,
  beatsOf,
  frameOf,
  LEAD_II,
  LEAD_V1,
  noiseAt,
  progressOf,
  START,
  type SyntheticLead,
  secondsOf,
  seenIn,
  seenWhile,
  steady,
} from './synthetic-ecg.ts';

const SECONDS = 12;

/** A bed's signal: leads of any rate with missing samples, and holes in which the device says nothing at all. */
interface Scene {
  readonly leads: readonly SyntheticLead[];
  readonly hole: readonly [number, number];
}

const rate = fc.constantFrom([250, 1], [360, 1], [500, 1], [125, 1], [30000, 97], [1000, 3]);
const scene: fc.Arbitrary<Scene> = fc
  .record({
    rates: fc.array(rate, { minLength: 1, maxLength: 3 }),
    perMinute: fc.integer({ min: 40, max: 180 }),
    noise: fc.double({ min: 0, max: 0.3, noNaN: true }),
    missingFrom: fc.integer({ min: 0, max: SECONDS }),
    missingFor: fc.double({ min: 0, max: 1, noNaN: true }),
    holeFrom: fc.integer({ min: 3, max: SECONDS }),
    holeFor: fc.constantFrom(0, 0, 0.02, 0.7, 3),
  })
  .map(({ rates, perMinute, noise, missingFrom, missingFor, holeFrom, holeFor }) => ({
    leads: rates.map(([rateNumerator, rateDenominator], l) => ({
      code: LEAD_II + l,
      rateNumerator: rateNumerator!,
      rateDenominator: rateDenominator!,
      signal: (s: number): number =>
        l === 0 && s > missingFrom && s < missingFrom + missingFor
          ? Number.NaN
          : beatsAt(steady(perMinute, 0.4, SECONDS))(s) + noise * noiseAt(s, l),
    })),
    hole: [holeFrom, holeFrom + holeFor] as const,
  }));

/** Frames that end at the cuts given, at the edges of the hole, and at the end. */
const framesCutAt = ({ leads, hole }: Scene, cuts: readonly number[]): readonly (readonly EcgChunk[])[] => {
  const edges = [...new Set([0, ...cuts.filter((cut) => cut < SECONDS), ...hole, SECONDS])].sort((a, b) => a - b);
  const frames: (readonly EcgChunk[])[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const [from, to] = [edges[i]!, edges[i + 1]!];
    if (to > hole[0] && from < hole[1]) continue;
    const frame = frameOf(leads, from, to);
    if (frame.length > 0) frames.push(frame);
  }
  return frames;
};
const every = (seconds: number): readonly number[] =>
  Array.from({ length: Math.floor(SECONDS / seconds) }, (_, i) => i * seconds);

describe('what is heard', () => {
  it('does not depend on how the signal was cut into frames', () => {
    const cuts = fc.array(fc.double({ min: 0, max: SECONDS, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(scene, cuts, (bed, anyhow) => {
        const whole = seenIn(framesCutAt(bed, []));
        expect(whole.length).toBeGreaterThan(20);
        expect(seenIn(framesCutAt(bed, anyhow))).toEqual(whole);
        expect(seenIn(framesCutAt(bed, every(0.04)))).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('does not depend on which of two equally good leads was heard first', () => {
    const signal = beatsAt(steady(75, 0.4, SECONDS));
    const leads = [
      { code: LEAD_II, rateNumerator: 250, rateDenominator: 1, signal },
      { code: LEAD_V1, rateNumerator: 360, rateDenominator: 1, signal },
    ];
    const whole = frameOf(leads, 0, SECONDS);
    // The first frame holds one sample of V1 and nothing of II.
    const first = whole.slice(1).map((chunk) => ({ ...chunk, samplesMv: chunk.samplesMv.slice(0, 1) }));
    const rest = whole.map((chunk, l) =>
      l === 0
        ? chunk
        : { ...chunk, start: moment(Math.round(chunk.start + 1e6 / 360)), samplesMv: chunk.samplesMv.slice(1) },
    );
    const seen = seenIn([whole]);
    expect(beatsOf(seen).length).toBeGreaterThan(8);
    expect(seenIn([first, rest])).toEqual(seen);
    expect(seenIn([whole.toReversed()])).toEqual(seen);
  });

  it('is the same when the signal comes sample by sample', () => {
    fc.assert(
      fc.property(scene, (bed) => {
        expect(seenIn(framesCutAt(bed, every(0.002)))).toEqual(seenIn(framesCutAt(bed, every(10))));
      }),
      { numRuns: 4 },
    );
  });

  it('is the same after the memory was stored and loaded at any moment, and the memory given is never changed', () => {
    fc.assert(
      fc.property(scene, (bed) => {
        const frames = framesCutAt(bed, every(0.25));
        const sightings: EcgSighting[] = [];
        let memory: EcgMemory = startEcg;
        for (const frame of frames) {
          const stored = structuredClone(memory);
          const [next, said] = hearEcg(stored, frame, new Set());
          expect(stored).toEqual(memory);
          memory = next;
          sightings.push(...said);
        }
        expect(sightings).toEqual(seenIn(frames));
      }),
      { numRuns: 5 },
    );
  });
});

describe('time', () => {
  const lead = (signal: (s: number) => number): SyntheticLead => ({
    code: LEAD_II,
    rateNumerator: 250,
    rateDenominator: 1,
    signal,
  });
  const peaks = steady(75, 0.6, 59);

  it('goes on in steps of 250 ms that together hold every sample once', () => {
    const progress = progressOf(seenWhile([lead(beatsAt(peaks))], 10, 0.3));
    expect(progress.map(({ at }) => Math.ceil(secondsOf(at) * 4))).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(progress.reduce((sum, { leads }) => sum + leads[0]!.samplesMv.length, 0)).toBe(2500);
  });

  it('does not drift: beats after an hour are as exact as at the beginning, and the memory does not grow', () => {
    // An hour in which the samples of one beat are heard again and again, at 360 per second.
    const one = frameOf([{ ...lead(beatsAt([0.5])), rateNumerator: 360 }], 0, 1);
    let memory: EcgMemory = startEcg;
    let said: readonly EcgSighting[] = [];
    let size = 0;
    for (let second = 0; second < 3600; second++) {
      [memory, said] = hearEcg(memory, [{ ...one[0]!, start: moment(START + second * 1e6) }], new Set());
      const bytes = JSON.stringify(memory, (_, value) => (ArrayBuffer.isView(value) ? value.byteLength : value)).length;
      if (second === 10) size = bytes;
      if (second > 10) expect(bytes).toBeLessThan(2 * size);
    }
    const beat = beatsOf(said)[0]!;
    expect(Math.abs(((beat.at - START) % 1e6) - 500_000)).toBeLessThanOrEqual(8000);
  });

  it('breaks at a hole, once, and the memory of what was before it is gone', () => {
    const [before, after] = [frameOf([lead(beatsAt(peaks))], 0, 10), frameOf([lead(beatsAt(peaks))], 25, 35)];
    const sightings = seenIn([before, after]);
    const broken = sightings.filter(({ tag }) => tag === 'EcgBroken');
    expect(broken).toEqual([{ tag: 'EcgBroken', at: START + 10e6, said: START + 25e6, why: 'gap' }]);
    const afterBreak = sightings.slice(sightings.indexOf(broken[0]!) + 1);
    const alone = seenIn([after]);
    expect(afterBreak).toEqual(alone);
    expect(sightings.filter(({ at }) => secondsOf(at) > 10 && secondsOf(at) < 25)).toEqual([]);
  });

  it('breaks when time goes back, when the rate changes and when a new lead appears', () => {
    const signal = beatsAt(peaks);
    const first = frameOf([lead(signal)], 10, 20);
    const why = (next: readonly EcgChunk[]): readonly string[] =>
      seenIn([first, next]).flatMap((sighting) => (sighting.tag === 'EcgBroken' ? [sighting.why] : []));
    expect(why(frameOf([lead(signal)], 5, 9))).toEqual(['new epoch']);
    expect(why(frameOf([{ ...lead(signal), rateNumerator: 500 }], 20, 21))).toEqual(['rate changed']);
    expect(why(frameOf([lead(signal), { ...lead(signal), code: LEAD_V1 }], 20, 21))).toEqual(['leads changed']);
    expect(why(frameOf([lead(signal)], 20, 21))).toEqual([]);
  });

  it('does not break when a clock and a sampling differ by 200 parts in a million, and follows the clock', () => {
    const frames = Array.from({ length: 300 }, (_, i) => {
      const [chunk] = frameOf([lead(beatsAt(peaks))], 0, 0.2);
      return [{ ...chunk!, start: moment(START + Math.round(i * 200_000 * 1.0002)) }];
    });
    const sightings = seenIn(frames);
    expect(sightings.some(({ tag }) => tag === 'EcgBroken')).toBe(false);
    expect(Math.abs(sightings.at(-1)!.said - (START + 300 * 200_000 * 1.0002))).toBeLessThan(250_000);
  });

  it('never makes samples of missing ones', () => {
    const holed = lead((s) => (s > 5 && s < 6 ? Number.NaN : beatsAt(peaks)(s)));
    const samples = progressOf(seenWhile([{ ...holed, rateNumerator: 360 }], 10)).flatMap(({ leads }) => [
      ...leads[0]!.samplesMv,
    ]);
    const missing = samples.flatMap((x, i) => (Number.isNaN(x) ? [i / 250] : []));
    expect(missing.length).toBeGreaterThanOrEqual(248);
    expect(Math.min(...missing.filter((at) => at > 0.1))).toBeLessThan(5.02);
    expect(Math.max(...missing)).toBeGreaterThan(5.98);
    expect(
      beatsOf(seenWhile([holed], 10)).every(({ shapes }) => shapes.every((shape) => !shape.includes(Number.NaN))),
    ).toBe(true);
  });

  it('keeps the memory of twelve leads below 64 KB and of two below 16 KB', () => {
    const bytes = (leads: number): number => {
      const codes = Array.from({ length: leads }, (_, l) => ({
        ...lead(beatsAt(peaks)),
        rateNumerator: 500,
        code: 131329 + l,
      }));
      const [memory] = hearEcg(startEcg, frameOf(codes, 0, 10), new Set());
      let sum = 0;
      JSON.stringify(memory, (_, value) => {
        sum += ArrayBuffer.isView(value) ? value.byteLength : 8;
        return value instanceof Object && !ArrayBuffer.isView(value) ? value : 0;
      });
      return sum;
    };
    expect(bytes(2)).toBeLessThan(16_384);
    expect(bytes(12)).toBeLessThan(64_000);
  });
});

describe('stamps that tremble', () => {
  it.each([-200, 0, 200])('end no run for minutes, where the clock drifts by %i millionths, too', (drift) => {
    const signal = beatsAt(steady(75, 0.4, 200));
    let memory: EcgMemory = startEcg;
    const seen: EcgSighting[] = [];
    for (let i = 0; i < 200; i++) {
      const trembles = (((i * 7919) % 7) - 3) * 1_000;
      const start = moment(Math.round(START + i * 1e6 * (1 + drift / 1e6) + trembles));
      const frame = frameOf([{ code: LEAD_II, rateNumerator: 250, rateDenominator: 1, signal }], i, i + 1);
      const [after, said] = hearEcg(memory, [{ ...frame[0]!, start }], new Set());
      memory = after;
      seen.push(...said);
    }
    expect(seen.filter(({ tag }) => tag === 'EcgBroken')).toEqual([]);
    expect(beatsOf(seen).length).toBeGreaterThan(245);
  });
});
