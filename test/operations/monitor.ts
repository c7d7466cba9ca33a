/** A bedside monitor in small: sends over HTTP, one frame of 250 ms after the other, a saturation that must ring. */
import { MDC } from '../../schemas/codes.ts';

export interface Answer {
  /** Of HTTP; 0: nobody answered. */
  readonly status: number;
  /** Why not, when it was refused. */
  readonly detail?: string;
}

export const MONITOR = { bed: 'icu-01', source: 'monitor-1' } as const;
export const FRAME_MS = 250;
/** Well below the red limit of every preset. */
const DESATURATED_PERCENT = 70;
const RATE_HZ = 2_000;

/** Sends frame number `sequence`; the same number is the same frame. */
export const monitor = (port: number): ((sequence: number) => Promise<Answer>) => {
  const beganUs = Date.now() * 1e3;
  const samples = Buffer.alloc((RATE_HZ * FRAME_MS * 2) / 1e3, 1).toString('base64');
  return async (sequence) => {
    const now = beganUs + sequence * FRAME_MS * 1e3;
    const lead = { code: MDC.ecgII, unit: 'mV', gain: 0.005, rateNumerator: RATE_HZ, rateDenominator: 1 };
    const frame = {
      ...{ ...MONITOR, sequence, deviceTimeUs: now },
      numerics: [{ code: MDC.spo2, unit: '%', atUs: now, value: DESATURATED_PERCENT }],
      waveforms: [{ ...lead, startUs: now - FRAME_MS * 1e3, samples }],
    };
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/telemetry`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(frame),
      });
      return { status: answer.status, ...((await answer.json()) as { detail?: string }) };
    } catch {
      return { status: 0 };
    }
  };
};
