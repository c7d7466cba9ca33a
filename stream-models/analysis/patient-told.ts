import { type Assignment, Sex } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { AssignmentSeen, PatientDescribed } from '../vocabulary/sighting.ts';

/** What was told of the patient who lies in the bed; NaN: nothing. */
export type Told = Pick<PatientDescribed, 'ageYears' | 'isMale' | 'hospitalFromUs'>;

export const UNDESCRIBED: Told = { ageYears: Number.NaN, isMale: Number.NaN, hospitalFromUs: Number.NaN };

const isMale: Partial<Record<Sex, number>> = { [Sex.MALE]: 1, [Sex.FEMALE]: 0 };
const POPULATIONS: Readonly<Record<string, AssignmentSeen['population']>> = { child: 'child', neonate: 'neonate' };

/**
 * From when an assignment holds: from when it says, not from where its frame happens to end; one without a time from the frame's end. None is of
 * a time to come: a register's clock may be ahead of the monitor's, and until then the old patient's alarms would stand beside the new name.
 */
export const assignedFrom = ({ fromUs }: Assignment, end: Moment, toBedTime: (us: number) => Moment): Moment =>
  fromUs > 0 ? moment(Math.min(toBedTime(fromUs), end)) : end;

/** Who lies in the bed, and what is told of them; `end` is the end of the frame, `known` the age for the limits that was told before. */
export const assignmentOf = (
  assignment: Assignment,
  end: Moment,
  toBedTime: (us: number) => Moment,
  known: AssignmentSeen['population'] | undefined,
): (AssignmentSeen | PatientDescribed)[] => {
  const { patient, population, ageYears, sex, hospitalFromUs } = assignment;
  const at = assignedFrom(assignment, end, toBedTime);
  const seen = { at, said: at, patient };
  const told: Told = {
    ageYears: ageYears ?? Number.NaN,
    isMale: isMale[sex] ?? Number.NaN,
    hospitalFromUs: hospitalFromUs === undefined ? Number.NaN : toBedTime(hospitalFromUs),
  };
  const isSilent = Object.values(told).every(Number.isNaN);
  const age = population === '' ? known : POPULATIONS[population];
  const assigned: AssignmentSeen = { tag: 'AssignmentSeen', ...seen, population: age ?? 'adult' };
  return isSilent || patient === '' ? [assigned] : [assigned, { tag: 'PatientDescribed', ...seen, ...told }];
};

/** What is known after more was told: what is left out stays as it was. The same object: nothing is new. */
export const describedAnew = (before: Told, { ageYears, isMale, hospitalFromUs }: Told): Told => {
  const orBefore = (told: number, known: number): number => (Number.isNaN(told) ? known : told);
  const after: Told = {
    ageYears: orBefore(ageYears, before.ageYears),
    isMale: orBefore(isMale, before.isMale),
    hospitalFromUs: orBefore(hospitalFromUs, before.hospitalFromUs),
  };
  const isSame =
    Object.is(after.ageYears, before.ageYears) &&
    Object.is(after.isMale, before.isMale) &&
    Object.is(after.hospitalFromUs, before.hospitalFromUs);
  return isSame ? before : after;
};
