/** How networks did that never saw the patient: what dropping artefacts gains in noise, and what it costs of beats. */
import { ARTEFACT_CLASSES, ARTEFACT_FROM } from '../../../stream-models/artefacts/artefact-classes.ts';
import { beatFigures } from '../../../stream-models/evaluation/beat-figures.ts';
import {
  compareBeats,
  EC57,
  type Ec57Result,
  positivePredictivity,
  sensitivity,
  sumResults,
} from '../../../stream-models/evaluation/ec57.ts';
import type { Asked, HeldOutArtefacts } from './artefact-folds.ts';
import { rhythmAt } from './artefact-labels.ts';
import { CONDITION_NAMES, type Condition } from './hear-artefacts.ts';

/** From which probability on a peak is dropped. */
const THRESHOLDS = {
  'none dropped': Number.POSITIVE_INFINITY,
  '0.25': 0.25,
  '0.5': 0.5,
  '0.6': 0.6,
  '0.7': 0.7,
  '0.8': 0.8,
  '0.9': 0.9,
};
export type Threshold = keyof typeof THRESHOLDS;
const THRESHOLD_NAMES = Object.keys(THRESHOLDS) as readonly Threshold[];

/** QRS complexes by EC57: from 5:00, 150 ms, flutter left out. Shares 0 … 1. */
export interface QrsFigures {
  readonly missed: number;
  readonly false: number;
  readonly sensitivity: number;
  readonly positivePredictivity: number;
}

/** Peaks that were detected, and those called artefacts, by threshold. */
export interface CalledArtefacts {
  readonly peaks: number;
  readonly called: Readonly<Record<Threshold, number>>;
  /** Share, 0 … 1; NaN without peaks. */
  readonly share: Readonly<Record<Threshold, number>>;
}

const byThreshold = <Value>(of: (from: number) => Value): Readonly<Record<Threshold, Value>> =>
  Object.fromEntries(THRESHOLD_NAMES.map((name) => [name, of(THRESHOLDS[name])])) as Record<Threshold, Value>;

/** What is left of the detected beats, compared with the reference. */
const qrsOf = ({ of: { reference } }: HeldOutArtefacts, { sequence, artefact }: Asked, from: number): Ec57Result => {
  const kept = Array.from(sequence.atSeconds)
    .filter((_, i) => artefact[i]! < from)
    .map((atSeconds) => ({ atSeconds, class: 'N' as const }));
  return compareBeats(reference.beats, kept, { ...EC57, excluded: reference.excluded });
};

const inWords = (result: Ec57Result): QrsFigures => ({
  missed: result.falseNegatives,
  false: result.falsePositives,
  sensitivity: sensitivity(result),
  positivePredictivity: positivePredictivity(result),
});

const calledOf = (artefact: readonly number[]): CalledArtefacts => {
  const called = byThreshold((from) => artefact.filter((probability) => probability >= from).length);
  return {
    peaks: artefact.length,
    called,
    share: byThreshold((from) => artefact.filter((probability) => probability >= from).length / artefact.length),
  };
};

/** Rhythms of the reference that are counted together. All others are 'other rhythms'. */
const GROUP_OF: Readonly<Record<string, string>> = {
  ...{ VT: 'VT', VF: 'VF, flutter', VFIB: 'VF, flutter', VFL: 'VF, flutter', NOISE: 'NOISE', ASYS: 'ASYS' },
};
const OTHER = 'other rhythms';
const GROUPS = [...new Set([...Object.values(GROUP_OF), OTHER])];
type Probabilities = Readonly<Record<string, readonly number[]>>;

/** The probabilities of a recording's peaks by the rhythm that they are in. */
const byRhythm = ({ of: { spans } }: HeldOutArtefacts, { sequence, artefact }: Asked): Probabilities => {
  const groups = Object.fromEntries(GROUPS.map((group) => [group, [] as number[]]));
  for (const [i, probability] of artefact.entries())
    groups[GROUP_OF[rhythmAt(spans, sequence.atSeconds[i]!)] ?? OTHER]!.push(probability);
  return groups;
};

const together = (each: readonly Probabilities[]): Readonly<Record<string, CalledArtefacts>> =>
  Object.fromEntries(GROUPS.map((group) => [group, calledOf(each.flatMap((groups) => groups[group]!))]));

/** In noisy copies: peaks that lie where the detector finds a beat of a red rhythm without the noise. */
const redUnderNoise = (held: readonly HeldOutArtefacts[]): CalledArtefacts => {
  const red = ARTEFACT_CLASSES.indexOf('beat of a red rhythm');
  return calledOf(
    held.flatMap(({ copies }) =>
      copies.flatMap(({ sequence, artefact }) => Array.from(artefact).filter((_, i) => sequence.labels[i] === red)),
    ),
  );
};

/** Records that lose most beats, or keep most false ones. */
const WORST = 5;

const qrsFigures = (held: readonly HeldOutArtefacts[], condition: Condition) => {
  const asked = held.flatMap((each) => {
    const of = each.asked[condition];
    return of === undefined ? [] : [{ each, of }];
  });
  const resultsFrom = (from: number): readonly Ec57Result[] => asked.map(({ each, of }) => qrsOf(each, of, from));
  const [all, kept] = [resultsFrom(Number.POSITIVE_INFINITY), resultsFrom(ARTEFACT_FROM)];
  const records = asked.map(({ each }, i) => ({
    record: each.of.name,
    missed: { before: all[i]!.falseNegatives, after: kept[i]!.falseNegatives },
    false: { before: all[i]!.falsePositives, after: kept[i]!.falsePositives },
  }));
  type Counted = (typeof records)[number];
  const worstBy = (lost: (record: Counted) => number): readonly Counted[] =>
    records
      .filter((record) => lost(record) > 0)
      .sort((a, b) => lost(b) - lost(a))
      .slice(0, WORST);
  return {
    byThreshold: byThreshold((from) => inWords(sumResults(resultsFrom(from)))),
    intervals: { from: ARTEFACT_FROM, qrs: beatFigures(kept).qrs },
    mostBeatsLost: worstBy(({ missed }) => missed.after - missed.before),
    mostFalseKept: worstBy((record) => record.false.after),
  };
};

export interface ArtefactFigures {
  /** Of recordings whose beats are known, by what noise was added. */
  readonly qrs: Readonly<Record<Condition, ReturnType<typeof qrsFigures>>>;
  /** Of recordings of which only the rhythm is known, by that rhythm. */
  readonly byRhythm: Readonly<Record<string, CalledArtefacts>>;
  readonly byRhythmAndRecord: Readonly<
    Record<string, Readonly<Record<string, readonly [called: number, peaks: number]>>>
  >;
  readonly redUnderNoise: CalledArtefacts;
}

/** Figures of held-out recordings; `intervals`: 95 % by bootstrap over records, from the probability that ships. */
export const artefactFigures = (held: readonly HeldOutArtefacts[]): ArtefactFigures => {
  const withBeats = held.filter(({ of }) => of.knows === 'beats');
  const withRhythms = held
    .filter(({ of }) => of.knows === 'rhythms')
    .map((each) => ({ name: each.of.name, groups: byRhythm(each, each.asked['no noise']!) }));
  return {
    qrs: Object.fromEntries(
      CONDITION_NAMES.map((condition) => [condition, qrsFigures(withBeats, condition)]),
    ) as ArtefactFigures['qrs'],
    byRhythm: together(withRhythms.map(({ groups }) => groups)),
    byRhythmAndRecord: Object.fromEntries(withRhythms.map(({ name, groups }) => [name, calledFrom(groups)])),
    redUnderNoise: redUnderNoise(held),
  };
};

const calledFrom = (groups: Probabilities): Readonly<Record<string, readonly [number, number]>> =>
  Object.fromEntries(
    Object.entries(groups)
      .filter(([, all]) => all.length > 0)
      .map(([group, all]) => [group, [all.filter((each) => each >= ARTEFACT_FROM).length, all.length]]),
  );
