/**
 * NEWS2 as the Royal College of Physicians published it in 2017 (Chart 1 and Chart 4), reproduced with
 * acknowledgement. The bands are whole numbers, temperature has one decimal; so a value is rounded first (half up, 8.5 → 9,
 * 35.05 → 35.1), then looked up: every real number falls into exactly one band.
 */
export type Points = 0 | 1 | 2 | 3;

/** Bands from low to high: up to and including `to`, these points. The last band has no end. */
export interface Band {
  readonly to: number;
  readonly points: Points;
}

const UP = Number.POSITIVE_INFINITY;

export const respirationBands: readonly Band[] = [
  { to: 8, points: 3 },
  { to: 11, points: 1 },
  { to: 20, points: 0 },
  { to: 24, points: 2 },
  { to: UP, points: 3 },
];
export const spo2Scale1Bands: readonly Band[] = [
  { to: 91, points: 3 },
  { to: 93, points: 2 },
  { to: 95, points: 1 },
  { to: UP, points: 0 },
];
/** Scale 2 on oxygen. On air everything from 88 % up is 0. */
export const spo2Scale2OxygenBands: readonly Band[] = [
  { to: 83, points: 3 },
  { to: 85, points: 2 },
  { to: 87, points: 1 },
  { to: 92, points: 0 },
  { to: 94, points: 1 },
  { to: 96, points: 2 },
  { to: UP, points: 3 },
];
export const spo2Scale2AirBands: readonly Band[] = [
  { to: 83, points: 3 },
  { to: 85, points: 2 },
  { to: 87, points: 1 },
  { to: UP, points: 0 },
];
export const systolicBands: readonly Band[] = [
  { to: 90, points: 3 },
  { to: 100, points: 2 },
  { to: 110, points: 1 },
  { to: 219, points: 0 },
  { to: UP, points: 3 },
];
export const pulseBands: readonly Band[] = [
  { to: 40, points: 3 },
  { to: 50, points: 1 },
  { to: 90, points: 0 },
  { to: 110, points: 1 },
  { to: 130, points: 2 },
  { to: UP, points: 3 },
];
export const temperatureBands: readonly Band[] = [
  { to: 35, points: 3 },
  { to: 36, points: 1 },
  { to: 38, points: 0 },
  { to: 39, points: 1 },
  { to: UP, points: 2 },
];

/** Half up. The tiny addend mends binary fractions: 35.05 is stored as 35.04999… and means 35.05. */
export const roundedTo = (value: number, decimals: 0 | 1): number => {
  const scale = decimals === 1 ? 10 : 1;
  return Math.floor(value * scale + 0.5 + 1e-9) / scale;
};

/** Points of a rounded value. */
export const pointsIn = (bands: readonly Band[], rounded: number): Points => {
  for (const band of bands) if (rounded <= band.to) return band.points;
  throw new RangeError(`${rounded} is in no band; the last band has no end`);
};
