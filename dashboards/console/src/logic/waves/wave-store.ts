/** The newest waves of every bed, and the head of each bed's sweep. */
import { isEcgLead, MDC } from '../../../../../schemas/codes.ts';
import type { LiveWave } from '../../../../../schemas/live-waves.ts';
import { headAt, hearPiece, type PlayHead } from './play-head.ts';
import { makeWaveRing, timeOfSample, type WaveRing, writeWave } from './wave-ring.ts';

interface BedWaves {
  head: PlayHead | undefined;
  readonly rings: Map<number, WaveRing>;
  /** The lead of the ward's tile; kept while it lives, so that the trace does not change its lead without need. */
  lead: number | undefined;
}

/** Without a sample for this long another lead may take the tile. */
const LEAD_DEAD_US = 3e6;
const PREFERRED: readonly number[] = [MDC.ecgII, MDC.ecgUnspecified, MDC.ecgI];
const preferenceOf = (code: number): number => {
  const at = PREFERRED.indexOf(code);
  return at < 0 ? PREFERRED.length + code : at;
};

export interface WaveStore {
  readonly hear: (wave: LiveWave, nowUs: number) => void;
  readonly ring: (bed: string, code: number) => WaveRing | undefined;
  /** The lead to draw where there is room for one. */
  readonly lead: (bed: string, nowUs: number) => number | undefined;
  /** Codes heard of a bed: ECG leads first, then the other signals. */
  readonly codes: (bed: string) => readonly number[];
  readonly head: (bed: string) => PlayHead | undefined;
  readonly headUs: (bed: string, nowUs: number) => number | undefined;
  readonly subscribe: (listener: () => void) => () => void;
}

const inDisplayOrder = (a: number, b: number): number =>
  Number(isEcgLead(b)) - Number(isEcgLead(a)) || preferenceOf(a) - preferenceOf(b);

export const makeWaveStore = (): WaveStore => {
  const beds = new Map<string, BedWaves>();
  const listeners = new Set<() => void>();
  const codesOf = new Map<string, readonly number[]>();
  const none: readonly number[] = [];

  const lastHeard = (ring: WaveRing | undefined): number =>
    ring === undefined ? Number.NEGATIVE_INFINITY : timeOfSample(ring, ring.next);

  const newRing = (bed: string, waves: BedWaves, wave: LiveWave, rateHz: number): WaveRing => {
    const ring = makeWaveRing(rateHz, wave.startUs);
    waves.rings.set(wave.code, ring);
    const codes = [...waves.rings.keys()].sort(inDisplayOrder);
    if (codes.length !== (codesOf.get(bed) ?? none).length) {
      codesOf.set(bed, codes);
      for (const listener of listeners) listener();
    }
    return ring;
  };

  return {
    hear: (wave, nowUs) => {
      const rateHz = wave.rateNumerator / wave.rateDenominator;
      if (!(rateHz > 0 && rateHz <= 10_000) || wave.samples.length === 0) return;
      let waves = beds.get(wave.bed);
      if (waves === undefined) {
        waves = { head: undefined, rings: new Map(), lead: undefined };
        beds.set(wave.bed, waves);
      }
      let ring = waves.rings.get(wave.code);
      if (ring === undefined || ring.rateHz !== rateHz) ring = newRing(wave.bed, waves, wave, rateHz);
      if (!writeWave(ring, wave.startUs, wave.samples, wave.gain, wave.offset)) {
        ring = newRing(wave.bed, waves, wave, rateHz);
        writeWave(ring, wave.startUs, wave.samples, wave.gain, wave.offset);
      }
      const pieceUs = (wave.samples.length / rateHz) * 1e6;
      waves.head = hearPiece(waves.head, wave.startUs + pieceUs, pieceUs, nowUs);
    },
    ring: (bed, code) => beds.get(bed)?.rings.get(code),
    lead: (bed, nowUs) => {
      const waves = beds.get(bed);
      if (waves === undefined || waves.head === undefined) return undefined;
      const headUs = headAt(waves.head, nowUs);
      const kept = waves.lead;
      if (kept !== undefined && lastHeard(waves.rings.get(kept)) > headUs - LEAD_DEAD_US) return kept;
      const leads = (codesOf.get(bed) ?? none).filter(isEcgLead);
      const living = leads.find((code) => lastHeard(waves.rings.get(code)) > headUs - LEAD_DEAD_US);
      waves.lead = living ?? kept ?? leads[0];
      return waves.lead;
    },
    codes: (bed) => codesOf.get(bed) ?? none,
    head: (bed) => beds.get(bed)?.head,
    headUs: (bed, nowUs) => {
      const head = beds.get(bed)?.head;
      return head === undefined ? undefined : headAt(head, nowUs);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
