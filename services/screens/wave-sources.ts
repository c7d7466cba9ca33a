import { elapsed, type Moment, seconds } from '../../schemas/units.ts';

/** As long as analysis waits before it listens to another device. */
const QUIET = seconds(2);

/**
 * Whose wave of a signal is drawn. Two devices of a bed may tell one lead, a bedside monitor and one for transport: drawn together they
 * would make a trace that no heart made, piece by piece of the one and of the other. So the one that is drawn goes on being drawn, and
 * another takes over where it was quiet for two seconds, or told nothing but holes or a lead that is off.
 */
export interface WaveSources {
  /** Whether this device's wave of a signal is the one that is drawn. */
  readonly takes: (bed: string, code: number, told: ToldWave) => boolean;
}

interface ToldWave {
  readonly source: string;
  /** When the log took it, which all devices share. */
  readonly at: Moment;
  /** It holds samples of a lead that is on. */
  readonly isUsable: boolean;
}

/** Nothing was heard yet. Bounded by the beds of the ward and the signals that a bed has told within two seconds. */
export const makeWaveSources = (): WaveSources => {
  const beds = new Map<string, Map<number, { source: string; at: Moment }>>();
  /** Or the log's clock was set back. */
  const isQuiet = (heard: Moment, at: Moment): boolean => Math.abs(elapsed(heard, at)) >= QUIET;
  return {
    takes: (bed, code, { source, at, isUsable }) => {
      const signals = beds.get(bed) ?? new Map<number, { source: string; at: Moment }>();
      beds.set(bed, signals);
      const drawn = signals.get(code);
      if (drawn !== undefined && drawn.source !== source && !isQuiet(drawn.at, at)) return false;
      // It is drawn for want of a better one, and holds no place.
      if (!isUsable) return true;
      if (drawn === undefined)
        for (const [other, { at: heard }] of signals) if (isQuiet(heard, at)) signals.delete(other);
      signals.set(code, { source, at });
      return true;
    },
  };
};
