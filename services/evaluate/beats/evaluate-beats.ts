import {
  averageFigures,
  type BeatAverages,
  type BeatFigures,
  beatFigures,
  type Delays,
  delaysOf,
} from '../../../stream-models/evaluation/beat-figures.ts';
import { type Ec57Matrix, type Ec57Result, sumResults } from '../../../stream-models/evaluation/ec57.ts';
import { patientOf } from '../../recordings/patient.ts';
import { learnedFrom } from '../training-records.ts';
import { type BeatSubgroup, beatSubgroups } from './beat-subgroups.ts';
import { type JudgedRecord, judgeBeats } from './judge-beats.ts';
import { referenceNotes } from './reference-notes.ts';

/** Noise that was added before the recordings were played. */
export interface AddedNoise {
  readonly record: string;
  readonly snrDb: number;
}

/** A record that takes no part in the figures, and why. */
export interface UnjudgedRecord {
  readonly record: string;
  readonly sentence: string;
}

/** Everything that an evaluation of beats says. */
export interface BeatEvaluation {
  readonly wfdb: string;
  readonly rules: string;
  readonly noise: AddedNoise | undefined;
  /** Records of patients that the shipped networks of beats and artefacts have learned from: figures on them flatter. */
  readonly learnedFrom: readonly string[];
  /** Records of the folder that are in no figure. */
  readonly unjudged: readonly UnjudgedRecord[];
  /** Records in which the reference has no beat after the learning period: nothing is missed there, and nothing is found. */
  readonly withoutBeats: readonly string[];
  /** What is to be said of references that do not lie on their recordings, or that `bxb` reads otherwise. */
  readonly notes: readonly string[];
  /** How many are drawn from for the intervals: recordings of one patient stay together. */
  readonly patients: number;
  readonly gross: BeatFigures;
  readonly average: BeatAverages;
  readonly matrix: Ec57Matrix;
  readonly inNoise: BeatFigures | undefined;
  readonly delays: Delays;
  /** By sex and age, where headers tell them; empty: none does. */
  readonly subgroups: readonly BeatSubgroup[];
  readonly records: readonly { readonly record: string; readonly result: Ec57Result; readonly figures: BeatFigures }[];
}

const RULES =
  'EC57 as WFDB bxb applies it: 150 ms, one to one, from 5:00 to the end of the recording, ventricular flutter left out; F and Q called V, and Q called S, count neither way. ' +
  'Otherwise than in bxb, escape beats of atrium and junction (e, j) are N, and what falls into a shutdown (its X) is counted with O';

/** An evaluation, and the recordings that it was made of. */
export interface EvaluatedBeats {
  readonly evaluation: BeatEvaluation;
  readonly judged: readonly JudgedRecord[];
}

/** Judges what a replay wrote into `said` of the records of `wfdb`. */
export const evaluateBeats = async (
  wfdb: string,
  said: string,
  names: readonly string[],
  noise: AddedNoise | undefined,
  resamples: number,
  unjudged: readonly UnjudgedRecord[],
): Promise<EvaluatedBeats> => {
  const judged: JudgedRecord[] = [];
  for (const name of names) judged.push(await judgeBeats(wfdb, said, name, noise !== undefined));
  const patients = [...Map.groupBy(judged, ({ record }) => patientOf(record)).values()];
  const noisy = patients.map((of) => of.flatMap(({ inNoise }) => inNoise ?? [])).filter((of) => of.length > 0);
  const records = judged.map(({ record, result }) => ({ record, result, figures: beatFigures([result], 0) }));
  const evaluation: BeatEvaluation = {
    wfdb,
    rules: RULES,
    noise,
    learnedFrom: await learnedFrom('beats', names),
    unjudged,
    withoutBeats: judged
      .filter(({ result }) => result.truePositives + result.falseNegatives === 0)
      .map(({ record }) => record),
    notes: referenceNotes(judged),
    patients: patients.length,
    gross: beatFigures(
      patients.map((of) => sumResults(of.map(({ result }) => result))),
      resamples,
    ),
    average: averageFigures(records.map(({ figures }) => figures)),
    matrix: sumResults(judged.map(({ result }) => result)).matrix,
    inNoise: noisy.length === 0 ? undefined : beatFigures(noisy.map(sumResults), resamples),
    delays: delaysOf(judged.flatMap(({ delays }) => delays)),
    subgroups: beatSubgroups(judged, resamples),
    records,
  };
  return { evaluation, judged };
};
