import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { FRAME_SPANS } from '../../schemas/frame-sense.ts';
import { MissingReason, type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeLoggedTelemetry, decodeTelemetry, encodeTelemetry } from '../../schemas/telemetry.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { startObserving } from '../../stream-models/analysis/observe-memory.ts';

const NOW = 1_795_762_524e6;
const HOUR = 3_600e6;

const wave = (overrides: object = {}) => ({
  ...{ code: MDC.ecgII, startUs: NOW - 1e6, rateNumerator: 250, rateDenominator: 1, gain: 0.005, unit: 'mV' },
  samples: new Uint8Array(500),
  ...overrides,
});
const spo2 = (atUs: number) => ({ code: MDC.spo2, unit: '%', atUs, reading: { case: 'value', value: 97 } });
const frameOf = (overrides: object, sequence = 1): Telemetry =>
  create(TelemetrySchema, {
    ...{ bed: 'icu-04', source: 'monitor-1', sequence, deviceTimeUs: NOW, gatewayTimeUs: NOW },
    ...overrides,
  } as object);
const verdictOn = (overrides: object): string => {
  const bytes = encodeTelemetry(frameOf(overrides));
  const [sent, logged] = [decodeTelemetry(bytes), decodeLoggedTelemetry(bytes)];
  expect(E.isLeft(sent)).toBe(E.isLeft(logged));
  return E.isLeft(sent) ? sent.left.sentence : 'taken';
};

describe('a frame is held against its own time', () => {
  it.each([
    [
      'a wave an hour ahead',
      { waveforms: [wave({ startUs: NOW + HOUR })] },
      'waveforms[0] ends 3601 s after deviceTimeUs',
    ],
    ['a wave in milliseconds', { waveforms: [wave({ startUs: NOW / 1e3 })] }, 'before deviceTimeUs'],
    ['a wave without a start', { waveforms: [wave({ startUs: 0 })] }, 'before deviceTimeUs'],
    ['waves without the time of the frame', { deviceTimeUs: 0, waveforms: [wave()] }, 'deviceTimeUs is missing'],
    [
      'a lead without the time of the frame',
      { deviceTimeUs: 0, leads: [{ code: MDC.ecgII }] },
      'deviceTimeUs is missing',
    ],
    [
      'a number in milliseconds',
      { numerics: [spo2((NOW - HOUR) / 1e3)] },
      'looks like milliseconds: multiply by 1,000',
    ],
    ['a number in seconds', { numerics: [spo2((NOW - HOUR) / 1e6)] }, 'looks like seconds: multiply by 1,000,000'],
    [
      'a patient since a time in seconds',
      { assignment: { patient: 'p', fromUs: NOW / 1e6 } },
      'assignment.fromUs is 1795762524, which',
    ],
    [
      'a patient in hospital since a time in milliseconds',
      { assignment: { patient: 'p', fromUs: NOW, hospitalFromUs: (NOW - 2_000 * HOUR) / 1e3 } },
      'looks like milliseconds',
    ],
    ['nanoseconds', { deviceTimeUs: NOW * 1e3 }, 'divide nanoseconds by 1,000'],
    ['a number of next year', { numerics: [spo2(NOW + 8_760 * HOUR)] }, 'numerics[0].atUs is 31536000 s after'],
    ['a number without a time', { numerics: [spo2(0)] }, 'numerics[0].atUs is missing'],
  ])('refuses %s, from a sender and from the log', (_what, overrides, sentence) => {
    expect(verdictOn(overrides)).toContain(sentence);
  });

  it('takes a cuff of an hour ago, a wave from the buffer, and a clock inside the device that is a little ahead', () => {
    expect(verdictOn({ numerics: [spo2(NOW - HOUR)] })).toBe('taken');
    expect(verdictOn({ waveforms: [wave({ startUs: NOW - 300e6 })] })).toBe('taken');
    expect(verdictOn({ waveforms: [wave({ startUs: NOW + 1e6 })], numerics: [spo2(NOW + 2e6)] })).toBe('taken');
  });

  it('refuses the rate of a wave upside down, which would last for days and cost every bed its analysis', () => {
    const refused = verdictOn({ waveforms: [wave({ rateNumerator: 1, rateDenominator: 250 })] });
    expect(refused).toContain('lasts 62500 s at 1/250 Hz');
    expect(refused).toContain('give samples per second');
    expect(verdictOn({ waveforms: [wave({ rateNumerator: 125, rateDenominator: 2 })] })).toBe('taken');
  });

  it('lets no frame that is taken move the clock of its bed beyond what clocks inside one device differ by', () => {
    const starts = fc.oneof(
      fc.integer({ min: -700e6, max: 60e6 }).map((us) => NOW + us),
      fc.constantFrom(0, NOW / 1e3, NOW + HOUR),
    );
    const odd = fc.record({
      startUs: starts,
      rateNumerator: fc.constantFrom(1, 250),
      rateDenominator: fc.constantFrom(1, 250),
    });
    fc.assert(
      fc.property(odd, (overrides) => {
        const decoded = decodeTelemetry(encodeTelemetry(frameOf({ waveforms: [wave(overrides)] })));
        if (E.isLeft(decoded)) return;
        const [{ heard }] = observe(startObserving, decoded.right);
        expect(heard ?? 0).toBeLessThanOrEqual(NOW + FRAME_SPANS.aheadUs);
      }),
    );
  });
});

describe('the word for age', () => {
  it.each(['neonat', 'Neonate', 'pediatric', 'constructor'])(
    'refuses "%s" rather than judge by an adult’s limits',
    (population) => {
      expect(verdictOn({ assignment: { patient: 'p', population, fromUs: NOW } })).toContain(
        '"adult", "child" or "neonate"',
      );
    },
  );

  it('takes those that there are, and none', () => {
    for (const population of ['adult', 'child', 'neonate', ''])
      expect(verdictOn({ assignment: { patient: 'p', population, fromUs: NOW } })).toBe('taken');
  });
});

describe('an alarm of the monitor', () => {
  const alertAt = (atUs: number) => verdictOn({ deviceAlerts: [{ text: '***ASYSTOLE', present: true, atUs }] });

  it('is of the time of its device: neither of the time to come nor told in another unit', () => {
    expect(alertAt(NOW + 3_600e6)).toContain('deviceAlerts[0].atUs is 3600 s after deviceTimeUs');
    expect(alertAt(2 ** 53 - 1)).toContain('after deviceTimeUs');
    expect(alertAt(NOW / 1e3)).toContain('looks like milliseconds: multiply by 1,000');
    expect(alertAt(NOW / 1e6)).toContain('looks like seconds');
  });

  it('may have begun long ago, a moment from now, or at no time that is known', () => {
    for (const atUs of [0, NOW - 86_400e6, NOW, NOW + 9e6]) expect(alertAt(atUs)).toBe('taken');
  });
});

describe('names and numbers', () => {
  it.each([
    ['bed', { bed: '  ' }, 'bed is blank'],
    ['bed', { bed: '\u200d\u200c' }, 'bed is blank'],
    ['bed', { bed: 'icu-\u202e40' }, 'turn the direction of writing'],
    ['bed', { bed: 'icu-04\u200b' }, 'bed has a mark that nobody sees (U+200B)'],
    ['bed', { bed: 'icu\u00ad-04' }, 'bed has a mark that nobody sees (U+00AD)'],
    ['source', { source: '\ufeffmonitor-1' }, 'source has a mark that nobody sees (U+FEFF)'],
    ['patient', { assignment: { patient: ' ', fromUs: NOW } }, 'assignment.patient is blank'],
    ['bed', { bed: 'icu-04 ' }, 'bed is "icu-04 ", with blanks that nobody sees'],
    ['bed', { bed: ' icu-04' }, 'blanks that nobody sees'],
    ['bed', { bed: 'Bett  4' }, 'blanks that nobody sees'],
    ['bed', { bed: 'Bett\u00a04' }, 'blanks that nobody sees'],
    ['source', { source: 'monitor-1\u2003' }, 'blanks that nobody sees'],
    ['patient', { assignment: { patient: '4711 ', fromUs: NOW } }, 'assignment.patient is "4711 "'],
    ['bed', { bed: 'U\u0308ber-1' }, 'compose them (Unicode NFC)'],
  ])('refuses a %s that nobody can read as it is meant', (_what, overrides, sentence) => {
    expect(verdictOn(overrides)).toContain(sentence);
  });

  it('takes names as wards write them', () => {
    for (const bed of ['ward/1', '🛏️-1', '👩‍⚕️', 'تخت‌ها-2', 'Bett 4', 'Über 1', 'סו-3', '__proto__', 'x'.repeat(64)])
      expect(verdictOn({ bed })).toBe('taken');
  });

  it.each([
    [MDC.ecgHeartRate, '/min', -32_768],
    [MDC.spo2, '%', -1],
    [MDC.spo2, '%', 9_700],
    [MDC.spo2, '1', 97],
    [MDC.abpMean, 'mm[Hg]', -32_768],
    [MDC.abpSystolic, 'mm[Hg]', -99.9],
    [MDC.cvpMean, 'mm[Hg]', -100],
    [MDC.nibpSystolic, 'mm[Hg]', -1],
    [MDC.nibpMean, 'kPa', -1],
    [MDC.etco2, 'mm[Hg]', -1],
    [MDC.temperature, 'Cel', -273],
  ])('shows and alarms no sentinel as a number: %i %s %d is missing', (code, unit, value) => {
    const numerics = [{ code, unit, atUs: NOW, reading: { case: 'value', value } }];
    const decoded = decodeTelemetry(encodeTelemetry(frameOf({ numerics })));
    const reading = E.isRight(decoded) ? decoded.right.numerics[0]?.reading : undefined;
    expect(reading).toEqual({ case: 'missing', value: MissingReason.OUT_OF_RANGE });
  });

  it('keeps every number that a patient may have', () => {
    for (const [code, unit, value] of [
      [MDC.ecgHeartRate, '/min', 0],
      [MDC.spo2, '%', 100],
      [MDC.spo2, '1', 0.97],
      [MDC.cvpMean, 'mm[Hg]', -8],
      [MDC.cvpMean, 'mm[Hg]', -1],
      [MDC.abpSystolic, 'mm[Hg]', -12],
      [MDC.temperature, '[degF]', 98.6],
    ] as const) {
      const numerics = [{ code, unit, atUs: NOW, reading: { case: 'value', value } }];
      const decoded = decodeTelemetry(encodeTelemetry(frameOf({ numerics })));
      expect(E.isRight(decoded) && decoded.right.numerics[0]?.reading.case).toBe('value');
    }
  });
});
