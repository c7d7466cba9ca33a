/**
 * A ventricular beat made of a patient's own: a focus somewhere in the ventricles makes the QRS complex broad and of another
 * height in each lead, with a T wave on the other side, and no P wave before it. Within a focus its beats look alike.
 */
import type { Dice } from '../../../../stream-models/dice.ts';

/** What all beats of one focus have in common. */
export interface Focus {
  /** How many times as broad as the own QRS, and how unlike its halves are. */
  readonly broader: number;
  readonly skew: number;
  /** Per lead: height beside the own QRS, with its sign; and that of the T wave beside this one's. */
  readonly gains: readonly number[];
  readonly tShare: number;
}

/** A ventricular focus at random: how broad, how skew, how it looks in each lead. */
export const someFocus = (leads: number, dice: Dice): Focus => ({
  broader: 1.6 + 1.1 * dice.unit(),
  skew: 0.6 * (dice.unit() - 0.5),
  gains: Array.from({ length: leads }, () => (dice.unit() < 0.5 ? -1 : 1) * (0.5 + 1.4 * dice.unit())),
  tShare: 0.15 + 0.45 * dice.unit(),
});

const FROM_S = 0.24;
const TO_S = 0.44;
const QRS_BEFORE_S = 0.06;
const QRS_AFTER_S = 0.07;
const SMOOTH = 3;

/** Puts a beat of a focus in the place of the one whose R peak is at sample `r`, in one lead. */
export const broaden = (
  samples: Float32Array,
  r: number,
  rateHz: number,
  { broader, skew, gains, tShare }: Focus,
  lead: number,
  dice: Dice,
): void => {
  const from = Math.round(r - FROM_S * rateHz);
  const to = Math.round(r + TO_S * rateHz);
  if (from < SMOOTH || to >= samples.length - SMOOTH) return;
  const level = (i: number): number => samples[from]! + ((samples[to]! - samples[from]!) * (i - from)) / (to - from);
  const qrsFrom = Math.round(r - QRS_BEFORE_S * rateHz);
  const qrsTo = Math.round(r + QRS_AFTER_S * rateHz);
  const own = Float32Array.from({ length: qrsTo - qrsFrom + 1 }, (_, k) => {
    const line = samples[qrsFrom]! + ((samples[qrsTo]! - samples[qrsFrom]!) * k) / (qrsTo - qrsFrom);
    return samples[qrsFrom + k]! - line;
  });
  const peak = own.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  const gain = gains[lead % gains.length]! * (1 + 0.08 * dice.normal());
  const middle = (qrsTo - qrsFrom) / 2;
  const made = new Float32Array(to - from + 1);
  for (let i = from; i <= to; i++) {
    const away = i - r;
    const stretch = broader * (1 + (away < 0 ? skew : -skew));
    const place = middle + (QRS_BEFORE_S * rateHz - middle) + away / stretch;
    const whole = Math.floor(place);
    const inner = whole >= 0 && whole + 1 < own.length;
    const qrs = inner ? own[whole]! + (place - whole) * (own[whole + 1]! - own[whole]!) : 0;
    const along = (away / rateHz - 0.12) / 0.28;
    const t = along > 0 && along < 1 ? Math.sin(Math.PI * along ** 1.3) ** 2 : 0;
    made[i - from] = level(i) + gain * (qrs - tShare * peak * t);
  }
  // The own fast parts must not remain in what is slow.
  for (let k = 0; k < made.length; k++) {
    let sum = 0;
    let count = 0;
    for (let j = Math.max(0, k - SMOOTH); j <= Math.min(made.length - 1, k + SMOOTH); j++, count++) sum += made[j]!;
    samples[from + k] = sum / count + 0.004 * dice.normal();
  }
};
