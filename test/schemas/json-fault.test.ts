import { toJson } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeTelemetryJson } from '../../schemas/telemetry.ts';
import { frame } from '../gateway/frames.ts';

const json = toJson(TelemetrySchema, frame({ sequence: 1, device: 1, ecgMs: 250, hr: 70 })) as Record<string, unknown>;
const first = (list: string): Record<string, unknown> => (json[list] as Record<string, unknown>[])[0]!;
const refusal = (value: unknown) => {
  const read = decodeTelemetryJson(value);
  return E.isLeft(read) ? read.left : undefined;
};

describe('a JSON message that cannot be read', () => {
  it('is answered with the field that is misspelt and those that there are', () => {
    expect(refusal({ ...json, devicetimeUs: 1 })).toMatchObject({ code: 'unreadable', where: 'devicetimeUs' });
    const numerics = [first('numerics'), { ...first('numerics'), val: 97 }];
    const told = refusal({ ...json, numerics });
    expect(told).toMatchObject({ code: 'unreadable', where: 'numerics[1].val' });
    expect(told?.sentence).toContain('there are code, atUs, unit, value, missing');
  });

  it.each([
    [{ deviceTimeUs: '2026-11-27T06:55:24Z' }, 'deviceTimeUs', 'expected number'],
    [{ sequence: -1 }, 'sequence', 'out of range'],
    [{ bed: 4 }, 'bed', 'expected string'],
    [
      { waveforms: [{ ...first('waveforms'), samples: [1, 2, 3] }] },
      'waveforms[0].samples',
      'waveforms[0].samples is [1,2,3]',
    ],
    [{ numerics: [null] }, 'numerics[0]', 'not an object'],
    [{ numerics: {} }, 'numerics', 'numerics is {}'],
    [{ leads: [{ code: 131_330, off: 'yes' }] }, 'leads[0].off', 'expected boolean'],
    [
      { numerics: [{ code: 150_456, unit: '%', atUs: 1e15, missing: 'SENSOR_OFF' }] },
      'numerics[0].missing',
      'MISSING_REASON_SENSOR_OFF',
    ],
    [{ waveforms: [{ ...first('waveforms'), samples: '@@' }] }, 'waveforms[0].samples', 'bytes in base64'],
  ])('is answered with the value as it came: case %#, at %s', (overrides, where, sentence) => {
    const told = refusal({ ...json, ...overrides });
    expect(told).toMatchObject({ code: 'unreadable', where });
    expect(told?.sentence).toContain(sentence);
  });

  it('is said of as a whole where it is no object, and never repeats a megabyte', () => {
    expect(refusal(3)).toMatchObject({ code: 'unreadable', where: '' });
    const told = refusal({ ...json, waveforms: [{ ...first('waveforms'), samples: '*'.repeat(1e6) }] });
    expect(told?.where).toBe('waveforms[0].samples');
    expect(told?.sentence.length).toBeLessThan(300);
  });
});
