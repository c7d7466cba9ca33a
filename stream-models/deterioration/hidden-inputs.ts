/** What a risk leans on: the same hour as the network would hear it if one signal had never been told. */
import { type Moment, moment } from '../../schemas/units.ts';
import { inputOf } from './deterioration-input.ts';
import { PARAMETERS, placeOf, VITALS } from './parameters.ts';
import type { Patient, StayHour } from './stay.ts';
import { KEPT, type Watched } from './watched.ts';

/** A signal that can be hidden. */
export type Cause =
  /** Places in PARAMETERS. The pressures of a cuff or a line are one signal: each tells what the others do. */
  | { readonly tag: 'Measured'; readonly places: readonly number[] }
  /** What is known of the patient whatever the hour. */
  | { readonly tag: 'Patient'; readonly what: keyof Patient }
  /** How many values are charted of late: how closely the patient is looked at. */
  | { readonly tag: 'Charting' }
  /** Hours in the ICU. */
  | { readonly tag: 'Time' };

const PRESSURES = ['SBP', 'MAP', 'DBP'].map(placeOf);

/** All signals. On the log they stand by their names (say-risk.ts); in a bed's memory by their places here, so new ones go to the end. */
export const CAUSES: readonly Cause[] = [
  { tag: 'Measured', places: PRESSURES },
  ...PARAMETERS.flatMap((_, place): Cause[] =>
    PRESSURES.includes(place) ? [] : [{ tag: 'Measured', places: [place] }],
  ),
  { tag: 'Patient', what: 'ageYears' },
  { tag: 'Patient', what: 'isMale' },
  { tag: 'Patient', what: 'hoursInHospitalBefore' },
  { tag: 'Charting' },
  { tag: 'Time' },
];

/** An hour without one signal. */
export interface HiddenInput {
  /** Place in CAUSES. */
  readonly cause: number;
  readonly x: Float32Array;
  /** The newest value of what is hidden, and when it was measured; NaN: there is no one value. */
  readonly value: number;
  readonly at: Moment;
}

/** What cannot be unknown is as usual instead: medians over the hours of hospital A (cinc2019-a.csv), and the end of a first day. */
const USUAL = { labsOfLate: 14.5, labsNow: 0, vitalsNow: 6, hour: 24 } as const;

/** A memory that never had a value of these places. */
const without = (watched: Watched, places: readonly number[]): Watched => {
  const numbers = watched.numbers.slice();
  let { labsOfLate, labsNow, vitalsNow } = watched;
  for (const place of places) {
    if (numbers[KEPT.at + place] === watched.hour) {
      if (place < VITALS.length) vitalsNow--;
      else [labsNow, labsOfLate] = [labsNow - 1, labsOfLate - 1];
    }
    for (const from of Object.values(KEPT)) numbers[from + place] = Number.NaN;
  }
  return { ...watched, numbers, labsOfLate, labsNow, vitalsNow };
};

type Row = Pick<StayHour, 'hour' | 'patient'>;

/** The hour's input without a signal; undefined: it is not known anyway. */
const hidden = (cause: Cause, watched: Watched, row: Row): Float32Array | undefined => {
  const { hour, patient } = row;
  switch (cause.tag) {
    case 'Measured':
      return cause.places.every((place) => Number.isNaN(watched.numbers[KEPT.last + place]))
        ? undefined
        : inputOf(without(watched, cause.places), row);
    case 'Patient':
      return Number.isNaN(patient[cause.what])
        ? undefined
        : inputOf(watched, { hour, patient: { ...patient, [cause.what]: Number.NaN } });
    case 'Charting': {
      const { labsOfLate, labsNow, vitalsNow } = USUAL;
      return inputOf({ ...watched, labsOfLate, labsNow, vitalsNow }, row);
    }
    case 'Time':
      return inputOf(watched, { hour: USUAL.hour, patient });
  }
};

/** What can be said of a hidden signal: value and when it was measured, NaN where there is no one value or time. */
const toldOf = (
  cause: Cause,
  { numbers }: Watched,
  row: Row,
  newest: Float64Array,
): Pick<HiddenInput, 'value' | 'at'> => {
  const nothing = { value: Number.NaN, at: moment(Number.NaN) };
  if (cause.tag === 'Time') return { ...nothing, value: row.hour };
  if (cause.tag === 'Patient') return { ...nothing, value: row.patient[cause.what] };
  if (cause.tag === 'Charting') return nothing;
  // What is newest and not plausible was no value for the network.
  const place = cause.places.find((each) => numbers[KEPT.last + each] === newest[each]);
  return place === undefined ? nothing : { value: newest[place]!, at: moment(newest[PARAMETERS.length + place]!) };
};

/**
 * The newest hour without each signal that is known. What the network remembers of earlier hours stays: a signal is hidden in this hour
 * alone. `newest`: per parameter value, then time (RiskMemory).
 */
export const hiddenInputs = (watched: Watched, row: Row, newest: Float64Array): readonly HiddenInput[] =>
  CAUSES.flatMap((cause, number): HiddenInput[] => {
    const x = hidden(cause, watched, row);
    return x === undefined ? [] : [{ cause: number, x, ...toldOf(cause, watched, row, newest) }];
  });
