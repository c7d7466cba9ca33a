import { create, toJson } from '@bufbuild/protobuf';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { inUsualUnit, MDC, signalCodes, signalOf, unitsOf } from '../../schemas/codes.ts';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { MissingReason, type Telemetry, TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { rejectionCodes } from '../../schemas/rejection.ts';
import {
  decodeLoggedTelemetry,
  decodeTelemetry,
  decodeTelemetryJson,
  encodeTelemetry,
  samplesOf,
} from '../../schemas/telemetry.ts';

const name = fc
  .string({ minLength: 1, maxLength: 16, unit: fc.constantFrom(...'abcåß漢 -_09') })
  .filter((text) => text === text.trim() && text !== '' && !text.includes('  '));
const time = fc.integer({ min: 0, max: 2 ** 53 - 1 });
const unitOf = (code: number): string => signalOf(code)?.ucum ?? '1';
const waveCodes = signalCodes.filter((row) => row.kind === 'wave').map((row) => row.code);
const numericCodes = [...signalCodes.filter((row) => row.kind === 'numeric').map((row) => row.code), 77_777];

const waveform = (code: number) =>
  fc.record({
    code: fc.constant(code),
    startUs: time,
    rateNumerator: fc.integer({ min: 100, max: 1000 }),
    rateDenominator: fc.integer({ min: 1, max: 10 }),
    gain: fc.double({ min: 1e-6, max: 10, noNaN: true }),
    offset: fc.double({ min: -4096, max: 4096, noNaN: true }),
    unit: fc.constant(unitOf(code)),
    samples: fc.uint8Array({ maxLength: 64 }).map((bytes) => bytes.subarray(0, bytes.length - (bytes.length % 2))),
  });

const numeric = fc.constantFrom(...numericCodes).chain((code) =>
  fc.record({
    code: fc.constant(code),
    atUs: time,
    unit: fc.constant(unitOf(code)),
    reading: fc.oneof(
      fc.record({ case: fc.constant('value' as const), value: fc.double({ min: 0, max: 60, noNaN: true }) }),
      fc.record({
        case: fc.constant('missing' as const),
        value: fc.constantFrom(MissingReason.INVALID, MissingReason.SENTINEL),
      }),
    ),
  }),
);

/** Any frame that a device may send. */
const frames: fc.Arbitrary<Telemetry> = fc
  .record({
    bed: name,
    source: name,
    sequence: fc.nat(),
    deviceTimeUs: time.map((us) => Math.max(1, us)),
    gatewayTimeUs: time,
    clockEpoch: fc.nat(1000),
    waveforms: fc.subarray(waveCodes, { maxLength: 4 }).chain((codes) => fc.tuple(...codes.map(waveform))),
    numerics: fc.array(numeric, { maxLength: 4 }),
    leads: fc.array(fc.record({ code: fc.constantFrom(...waveCodes), off: fc.boolean() }), { maxLength: 3 }),
    retrospective: fc.boolean(),
  })
  .map(({ waveforms, numerics, ...rest }) => {
    // Waves end about the frame's own time, and what was measured was measured in the days before it.
    const placed = {
      waveforms: waveforms.map((wave) => ({ ...wave, startUs: Math.max(0, rest.deviceTimeUs - (wave.startUs % 6e8)) })),
      numerics: numerics.map((one) => ({ ...one, atUs: Math.max(1, rest.deviceTimeUs - (one.atUs % 1e12)) })),
    };
    return create(TelemetrySchema, { ...rest, ...placed } as object);
  });

const valid = (overrides: object = {}): Telemetry =>
  create(TelemetrySchema, { bed: 'icu-04', source: 'monitor-1', sequence: 7, deviceTimeUs: 1e15, ...overrides });
const waveOf = (overrides: object) => ({
  ...{ code: MDC.ecgII, startUs: 1e15, rateNumerator: 250, rateDenominator: 1, gain: 0.005, unit: 'mV' },
  samples: new Uint8Array(8),
  ...overrides,
});
const spo2 = { code: MDC.spo2, unit: '%', atUs: 1e15 };
const rejectionOf = (frame: Telemetry) => {
  const decoded = decodeTelemetry(encodeTelemetry(frame));
  return E.isLeft(decoded) ? `${decoded.left.code} at ${decoded.left.where}` : 'accepted';
};

describe('telemetry at the border', () => {
  it('gives back every valid frame, from bytes and from JSON', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const decoded = decodeTelemetry(encodeTelemetry(frame));
        const { crc32c: _, ...said } = E.isRight(decoded) ? decoded.right : valid();
        const { crc32c: __, ...meant } = frame;
        expect(said).toEqual(meant);
        expect(decodeTelemetryJson(toJson(TelemetrySchema, frame))).toEqual(E.right(frame));
      }),
      { numRuns: 300 },
    );
  });

  it('answers 10,000 mutated frames without an exception: each is accepted or rejected with a known code', () => {
    let [accepted, rejected] = [0, 0];
    const mutation = fc.record({ at: fc.nat(), to: fc.nat(255), kind: fc.constantFrom('flip', 'cut', 'insert') });
    fc.assert(
      fc.property(frames, fc.array(mutation, { minLength: 1, maxLength: 4 }), (frame, mutations) => {
        let bytes = Array.from(encodeTelemetry(frame));
        for (const { at, to, kind } of mutations) {
          const place = at % (bytes.length + 1);
          if (kind === 'flip' && bytes[place] !== undefined) bytes[place] = to;
          else if (kind === 'cut') bytes = bytes.slice(0, place);
          else bytes.splice(place, 0, to);
        }
        const decoded = decodeTelemetry(Uint8Array.from(bytes));
        if (E.isRight(decoded)) accepted++;
        else {
          rejected++;
          expect(rejectionCodes).toContain(decoded.left.code);
          expect(decoded.left.sentence.length).toBeGreaterThan(10);
        }
      }),
      { numRuns: 10_000 },
    );
    expect(accepted + rejected).toBe(10_000);
    expect(rejected).toBeGreaterThan(5_000);
  });

  it('finds every single flipped bit of a frame on the log by its checksum', () => {
    const bytes = encodeTelemetry(valid({ waveforms: [waveOf({})] }));
    expect(E.isRight(decodeLoggedTelemetry(bytes))).toBe(true);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(E.isLeft(decodeLoggedTelemetry(damaged)), `bit ${bit}`).toBe(true);
    }
  });

  it.each([
    [{ bed: '' }, 'missing-field at bed'],
    [{ bed: 'b'.repeat(65) }, 'too-large at bed'],
    [{ bed: 'icu\u0000' }, 'out-of-range at bed'],
    [{ bed: VIGIL_BED }, 'out-of-range at bed'],
    [{ source: '' }, 'missing-field at source'],
    [{ deviceTimeUs: Number.NaN }, 'out-of-range at deviceTimeUs'],
    [{ deviceTimeUs: -1 }, 'out-of-range at deviceTimeUs'],
    [{ waveforms: [waveOf({ code: 0 })] }, 'missing-field at waveforms[0].code'],
    [{ waveforms: [waveOf({ rateDenominator: 0 })] }, 'out-of-range at waveforms[0].rateNumerator'],
    [{ waveforms: [waveOf({ gain: 0 })] }, 'out-of-range at waveforms[0].gain'],
    [{ waveforms: [waveOf({ samples: new Uint8Array(3) })] }, 'bad-samples at waveforms[0].samples'],
    [{ waveforms: [waveOf({ unit: 'mm[Hg]' })] }, 'bad-unit at waveforms[0].unit'],
    [{ waveforms: [waveOf({}), waveOf({})] }, 'duplicate-signal at waveforms[1].code'],
    [
      { numerics: [{ code: MDC.nibpSystolic, unit: '[degF]', reading: { case: 'value', value: 98 } }] },
      'bad-unit at numerics[0].unit',
    ],
    [{ numerics: [{ code: MDC.spo2, unit: '%' }] }, 'missing-field at numerics[0].value'],
    [
      { numerics: [{ ...spo2, code: MDC.abpWave, reading: { case: 'value', value: 80 } }] },
      'out-of-range at numerics[0].code',
    ],
    [{ waveforms: [waveOf({ code: MDC.spo2, unit: '%' })] }, 'out-of-range at waveforms[0].code'],
    [{ leads: [{ code: MDC.ecgII, off: true }, { off: true }] }, 'missing-field at leads[1].code'],
    [{ numerics: Array.from({ length: 513 }, () => ({ code: 1 })) }, 'too-many at numerics'],
  ])('says what is wrong and where: case %#, $1', (overrides, expected) => {
    expect(rejectionOf(valid(overrides))).toBe(expected);
  });

  it('names the codes of the numbers where one was told under the code of their wave', () => {
    const pressure = { code: MDC.abpWave, unit: 'mm[Hg]', atUs: 1e15, reading: { case: 'value', value: 80 } };
    const decoded = decodeTelemetry(encodeTelemetry(valid({ numerics: [pressure] })));
    expect(E.isLeft(decoded) && decoded.left.sentence).toContain('as 150033 MDC_PRESS_BLD_ART_SYS, 150034');
  });

  it('keeps a code that it does not know', () => {
    const frame = valid({ numerics: [{ code: 987_654, unit: 'furlong', reading: { case: 'value', value: 3 } }] });
    expect(rejectionOf(frame)).toBe('accepted');
  });

  it('takes a NaN of a monitor as missing, never as a number', () => {
    const frame = valid({ numerics: [{ ...spo2, reading: { case: 'value', value: Number.NaN } }] });
    const decoded = decodeTelemetry(encodeTelemetry(frame));
    expect(E.isRight(decoded) && decoded.right.numerics[0]?.reading).toEqual({
      case: 'missing',
      value: MissingReason.INVALID,
    });
  });

  it('reads samples little-endian, whatever the alignment of the bytes', () => {
    const decoded = decodeTelemetry(
      encodeTelemetry(valid({ waveforms: [waveOf({ samples: Uint8Array.of(1, 0, 0, 0x80) })] })),
    );
    expect(E.isRight(decoded) && [...samplesOf(decoded.right.waveforms[0]!)]).toEqual([1, -32768]);
  });
});

describe('the code table', () => {
  it('gives every code one row, and every row a unit of its dimension', () => {
    expect(new Set(signalCodes.map((row) => row.code)).size).toBe(signalCodes.length);
    for (const row of signalCodes) expect(Object.keys(unitsOf[row.dimension]), row.name).toContain(row.ucum);
  });

  it('turns other units of the same dimension into its own', () => {
    expect(inUsualUnit(MDC.temperature, 98.6, '[degF]')).toBeCloseTo(37);
    expect(inUsualUnit(MDC.abpMean, 10, 'kPa')).toBeCloseTo(75.006, 2);
    expect(inUsualUnit(MDC.spo2, 0.97, '1')).toBeCloseTo(97);
    expect(inUsualUnit(MDC.abpMean, 37, 'Cel')).toBeUndefined();
    expect(inUsualUnit(424_242, 1, '1')).toBeUndefined();
  });
});
