import { type Rejection, rejection } from '../../schemas/rejection.ts';

/**
 * How many beds are listened for. Each costs a silence a second while it says nothing, so that a sender that makes up names would
 * end the watch over all: ten thousand names in two requests did.
 */
export const BEDS_MAX_USUAL = 2_000;

export interface Room {
  /** Why a frame of the bed cannot be taken; undefined: it can. */
  readonly refusal: (bed: string) => Rejection | undefined;
  /** A frame of the bed is on its way to the log until `arrival` is settled: the bed has its place from now on. */
  readonly taken: (bed: string, arrival: Promise<unknown>) => void;
}

/** Keeps places: for the beds that are admitted, and for those whose first frames are still on their way. */
export const makeRoom = (
  bedsMax: number,
  ward: { readonly isAdmitted: (bed: string) => boolean; readonly bedsAdmitted: () => number },
): Room => {
  const coming = new Map<string, number>();
  return {
    refusal: (bed) => {
      if (ward.isAdmitted(bed) || coming.has(bed) || ward.bedsAdmitted() + coming.size < bedsMax) return undefined;
      return rejection(
        'too-many',
        'bed',
        `${bedsMax} beds are listened for, as many as VIGIL_BEDS_MAX allows, and this one is none of them; raise it, or end the sender of beds that do not exist (they are let go after ten minutes of silence)`,
      );
    },
    taken: (bed, arrival) => {
      if (ward.isAdmitted(bed)) return;
      coming.set(bed, (coming.get(bed) ?? 0) + 1);
      const arrived = (): void => {
        const left = coming.get(bed)! - 1;
        if (left === 0) coming.delete(bed);
        else coming.set(bed, left);
      };
      arrival.then(arrived, arrived);
    },
  };
};
