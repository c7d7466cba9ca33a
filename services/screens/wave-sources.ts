import type { LiveBed } from '../../schemas/live.ts';
import { elapsed, type Moment, minutes, seconds } from '../../schemas/units.ts';

/** As long as analysis waits before it listens to another device. */
const QUIET = seconds(2);
/** So long after another device told the signal, too, the one that is drawn is named. */
const NAMED_FOR = minutes(1);

/**
 * Whose wave of a signal is drawn. Two devices of a bed may tell one lead, a bedside monitor and one for transport: drawn together they
 * would make a trace that no heart made, piece by piece of the one and of the other. So the one that is drawn goes on being drawn, and
 * another takes over where it was quiet for two seconds, or told nothing but holes or a lead that is off.
 */
export interface WaveSources {
  /** Whether this device's wave of a signal is the one that is drawn. */
  readonly takes: (bed: string, code: number, told: ToldWave) => boolean;
  /** Whether another device than the one that is drawn told the signal within a minute: a trace must say then which it is of two. */
  readonly isToldTwice: (bed: string, code: number, at: Moment) => boolean;
}

interface ToldWave {
  readonly source: string;
  /** When the log took it, which all devices share. */
  readonly at: Moment;
  /** It holds samples of a lead that is on. */
  readonly isUsable: boolean;
}

interface Drawn {
  readonly source: string;
  readonly at: Moment;
  /** False: it is drawn for want of a better one, and gives way to that at once. */
  readonly isUsable: boolean;
  /** When another device told the signal last. */
  readonly otherAt: Moment | undefined;
}

/** Nothing was heard yet. Bounded by the beds of the ward and the signals that a bed has told within two seconds. */
export const makeWaveSources = (): WaveSources => {
  const beds = new Map<string, Map<number, Drawn>>();
  /** Or the log's clock was set back. */
  const isQuiet = (heard: Moment, at: Moment): boolean => Math.abs(elapsed(heard, at)) >= QUIET;
  return {
    takes: (bed, code, { source, at, isUsable }) => {
      const signals = beds.get(bed) ?? new Map<number, Drawn>();
      beds.set(bed, signals);
      const drawn = signals.get(code);
      const isOther = drawn !== undefined && drawn.source !== source;
      const isKept = drawn !== undefined && !isQuiet(drawn.at, at) && (drawn.isUsable || !isUsable);
      if (isKept && isOther) {
        signals.set(code, { ...drawn, otherAt: at });
        return false;
      }
      // Its place is the one of its last usable piece.
      if (isKept && drawn.isUsable && !isUsable) return true;
      if (drawn === undefined)
        for (const [other, { at: heard }] of signals) if (isQuiet(heard, at)) signals.delete(other);
      signals.set(code, { source, at, isUsable, otherAt: isOther ? drawn.at : drawn?.otherAt });
      return true;
    },
    isToldTwice: (bed, code, at) => {
      const otherAt = beds.get(bed)?.get(code)?.otherAt;
      return otherAt !== undefined && Math.abs(elapsed(otherAt, at)) < NAMED_FOR;
    },
  };
};

/** The bed with the device that is drawn of a signal; undefined: it needs no name. The same bed (===) when that is known. */
export const withWaveSource = (bed: LiveBed, code: number, source: string | undefined): LiveBed => {
  const { waveSources = [], ...rest } = bed;
  if (waveSources.find((one) => one.code === code)?.source === source) return bed;
  const others = waveSources.filter((one) => one.code !== code);
  const all = source === undefined ? others : [...others, { code, source }];
  return all.length === 0 ? rest : { ...rest, waveSources: all };
};
