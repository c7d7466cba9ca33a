import { type Moment, moment } from '../../schemas/units.ts';
import type { EcgMemory } from '../../stream-models/ecg/hear-ecg.ts';
import { hearEcg, startEcg } from '../../stream-models/ecg/hear-ecg.ts';
import type { BeatSeen, EcgChunk, EcgProgress, EcgSighting } from '../../stream-models/ecg/sighting.ts';

/** A lead of a synthetic ECG: its code, its rate, and its signal (mV) as a function of the seconds since the start. */
export interface SyntheticLead {
  readonly code: number;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  readonly signal: (seconds: number) => number;
}

export const LEAD_II = 131330;
export const LEAD_V1 = 131331;
export const START: Moment = moment(1_700_000_000_000_000);

const bump = (seconds: number, middle: number, width: number): number =>
  Math.exp(-0.5 * ((seconds - middle) / width) ** 2);

export interface BeatForm {
  readonly rMv: number;
  /** Standard deviation of the R wave, seconds: 0.01 is a narrow complex, 0.03 a wide one. */
  readonly rWidth: number;
  readonly tMv: number;
  readonly tAfter: number;
  readonly tWidth: number;
  readonly pMv: number;
}
const USUAL_BEAT: BeatForm = { rMv: 1, rWidth: 0.012, tMv: 0.25, tAfter: 0.28, tWidth: 0.04, pMv: 0.12 };

/** An ECG with R peaks at the times given. */
export const beatsAt =
  (rPeaks: readonly number[], form: Partial<BeatForm> = {}) =>
  (seconds: number): number => {
    const { rMv, rWidth, tMv, tAfter, tWidth, pMv } = { ...USUAL_BEAT, ...form };
    let mv = 0;
    for (const r of rPeaks) {
      if (Math.abs(seconds - r) > 0.7) continue;
      mv +=
        rMv * bump(seconds, r, rWidth) -
        0.2 * rMv * bump(seconds, r + 2.5 * rWidth, rWidth) +
        tMv * bump(seconds, r + tAfter, tWidth) +
        pMv * bump(seconds, r - 0.16, 0.025);
    }
    return mv;
  };

/** R peaks at a steady rate, from a moment on to another. */
export const steady = (perMinute: number, from: number, to: number): readonly number[] =>
  Array.from(
    { length: Math.max(0, Math.floor(((to - from) * perMinute) / 60)) },
    (_, i) => from + (i * 60) / perMinute,
  );

/** Noise that is the same every time: white, between -1 and 1, one value per 1/500 s. */
export const noiseAt = (seconds: number, seed = 1): number => {
  let x = Math.imul(Math.round(seconds * 500) + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 31 - 1;
};

export const leadOf = (code: number, rateHz: number, signal: (seconds: number) => number): SyntheticLead => ({
  code,
  rateNumerator: rateHz,
  rateDenominator: 1,
  signal,
});

/** The frame that holds the samples of all leads in a stretch of time (seconds since START). */
export const frameOf = (leads: readonly SyntheticLead[], from: number, to: number): readonly EcgChunk[] =>
  leads.flatMap(({ code, rateNumerator, rateDenominator, signal }) => {
    const rate = rateNumerator / rateDenominator;
    const first = Math.ceil(from * rate - 1e-6);
    const count = Math.ceil(to * rate - 1e-6) - first;
    if (count <= 0) return [];
    return [
      {
        code,
        start: moment(START + Math.round((first * 1e6) / rate)),
        rateNumerator,
        rateDenominator,
        samplesMv: Float32Array.from({ length: count }, (_, i) => signal((first + i) / rate)),
      },
    ];
  });

const NONE: ReadonlySet<number> = new Set();

/** What is seen when frames are heard one after the other. */
export const seenIn = (
  frames: Iterable<readonly EcgChunk[]>,
  off: ReadonlySet<number> = NONE,
): readonly EcgSighting[] => {
  const sightings: EcgSighting[] = [];
  let memory: EcgMemory = startEcg;
  for (const frame of frames) {
    const [next, said] = hearEcg(memory, frame, off);
    memory = next;
    sightings.push(...said);
  }
  return sightings;
};

/** What is seen in a stretch of signal, fed in frames of one length. */
export const seenWhile = (
  leads: readonly SyntheticLead[],
  seconds: number,
  frameSeconds = 1,
  off: ReadonlySet<number> = NONE,
): readonly EcgSighting[] => {
  const frames: (readonly EcgChunk[])[] = [];
  for (let i = 0; i * frameSeconds < seconds; i++)
    frames.push(frameOf(leads, i * frameSeconds, Math.min(seconds, (i + 1) * frameSeconds)));
  return seenIn(frames, off);
};

export const beatsOf = (sightings: readonly EcgSighting[]): readonly BeatSeen[] =>
  sightings.filter((sighting) => sighting.tag === 'BeatSeen');
export const progressOf = (sightings: readonly EcgSighting[]): readonly EcgProgress[] =>
  sightings.filter((sighting) => sighting.tag === 'EcgProgress');

/** Seconds since START. */
export const secondsOf = (at: Moment): number => (at - START) / 1e6;
