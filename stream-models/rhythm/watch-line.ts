import type { EcgProgress, LeadProgress } from '../ecg/sighting.ts';
import {
  type FibrillationMemory,
  fibrillationEvidence,
  isSuspected,
  type LeadLook,
  watchFibrillation,
  windowStart,
} from '../fibrillation/fibrillation.ts';
import type { RhythmDefinitions } from '../presets/preset.ts';
import { type Claim, endAll } from '../vocabulary/present-conditions.ts';
import { noHistories } from './beat-history.ts';
import { judgePassing } from './beat-rhythms.ts';
import { FROM_BEATS } from './heart-conditions.ts';
import { irregularStart } from './irregular.ts';
import { castVote, type RedVote, type VoteSettings, wordEvidence } from './red-vote.ts';
import type { RhythmMemory } from './rhythm-memory.ts';
import { usableLeads } from './signal-state.ts';
import { afterFibrillation, hearLine, ONLY_COUNTED } from './standstill.ts';

type Step = readonly [RhythmMemory, readonly Claim[]];

const NO_CLAIMS: readonly Claim[] = [];
const NO_LOOKS: readonly LeadLook[] = [];

/** What a stretch of ECG says as a line, without its beats: fibrillation, ventricular waves, standstill, and beats that are over. */
export const watchLine = (
  before: RhythmMemory,
  progress: EcgProgress,
  definitions: RhythmDefinitions,
  settings: VoteSettings,
): Step => {
  const usable = usableLeads(before.signal, progress);
  if (usable.length === 0) return [{ ...before, looks: NO_LOOKS }, NO_CLAIMS];
  const { at } = progress;
  const fibrillation = watchFibrillation(before.fibrillation, progress, usable, before.looks);
  const cast = castVote(before.vote, fibrillation.now !== undefined, at, settings);
  const isOnlyHeld = cast.stands === 'vf' && fibrillation.now === undefined;
  // What is only held gives way to a standstill at once.
  const vote: RedVote =
    isOnlyHeld && isStill(before, progress, usable, fibrillation, definitions) ? { ...cast, stands: 'nothing' } : cast;
  const memory = { ...before, fibrillation, vote, looks: NO_LOOKS };
  if (vote.stands === 'vf') return inFibrillation(memory, progress, definitions);
  const isOver = before.vote.stands === 'vf';
  const over = isOver ? endAll(before.present, ['vf'], at, 'no fibrillatory waves for 4 s') : [];
  const still = isOver ? afterFibrillation(before.still) : before.still;
  // At the rail nothing can be seen, so nothing is still; that is said as ecg-saturated.
  if (before.signal.railSince !== undefined) return [{ ...memory, still }, over];
  if (vote.stands === 'vt') {
    const [heard] = hearLine(still, progress, definitions, ONLY_COUNTED);
    const onset = before.vote.stands === 'vt' ? at : windowStart(at);
    const vt: Claim = { condition: 'vt', present: true, at: onset, evidence: waveEvidence(memory) };
    // The new name first: a red condition is never gone while it is only called differently.
    const claims = [...endAll(before.present, ['asystole'], at, 'ventricular waves'), vt, ...over];
    return [{ ...memory, still: heard }, claims];
  }
  const flat = usable.every((lead) => lead.flat);
  const suspected = vote.stands === 'undecided' || isSuspected(fibrillation);
  const { present } = before;
  const [heard, stillClaims] = hearLine(still, progress, definitions, { suspected, flat, present });
  const claims = [...over, ...stillClaims, ...judgePassing(before.beats, present, at)];
  return [{ ...memory, still: heard }, claims];
};

const isStill = (
  { still, present }: RhythmMemory,
  progress: EcgProgress,
  usable: readonly LeadProgress[],
  fibrillation: FibrillationMemory,
  definitions: RhythmDefinitions,
): boolean => {
  const flat = usable.every((lead) => lead.flat);
  const suspected = isSuspected(fibrillation);
  const [, claims] = hearLine(still, progress, definitions, { suspected, flat, present });
  return claims.some((claim) => claim.condition === 'asystole' && claim.present);
};

const waveEvidence = ({ fibrillation, vote }: RhythmMemory): string =>
  [fibrillation.now && fibrillationEvidence(fibrillation), wordEvidence(vote)].filter(Boolean).join(', ');

/** Beats found in fibrillation mean nothing, and what stands by them ends; after VF has begun, so that one red name is always present. */
const inFibrillation = (memory: RhythmMemory, progress: EcgProgress, definitions: RhythmDefinitions): Step => {
  const { at } = progress;
  const why = 'fibrillation: beats mean nothing';
  const claims: Claim[] = [
    ...endAll(memory.present, ['asystole'], at, why),
    { condition: 'vf', present: true, at: windowStart(at), evidence: waveEvidence(memory) },
    ...endAll(memory.present, FROM_BEATS, at, why),
  ];
  const [still] = hearLine(memory.still, progress, definitions, ONLY_COUNTED);
  return [{ ...memory, still, history: noHistories, irregular: irregularStart }, claims];
};
