import type { Moment } from '../../schemas/units.ts';
import type { EcgProgress } from '../ecg/sighting.ts';
import type { LeadLook } from '../fibrillation/fibrillation.ts';
import { type RecentLead, withStretches } from '../fibrillation/recent-leads.ts';
import type { Fold } from '../fold.ts';
import {
  BEAT_VIEW,
  type JudgedBeat,
  noRecentBeats,
  type RecentBeats,
  withRecentBeat,
  writeBeatView,
} from './beat-view.ts';
import { WAVE_MEANS, WAVE_VIEW, writeWaveView } from './wave-view.ts';

/** The wave's distance from the bed's own past, and how long that past is. */
const PAST_VIEW = WAVE_MEANS + 1;
/** Width of the network's input vector. */
export const RHYTHM_FEATURES = WAVE_VIEW + BEAT_VIEW + PAST_VIEW;
/** What is remembered of a bed for the network's next second: plain data, some 10 KB, most of it shared with the rules. */
export interface RhythmInputMemory {
  readonly leads: readonly RecentLead[];
  readonly beats: RecentBeats;
  /** Running mean of the wave's means, and the seconds that it was made of. */
  readonly past: Float32Array;
  readonly pastSeconds: number;
}

/** What the network's input is made of: stretches and beats, in the order in which they were said; the signal's breaks. */
export type RhythmHeard =
  | EcgProgress
  | ({ readonly tag: 'JudgedBeat' } & JudgedBeat)
  /** The signal broke off: windows begin anew. `patient`: and nothing from before may count. */
  | { readonly tag: 'Broken'; readonly patient: boolean };

export interface RhythmInput {
  readonly at: Moment;
  /** RHYTHM_FEATURES finite numbers of about -2 to 2. */
  readonly x: Float32Array;
  /** What was found in the leads' newest four seconds: the rule of fibrillation needs the same, and need not look again. */
  readonly looks: readonly LeadLook[];
}

const start: RhythmInputMemory = {
  leads: [],
  beats: noRecentBeats,
  past: new Float32Array(WAVE_MEANS),
  pastSeconds: 0,
};

/** Share of a second in the bed's own past, once it is three minutes long. */
const PAST_PULL = 1 / 180;
/** A past this long is a whole one, s. */
const PAST_WHOLE_S = 60;

const looked = (memory: RhythmInputMemory, { at, leads }: EcgProgress): readonly [RhythmInputMemory, RhythmInput] => {
  const x = new Float32Array(RHYTHM_FEATURES);
  const looks = writeWaveView(memory.leads, leads, x);
  writeBeatView(memory.beats, at, x, WAVE_VIEW);
  const from = WAVE_VIEW + BEAT_VIEW;
  const shows = x[2 * WAVE_MEANS] === 1;
  x[from + WAVE_MEANS] = Math.min(1, memory.pastSeconds / PAST_WHOLE_S);
  if (!shows) return [memory, { at, x, looks }];
  const past = memory.past.slice();
  const pull = Math.max(PAST_PULL, 1 / (memory.pastSeconds + 1));
  for (let i = 0; i < WAVE_MEANS; i++) {
    if (memory.pastSeconds > 0) x[from + i] = Math.max(-2, Math.min(2, x[i]! - past[i]!));
    past[i]! += pull * (x[i]! - past[i]!);
  }
  return [
    { ...memory, past, pastSeconds: memory.pastSeconds + 1 },
    { at, x, looks },
  ];
};

/**
 * The network's input, once a second of signal: the wave of the newest four seconds, the newest beats with their classes, and
 * how both differ from the bed's own past. The same function makes the tensors of training and of serving.
 */
export const rhythmInput: Fold<RhythmInputMemory, RhythmHeard, RhythmInput> = {
  start,
  step: (memory, heard) => {
    switch (heard.tag) {
      case 'JudgedBeat':
        return [{ ...memory, beats: withRecentBeat(memory.beats, heard) }, []];
      case 'Broken':
        return [heard.patient ? start : { ...memory, leads: [], beats: noRecentBeats }, []];
      case 'EcgProgress': {
        const shown = heard.leads.filter((lead) => !lead.off && !lead.flat && isWhole(lead.samplesMv));
        const leads = withStretches(memory.leads, shown);
        if (!heard.endsSecond) return [{ ...memory, leads }, []];
        const [next, input] = looked({ ...memory, leads }, heard);
        return [next, [input]];
      }
    }
  },
};

/** No sample is missing: a window with a hole cannot be looked at. The sum is no number where one is none. */
const isWhole = (samplesMv: Float32Array): boolean => {
  let sum = 0;
  for (let i = 0; i < samplesMv.length; i++) sum += samplesMv[i]!;
  return samplesMv.length > 0 && Number.isFinite(sum);
};
