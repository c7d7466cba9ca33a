import type { Moment } from '../../schemas/units.ts';
import { type BeatInputMemory, beatInput } from '../beats/beat-input.ts';
import { type RecentWaves, startRecentWaves } from '../corroboration/recent-waves.ts';
import { type EcgMemory, startEcg } from '../ecg/hear-ecg.ts';
import type { AssignmentSeen } from '../vocabulary/sighting.ts';
import type { Apart } from './apart.ts';
import type { Behind } from './behind.ts';
import { type ClockAlignment, startClocks } from './clock-alignment.ts';
import type { PresentAlert } from './device-alerts.ts';
import type { LeadWords } from './leads-off.ts';
import { noClaims, type PatientClaims } from './patient-claims.ts';
import { type Told, UNDESCRIBED } from './patient-told.ts';
import type { UsableEcg } from './usable-ecg.ts';
import type { Waiting } from './waiting.ts';

/** What is remembered of a bed to observe it: plain data. */
export interface ObserveMemory {
  readonly clocks: ClockAlignment;
  readonly ecg: EcgMemory;
  readonly beats: BeatInputMemory;
  /** How far the bed has been heard; undefined before its first frame. */
  readonly heard: Moment | undefined;
  /** The end of a Silence that lay behind all that was heard, until anything else is heard of the bed; absent: there was none. */
  readonly silenceOfThen?: Moment | undefined;
  /** Frames behind `heard`, until one is not; absent: there are none. */
  readonly behind?: Behind | undefined;
  /** Devices that stay behind `heard`; absent: there were none. */
  readonly apart?: readonly Apart[] | undefined;
  /** Newest moment at which ECG was heard: while it is recent, it alone moves the clock. */
  readonly ecgHeard: Moment | undefined;
  /** The source whose ECG is listened to. Two devices' leads are never mixed. */
  readonly ecgSource: string | undefined;
  /** Whose ECG a heart can be heard from; absent: nobody's yet, or remembered from before this was kept. */
  readonly usable?: UsableEcg | undefined;
  /** The leads that are off where `ecgSource` is heard. */
  readonly leadsOff: readonly number[];
  /** What each source says of electrodes; absent: remembered from before this was kept. */
  readonly leadWords?: readonly LeadWords[];
  readonly patient: string | undefined;
  readonly claims: PatientClaims;
  /** It was said that two patients are named. */
  readonly isContested: boolean;
  /** What was told of the patient. */
  readonly described: Told;
  /** As it was said last of the patient; undefined: not yet. */
  readonly population?: AssignmentSeen['population'] | undefined;
  /** Said of the frames, but after how far the ECG has been heard. Bounded by WAITING_MAX. */
  readonly waiting: readonly Waiting[];
  readonly unmapped: readonly number[];
  /** What an alarm of the monitor would be judged by, and the alarms that it says are present. */
  readonly recent: RecentWaves;
  readonly alerts: readonly PresentAlert[];
}

export const startObserving: ObserveMemory = {
  clocks: startClocks,
  ecg: startEcg,
  beats: beatInput.start,
  heard: undefined,
  ecgHeard: undefined,
  ecgSource: undefined,
  leadsOff: [],
  patient: undefined,
  claims: noClaims,
  isContested: false,
  described: UNDESCRIBED,
  waiting: [],
  unmapped: [],
  recent: startRecentWaves,
  alerts: [],
};
