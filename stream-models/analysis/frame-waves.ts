import { isEcgLead, usualGain } from '../../schemas/codes.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { samplesOf } from '../../schemas/telemetry.ts';
import type { Moment } from '../../schemas/units.ts';
import { isPulse, lengthUs, type WaveAsItCame } from '../vocabulary/wave-as-it-came.ts';

/** The ECG leads and pulse signals of a frame; the samples are copies. */
export const wavesAsTheyCame = (frame: Telemetry, toBedTime: (us: number) => Moment): WaveAsItCame[] =>
  frame.waveforms
    .filter(({ code }) => isEcgLead(code) || isPulse(code))
    .map((wave) => ({
      code: wave.code,
      start: toBedTime(wave.startUs),
      rateNumerator: wave.rateNumerator,
      rateDenominator: wave.rateDenominator,
      gain: usualGain(wave),
      offset: wave.offset,
      samples: samplesOf(wave),
    }));

/** A wave belongs to its frame: it may end a little after it, and as much before it as a monitor takes to send it. */
const AFTER_FRAME_US = 2_000_000;
const BEFORE_FRAME_US = 10_000_000;
/**
 * The waves that are of the time of their frame, which ends at `end`. One lead that is stamped with another time would break off all
 * leads again and again, so that no beat is found in any, and draw the bed's clock with it.
 */
export const wavesInTime = (waves: readonly WaveAsItCame[], end: Moment): readonly WaveAsItCame[] => {
  const endOf = (wave: WaveAsItCame): number => wave.start + lengthUs(wave);
  const inTime = waves.filter((wave) => endOf(wave) <= end + AFTER_FRAME_US && endOf(wave) >= end - BEFORE_FRAME_US);
  return inTime.length === waves.length ? waves : inTime;
};
