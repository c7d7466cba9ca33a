import type { AlarmKind } from '../../stream-models/corroboration/claim.ts';

/**
 * The kind of which there are so many alarms, and so many things to be said, that its model weighs all terms together with a penalty
 * that an inner cross-validation chooses: terms picked one by one were worse for strangers (stream-models/corroboration/CARD.md).
 */
export const WEIGHED_WHOLE = 'vt' satisfies AlarmKind;
type OfFewTerms = Exclude<AlarmKind, typeof WEIGHED_WHOLE>;

/** What each other kind's model looks at: few terms, each with a meaning (stream-models/corroboration/README.md). */
export const fewAlarmTerms: Readonly<Record<OfFewTerms, readonly string[]>> = {
  asystole: ['panel.gap', 'panel.usualGap', 'lead.least.strangeShare'],
  'extreme-brady': ['panel.slow5near', 'panel.slow5middle', 'pulse.mean.leastSwing'],
  'extreme-tachy': ['vote.fast5', 'panel.calm', 'joint.seen'],
  vf: ['lead.best.fibrillation2', 'wave.fibrillation', 'pulse.most.living', 'panel.aliveGap'],
};

/** What denies a claim by its own definition: no signal shows five beats in a row faster than 115/min. */
export const denials: Readonly<Partial<Record<AlarmKind, { readonly term: string; readonly value: number }>>> = {
  'extreme-tachy': { term: 'panel.fast5most', value: 0.14 },
};

/** The penalty on each squared weight, in cases, where terms are few; and those that an inner cross-validation chooses from. */
export const RIDGE_OF_FEW = 1;
export const RIDGES = [5, 10, 20, 40, 80] as const;

const standstill = [
  ...['panel.gap', 'panel.usualGap', 'panel.aliveGap', 'vote.gap', 'vote.slow5', 'vote.rate10', 'panel.slow5'],
  ...['lead.least.own.gap', 'lead.most.own.gap', 'lead.most.own.slow5', 'lead.best.own.gap', 'lead.least.strangeShare'],
  ...['lead.most.strangeShare', 'lead.mean.quality', 'lead.least.still', 'pulse.least.own.gap', 'pulse.most.own.slow5'],
  ...['pulse.least.livingGap', 'pulse.most.worst', 'pulse.most.worth', 'pulse.most.leastSwing', 'pulse.most.living'],
];
const crossed = (names: readonly string[], ends: readonly string[]): string[] =>
  names.flatMap((name) => ends.map((end) => `${name}${end}`));

/** What the network of rhythm said of the last seconds. Without these terms VT has a model of its own, for where it says nothing. */
export const rhythmWords: readonly string[] = crossed(['words.'], ['redMost', 'redRow', 'redMean', 'noiseMean']);

/**
 * A broad list of everything that might speak for or against each kind. VT takes it whole; of the others `--terms all` does, with a stronger
 * penalty, and `--terms chosen` chooses among it inside each fold. Some of these were made after looking at records that had gone wrong.
 */
export const allAlarmTerms: Readonly<Record<AlarmKind, readonly string[]>> = {
  asystole: standstill,
  'extreme-brady': [...standstill, 'panel.slow5near', 'panel.slow5middle', 'pulse.mean.leastSwing'],
  'extreme-tachy': [
    ...['vote.fast17', 'vote.fast5', 'vote.rate10', 'vote.irregular', 'panel.fast17', 'panel.fast17most'],
    ...['panel.calm', 'panel.pulseCalm', 'panel.good', 'joint.seen', 'joint.agree', 'lead.mean.quality'],
    ...crossed(['lead.most', 'lead.least', 'lead.best', 'pulse.most'], ['.own.fast17', '.own.fast5', '.own.irregular']),
  ],
  vt: [
    ...['vote.row', 'vote.five', 'vote.fast5', 'vote.irregular'],
    ...[
      'joint.v',
      'joint.five',
      'joint.five2',
      'joint.wide',
      'joint.regular',
      'joint.seen',
      'joint.rate',
      'joint.agree',
    ],
    ...crossed(
      ['round', 'even', 'full', 'periodic', 'middle', 'slow', 'high', 'peak', 'fibrillation'].map((n) => `wave.${n}`),
      ['', '.rise'],
    ),
    ...crossed(['lead.mean', 'lead.least'], ['.quality', '.row', '.fiveMean', '.leakage']),
    ...crossed(
      ['pulse.most', 'pulse.least'],
      ['.quality', '.worst', '.living', '.livingGap', '.strength', '.leastStrength', '.leastSwing', '.worth'],
    ),
    ...crossed(['pulse.most', 'pulse.least'], ['.own.irregular', '.own.rate10']),
    ...['panel.calm', 'panel.pulseCalm', 'panel.good'],
    ...crossed(
      crossed(
        ['run.'],
        [
          ...['seen', 'unlike', 'amplitude', 'width', 'strange', 'wide', 'strangeBefore'],
          ...['between', 'louder', 'rough', 'rougher', 'quality'],
        ],
      ),
      ['.least', '.most'],
    ),
    ...['run.jitter', 'run.together', 'run.rate', 'run.faster', 'run.at'],
    ...rhythmWords,
  ],
  vf: [
    ...crossed(['lead.best', 'lead.mean', 'lead.most'], ['.fibrillation', '.fibrillation2', '.leakage', '.evenness']),
    ...['wave.fibrillation', 'wave.round', 'wave.even', 'vote.irregular', 'vote.fast5', 'panel.aliveGap', 'panel.calm'],
    ...['pulse.most.living', 'pulse.least.living', 'pulse.most.worth', 'pulse.most.own.irregular'],
  ],
};

export const ALL_TERMS_RIDGE = 10;
