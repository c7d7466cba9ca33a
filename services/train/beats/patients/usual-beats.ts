import type { BeatSeen } from '../../../../stream-models/ecg/sighting.ts';

/** Samples of the shape (250 Hz, R peak at 70) that are compared: 120 ms to either side of the R peak. */
const FROM = 40;
const TO = 100;
const CORRELATION_LEAST = 0.88;
const SIZE_LEAST = 0.6;
const SIZE_MOST = 1.6;

/**
 * Which beats of a short recording look like most of the others, by the best lead: correlated with the median shape, and of
 * about its size (root of the energy). It looks at the whole recording, before and after: for labels of training, never in service.
 */
export const usualBeats = (beats: readonly BeatSeen[]): readonly boolean[] => {
  const shapes = beats.map(({ shapes: [best] }) => best?.subarray(FROM, TO) ?? new Float32Array(TO - FROM));
  const median = Float32Array.from({ length: TO - FROM }, (_, at) => {
    const sorted = shapes.map((shape) => shape[at]!).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  });
  const energy = dot(median, median);
  return shapes.map((shape) => {
    const own = dot(shape, shape);
    const size = Math.sqrt(own / energy);
    const correlation = dot(shape, median) / Math.sqrt(own * energy);
    return correlation >= CORRELATION_LEAST && size >= SIZE_LEAST && size <= SIZE_MOST;
  });
};

const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
