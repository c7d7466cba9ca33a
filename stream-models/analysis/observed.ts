import type { Moment } from '../../schemas/units.ts';
import type { RecentWaves } from '../corroboration/recent-waves.ts';
import type { BeatSeen } from '../ecg/sighting.ts';
import type { Sighting, UnmappedSeen } from '../vocabulary/sighting.ts';
import type { AlertSeen } from './device-alerts.ts';
import type { PatientContested } from './patient-claims.ts';

/** What comes out of observing: sightings, and in between what only the network or the record needs. */
export type Observed =
  | Exclude<Sighting, { readonly tag: 'ClassifiedBeat' | 'RhythmJudged' }>
  | AlertSeen
  | PatientContested
  | WavesHeard
  /** A beat and the input that the network shall judge it by. */
  | { readonly tag: 'BeatToClassify'; readonly beat: BeatSeen; readonly x: Float32Array }
  /** The network's state of this bed begins anew before the next beat. */
  | { readonly tag: 'StateReset'; readonly at: Moment; readonly said: Moment; readonly why: string }
  | UnmappedSeen;

/** A frame brought waves; comes before all that is seen in them. What an alarm of Vigil's own is judged by. */
export interface WavesHeard {
  readonly tag: 'WavesHeard';
  readonly recent: RecentWaves;
  readonly leadsOff: readonly number[];
}
