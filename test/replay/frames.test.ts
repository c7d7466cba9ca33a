import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { isEcgLead, MDC } from '../../schemas/codes.ts';
import { decodeTelemetry, encodeTelemetry, samplesOf } from '../../schemas/telemetry.ts';
import { signalMeanings } from '../../services/recordings/lead-codes.ts';
import type { WfdbSignal } from '../../services/recordings/wfdb/header.ts';
import { rationalRate } from '../../services/recordings/wfdb/rate.ts';
import type { WfdbRecord } from '../../services/recordings/wfdb/record.ts';
import { NO_SAMPLE } from '../../services/recordings/wfdb/signals.ts';
import { framesOf, lengthUs, REPLAY_START } from '../../services/replay/frames.ts';

const signal = (description: string, unit = 'mV', gain = 200, baseline = 0): WfdbSignal => ({
  ...{ file: 'x.dat', format: 16, byteOffset: 0, skew: 0, uncalibrated: false },
  ...{ gain, baseline, unit, description },
});

const recordOf = (rateHz: number, count: number, signals: readonly WfdbSignal[]): WfdbRecord => ({
  name: 'x',
  header: { record: 'x', rateHz, sampleCount: count, signals, comments: [] },
  signals: signals.map((_, s) =>
    Int16Array.from({ length: count }, (__, i) => (i % 977 === 5 ? NO_SAMPLE : (i % 1000) - s)),
  ),
});

const framed = (record: WfdbRecord, chunkMs: number) => [
  ...framesOf(record, { bed: 'x', source: 'test', chunkMs, start: REPLAY_START }),
];

describe('frames of a recording', () => {
  it.each([
    [250, 1000],
    [360, 250],
    [360, 20],
    [300, 137],
    [62.5, 1000],
    [128, 60_000],
  ])('at %d Hz cut every %d ms hold every sample once, at its time', (rateHz, chunkMs) => {
    const record = recordOf(rateHz, 5003, [signal('II'), signal('V1')]);
    const frames = framed(record, chunkMs);
    const heard: number[] = [];
    for (const frame of frames) {
      const wave = frame.waveforms[1]!;
      const expected = REPLAY_START + (heard.length * 1e6) / rateHz;
      expect(Math.abs(wave.startUs - expected)).toBeLessThan(1);
      expect(wave.rateNumerator / wave.rateDenominator).toBe(rateHz);
      heard.push(...samplesOf(wave));
    }
    expect(Int16Array.from(heard)).toEqual(record.signals[1]);
    expect(frames.map(({ sequence }) => sequence)).toEqual(frames.map((_, i) => i + 1));
    expect(Math.abs(frames.at(-1)!.deviceTimeUs - REPLAY_START - lengthUs(record))).toBeLessThan(1);
  });

  it('are taken by the gateway, and say physical values with the header’s gain and baseline', () => {
    const record = recordOf(250, 500, [
      signal('II', 'mV', 452.938, 7),
      signal('PLETH', 'NU', 783.125),
      signal('ABP', 'mmHg', 10),
    ]);
    const [first] = framed(record, 250);
    const decoded = decodeTelemetry(encodeTelemetry(first!));
    expect(E.isRight(decoded)).toBe(true);
    const [ii, pleth, abp] = first!.waveforms;
    expect([ii!.code, pleth!.code, abp!.code]).toEqual([MDC.ecgII, MDC.pleth, MDC.abpWave]);
    expect([ii!.unit, pleth!.unit, abp!.unit]).toEqual(['mV', '1', 'mm[Hg]']);
    expect((107 - ii!.offset) * ii!.gain).toBeCloseTo(100 / 452.938, 12);
  });

  it('assign the bed once, in the first frame, and only when asked to', () => {
    const record = recordOf(250, 250, [signal('II')]);
    const options = { bed: 'x', source: 'test', chunkMs: 250, start: REPLAY_START };
    const patients = (patient?: string) =>
      [...framesOf(record, patient === undefined ? options : { ...options, patient })].map(
        ({ assignment }) => assignment?.patient,
      );
    expect(patients('p')).toEqual(['p', undefined, undefined, undefined]);
    expect(patients()).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('keep two leads of one name apart, both as ECG', () => {
    const codes = signalMeanings([signal('ECG'), signal('ECG'), signal('MLII'), signal('II')]).map(({ code }) => code);
    expect(new Set(codes).size).toBe(4);
    expect(codes.every(isEcgLead)).toBe(true);
    expect(codes[2]).toBe(MDC.ecgII);
  });

  it('keep signals without a code as unmapped, never as ECG', () => {
    const codes = signalMeanings([signal('RESP', 'NU'), signal('RESP', 'NU'), signal('Foo', 'furlong')]).map(
      ({ code }) => code,
    );
    expect(new Set(codes).size).toBe(3);
    expect(codes.some(isEcgLead)).toBe(false);
  });

  it('hear no breaths, brain or pulse as an ECG, although a header without a unit means mV', () => {
    const names = ['RESP', 'Resp C', 'EEG (C4-A1)', 'EMG', 'BP', 'SpO2', 'ABP', 'PPG'];
    expect(signalMeanings(names.map((name) => signal(name))).some(({ code }) => isEcgLead(code))).toBe(false);
  });

  it('take microvolts for an ECG, with a micro sign and with a Greek mu', () => {
    const meanings = signalMeanings([signal('V5', '\u00b5V'), signal('II', '\u03bcV')]);
    expect(meanings.map(({ unit }) => unit)).toEqual(['uV', 'uV']);
    expect(meanings.every(({ code }) => isEcgLead(code))).toBe(true);
  });

  it('have rational rates', () => {
    expect(rationalRate(62.5)).toEqual({ numerator: 125, denominator: 2 });
    expect(rationalRate(360)).toEqual({ numerator: 360, denominator: 1 });
    expect(() => rationalRate(Math.PI)).toThrow(RangeError);
  });
});
