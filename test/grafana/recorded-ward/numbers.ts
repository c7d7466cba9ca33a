/** The numbers of the day, and those of long ago that were rolled up. */
import { MDC, PRIVATE, signalOf } from '../../../schemas/codes.ts';
import { RhythmKind } from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import { LAB } from '../../../schemas/laboratory.ts';
import type { NumericPoint } from '../../../services/ports/series-store.ts';
import {
  AGO,
  at,
  BED,
  DAY,
  END_MS,
  gravity,
  HOUR,
  MINUTE,
  MONITOR,
  OLD_MS,
  SECOND,
  SILENT_BED,
  VIGIL,
} from './story.ts';

type Device = typeof MONITOR | typeof VIGIL;

export const numberOf = (bed: string, code: number, by: Device, value: number, agoMs: number): NumericPoint => ({
  ...{ bed, ...by, code, unit: signalOf(code)!.ucum, at: at(agoMs), value },
});

/** Signals that come once a second in the last hour: value plus 0, 1, 2, 0, 1, 2, … */
export const everySecond: readonly (readonly [code: number, by: Device, base: number])[] = [
  [MDC.ecgHeartRate, VIGIL, 71],
  [MDC.pulseRate, MONITOR, 69],
  [MDC.spo2, MONITOR, 95],
  [MDC.respRate, MONITOR, 14],
  [MDC.respRateCo2, MONITOR, 13],
  [MDC.abpSystolic, MONITOR, 118],
  [MDC.abpMean, MONITOR, 88],
  [MDC.abpDiastolic, MONITOR, 68],
  [MDC.etco2, MONITOR, 36],
  [MDC.cvpMean, MONITOR, 7],
];
/** Signals that come now and then in the last hour, always the same. */
export const nowAndThen: readonly (readonly [code: number, everyMs: number, value: number])[] = [
  [MDC.temperature, MINUTE, 37.2],
  [MDC.nibpSystolic, 15 * MINUTE, 121],
  [MDC.nibpMean, 15 * MINUTE, 91],
  [MDC.nibpDiastolic, 15 * MINUTE, 71],
  [LAB.lactate, 30 * MINUTE, 2.1],
  [LAB.potassium, 30 * MINUTE, 4.2],
  [LAB.creatinine, 30 * MINUTE, 1.25],
  [LAB.bilirubin, 30 * MINUTE, 1.5],
  [LAB.leukocytes, 30 * MINUTE, 11.5],
  [LAB.platelets, 30 * MINUTE, 180],
  [LAB.sao2, 30 * MINUTE, 97],
];
export const HEART_RATE_BASE = 70;
export const HEART_RATE_PEAK = 190;

/** Of every other mean pressure nothing came, and of the saturation nothing in its hole. */
const isMissing = (code: number, agoMs: number): boolean =>
  (code === MDC.abpMean && (agoMs / SECOND) % 2 === 1) ||
  (code === MDC.spo2 && agoMs <= AGO.holeFrom && agoMs > AGO.holeTo);

export const numbersOfTheDay = (): readonly NumericPoint[] => {
  const points: NumericPoint[] = [];
  for (let ago = DAY; ago > 0; ago -= SECOND) {
    if (ago <= AGO.silentFrom && ago > AGO.silentTo) continue;
    const rate = ago === AGO.vt ? HEART_RATE_PEAK : HEART_RATE_BASE + ((ago / SECOND) % 3);
    points.push(numberOf(BED, MDC.ecgHeartRate, MONITOR, rate, ago));
  }
  for (let ago = HOUR; ago > 0; ago -= SECOND)
    for (const [code, by, base] of everySecond)
      if (!isMissing(code, ago)) points.push(numberOf(BED, code, by, base + ((ago / SECOND) % 3), ago));
  for (const [code, everyMs, value] of nowAndThen)
    for (let ago = HOUR; ago > 0; ago -= everyMs) points.push(numberOf(BED, code, MONITOR, value, ago));
  for (let ago = 30 * MINUTE; ago > AGO.silentBed; ago -= SECOND) {
    points.push(numberOf(SILENT_BED, MDC.ecgHeartRate, MONITOR, 80, ago));
    points.push(numberOf(SILENT_BED, MDC.spo2, MONITOR, 91, ago));
  }
  return points;
};

/** Forty days ago: what is added to the base of a signal, second after second: a minute of 60 numbers, and one of 30. */
const OLD_MINUTES: readonly (readonly number[])[] = [
  Array.from({ length: 60 }, (_, i) => (i % 3) - 1),
  Array.from({ length: 30 }, (_, i) => (i % 6 === 0 ? -2 : 4)),
];
export const OLD = { min: -2, max: 4, mean: (0 * 60 + 3 * 30) / 90 } as const;

const oldRhythms = [RhythmKind.SINUS_LIKE, RhythmKind.VF] as const;

export const numbersOfLongAgo = (): readonly NumericPoint[] => {
  const oldAgo = END_MS - OLD_MS;
  const all = [
    ...everySecond,
    ...nowAndThen.map(([code, , value]) => [code, MONITOR, value] as const),
    [MDC.ecgHeartRate, MONITOR, HEART_RATE_BASE] as const,
  ];
  return OLD_MINUTES.flatMap((minute, i) => {
    const begins = oldAgo - i * MINUTE;
    const marks = Array.from({ length: 6 }, (_, k) =>
      numberOf(BED, PRIVATE.rhythm, VIGIL, gravity(oldRhythms[i]!), begins - k * 10 * SECOND),
    );
    const numbers = all.flatMap(([code, by, base]) =>
      minute.map((more, k) => numberOf(BED, code, by, base + more, begins - k * SECOND)),
    );
    return [...marks, ...numbers];
  });
};

/** Ten days ago single numbers are still kept: those are drawn, not their minute. */
export const numbersOfTenDaysAgo = (): readonly NumericPoint[] =>
  Array.from({ length: 60 }, (_, i) => numberOf(BED, MDC.ecgHeartRate, MONITOR, 55, AGO.rolledUp - i * SECOND));
