import type { Fold } from '../fold.ts';
import { DERIVED_FEATURES, derivedInto } from './derived.ts';
import { LABS, PARAMETERS, VITALS } from './parameters.ts';
import type { StayHour } from './stay.ts';
import { isSufficient } from './sufficient.ts';
import { KEPT, startWatching, type Watched, watch } from './watched.ts';

const VITAL_FEATURES = 7;
const LAB_FEATURES = 3;
const CHARTING_FEATURES = 3;
const TIME_FEATURES = 6;
const PATIENT_FEATURES = 6;

/** Width of the network's input. */
export const DETERIORATION_FEATURES =
  VITALS.length * VITAL_FEATURES +
  LABS.length * LAB_FEATURES +
  DERIVED_FEATURES +
  CHARTING_FEATURES +
  TIME_FEATURES +
  PATIENT_FEATURES;

/** A value is as good as new for about so long, hours. */
const VITAL_FRESH_HOURS = 3;
const LAB_FRESH_HOURS = 12;
const CHANGE_FADES_HOURS = 24;

/** What the network gets in one hour of a stay. */
export interface DeteriorationInput {
  readonly hour: number;
  /** DETERIORATION_FEATURES numbers of about -2 … 2, all finite, at most 4 in size. */
  readonly x: Float32Array;
  /** Whether there is enough, and new enough, to say anything. */
  readonly isSufficient: boolean;
}

/**
 * From "at this hour these values" to the network's input: values, how fresh they are, and how they differ from the patient's own
 * running past. Causal: an output depends on its row and earlier ones only. Rows come in the order of time, at any distance.
 */
export const deteriorationInput: Fold<Watched, StayHour, DeteriorationInput> = {
  start: startWatching,
  step: (before, row) => {
    const watched = watch(before, row);
    return [watched, [{ hour: row.hour, x: inputOf(watched, row), isSufficient: isSufficient(watched) }]];
  },
};

/** The network's input of what is remembered after a row. */
export const inputOf = (watched: Watched, row: Pick<StayHour, 'hour' | 'patient'>): Float32Array => {
  const x = new Float32Array(DETERIORATION_FEATURES);
  let next = valuesInto(x, watched);
  derivedInto(x, next, watched);
  next = chartingInto(x, next + DERIVED_FEATURES, watched);
  next = timeInto(x, next, row.hour);
  patientInto(x, next, row);
  return x;
};

const valuesInto = (x: Float32Array, { hour, numbers }: Watched): number => {
  let next = 0;
  for (let i = 0; i < PARAMETERS.length; i++) {
    const isVital = i < VITALS.length;
    const at = numbers[KEPT.at + i]!;
    if (!Number.isNaN(at)) {
      const age = hour - at;
      const standard = numbers[KEPT.standard + i]!;
      x[next] = standard;
      x[next + 1] = Math.exp(-age / (isVital ? VITAL_FRESH_HOURS : LAB_FRESH_HOURS));
      if (isVital) {
        const mean = numbers[KEPT.mean + i]!;
        x[next + 2] = mean;
        x[next + 3] = Math.max(-4, Math.min(4, standard - mean));
        x[next + 4] = Math.sqrt(Math.max(0, numbers[KEPT.square + i]! - mean * mean));
        x[next + 5] = numbers[KEPT.low + i]!;
        x[next + 6] = numbers[KEPT.high + i]!;
      } else {
        const change = numbers[KEPT.change + i]!;
        x[next + 2] = Math.max(-4, Math.min(4, change)) * Math.exp(-age / CHANGE_FADES_HOURS);
      }
    }
    next += isVital ? VITAL_FEATURES : LAB_FEATURES;
  }
  return next;
};

/** How closely the patient is looked at, which tells what people at the bedside think. */
const chartingInto = (x: Float32Array, from: number, { labsOfLate, labsNow, vitalsNow }: Watched): number => {
  x[from] = Math.log1p(labsOfLate) / 2 - 1;
  x[from + 1] = Math.log1p(labsNow) / 1.5;
  x[from + 2] = vitalsNow / 3.5 - 1;
  return from + CHARTING_FEATURES;
};

/** Hours in the ICU at several scales: how long a stay lasts says much by itself. */
const timeInto = (x: Float32Array, from: number, hour: number): number => {
  const inside = Math.max(0, hour);
  x[from] = Math.log1p(inside) / 1.5 - 2;
  x[from + 1] = 1 - 2 * Math.exp(-inside / 6);
  x[from + 2] = 1 - 2 * Math.exp(-inside / 24);
  x[from + 3] = Math.min(4, inside / 50);
  x[from + 4] = Math.min(1, Math.max(0, (inside - 40) / 20));
  x[from + 5] = Math.min(1, Math.max(0, (inside - 4) / 8));
  return from + TIME_FEATURES;
};

const patientInto = (x: Float32Array, from: number, { hour, patient }: Pick<StayHour, 'hour' | 'patient'>): void => {
  const { ageYears, isMale, hoursInHospitalBefore: before } = patient;
  if (ageYears >= 0 && ageYears < 130) {
    x[from] = (ageYears - 63) / 17;
    x[from + 1] = Math.max(0, (ageYears - 63) / 17);
  }
  if (isMale === 0 || isMale === 1) x[from + 2] = isMale - 0.5;
  if (before >= 0) {
    x[from + 3] = Math.min(4, Math.log1p(before) / 2 - 1);
    x[from + 4] = before < 1 ? 1 : 0;
    x[from + 5] = Math.min(4, Math.log1p(before + Math.max(0, hour)) / 2 - 2);
  }
};
