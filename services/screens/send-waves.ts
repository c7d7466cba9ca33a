import type { Telemetry, Waveform } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { hasSample } from '../../schemas/no-sample.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Session } from './session.ts';
import type { Ward } from './ward.ts';
import { makeWaveSources } from './wave-sources.ts';
import { encodeWave, type WaveFrame, wantedCodes } from './waves.ts';

/** Sends a frame's waves to the consoles that look at its bed, each signal of one device; `at`: when the log took the frame. */
export type SendWaves = (frame: Telemetry, at: Moment) => void;

/** No wave was sent yet. A wave is encoded once, however many consoles look at it. */
export const makeWaveSending = (ward: Ward, sessions: ReadonlySet<Session>): SendWaves => {
  const waveSources = makeWaveSources();

  /** The signals of a frame that are drawn, those of another device than this one left out; the ward hears whose they are. */
  const drawnOf = (frame: Telemetry, at: Moment): readonly number[] => {
    const { bed, source } = frame;
    const off = ward.leadsOff(bed, source);
    const isUsable = ({ code, samples }: Waveform): boolean => hasSample(samples) && !off.includes(code);
    // A lead that a device names without a sample is none.
    const drawn = frame.waveforms
      .filter(
        (wave) =>
          wave.samples.length > 0 && waveSources.takes(bed, wave.code, { source, at, isUsable: isUsable(wave) }),
      )
      .map(({ code }) => code);
    for (const code of drawn) {
      const named = waveSources.isToldTwice(bed, code, at) ? source : undefined;
      ward.hear(bed, { tag: 'Drawn', code, source: named });
    }
    return drawn;
  };

  return (frame, at) => {
    const drawn = drawnOf(frame, at);
    if (drawn.length === 0) return;
    const { bed, source } = frame;
    const bedTime = ward.bedTime(bed, source);
    const encoded = new Map<number, WaveFrame | undefined>();
    for (const session of sessions) {
      const codes = session.watches(bed);
      if (codes === undefined) continue;
      for (const code of wantedCodes(frame, codes)) {
        if (!drawn.includes(code)) continue;
        if (!encoded.has(code)) encoded.set(code, encodeWave(frame, code, bedTime));
        const wave = encoded.get(code);
        if (wave !== undefined) session.sender.wave(wave);
      }
    }
  };
};
