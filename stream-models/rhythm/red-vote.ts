import { elapsed, type Microseconds, type Moment, seconds } from '../../schemas/units.ts';
import { probabilityOf, type RhythmProbabilities } from '../rhythm-network/rhythm-classes.ts';

/**
 * How the network of rhythm votes with the rules on red alarms. It tells red from not red; whether it is VF or VT it cannot tell
 * from one patient to the next (figures in its card), so the names stay the rules'. The rules never wait long for it: what it
 * does not agree with is raised all the same when the rule goes on for three seconds, and without a fresh word of the network the rules
 * decide alone.
 */
export interface VoteSettings {
  /** The wave's rule is believed at once when VT and VF together are at least so probable. */
  readonly agrees: number;
  /** Below that it is believed when it has stood for so long, however sure the network is of something else. */
  readonly insists: Microseconds;
  /** A row of V beats is no VT while noise is at least so probable … */
  readonly rowDoubted: number;
  /** … unless it has so many beats. */
  readonly rowBelieved: number;
  /** Without any rule VT is raised when VT and VF together were at least so probable for three seconds, … */
  readonly alone: number;
  /** … or so probable where before they had hardly been seen for half a minute: what is wide or fast all the time is mostly no VT. */
  readonly suddenly: number;
  /** Hardly: at most so probable on average. */
  readonly hardly: number;
  /** Once the rule has ended, what stands ends when VT and VF together fall below this over all kept words, … */
  readonly ends: number;
  /** … and VF after so long in any case: it hides the beats. */
  readonly holds: Microseconds;
  /** VF that comes back within so long had not been over … */
  readonly comesBack: Microseconds;
  /** … and is held for so long whatever the network says (it must say something), … */
  readonly holdsLeast: Microseconds;
  /** … and for so long while it sees red, that a rhythm that comes and goes is one alarm and not ten. */
  readonly holdsAgain: Microseconds;
}

/** Chosen on records that the judging networks never saw (MODEL_CARD.md); the figures hardly move with any of them but `holds` and `suddenly`. */
export const VOTE_USUAL: VoteSettings = {
  agrees: 0.3,
  insists: seconds(3),
  rowDoubted: 0.4,
  rowBelieved: 12,
  alone: 0.8,
  suddenly: 0.5,
  hardly: 0.1,
  ends: 0.3,
  holds: seconds(10),
  comesBack: seconds(60),
  holdsLeast: seconds(5),
  holdsAgain: seconds(30),
};

/** What stands by the vote on the wave, and what it was cast on. */
export interface RedVote {
  readonly stands: 'nothing' | 'undecided' | 'vf' | 'vt';
  /** Since when the wave's rule has said fibrillation. */
  readonly ruledSince: Moment | undefined;
  /** When it last said so. */
  readonly ruledTo: Moment | undefined;
  /** The network's newest words, newest last, at most KEPT of them, and when the last came. */
  readonly words: readonly RhythmProbabilities[];
  readonly heard: Moment | undefined;
  /** How probable VT and VF together were before those words, a running mean; absent: the network has not said much yet. */
  readonly usualRed?: number | undefined;
  /** When VF last stood, and whether it had come back then. */
  readonly stoodTo: Moment | undefined;
  readonly isBack: boolean;
}

export const redVoteStart: RedVote = {
  stands: 'nothing',
  ruledSince: undefined,
  ruledTo: undefined,
  words: [],
  heard: undefined,
  stoodTo: undefined,
  isBack: false,
};

const KEPT = 3;
/** What was said so many words ago counts little for what is usual. */
const USUAL_WORDS = 30;
/** A word of the network older than this says nothing of now. */
const FRESH = seconds(2);

/** After the word on the second that ends at `at`; words before a pause of the network are forgotten. */
export const withWord = (vote: RedVote, word: RhythmProbabilities, at: Moment): RedVote => {
  if (vote.heard === undefined || elapsed(vote.heard, at) >= FRESH)
    return { ...vote, words: [word], heard: at, usualRed: undefined };
  const { words, usualRed } = vote;
  const kept = [...words.slice(1 - KEPT), word];
  if (words.length < KEPT) return { ...vote, words: kept, heard: at };
  const old = redOf(words[0]!);
  return { ...vote, words: kept, heard: at, usualRed: movedTowards(usualRed ?? old, old) };
};

const movedTowards = (mean: number, value: number): number => mean + (value - mean) / USUAL_WORDS;

const redOf = (word: RhythmProbabilities): number => probabilityOf(word, 'vt') + probabilityOf(word, 'vf');

/** The newest word, as seen at `at`; undefined without a fresh one. */
const newest = ({ words, heard }: RedVote, at: Moment): RhythmProbabilities | undefined =>
  heard === undefined || elapsed(heard, at) >= FRESH ? undefined : words.at(-1);

/** How probable VT and VF together are. */
const redNow = (vote: RedVote, at: Moment): number | undefined => {
  const word = newest(vote, at);
  return word === undefined ? undefined : redOf(word);
};

/** Is a row of so many V beats noise to the network? Where it says nothing, it is not. */
export const isRowDoubted = (vote: RedVote, beats: number, at: Moment, settings: VoteSettings): boolean => {
  const word = newest(vote, at);
  return word !== undefined && probabilityOf(word, 'noise') >= settings.rowDoubted && beats < settings.rowBelieved;
};

const meanOf = (words: readonly RhythmProbabilities[], of: (word: RhythmProbabilities) => number): number =>
  words.length < KEPT ? 0 : words.reduce((sum, word) => sum + of(word), 0) / words.length;

/** What the wave's rule, which says fibrillation since `ruledSince`, and the newest word make together. */
const together = (vote: RedVote, ruledSince: Moment, at: Moment, settings: VoteSettings): RedVote['stands'] => {
  const red = redNow(vote, at);
  if (red === undefined || red >= settings.agrees) return 'vf';
  return elapsed(ruledSince, at) >= settings.insists ? 'vf' : 'undecided';
};

const cast = (before: RedVote, ruled: boolean, at: Moment, settings: VoteSettings): RedVote => {
  const ruledSince = ruled ? (before.ruledSince ?? at) : undefined;
  const vote = { ...before, ruledSince, ruledTo: ruled ? at : before.ruledTo };
  if (ruledSince !== undefined)
    return { ...vote, stands: before.stands === 'vf' ? 'vf' : together(vote, ruledSince, at, settings) };
  if (redNow(vote, at) === undefined) return { ...vote, stands: 'nothing' };
  const isHeld = (holds: Microseconds): boolean =>
    before.stands === 'vf' && vote.ruledTo !== undefined && elapsed(vote.ruledTo, at) <= holds;
  if (vote.isBack && isHeld(settings.holdsLeast)) return vote;
  const mean = meanOf(vote.words, redOf);
  const stood = before.stands === 'vt' || isHeld(vote.isBack ? settings.holdsAgain : settings.holds);
  if (stood) return mean >= settings.ends ? vote : { ...vote, stands: 'nothing' };
  const isSudden = vote.usualRed !== undefined && vote.usualRed <= settings.hardly;
  return { ...vote, stands: mean >= (isSudden ? settings.suddenly : settings.alone) ? 'vt' : 'nothing' };
};

/**
 * Casts the vote at a stretch of ECG that ends at `at`. `ruled`: the wave's rule says fibrillation. What stands is never taken
 * back by the network while the rule holds.
 */
export const castVote = (before: RedVote, ruled: boolean, at: Moment, settings: VoteSettings): RedVote => {
  const vote = cast(before, ruled, at, settings);
  if (vote.stands !== 'vf') return vote;
  if (before.stands === 'vf') return { ...vote, stoodTo: at };
  const isBack = vote.stoodTo !== undefined && elapsed(vote.stoodTo, at) <= settings.comesBack;
  return { ...vote, stoodTo: at, isBack };
};

/** The network's newest word in words; empty where it said nothing. */
export const wordEvidence = ({ words }: RedVote): string => {
  const word = words.at(-1);
  if (word === undefined) return '';
  const percent = (name: 'vt' | 'vf') => Math.round(100 * probabilityOf(word, name));
  return `network: VF ${percent('vf')} %, VT ${percent('vt')} %`;
};
