/** What a bed's monitor tells in these tests: its saturation, again and again until the test stops it. */
import { MDC } from '../../schemas/codes.ts';

export interface Bedside {
  /** From the next frames on. */
  readonly spo2: (bed: string, percent: number) => void;
  readonly stop: () => void;
}

const TELL_EVERY_MS = 250;

/** Beds that tell a good saturation of now, of children: no NEWS2 rings beside it. `url` is host and port. */
export const tellBeds = (url: string, beds: readonly string[]): Bedside => {
  const percents = new Map(beds.map((bed) => [bed, 97]));
  let sequence = 0;
  const tell = async (): Promise<void> => {
    sequence += 1;
    const atUs = Date.now() * 1e3;
    const frames = [...percents].map(([bed, value]) => ({
      ...{ bed, source: bed, sequence, deviceTimeUs: atUs },
      assignment: { patient: `patient of ${bed}`, population: 'child', fromUs: 1 },
      numerics: [{ code: MDC.spo2, unit: '%', atUs, value }],
    }));
    const headers = { 'content-type': 'application/json' };
    await fetch(`http://${url}/v1/telemetry`, { method: 'POST', headers, body: JSON.stringify(frames) });
  };
  const timer = setInterval(() => void tell().catch(() => undefined), TELL_EVERY_MS);
  return {
    spo2: (bed, percent) => {
      percents.set(bed, percent);
    },
    stop: () => clearInterval(timer),
  };
};
