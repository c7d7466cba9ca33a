/** The words for what findings and alarms carry as numbers: one table each, read both ways. Stages, screens, series and replays say the same. */
import { EscalationStep, ScreenState, SignalState } from './generated/vigil/v1/alarms_pb.ts';
import { BeatClass, RhythmKind, Says, VerdictKind } from './generated/vigil/v1/findings_pb.ts';

/** The word for a number; undefined: it says nothing, or it is of a newer Vigil (enumerations of the wire are open). */
const wordsOf = <Word extends string, Kind extends number>(
  kinds: Readonly<Record<Word, Kind>>,
): ((kind: Kind) => Word | undefined) => {
  const words = new Map((Object.entries(kinds) as [Word, Kind][]).map(([word, kind]) => [kind, word]));
  return (kind) => words.get(kind);
};

/** Beats by AAMI EC57. */
export const beatClasses = {
  N: BeatClass.N,
  S: BeatClass.S,
  V: BeatClass.V,
  F: BeatClass.F,
  Q: BeatClass.Q,
} as const;
export type BeatClassName = keyof typeof beatClasses;

/** What a peak may be, by WFDB's mnemonics: a beat, or an isolated QRS-like artefact, which is no beat to who compares. */
export const peaks = { ...beatClasses, '|': BeatClass.ARTEFACT } as const;
const peakWord = wordsOf<keyof typeof peaks, BeatClass>(peaks);
/** Where no network answered, a beat is of unknown class. */
export const peakSymbol = (kind: BeatClass): keyof typeof peaks => peakWord(kind) ?? 'Q';

export const rhythms = {
  'sinus-like': RhythmKind.SINUS_LIKE,
  af: RhythmKind.AF,
  vt: RhythmKind.VT,
  vfl: RhythmKind.VFL,
  vf: RhythmKind.VF,
  asystole: RhythmKind.ASYSTOLE,
  noise: RhythmKind.NOISE,
} as const;
export type RhythmName = keyof typeof rhythms;
export const rhythmName = wordsOf<RhythmName, RhythmKind>(rhythms);

/** What an alarm does in the room. */
export const signalStates = {
  off: SignalState.OFF,
  waiting: SignalState.WAITING,
  on: SignalState.ON,
  paused: SignalState.PAUSED,
  latched: SignalState.LATCHED,
  acknowledged: SignalState.ACKNOWLEDGED,
  hidden: SignalState.HIDDEN,
} as const;
export type SignalWord = keyof typeof signalStates;
export const signalWord = wordsOf<SignalWord, SignalState>(signalStates);

/** Who is asked to answer an alarm that nobody has answered: the screens that chose the bed, every screen, or nobody is left. */
export const escalationSteps = {
  own: EscalationStep.OWN,
  unit: EscalationStep.UNIT,
  unanswered: EscalationStep.UNANSWERED,
} as const;
export type StepWord = keyof typeof escalationSteps;
export const stepWord = wordsOf<StepWord, EscalationStep>(escalationSteps);

/** What became of a screen. */
export const screenStates = {
  watching: ScreenState.WATCHING,
  left: ScreenState.LEFT,
  lost: ScreenState.LOST,
} as const;
export type ScreenWord = keyof typeof screenStates;
export const screenWord = wordsOf<ScreenWord, ScreenState>(screenStates);

/** What all signals together say of an alarm. */
export const verdicts = {
  confirmed: VerdictKind.CONFIRMED,
  refuted: VerdictKind.REFUTED,
  undecided: VerdictKind.UNDECIDED,
} as const;
export type VerdictWord = keyof typeof verdicts;
const knownVerdict = wordsOf<VerdictWord, VerdictKind>(verdicts);
/** A word that this Vigil does not know decides nothing. */
export const verdictWord = (kind: VerdictKind): VerdictWord => knownVerdict(kind) ?? 'undecided';

/** What one signal says of it. */
export const testimonies = { for: Says.FOR, against: Says.AGAINST, nothing: Says.NOTHING } as const;
export type TestimonyWord = keyof typeof testimonies;
const knownTestimony = wordsOf<TestimonyWord, Says>(testimonies);
export const testimonyWord = (says: Says): TestimonyWord => knownTestimony(says) ?? 'nothing';

/** `MemoryReset.what` where a bed begins anew: another patient, or a clock that was set back. All that was concluded until then is void. */
export const BEGUN_ANEW = 'rhythm, limits, NEWS2';
