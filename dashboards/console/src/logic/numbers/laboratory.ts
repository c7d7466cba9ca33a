/** Laboratory values as the open bed lists them: never one without its age, which is the specimen's. */
import { LAB, laboratoryValueOf, laboratoryValues, unmappedLoincOf } from '../../../../../schemas/laboratory.ts';
import type { LiveNumeric } from '../../../../../schemas/live.ts';
import { ageText, isStale } from '../time/age.ts';
import { unitText } from './readings.ts';

export interface LaboratoryRow {
  readonly code: number;
  readonly label: string;
  /** "—" where there is none, or only one of more than a day ago. */
  readonly value: string;
  readonly unit: string;
  /** How old the specimen is, and why there is no value. */
  readonly age: string;
  readonly live: boolean;
  /** Of a specimen; not so FiO₂. */
  readonly isLaboratory: boolean;
}

const decimalsByLabel = new Map(laboratoryValues.map(({ label, decimals }) => [label, decimals]));

/** Decimals of a laboratory value by its label, as laboratories print it; undefined: it is none. */
export const laboratoryDecimals = (label: string): number | undefined => decimalsByLabel.get(label);

const FIO2 = laboratoryValueOf(LAB.fio2)?.label;

/** Whether a label is of what a laboratory finds in a specimen. FiO₂ stands among such values and is set at a ventilator: alone it is no laboratory. */
export const isOfSpecimen = (label: string): boolean => label !== FIO2 && decimalsByLabel.has(label);

const textOf = (code: number, value: number): string => {
  const decimals = laboratoryValueOf(code)?.decimals;
  return decimals === undefined ? String(Number(value.toPrecision(4))) : value.toFixed(decimals);
};

const placeOf = new Map(laboratoryValues.map(({ code }, place) => [code, place]));

const rowOf = (numeric: LiveNumeric, nowUs: number): LaboratoryRow => {
  const { code, label, value } = numeric;
  const stale = isStale(numeric, nowUs);
  const live = value !== null && !stale;
  const notes = [
    ...(value === null ? [numeric.missing ?? 'no value'] : stale ? ['too old'] : []),
    ...(unmappedLoincOf(code) === undefined ? [] : ['unmapped']),
    ageText(nowUs - numeric.atUs),
  ];
  return {
    code,
    label,
    value: live ? textOf(code, value) : '—',
    unit: unitText(numeric.unit),
    age: notes.join(' · '),
    live,
    isLaboratory: code !== LAB.fio2,
  };
};

/** In the order of the table, blood gases first; LOINCs that are not mapped last. */
export const laboratoryRows = (laboratory: readonly LiveNumeric[], nowUs: number): readonly LaboratoryRow[] =>
  laboratory
    .toSorted(
      (a, b) => (placeOf.get(a.code) ?? placeOf.size) - (placeOf.get(b.code) ?? placeOf.size) || a.code - b.code,
    )
    .map((numeric) => rowOf(numeric, nowUs));
