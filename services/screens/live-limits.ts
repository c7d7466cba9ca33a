import type { BedLimit, BedLimits, Findings, PatientLimit } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { LiveBed } from '../../schemas/live.ts';
import type { LiveLimit, LiveLimits, LivePatientLimit } from '../../schemas/live-limits.ts';
import type { Act, Acted } from '../gateway/acts.ts';

/** Analysis says them each minute while any is the patient's own: what it no longer says is not shown as if it applied. */
const LIMITS_STALE_AFTER_US = 150e6;

const livePatient = ({ low, lowOff, high, highOff, by, reason, atUs, untilUs }: PatientLimit): LivePatientLimit => ({
  ...(lowOff ? { low: 'off' } : low === undefined ? {} : { low }),
  ...(highOff ? { high: 'off' } : high === undefined ? {} : { high }),
  ...{ by, reason, atUs, untilUs },
});

const liveLimit = ({
  measure,
  label,
  unit,
  low,
  high,
  lowRange,
  highRange,
  mayBeOff,
  patient,
}: BedLimit): LiveLimit => ({
  ...{ measure, label, unit, low: low ?? null, high: high ?? null },
  ...(lowRange === undefined ? {} : { lowRange: [lowRange.least, lowRange.most] }),
  ...(highRange === undefined ? {} : { highRange: [highRange.least, highRange.most] }),
  mayBeOff,
  ...(patient === undefined ? {} : { patient: livePatient(patient) }),
});

export const liveLimits = ({ atUs, rules, population, limits }: BedLimits): LiveLimits => ({
  ...{ atUs, rules, population },
  limits: limits.map(liveLimit),
});

/** The bed without limits that were not said again for too long, analysis having heard it up to `analysedUs`. */
export const limitsUpTo = (bed: LiveBed, analysedUs: number): LiveBed => {
  if (bed.limits === undefined || analysedUs - bed.limits.atUs < LIMITS_STALE_AFTER_US) return bed;
  const { limits: _, ...rest } = bed;
  return rest;
};

/** The acts on limits that changed nothing, and what their console is to be told. */
export const limitsRefused = ({
  bed,
  limits,
}: Findings): readonly { readonly id: string; readonly sentence: string }[] =>
  limits
    .filter(({ act, refused }) => act !== '' && refused !== '')
    .map(({ act, refused }) => ({ id: act, sentence: `Limits, bed ${bed}, not set. ${refused}.` }));

/** Why an act on limits would go nowhere; undefined: it may be passed on, or is another. Analysis looks at what it asks. */
export const limitsActRefused = ({ kind, bed: name }: Act, bed: LiveBed | undefined): Acted | undefined => {
  if ((kind !== 'set-limits' && kind !== 'show-limits') || (bed !== undefined && bed.analysedUs !== null))
    return undefined;
  return { ok: false, sentence: `Limits, bed ${name}: nothing was heard of this bed yet.` };
};
