/** mitdb 201 and 202 are one patient; everywhere else a recording is a patient. */
const SHARED_PATIENT: Readonly<Record<string, string>> = { '202': '201' };

/** Whose recording it is: those of one patient are never on both sides of a split. */
export const patientOf = (record: string): string => SHARED_PATIENT[record] ?? record;
