/** What the rhythm network tells apart, in the order of its output. `sinus-like`: whatever needs no red alarm and is not AF. */
export const RHYTHM_CLASSES = ['sinus-like', 'af', 'vt', 'vf', 'asystole', 'noise'] as const;
export type RhythmClass = (typeof RHYTHM_CLASSES)[number];

/** Probabilities in the order of RHYTHM_CLASSES; they add up to 1. */
export type RhythmProbabilities = Float32Array;

/** The probability of one class, 0 … 1. */
export const probabilityOf = (probabilities: RhythmProbabilities, name: RhythmClass): number =>
  probabilities[RHYTHM_CLASSES.indexOf(name)]!;
