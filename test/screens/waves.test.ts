import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeLiveWave } from '../../schemas/live-waves.ts';
import { moment } from '../../schemas/units.ts';
import { encodeWave } from '../../services/screens/waves.ts';

/** In the block of the leads, but without a name of Vigil's. */
const UNLISTED_LEAD = 131_400;

const physical = (code: number, unit: string, gain: number): number => {
  const wave = { code, unit, gain, rateNumerator: 125, rateDenominator: 1, samples: new Uint8Array([100, 0]) };
  const frame = create(TelemetrySchema, { bed: 'icu-01', source: 'monitor-1', waveforms: [wave] });
  const sent = encodeWave(frame, code, (us) => moment(us))!;
  const { samples, gain: shown } = decodeLiveWave(sent.bytes.slice().buffer)!;
  return samples[0]! * shown;
};

describe('a wave on the console', () => {
  it('is in mV whatever its lead was measured in', () => {
    for (const [unit, gain] of [
      ['mV', 0.01],
      ['uV', 10],
      ['V', 1e-5],
    ] as const)
      for (const lead of [MDC.ecgII, UNLISTED_LEAD]) expect(physical(lead, unit, gain)).toBeCloseTo(1, 6);
  });

  it('is in mmHg, as its scale says, whatever the arterial pressure was measured in', () => {
    expect(physical(MDC.abpWave, 'mm[Hg]', 1.2)).toBeCloseTo(120, 4);
    expect(physical(MDC.abpWave, 'kPa', 0.16)).toBeCloseTo(120.01, 2);
  });
});
