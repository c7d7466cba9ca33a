/** Limits of a bed on the wire between screens and the nurse console (live.ts). Times as there. */

/** A limit of the patient's own. A side that is absent is the unit's. */
export interface LivePatientLimit {
  readonly low?: number | 'off';
  readonly high?: number | 'off';
  readonly by: string;
  readonly reason: string;
  readonly atUs: number;
  readonly untilUs: number;
}

export interface LiveLimit {
  /** "hr", "spo2", …: give it back in `act.limit`. */
  readonly measure: string;
  readonly label: string;
  /** UCUM. */
  readonly unit: string;
  /** The unit's; null: that side has none. */
  readonly low: number | null;
  readonly high: number | null;
  /** The least and the most that a patient's may be; absent: that side cannot be set. */
  readonly lowRange?: readonly [number, number];
  readonly highRange?: readonly [number, number];
  readonly mayBeOff: boolean;
  /** Absent: the unit's apply. */
  readonly patient?: LivePatientLimit;
}

/** Which limits apply at a bed, as analysis said at `atUs`. */
export interface LiveLimits {
  readonly atUs: number;
  /** The preset, or the site's rules by unit and version. */
  readonly rules: string;
  readonly population: string;
  readonly limits: readonly LiveLimit[];
}

/** What a console asks of one limit. A side that is absent: the unit's; of what was shown when it was decided: none. */
export interface AskedLimit {
  readonly measure: string;
  readonly low?: number | 'off';
  readonly high?: number | 'off';
  readonly seenLow?: number | 'off';
  readonly seenHigh?: number | 'off';
}
