import * as E from 'fp-ts/lib/Either.js';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import type { Fold } from '../../stream-models/fold.ts';
import { wardDiceFrom } from './dice.ts';

/** What goes wrong between the devices and Vigil. Shares of frames are 0 to 1. */
export interface Faults {
  readonly drop: number;
  readonly duplicate: number;
  /** A frame comes after the one that follows it. */
  readonly reorder: number;
  /** The devices' clocks are ahead by so much (or behind, when negative). */
  readonly skewMs: number;
}

export const NO_FAULTS: Faults = { drop: 0, duplicate: 0, reorder: 0, skewMs: 0 };

const SKEW_MS_MAX = 86_400_000;

/** Reads "drop=0.01,duplicate=0.01,reorder=0.02,skew=1500". Left: every mistake, with what is allowed. */
export const parseFaults = (text: string): E.Either<readonly string[], Faults> => {
  const faults: Record<string, number> = { drop: 0, duplicate: 0, reorder: 0, skew: 0 };
  const mistakes: string[] = [];
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [name = '', value = ''] = part.split('=').map((each) => each.trim());
    const number = value === '' ? Number.NaN : Number(value);
    if (!Object.hasOwn(faults, name))
      mistakes.push(`"${name}" is no fault; there are drop, duplicate, reorder and skew`);
    else if (name === 'skew' ? !(Math.abs(number) <= SKEW_MS_MAX) : !(number >= 0 && number <= 1))
      mistakes.push(
        `${name} is "${value}"; must be ${name === 'skew' ? 'milliseconds, at most a day' : 'a share of frames from 0 to 1'}`,
      );
    else faults[name] = number;
  }
  const { drop = 0, duplicate = 0, reorder = 0, skew = 0 } = faults;
  return mistakes.length > 0 ? E.left(mistakes) : E.right({ drop, duplicate, reorder, skewMs: skew });
};

export interface FaultMemory {
  readonly dice: number;
  /** A frame that waits for the next one to pass it. */
  readonly held: Telemetry | undefined;
}

const skewed = (frame: Telemetry, skewMs: number): Telemetry => {
  if (skewMs === 0) return frame;
  const by = skewMs * 1e3;
  return {
    ...frame,
    deviceTimeUs: frame.deviceTimeUs + by,
    waveforms: frame.waveforms.map((wave) => ({ ...wave, startUs: wave.startUs + by })),
    numerics: frame.numerics.map((numeric) => ({ ...numeric, atUs: numeric.atUs + by })),
  };
};

/** The line between one bed's device and Vigil, with its faults. The same seed loses the same frames. */
export const faultyLine = (faults: Faults, seed: number): Fold<FaultMemory, Telemetry, Telemetry> => ({
  start: { dice: seed, held: undefined },
  step: (memory, frame) => {
    const dice = wardDiceFrom(memory.dice);
    const [dropRoll, duplicateRoll, reorderRoll] = [dice.unit(), dice.unit(), dice.unit()];
    const out: Telemetry[] = [];
    let { held } = memory;
    const told = skewed(frame, faults.skewMs);
    if (dropRoll >= faults.drop) {
      if (reorderRoll < faults.reorder && held === undefined) return [{ dice: dice.state(), held: told }, []];
      out.push(told);
      if (duplicateRoll < faults.duplicate) out.push(told);
    }
    if (held !== undefined && out.length > 0) {
      out.push(held);
      held = undefined;
    }
    return [{ dice: dice.state(), held }, out];
  },
});
