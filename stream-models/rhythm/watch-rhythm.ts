import { MDC } from '../../schemas/codes.ts';
import { elapsed, type Moment, moment, seconds } from '../../schemas/units.ts';
import type { RhythmName } from '../../schemas/words.ts';
import { breakFibrillation, fibrillationStart } from '../fibrillation/fibrillation.ts';
import type { RhythmDefinitions } from '../presets/preset.ts';
import type { Fact } from '../vocabulary/fact.ts';
import { type Claim, endAll, settle } from '../vocabulary/present-conditions.ts';
import type { ClassifiedBeat, Sighting } from '../vocabulary/sighting.ts';
import { heartRate, noHistories, ventricularRow, withPeak } from './beat-history.ts';
import { beatRhythmsStart, judgeBeat } from './beat-rhythms.ts';
import { OF_THE_HEART, YELLOW } from './heart-conditions.ts';
import { hearAtrialWord, irregularStart, judgeIrregular } from './irregular.ts';
import { isRowDoubted, redVoteStart, VOTE_USUAL, type VoteSettings, withWord } from './red-vote.ts';
import { fibrillating, type RhythmMemory } from './rhythm-memory.ts';
import { hearSignal, isTimeOfSignal, type SignalState, saysNothing, signalClaims } from './signal-state.ts';
import { hearBeat, hearBreak, standstillStart } from './standstill.ts';
import { watchLine } from './watch-line.ts';

type Step = readonly [RhythmMemory, readonly Claim[]];
type Concluded = readonly [RhythmMemory, readonly Fact[]];

const isNoisy = ({ present }: Pick<RhythmMemory, 'present'>): boolean => present.includes('ecg-noise');

/** Beats found in fibrillation mean nothing; yellow rhythms found in noise are only noise. */
const believed = (memory: RhythmMemory, claims: readonly Claim[]): readonly Claim[] => {
  const doubted = fibrillating(memory) ? OF_THE_HEART.filter((name) => name !== 'vf') : isNoisy(memory) ? YELLOW : [];
  // While the wave itself shows VT, no want of V beats ends it.
  const shown = memory.vote.stands === 'vt';
  return claims.filter(({ condition, present }) =>
    present ? !doubted.includes(condition) : !(shown && condition === 'vt'),
  );
};

const onBeat = (
  memory: RhythmMemory,
  beat: ClassifiedBeat,
  definitions: RhythmDefinitions,
  settings: VoteSettings,
): Step => {
  const before = memory.history.peaks.times.at(-1);
  if (before !== undefined && beat.at <= before) return [memory, []];
  const history = withPeak(memory.history, beat);
  const rr = before === undefined ? undefined : elapsed(before, beat.at);
  const [still, stillClaims] = hearBeat(memory.still, beat.at, rr, memory.present, definitions);
  const isDoubted = isRowDoubted(memory.vote, ventricularRow(history.peaks), beat.said, settings);
  const [beats, beatClaims] = judgeBeat(memory.beats, history, memory.present, definitions, isDoubted);
  const [irregular, irregularClaims] = judgeIrregular(memory.irregular, beat, rr);
  return [{ ...memory, history, still, beats, irregular }, [...stillClaims, ...beatClaims, ...irregularClaims]];
};

const react = (
  memory: RhythmMemory,
  sighting: Sighting,
  definitions: RhythmDefinitions,
  settings: VoteSettings,
): Step => {
  switch (sighting.tag) {
    case 'ClassifiedBeat':
      return onBeat(memory, sighting, definitions, settings);
    case 'RhythmJudged': {
      const { probabilities, at, looks } = sighting;
      const irregular = hearAtrialWord(memory.irregular, probabilities, at);
      return [{ ...memory, vote: withWord(memory.vote, probabilities, at), looks, irregular }, []];
    }
    case 'EcgProgress':
      return watchLine(memory, sighting, definitions, settings);
    case 'EcgBroken': {
      const fibrillation = breakFibrillation(memory.fibrillation);
      const still = hearBreak(memory.still, sighting.why);
      return [{ ...memory, history: noHistories, fibrillation, still }, []];
    }
    default:
      return [memory, []];
  }
};

/** Without any usable lead nothing is known of the heart: what stood ends as unknown, and the counts begin anew. */
const forgetHeart = (memory: RhythmMemory, now: Moment): Step => {
  const why = memory.signal.use === 'off' ? 'all leads off' : 'no ECG signal';
  const forgotten: RhythmMemory = {
    ...memory,
    fibrillation: fibrillationStart,
    vote: redVoteStart,
    history: noHistories,
    beats: beatRhythmsStart,
    still: standstillStart,
    irregular: irregularStart,
  };
  return [forgotten, endAll(memory.present, OF_THE_HEART, now, why)];
};

const wordFor = (memory: RhythmMemory): RhythmName | undefined => {
  const { present, history } = memory;
  if (memory.signal.use !== 'usable') return memory.rhythm && 'noise';
  if (present.includes('vf')) return fibrillating(memory) ?? 'vf';
  if (present.includes('asystole')) return 'asystole';
  if (present.includes('vt')) return 'vt';
  if (present.includes('ecg-noise') || present.includes('ecg-saturated')) return 'noise';
  if (present.includes('af')) return 'af';
  return history.peaks.times.length >= 3 ? 'sinus-like' : memory.rhythm?.name === 'noise' ? 'noise' : undefined;
};

/** The rhythm's word begins with the condition that gave it; never before the word that it follows. */
const nameRhythm = (memory: RhythmMemory, facts: readonly Fact[], now: Moment): Concluded => {
  const name = wordFor(memory);
  if (name === undefined || name === memory.rhythm?.name) return [memory, NO_FACTS];
  const onsets = facts.flatMap((fact) => (fact.tag === 'Condition' && fact.present ? [fact.at] : []));
  const began = name === 'sinus-like' || name === 'noise' ? now : Math.min(now, ...onsets);
  const at = moment(Math.max(began, memory.rhythm?.at ?? 0));
  return [{ ...memory, rhythm: { name, at } }, [{ tag: 'Rhythm', at, said: now, rhythm: name }]];
};

/** No rate is said when the newest ECG is older than this. */
const RATE_AFTER_ECG_MAX = seconds(2);

/** No rate out of fibrillation, standstill or noise, and none without a usable lead. */
const measureRate = (memory: RhythmMemory, sighting: Sighting): readonly Fact[] => {
  if (sighting.tag !== 'SecondPassed' || memory.signal.use !== 'usable') return NO_FACTS;
  if (fibrillating(memory) || memory.present.includes('asystole') || isNoisy(memory)) return NO_FACTS;
  const { ecgTo, railSince } = memory.signal;
  if (ecgTo === undefined || elapsed(ecgTo, sighting.at) >= RATE_AFTER_ECG_MAX || railSince !== undefined) return [];
  const value = heartRate(memory.history.believed, moment(Math.min(sighting.at, ecgTo)));
  if (value === undefined) return [];
  return [{ tag: 'Derived', at: sighting.at, said: sighting.said, code: MDC.ecgHeartRate, unit: '/min', value }];
};

/**
 * The rhythm of a bed: conditions of the heart and of the ECG as a signal, the rhythm's word when it changes, and the
 * heart rate once a second. Every fact's `said` is the sighting's.
 */
export const watchRhythm = (
  memory: RhythmMemory,
  sighting: Sighting,
  definitions: RhythmDefinitions,
  settings: VoteSettings = VOTE_USUAL,
): Concluded => {
  const signal = hearSignal(memory.signal, sighting);
  if (saysNothing(sighting, signal)) return [withSignal(memory, signal), NO_FACTS];
  const [heard, claims] = react(withSignal(memory, signal), sighting, definitions, settings);
  const lost = signal.use !== 'usable';
  const [known, lostClaims] = lost ? forgetHeart(heard, sighting.said) : [heard, NO_CLAIMS];
  const kept = lost ? NO_CLAIMS : believed(known, claims);
  const deadly = fibrillating(known) !== undefined || known.present.includes('asystole');
  const technical = isTimeOfSignal(sighting)
    ? signalClaims(signal, memory.signal, known.present, deadly, sighting.at)
    : NO_CLAIMS;
  const [present, conditions] = settle(known.present, [...lostClaims, ...kept, ...technical], sighting.said);
  const quietened = isNoisy({ present }) && !isNoisy(known);
  const [silenced, yellowGone] = quietened
    ? settle(present, endAll(present, YELLOW, sighting.said, 'the ECG is too noisy to tell'), sighting.said)
    : [present, NO_FACTS];
  const facts = yellowGone.length === 0 ? conditions : [...conditions, ...yellowGone];
  const settled = silenced === known.present ? known : { ...known, present: silenced };
  const [named, words] = nameRhythm(settled, facts, sighting.said);
  const rates = measureRate(named, sighting);
  const silent = facts.length + words.length + rates.length === 0;
  return [named, silent ? NO_FACTS : [...facts, ...words, ...rates]];
};

const NO_FACTS: readonly Fact[] = [];
const NO_CLAIMS: readonly Claim[] = [];

const withSignal = (memory: RhythmMemory, signal: SignalState): RhythmMemory =>
  signal === memory.signal ? memory : { ...memory, signal };
