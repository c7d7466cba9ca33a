/** What the networks said of the newest beats and seconds of a bed, as far as an alarm is judged by it. */
import type { Moment } from '../../schemas/units.ts';
import { probabilityOf, type RhythmProbabilities } from '../rhythm-network/rhythm-classes.ts';
import type { ClassifiedBeat } from '../vocabulary/sighting.ts';

/** A beat that all leads agreed on, with the network's word on it. */
export interface VotedBeat {
  readonly at: Moment;
  /** The network's probability that it is ventricular; undefined: no network answered. */
  readonly ventricular: number | undefined;
}

/** The word of the network of rhythm on the second that ended at `at`. */
export interface JudgedSecond {
  readonly at: Moment;
  /** How probable VT and VF are together. */
  readonly red: number;
  readonly noise: number;
}

export interface NetworkVotes {
  readonly beats: readonly VotedBeat[];
  readonly seconds: readonly JudgedSecond[];
}

export const noVotes: NetworkVotes = { beats: [], seconds: [] };

/** An alarm rings at most 10 s after what it rings for began; rates need some seconds before that. */
export const KEPT_S = 20;

/** Of things that came one after another those that no alarm is judged by any more are forgotten. */
const withNewest = <T extends { readonly at: Moment }>(all: readonly T[], newest: T): readonly T[] => {
  const from = newest.at - KEPT_S * 1e6;
  const kept = all.filter(({ at }) => at > from);
  kept.push(newest);
  return kept;
};

export const withVotedBeat = (votes: NetworkVotes, beat: VotedBeat): NetworkVotes => ({
  ...votes,
  beats: withNewest(votes.beats, beat),
});

export const withJudgedSecond = (votes: NetworkVotes, at: Moment, word: RhythmProbabilities): NetworkVotes => {
  const red = probabilityOf(word, 'vt') + probabilityOf(word, 'vf');
  return { ...votes, seconds: withNewest(votes.seconds, { at, red, noise: probabilityOf(word, 'noise') }) };
};

/** The network's probability that a beat is ventricular, as far as its best class tells. */
export const votedBeat = ({
  at,
  class: name,
  probability,
}: Pick<ClassifiedBeat, 'at' | 'class' | 'probability'>): VotedBeat => {
  if (name === undefined) return { at, ventricular: undefined };
  return { at, ventricular: name === 'V' ? probability : (1 - probability) / 4 };
};
