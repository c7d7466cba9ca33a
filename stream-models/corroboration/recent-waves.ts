import { isEcgLead } from '../../schemas/codes.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { ecgChunkOf, lengthUs, pulseChunkOf, type WaveAsItCame } from '../vocabulary/wave-as-it-came.ts';
import type { NetworkVotes } from './network-votes.ts';
import { hearWitnesses, startWitnesses, type WitnessMemory } from './witness.ts';

/**
 * The last RECENT_S seconds of a bed's leads and pulse signals as they came. Listening to each lead by itself costs more than
 * all the rest of analysis; alarms are rare, so it is done when one rings, from these samples. About 75 KB a bed with two
 * leads, plethysmogram and pressure at 250 Hz; nothing is computed while nothing rings.
 */
export interface RecentWaves {
  /** Blocks that are over, then of each signal the one that may go on. */
  readonly closed: readonly RecentBlock[];
  readonly open: readonly RecentBlock[];
  readonly heardTo: Moment | undefined;
}

interface RecentBlock extends WaveAsItCame {
  readonly source: string;
}

export const startRecentWaves: RecentWaves = { closed: [], open: [], heardTo: undefined };

/** Everything remembered. */
export const blocksOf = ({ closed, open }: RecentWaves): readonly RecentBlock[] => [...closed, ...open];

/** What the witnesses need to learn a bed's own beats and pulses and then to judge by them. */
export const RECENT_S = 40;
/** Frames are put together to blocks of this length, so that short ones cost no more than long ones. */
const BLOCK_US = 2e6;
const ROUNDING_US = 2;
/**
 * Waves are kept so much longer than RECENT_S before what had been heard when the frame came: an alarm of Vigil's own is judged half
 * a second after it was raised, and the bed's clock is up to a second behind its waves.
 */
export const KEPT_LONGER_S = 2;

const continues = (block: WaveAsItCame, wave: WaveAsItCame): boolean =>
  block.gain === wave.gain &&
  block.offset === wave.offset &&
  block.rateNumerator === wave.rateNumerator &&
  block.rateDenominator === wave.rateDenominator &&
  lengthUs(block) + lengthUs(wave) <= BLOCK_US + ROUNDING_US &&
  Math.abs(block.start + lengthUs(block) - wave.start) <= ROUNDING_US;

const joined = (block: RecentBlock, wave: WaveAsItCame): RecentBlock => {
  const samples = new Int16Array(block.samples.length + wave.samples.length);
  samples.set(block.samples);
  samples.set(wave.samples, block.samples.length);
  return { ...block, samples };
};

/**
 * Remembers a frame's waves, of which `end` is the bed time of the frame's end. A signal that two devices send is heard from
 * the one that was first, as long as that goes on.
 */
export const rememberWaves = (
  memory: RecentWaves,
  source: string,
  waves: readonly WaveAsItCame[],
  end: Moment,
): RecentWaves => {
  const heardTo = moment(Math.max(memory.heardTo ?? end, end));
  if (waves.length === 0) return { ...memory, heardTo };
  const open = [...memory.open];
  const over: RecentBlock[] = [];
  let hasBegun = false;
  for (const wave of waves) {
    const index = open.findIndex(({ code }) => code === wave.code);
    const last = open[index];
    const isHeard = last !== undefined && last.start + lengthUs(last) > heardTo - RECENT_S * 1e6;
    if (isHeard && last.source !== source) continue;
    if (last !== undefined && continues(last, wave)) {
      open[index] = joined(last, wave);
      continue;
    }
    hasBegun = true;
    if (last !== undefined) over.push(last);
    open[last === undefined ? open.length : index] = { ...wave, source };
  }
  // What is too old is looked for only where a block began, every other second: a judge takes no more than he needs.
  if (!hasBegun) return { closed: memory.closed, open, heardTo };
  const from = (memory.heardTo ?? end) - (RECENT_S + KEPT_LONGER_S) * 1e6;
  const isNeeded = (block: RecentBlock): boolean => block.start + lengthUs(block) > from;
  return { closed: [...memory.closed, ...over].filter(isNeeded), open: open.filter(isNeeded), heardTo };
};

/** Without the leads of other devices than the one that is heard from now on: from theirs no heart could be heard. */
export const leadsOfAlone = (memory: RecentWaves, source: string): RecentWaves => {
  const isKept = (block: RecentBlock): boolean => block.source === source || !isEcgLead(block.code);
  return { ...memory, closed: memory.closed.filter(isKept), open: memory.open.filter(isKept) };
};

/** A stretch of bed time, its end not included. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A block's samples of a stretch: what is judged must not depend on how the signal was cut into frames. undefined: none. */
const within = (wave: WaveAsItCame, { from, to }: Stretch): WaveAsItCame | undefined => {
  const period = (wave.rateDenominator * 1e6) / wave.rateNumerator;
  const early = Math.max(0, Math.ceil((from - wave.start - ROUNDING_US) / period));
  const end = Math.min(wave.samples.length, Math.ceil((to - wave.start - ROUNDING_US) / period));
  if (early >= end) return undefined;
  if (early === 0 && end === wave.samples.length) return wave;
  return {
    ...wave,
    start: moment(Math.round(wave.start + early * period)),
    samples: wave.samples.subarray(early, end),
  };
};

/**
 * What every signal has to say of the RECENT_S seconds before `at`, of which nothing before `since` counts: listens to all that is
 * remembered, some 30 ms of CPU.
 */
export const witnessesAt = (
  recent: RecentWaves,
  at: Moment,
  votes: NetworkVotes,
  off: ReadonlySet<number>,
  since: Moment | undefined,
): WitnessMemory => {
  const stretch = { from: Math.max(at - RECENT_S * 1e6, since ?? 0), to: at };
  const inTime = blocksOf(recent)
    .flatMap((block) => within(block, stretch) ?? [])
    .sort((a, b) => a.start - b.start);
  const isInTime = (vote: { readonly at: Moment }): boolean => vote.at >= stretch.from && vote.at <= at;
  return hearWitnesses(startWitnesses, {
    ecg: inTime.flatMap((wave) => ecgChunkOf(wave) ?? []),
    pulses: inTime.flatMap((wave) => pulseChunkOf(wave) ?? []),
    off,
    beats: votes.beats.filter(isInTime),
    seconds: votes.seconds.filter(isInTime),
    at,
  });
};

/** The same at the end of the newest frame. */
export const witnessesOf = (recent: RecentWaves, votes: NetworkVotes, off: ReadonlySet<number>): WitnessMemory =>
  recent.heardTo === undefined ? startWitnesses : witnessesAt(recent, recent.heardTo, votes, off, undefined);
