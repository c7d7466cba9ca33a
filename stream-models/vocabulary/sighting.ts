import type { MissingReason } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import type { Probe } from '../../schemas/tellers.ts';
import type { Microseconds, Moment } from '../../schemas/units.ts';
import type { BeatClassName } from '../../schemas/words.ts';
import type { EcgBroken, EcgProgress } from '../ecg/sighting.ts';
import type { LeadLook } from '../fibrillation/fibrillation.ts';
import type { RhythmProbabilities } from '../rhythm-network/rhythm-classes.ts';

/**
 * Everything that analysis has seen of one bed and that conclusions are drawn from, in the order in which it was said
 * (`said` never decreases). `at` is the moment spoken of.
 */
export type Sighting =
  | ClassifiedBeat
  | RhythmJudged
  | EcgProgress
  | EcgBroken
  | NumericSeen
  | LeadSeen
  | SecondPassed
  | SilenceSeen
  | ClockSetBack
  | AssignmentSeen
  | PatientDescribed
  | LaboratorySeen
  | LimitsAsked;

/** A beat after the network has spoken. Class undefined: no network answered (rules that need none go on). */
export interface ClassifiedBeat {
  readonly tag: 'ClassifiedBeat';
  readonly at: Moment;
  readonly said: Moment;
  readonly class: BeatClassName | undefined;
  readonly probability: number;
  readonly amplitudeMv: number;
  /** How probable it is that there is no beat; undefined: no network answered. Red rhythms are told from all peaks all the same. */
  readonly artefact?: number;
  /** The lead whose R peak gave the time (MDC code), and SHAPE_BEFORE samples of the best lead up to the R peak, mV at 250 Hz. */
  readonly lead?: number;
  readonly beforeMv?: Float32Array;
}

/** The network's word on the second of ECG that ended at `at`; it comes before the EcgProgress that ended it. */
export interface RhythmJudged {
  readonly tag: 'RhythmJudged';
  readonly at: Moment;
  readonly said: Moment;
  readonly probabilities: RhythmProbabilities;
  /** What was found in the leads' four seconds that end here. */
  readonly looks: readonly LeadLook[];
}

export interface NumericSeen {
  readonly tag: 'NumericSeen';
  readonly at: Moment;
  readonly said: Moment;
  readonly code: number;
  readonly unit: string;
  /** undefined: there is no value, `missing` says why. */
  readonly value: number | undefined;
  readonly missing: MissingReason | undefined;
  /** The device that told it; absent: remembered from before this was kept. */
  readonly source?: string;
  /** Absent: its frame had one value of the signal. */
  readonly probe?: Probe;
}

export interface LeadSeen {
  readonly tag: 'LeadSeen';
  readonly at: Moment;
  readonly said: Moment;
  readonly code: number;
  readonly off: boolean;
}

/** A whole second of bed time is over (also when the bed was silent). */
export interface SecondPassed {
  readonly tag: 'SecondPassed';
  readonly at: Moment;
  readonly said: Moment;
}

/** The gateway heard nothing of the bed in the last second; `since` is the end of the last frame. */
export interface SilenceSeen {
  readonly tag: 'SilenceSeen';
  readonly at: Moment;
  readonly said: Moment;
  readonly since: Moment | undefined;
  /** Who says that the monitor was taken away; absent: nobody does. */
  readonly takenAwayBy?: string;
}

/** Bed time goes on from an earlier moment: a device's or the gateway's clock was set back. What was said before is of a time to come. */
export interface ClockSetBack {
  readonly tag: 'ClockSetBack';
  readonly at: Moment;
  readonly said: Moment;
  /** How far the bed had been heard by the clock of before: what was measured then is as old as it was. */
  readonly from: Moment;
}

export interface AssignmentSeen {
  readonly tag: 'AssignmentSeen';
  readonly at: Moment;
  readonly said: Moment;
  /** Empty: the bed is free. */
  readonly patient: string;
  readonly population: 'adult' | 'child' | 'neonate';
}

/** What is known of who lies in the bed, once something new was told; NaN: not known. Said after the assignment. */
export interface PatientDescribed {
  readonly tag: 'PatientDescribed';
  readonly at: Moment;
  readonly said: Moment;
  readonly patient: string;
  readonly ageYears: number;
  /** 1 male, 0 female. */
  readonly isMale: number;
  /** When the patient came to the hospital, microseconds since 1970. */
  readonly hospitalFromUs: number;
}

/** A laboratory has told a value. It proves nothing of the monitor, and is not judged by limits. */
export interface LaboratorySeen {
  readonly tag: 'LaboratorySeen';
  /** When the specimen was taken, which may be hours ago. */
  readonly at: Moment;
  readonly said: Moment;
  /** When Vigil was told. */
  readonly told: Moment;
  readonly code: number;
  /** In Vigil's unit. */
  readonly value: number;
}

/** A number of a code that Vigil has no meaning for; said once per code. */
export interface UnmappedSeen {
  readonly tag: 'UnmappedSeen';
  readonly at: Moment;
  readonly said: Moment;
  readonly code: number;
  readonly unit: string;
}

/** One side of a limit as an act says it. undefined: of what is asked the unit's own, of what was seen none. */
export type AskedSide = number | 'off' | undefined;

/** A nurse sets a limit of who lies in the bed, or asks which apply. */
export interface LimitsAsked {
  readonly tag: 'LimitsAsked';
  readonly at: Moment;
  readonly said: Moment;
  readonly id: string;
  readonly by: string;
  readonly reason: string;
  /** '': nothing is set. */
  readonly measure: string;
  readonly low: AskedSide;
  readonly high: AskedSide;
  readonly seenLow: AskedSide;
  readonly seenHigh: AskedSide;
  /** For how long. */
  readonly duration: Microseconds;
  /** Who lay there when it was decided; '': nobody was named. */
  readonly patient: string;
}
