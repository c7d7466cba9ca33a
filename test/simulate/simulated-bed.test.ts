import { toBinary } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeTelemetry, encodeTelemetry, samplesOf } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import type { EpisodeKind } from '../../services/simulate/episodes.ts';
import { type SimulatedFrame, simulatedBed } from '../../services/simulate/simulated-bed.ts';
import { simulatedWard } from '../../services/simulate/ward.ts';
import { hearEcg, startEcg } from '../../stream-models/ecg/hear-ecg.ts';
import { beatsOf, bedWith, ecgOf, played, START, secondsInto } from './bed.ts';

const bytesOf = (frames: readonly SimulatedFrame[]): readonly string[] =>
  frames.map(({ telemetry }) =>
    telemetry ? Buffer.from(toBinary(TelemetrySchema, telemetry)).toString('base64') : 'silent',
  );

const during = (kind: EpisodeKind, fromS = 20, toS = 40) => bedWith([{ kind, fromS, toS }]);

const valuesOf = (frames: readonly SimulatedFrame[], code: number): readonly (number | string)[] =>
  frames.flatMap(({ telemetry }) =>
    (telemetry?.numerics ?? [])
      .filter((numeric) => numeric.code === code)
      .map(({ reading }) => (reading.case === 'value' ? reading.value : 'missing')),
  );

describe('a simulated bed', () => {
  it('is the same whenever and however it is looked at', () => {
    const bed = during('af');
    const once = bytesOf(played(bed, 60));
    expect(once).toHaveLength(240);
    expect(bytesOf(played(bed, 60, 0.33))).toEqual(once);
    expect(bytesOf(played({ ...bed, seed: bed.seed + 1 }, 60))).not.toEqual(once);
  });

  it('goes on from a memory that was stored and loaded', () => {
    const settings = during('vf', 3, 9);
    const bed = simulatedBed(settings);
    const [halfway, first] = bed.step(bed.start, secondsInto(settings, 5));
    const [, second] = bed.step(structuredClone(halfway), secondsInto(settings, 20));
    expect(bytesOf([...first, ...second])).toEqual(bytesOf(played(settings, 20)));
  });

  it('sends frames that the gateway takes, without a hole or an overlap in any signal', () => {
    const ends = new Map<number, number>();
    for (const { telemetry } of played(during('vt'), 60)) {
      const decoded = decodeTelemetry(encodeTelemetry(telemetry!));
      expect(E.isRight(decoded), JSON.stringify(decoded)).toBe(true);
      for (const wave of telemetry!.waveforms) {
        expect(wave.startUs).toBe(ends.get(wave.code) ?? START);
        ends.set(wave.code, wave.startUs + (samplesOf(wave).length * 1e6) / wave.rateNumerator);
      }
    }
    expect([...ends.values()]).toEqual([START + 60e6, START + 60e6, START + 60e6]);
  });

  it('counts its frames up by one, and says nothing while the device is silent', () => {
    const frames = played(during('silent', 10, 15), 20);
    const sequences = frames.flatMap(({ telemetry }) => (telemetry ? [telemetry.sequence] : []));
    expect(sequences).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(frames.slice(40, 60).every(({ telemetry }) => telemetry === undefined)).toBe(true);
  });

  it('shows as many QRS complexes as its heart beats, within 100 ms of each', () => {
    let memory = startEcg;
    const found: number[] = [];
    const frames = played(bedWith(), 120);
    for (const frame of frames) {
      const [next, seen] = hearEcg(memory, ecgOf(frame), new Set());
      memory = next;
      for (const each of seen) if (each.tag === 'BeatSeen') found.push((each.at - START) / 1e6);
    }
    // The detector learns for two seconds, and the last beat may not be said yet.
    const beats = beatsOf(frames).filter(({ atS }) => atS > 3 && atS < 118);
    expect(beats.length).toBeGreaterThan(100);
    const missed = beats.filter(({ atS }) => !found.some((at) => Math.abs(at - atS) < 0.1));
    const invented = found.filter((at) => at > 3 && at < 118 && !beats.some(({ atS }) => Math.abs(at - atS) < 0.1));
    expect(missed).toEqual([]);
    expect(invented).toEqual([]);
  });

  it.each([
    ['extreme-brady', 25, 39],
    ['extreme-tachy', 141, 170],
    ['vt', 120, 190],
    ['af', 80, 125],
  ] as const)('beats at %s between %i and %i a minute', (kind, low, high) => {
    const beats = beatsOf(played(during(kind, 20, 80), 80)).filter(({ atS }) => atS > 25);
    const perMin = (60 * (beats.length - 1)) / (beats.at(-1)!.atS - beats[0]!.atS);
    expect(perMin).toBeGreaterThan(low);
    expect(perMin).toBeLessThan(high);
  });

  it('is irregular in fibrillation of the atria and regular otherwise', () => {
    const spread = (kind: EpisodeKind | undefined): number => {
      const bed = kind === undefined ? bedWith() : during(kind, 0, 120);
      const steady = { ...bed, heart: { ...bed.heart, ventricularPerMille: 0, atrialPerMille: 0 } };
      const intervals = beatsOf(played(steady, 120)).map(({ intervalS }) => intervalS);
      const mean = intervals.reduce((sum, each) => sum + each, 0) / intervals.length;
      return Math.sqrt(intervals.reduce((sum, each) => sum + (each - mean) ** 2, 0) / intervals.length) / mean;
    };
    expect(spread(undefined)).toBeLessThan(0.06);
    expect(spread('af')).toBeGreaterThan(0.15);
  });

  it.each([
    ['asystole', 0, 0.1],
    ['vf', 0.15, 0.8],
  ] as const)('has no beat in %s, and waves between %d and %d mV', (kind, low, high) => {
    const frames = played(during(kind), 45);
    expect(beatsOf(frames).filter(({ atS }) => atS >= 20 && atS < 40)).toEqual([]);
    const samples = frames.slice(4 * 22, 4 * 39).flatMap((frame) => Array.from(ecgOf(frame)[0]!.samplesMv));
    const rms = Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
    expect(rms).toBeGreaterThanOrEqual(low);
    expect(rms).toBeLessThan(high);
  });

  it('pauses for longer than 3 and shorter than 4 seconds', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const bed = { ...during('pause', 20, 22), seed };
      const longest = Math.max(...beatsOf(played(bed, 40)).map(({ intervalS }) => intervalS));
      expect(longest).toBeGreaterThan(3);
      expect(longest).toBeLessThan(4);
    }
  });

  it('fibrillates at 4 to 7 Hz', () => {
    const frames = played(during('vf', 20, 60), 60).slice(4 * 22);
    const samples = frames.flatMap((frame) => Array.from(ecgOf(frame)[0]!.samplesMv));
    let crossings = 0;
    for (let i = 1; i < samples.length; i++) if (samples[i - 1]! < 0 && samples[i]! >= 0) crossings += 1;
    const hertz = crossings / (samples.length / 250);
    expect(hertz).toBeGreaterThan(3.5);
    expect(hertz).toBeLessThan(8);
  });

  it('tells when the electrode is off and on again, and has no samples meanwhile', () => {
    const frames = played(during('lead-off', 10, 12), 15);
    const told = frames.flatMap(({ telemetry }, i) => telemetry!.leads.map(({ code, off }) => [i / 4, code, off]));
    expect(told).toEqual([
      [10, MDC.ecgII, true],
      [12, MDC.ecgII, false],
    ]);
    const [ii, v1] = frames[42]!.telemetry!.waveforms;
    expect(new Set(samplesOf(ii!))).toEqual(new Set([-32768]));
    expect(new Set(samplesOf(v1!)).has(-32768)).toBe(false);
  });

  it('couples its vital signs: a desaturation quickens breath and heart', () => {
    const frames = played(during('desaturation', 60, 120), 120);
    const last = (code: number, from: number, to: number): number =>
      valuesOf(frames.slice(4 * from, 4 * to), code).at(-1) as number;
    expect(last(MDC.spo2, 0, 58)).toBeGreaterThanOrEqual(95);
    expect(last(MDC.spo2, 60, 100)).toBeLessThan(86);
    expect(last(MDC.respRate, 60, 100)).toBeGreaterThan(last(MDC.respRate, 0, 58) + 4);
    expect(last(MDC.ecgHeartRate, 60, 100)).toBeGreaterThan(last(MDC.ecgHeartRate, 0, 58) + 10);
  });

  it('measures the rate of its own beats, and none when there is no pulse', () => {
    const frames = played(during('asystole', 30, 50), 50);
    const beats = beatsOf(frames.slice(0, 100)).slice(-8);
    const perMin = (60 * 7) / (beats[7]!.atS - beats[0]!.atS);
    expect(valuesOf(frames.slice(0, 100), MDC.ecgHeartRate).at(-1)).toBeCloseTo(perMin, -0.5);
    expect(valuesOf(frames.slice(4 * 36), MDC.ecgHeartRate)).toContain('missing');
    expect(valuesOf(frames.slice(4 * 36), MDC.spo2)).toContain('missing');
  });
});

describe('a simulated ward', () => {
  it('has a life-threatening rhythm within half a minute, so that a demonstration shows an alarm', () => {
    const ward = simulatedWard({ beds: 8, seed: 1, start: START, frameMs: 250 });
    const early = ward
      .flatMap(({ scenario }) => scenario.episodes)
      .filter(({ kind, fromS }) => kind === 'vt' && fromS < 20);
    expect(early.length).toBeGreaterThan(0);
    const kinds = new Set(ward.flatMap(({ scenario }) => scenario.episodes.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual([
      ...['af', 'asystole', 'bigeminy', 'couplet', 'desaturation', 'extreme-brady', 'extreme-tachy'],
      ...['lead-off', 'noise', 'pause', 'silent', 'v-run', 'vf', 'vt'],
    ]);
  });

  it('names every bed once, whatever its size, and spreads the frames over time', () => {
    const ward = simulatedWard({ beds: 250, seed: 1, start: moment(0), frameMs: 250 });
    expect(new Set(ward.map(({ bed }) => bed)).size).toBe(250);
    expect(ward[7]!.bed).toBe('sim-008');
    expect(new Set(ward.map(({ start }) => start)).size).toBe(250);
    expect(Math.max(...ward.map(({ start }) => start))).toBeLessThan(250_000);
  });

  it('has no two episodes of the heart at one time in a bed', () => {
    for (const { scenario } of simulatedWard({ beds: 8, seed: 1, start: START, frameMs: 250 })) {
      const sorted = [...scenario.episodes].sort((a, b) => a.fromS - b.fromS);
      for (let i = 1; i < sorted.length; i++) expect(sorted[i]!.fromS).toBeGreaterThanOrEqual(sorted[i - 1]!.toS);
      expect(sorted.at(-1)!.toS).toBeLessThanOrEqual(scenario.cycleS);
    }
  });
});
