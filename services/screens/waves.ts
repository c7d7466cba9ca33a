import { isEcgLead, MDC, usualGain } from '../../schemas/codes.ts';
import type { Telemetry, Waveform } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeLiveWave } from '../../schemas/live-waves.ts';
import { samplesOf } from '../../schemas/telemetry.ts';
import type { Moment } from '../../schemas/units.ts';

/** One stretch of a wave, encoded once for all consoles; the frame number is still to be written. */
export interface WaveFrame {
  readonly bed: string;
  readonly code: number;
  readonly bytes: Uint8Array;
}

const FRAME_NUMBER_AT = 4;

/** The lead for who asks for none in particular: II, else the lowest code. The same in every frame of the same leads. */
const usualLead = (waveforms: readonly Waveform[]): number | undefined => {
  const leads = waveforms.map(({ code }) => code).filter(isEcgLead);
  return leads.includes(MDC.ecgII) ? MDC.ecgII : leads.length === 0 ? undefined : Math.min(...leads);
};

/** The codes of a frame's waves that a console gets which asked for `codes`. */
export const wantedCodes = (frame: Telemetry, codes: readonly number[]): readonly number[] => {
  if (codes.length > 0) return codes.filter((code) => frame.waveforms.some((wave) => wave.code === code));
  const lead = usualLead(frame.waveforms);
  return lead === undefined ? [] : [lead];
};

/** Encodes one wave of a frame; `bedTime` lays the device's clock on the ward's. */
export const encodeWave = (
  frame: Telemetry,
  code: number,
  bedTime: (deviceUs: number) => Moment,
): WaveFrame | undefined => {
  const wave = frame.waveforms.find((one) => one.code === code);
  if (wave === undefined || wave.samples.length === 0) return undefined;
  const { rateNumerator, rateDenominator, offset } = wave;
  const startUs = bedTime(wave.startUs);
  const rest = { rateNumerator, rateDenominator, offset, gain: usualGain(wave), samples: samplesOf(wave) };
  return { bed: frame.bed, code, bytes: encodeLiveWave({ frame: 0, bed: frame.bed, code, startUs, ...rest }) };
};

/** A copy for one console, with its own frame number. */
export const numbered = (wave: WaveFrame, frame: number): Uint8Array => {
  const copy = wave.bytes.slice();
  new DataView(copy.buffer).setUint32(FRAME_NUMBER_AT, frame, true);
  return copy;
};
