/** Limits as the ward reads them: the unit's, the patient's own, and what differs. */
import type { LiveBed } from '../../../../../schemas/live.ts';
import type { LiveLimit } from '../../../../../schemas/live-limits.ts';

export type Side = 'low' | 'high';
/** What applies on one side; null: no limit. */
export type Applies = number | 'off' | null;

export const appliesOn = (side: Side, limit: LiveLimit): Applies => limit.patient?.[side] ?? limit[side];

const sideText = (bound: Applies): string => (bound === null ? '–' : bound === 'off' ? 'OFF' : String(bound));
/** "50–120", "90–", "OFF–120" */
export const rangeText = (low: Applies, high: Applies): string =>
  low === null && high === null ? 'none' : `${sideText(low)}–${high === null ? '' : sideText(high)}`;
export const unitRange = ({ low, high }: LiveLimit): string => rangeText(low, high);
export const appliedRange = (limit: LiveLimit): string => rangeText(appliesOn('low', limit), appliesOn('high', limit));

const SIDES: readonly Side[] = ['low', 'high'];
const ownOf = ({ limits }: Pick<LiveBed, 'limits'>): readonly LiveLimit[] =>
  (limits?.limits ?? []).filter(({ patient }) => patient !== undefined);
const offOf = (limit: LiveLimit): readonly string[] =>
  SIDES.filter((side) => limit.patient?.[side] === 'off').map((side) => `${limit.label} ${side}`);

/** On a tile: what is turned off first, because nothing rings for it; '': the unit's limits apply, or nobody has said. */
export const tileLimitsText = (bed: Pick<LiveBed, 'limits'>): string => {
  const own = ownOf(bed);
  const off = own.flatMap(offOf);
  if (off.length > 1) return `${off.length} limits OFF`;
  if (off.length === 1) return `${off[0]} limit OFF`;
  if (own.length === 0) return '';
  return own.length === 1 ? `own limit ${own[0]!.label} ${appliedRange(own[0]!)}` : `${own.length} own limits`;
};

/** At the open bed, all of them: "HR 40–130 (unit 50–120)". */
export const bedLimitsText = (bed: Pick<LiveBed, 'limits'>): string =>
  ownOf(bed)
    .map((limit) => `${limit.label} ${appliedRange(limit)} (unit ${unitRange(limit)})`)
    .join(' · ');

/** Whether any limit is turned off. */
export const isSomeOff = (bed: Pick<LiveBed, 'limits'>): boolean => ownOf(bed).flatMap(offOf).length > 0;
