import type { Assignment, Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { elapsed, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';

/** What a source said last of who lies in the bed. */
interface Claim {
  readonly source: string;
  readonly assignment: Assignment;
  /** Bed time at which it said so last. */
  readonly at: Moment;
}

/** Who the sources of one bed say lies there. Plain data, bounded. */
export interface PatientClaims {
  /** At most one per source, newest last. */
  readonly claims: readonly Claim[];
  /** Who is taken to lie there; undefined: nobody was named yet. */
  readonly patient: string | undefined;
  /** A source that names somebody else, while another goes on naming `patient`; since when. */
  readonly contested: { readonly source: string; readonly since: Moment } | undefined;
}

export const noClaims: PatientClaims = { claims: [], patient: undefined, contested: undefined };

const SOURCES_MAX = 8;
/** A source's word counts against another's for so long; a monitor that names its patient does so in every frame. */
const CLAIM_HOLDS: Microseconds = seconds(60);
/** Two sources are told of a change one after the other: only a contest that lasts is told. */
const TOLD_AFTER: Microseconds = seconds(5);

/**
 * Hears one frame and gives it back as it counts: without its assignment where another source names another patient at the same
 * time, because who lies there must not be guessed, and a bed that changes its patient with every frame has no alarms at all. When
 * the other source has fallen silent for a minute, or has come round, the newer word counts from then on.
 */
export const hearClaims = (
  before: PatientClaims,
  frame: Telemetry,
  end: Moment,
): readonly [PatientClaims, Telemetry] => {
  const { assignment, source } = frame;
  if (assignment === undefined && before.contested === undefined) return [before, frame];
  const others = before.claims.filter((claim) => claim.source !== source);
  const claims =
    assignment === undefined ? before.claims : [...others, { source, assignment, at: end }].slice(-SOURCES_MAX);
  const after = { ...before, claims };
  const isBacked = (by: string): boolean =>
    claims.some(
      (claim) =>
        claim.source !== by && claim.assignment.patient === before.patient && elapsed(claim.at, end) <= CLAIM_HOLDS,
    );
  if (assignment !== undefined && assignment.patient !== before.patient) {
    if (!isBacked(source)) return [{ ...after, patient: assignment.patient, contested: undefined }, frame];
    return [
      { ...after, contested: before.contested ?? { source, since: end } },
      { ...frame, assignment: undefined },
    ];
  }
  if (before.contested === undefined) return [after, frame];
  const other = claims.find((claim) => claim.source === before.contested!.source)?.assignment;
  if (other === undefined || other.patient === before.patient) return [{ ...after, contested: undefined }, frame];
  if (assignment !== undefined || isBacked(before.contested.source)) return [after, frame];
  // From now on: what came until now was taken for the other patient's.
  return [
    { ...after, patient: other.patient, contested: undefined },
    { ...frame, assignment: { ...other, fromUs: 0 } },
  ];
};

/** Two sources name two patients, or do so no more. */
export interface PatientContested {
  readonly tag: 'PatientContested';
  readonly at: Moment;
  readonly said: Moment;
  readonly present: boolean;
  readonly evidence: string;
}

/** What is new to be told of a contest at a moment: that it has lasted, or that it is over. `told`: it was told before. */
export const contestNews = (
  { claims, patient, contested }: PatientClaims,
  told: boolean,
  at: Moment,
): PatientContested | undefined => {
  const lasts = contested !== undefined && elapsed(contested.since, at) >= TOLD_AFTER;
  if (told ? contested !== undefined : !lasts) return undefined;
  const news = { tag: 'PatientContested', at, said: at } as const;
  if (!lasts) return { ...news, present: false, evidence: 'one patient is named again' };
  const other = claims.find(({ source }) => source === contested.source)?.assignment.patient ?? '';
  const named = other === '' ? 'says that the bed is free' : `names patient "${other}"`;
  const evidence = `${contested.source} ${named}, another source "${patient ?? ''}"; it is taken for the latter's`;
  return { ...news, present: true, evidence };
};

/** The bed's clock begins anew at `end`: no word is of a time to come. */
export const claimsSetBack = ({ claims, patient, contested }: PatientClaims, end: Moment): PatientClaims => {
  const by = (at: Moment): Moment => (at > end ? end : at);
  return {
    claims: claims.map((claim) => ({ ...claim, at: by(claim.at) })),
    patient,
    contested: contested && { ...contested, since: by(contested.since) },
  };
};
