/** A beat, and a pulse, is known so long after it came. */
export const BEAT_LATE_S = 0.3;
export const PULSE_LATE_S = 0.45;
/** What an alarm rings for began at most 10 s before; what it is made of may reach a little farther back. */
export const WINDOW_S = 14;

/** The logarithm of a rate or time beside what a definition asks for: 0 is the definition. */
export const logRatio = (value: number, definition: number): number => Math.log(Math.max(1e-3, value) / definition);

/** The value, no farther from 0 than `most`. */
export const bounded = (value: number, most: number): number => Math.max(-most, Math.min(most, value));
