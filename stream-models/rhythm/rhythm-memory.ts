import type { Moment } from '../../schemas/units.ts';
import type { RhythmName } from '../../schemas/words.ts';
import { type FibrillationMemory, fibrillationStart, type LeadLook } from '../fibrillation/fibrillation.ts';
import type { PresentConditions } from '../vocabulary/present-conditions.ts';
import { type BeatHistories, noHistories } from './beat-history.ts';
import { type BeatRhythmsMemory, beatRhythmsStart } from './beat-rhythms.ts';
import { type IrregularMemory, irregularStart } from './irregular.ts';
import { type RedVote, redVoteStart } from './red-vote.ts';
import { type SignalState, signalStateStart } from './signal-state.ts';
import { type StandstillMemory, standstillStart } from './standstill.ts';

/** Everything remembered of a bed's rhythm: some 10 KB, most of it the last four seconds of ECG. */
export interface RhythmMemory {
  readonly signal: SignalState;
  readonly fibrillation: FibrillationMemory;
  /** What the wave's rule and the network say together. */
  readonly vote: RedVote;
  /** Between the network's word on a second and the stretch that ends it: what was found in the leads' windows. */
  readonly looks: readonly LeadLook[];
  readonly history: BeatHistories;
  readonly beats: BeatRhythmsMemory;
  readonly still: StandstillMemory;
  readonly irregular: IrregularMemory;
  readonly present: PresentConditions;
  /** The word said last, and from when on it holds. */
  readonly rhythm: { readonly name: RhythmName; readonly at: Moment } | undefined;
}

export const rhythmStart: RhythmMemory = {
  signal: signalStateStart,
  fibrillation: fibrillationStart,
  vote: redVoteStart,
  looks: [],
  history: noHistories,
  beats: beatRhythmsStart,
  still: standstillStart,
  irregular: irregularStart,
  present: [],
  rhythm: undefined,
};

/** Fibrillation or flutter that stands; undefined: none. */
export const fibrillating = ({ vote, fibrillation }: RhythmMemory): 'vf' | 'vfl' | undefined =>
  vote.stands === 'vf' ? (fibrillation.now ?? 'vf') : undefined;
