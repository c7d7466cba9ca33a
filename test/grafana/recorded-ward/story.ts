/**
 * What happens on the recorded ward, and when: a day of it, and some minutes of forty days ago, of which only the minutes
 * are left. Round numbers, so that what a query must answer can be said beforehand. Times are milliseconds before its end.
 */
import type { RhythmKind } from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import { rhythmGravity, VIGIL_DEVICE } from '../../../schemas/series.ts';
import { type Moment, moment } from '../../../schemas/units.ts';

export const SECOND = 1e3;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A whole minute, before all that the beds say while a test runs. */
export const END_MS = Math.floor(Date.now() / MINUTE) * MINUTE - 2 * MINUTE;
export const at = (agoMs: number): Moment => moment(Math.round((END_MS - agoMs) * 1e3));

/** The bed of the story; three others of its unit; and one whose name Grafana and InfluxQL must escape. */
export const BED = 'icu-01';
export const OTHER_BED = 'icu-02';
export const SILENT_BED = 'icu-03';
/** Of it nothing was kept but one alarm. */
export const BRIEF_BED = 'icu-04';
export const ODD_BED = 'ccu/3.1-07';

export const AGO = {
  /** One second of VT, somewhere within the day. */
  vt: 13 * HOUR + 20 * MINUTE + 17 * SECOND,
  silentFrom: 10 * HOUR,
  silentTo: 8 * HOUR,
  /** While the bed is silent another patient is laid there. */
  anotherPatient: 9 * HOUR,
  afFrom: 5 * HOUR,
  afTo: 4 * HOUR,
  /** Saturation is missing. */
  holeFrom: 30 * MINUTE,
  holeTo: 25 * MINUTE,
  silentBed: 20 * MINUTE,
  rolledUp: 10 * DAY,
  /** Only minutes are left. */
  old: 40 * DAY,
} as const;

/** A whole hour of forty days ago. */
export const OLD_MS = Math.floor((END_MS - AGO.old) / HOUR) * HOUR;

/** Who measured a number. */
export const MONITOR = { device: 1, source: 'monitor-1' } as const;
export const VIGIL = { device: VIGIL_DEVICE, source: 'vigil' } as const;

export const gravity = (kind: RhythmKind): number => rhythmGravity[kind]!.gravity;
