/** mitdb 201 and 202 are one patient; everywhere else a recording is a patient. */
const SHARED_PATIENT: Readonly<Record<string, string>> = { '202': '201' };

/** Whose recording it is: those of one patient are never on both sides of a split. */
export const patientOf = (record: string): string => SHARED_PATIENT[record] ?? record;

/** Who was recorded, as far as the header tells; NaN: not told. */
export interface RecordedPatient {
  readonly ageYears: number;
  /** 1 male, 0 female. */
  readonly isMale: number;
}

/** "69 M 1085 1629 x1", as the first comment of mitdb's headers has it; an age of -1 or ? is not known. */
const AGE_AND_SEX = /^(-?\d+|\?)\s+([MF?])(?:\s|$)/;
/** "<age>: 65 <sex>: F" (incartdb), "age: 81" and "sex: female" (ptbdb). */
const NAMED_AGE = /(?:^|[\s<])age>?:\s*(\d+)/i;
const NAMED_SEX = /(?:^|[\s<])sex>?:\s*([MF])/i;

/** Age and sex from a header's comments (`comments` without their #). */
export const describedIn = (comments: readonly string[]): RecordedPatient => {
  const first = AGE_AND_SEX.exec(comments[0] ?? '');
  const named = (pattern: RegExp): string | undefined =>
    comments.map((comment) => pattern.exec(comment)?.[1]).find((word) => word !== undefined);
  const years = Number(first?.[1] ?? named(NAMED_AGE) ?? Number.NaN);
  const sex = (first?.[2] ?? named(NAMED_SEX))?.toUpperCase();
  return {
    ageYears: years > 0 && years < 130 ? years : Number.NaN,
    isMale: sex === 'M' ? 1 : sex === 'F' ? 0 : Number.NaN,
  };
};
