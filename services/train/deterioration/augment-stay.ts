import { PARAMETERS, VITALS } from '../../../stream-models/deterioration/parameters.ts';
import type { StayHour } from '../../../stream-models/deterioration/stay.ts';
import type { Dice } from '../../../stream-models/dice.ts';

/** How far copies go; all shares 0 … 1. Hospitals differ less in their patients than in what they measure, and how often. */
export interface Changes {
  /** Share of the stays that are changed at all. */
  readonly changed: number;
  /** A laboratory value, a vital sign that this hospital never takes; all laboratory values together. */
  readonly withoutLab: number;
  readonly withoutVital: number;
  readonly withoutAnyLab: number;
  /** At most this share of the single measurements is not taken. */
  readonly thinned: number;
  /** Spread of another device's or laboratory's offset, in usual spreads of the value. */
  readonly offset: number;
  /** When the patient came to the hospital is not known. */
  readonly withoutHistory: number;
}

export const CHANGES_USUAL: Changes = {
  changed: 0.8,
  withoutLab: 0.15,
  withoutVital: 0.08,
  withoutAnyLab: 0.1,
  thinned: 0.5,
  offset: 0.1,
  withoutHistory: 0.1,
};

/** A stay as another hospital might have recorded it. All from the dice. */
export const changedStay = (rows: readonly StayHour[], changes: Changes, dice: Dice): readonly StayHour[] => {
  if (dice.unit() >= changes.changed) return rows;
  const noLabs = dice.unit() < changes.withoutAnyLab;
  const keptVitals = 1 - changes.thinned * dice.unit() ** 2;
  const keptLabs = 1 - changes.thinned * dice.unit();
  const kept = PARAMETERS.map((_, i) => {
    const isVital = i < VITALS.length;
    const isGone = dice.unit() < (isVital ? changes.withoutVital : changes.withoutLab) || (!isVital && noLabs);
    return isGone ? 0 : isVital ? keptVitals : keptLabs;
  });
  const offsets = PARAMETERS.map(({ spread, isSkewed }) =>
    isSkewed ? Math.exp(changes.offset * spread * dice.normal()) : changes.offset * spread * dice.normal(),
  );
  const hasHistory = dice.unit() >= changes.withoutHistory;
  return rows.map(({ hour, values, patient }) => {
    const changed = new Float64Array(PARAMETERS.length).fill(Number.NaN);
    for (let i = 0; i < PARAMETERS.length; i++) {
      const value = values[i]!;
      if (Number.isNaN(value) || (kept[i]! < 1 && dice.unit() >= kept[i]!)) continue;
      const { isSkewed, from, to } = PARAMETERS[i]!;
      const moved = isSkewed ? value * offsets[i]! : value + offsets[i]!;
      // A value that was plausible stays so: an offset must not turn 100 % saturation into no value.
      changed[i] = value >= from && value <= to ? Math.max(from, Math.min(to, moved)) : value;
    }
    return { hour, values: changed, patient: hasHistory ? patient : { ...patient, hoursInHospitalBefore: Number.NaN } };
  });
};
