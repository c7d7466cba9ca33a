import { BEAT_EVERY_MS } from './stuck.ts';

/** Counts the turns of a loop where another thread can see it. */
export type Beat = Int32Array<SharedArrayBuffer>;

/** A new beat, to be shared with the thread that watches. */
export const makeBeat = (): Beat => new Int32Array(new SharedArrayBuffer(4));

/** How often the loop has turned; it wraps around. */
export const beatOf = (beat: Beat): number => Atomics.load(beat, 0);

/** Beats as long as the loop of this thread turns. Answers how to end it. */
export const startBeating = (beat: Beat): (() => void) => {
  const timer = setInterval(() => Atomics.add(beat, 0, 1), BEAT_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
};
