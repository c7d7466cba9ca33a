import * as E from 'fp-ts/lib/Either.js';
import { BOOTSTRAP_USUAL, bootstrap, type Interval, quantile } from '../../../stream-models/evaluation/bootstrap.ts';
import {
  compareEpisodes,
  type EpisodeComparison,
  type EpisodeFigures,
  type EpisodeTally,
  episodeFigures,
  sumTallies,
} from '../../../stream-models/evaluation/episodes.ts';
import { patientOf } from '../../recordings/patient.ts';
import { readRecord, readRecordAnnotations } from '../../recordings/wfdb/record.ts';
import {
  COMPARED,
  COMPARED_CONDITIONS,
  type ComparedCondition,
  changesBehind,
  episodesOf,
  type RhythmSpan,
  rhythmSpans,
} from './reference-rhythms.ts';
import { readSaidRhythms } from './said-rhythms.ts';

export interface RecordEpisodes {
  readonly record: string;
  readonly comparisons: Readonly<Record<ComparedCondition, EpisodeComparison>>;
  readonly spans: readonly RhythmSpan[];
  /** Changes of rhythm that the reference has behind the end of the recording; they are left out. */
  readonly changesBehind: number;
}

/** Figures of one condition over all records; intervals by bootstrap over patients. */
export interface ConditionReport {
  readonly name: string;
  readonly shortestSeconds: number;
  readonly tally: EpisodeTally;
  readonly figures: Readonly<Record<keyof EpisodeFigures, Interval>>;
  /** Seconds from onset to first word, ascending. */
  readonly delaysSeconds: readonly number[];
  readonly delayMedian: number;
  readonly delayP90: number;
  /** Of the found episodes, the share that was said within six seconds. */
  readonly withinSixSeconds: number;
  /** What the reference calls the moment at which a false episode was said, and how often. */
  readonly falseDuring: Readonly<Record<string, number>>;
  /** Most missed and false episodes first. */
  readonly worst: readonly WorstRecord[];
}

export interface WorstRecord {
  readonly record: string;
  readonly missed: number;
  readonly falseOnes: number;
  /** Onset of the first missed episode, else of the first false one, seconds. */
  readonly firstAtSeconds: number;
}

export type EpisodesReport = Readonly<Record<ComparedCondition, ConditionReport>>;

const WORST = 10;
const SOON_SECONDS = 6;

/** Compares a record's reference (`.atr`) with what a replay said of it. Left: a sentence. */
export const judgeEpisodes = async (
  directory: string,
  replayed: string,
  name: string,
): Promise<E.Either<string, RecordEpisodes>> => {
  const record = await readRecord(directory, name);
  if (E.isLeft(record)) return E.left(record.left.sentence);
  const annotations = await readRecordAnnotations(directory, name, 'atr');
  if (E.isLeft(annotations)) return E.left(annotations.left.sentence);
  const { rateHz } = record.right.header;
  const lengthSeconds = (record.right.signals[0]?.length ?? 0) / rateHz;
  const said = await readSaidRhythms(replayed, name, lengthSeconds);
  const spans = rhythmSpans(annotations.right, rateHz, lengthSeconds);
  const comparisons = Object.fromEntries(
    COMPARED_CONDITIONS.map((condition) => [
      condition,
      compareEpisodes(
        episodesOf(condition, spans, annotations.right, rateHz, lengthSeconds),
        COMPARED[condition].conditions.flatMap((each) => said.episodes[each] ?? []),
        { lengthSeconds, shortestSeconds: COMPARED[condition].shortestSeconds },
      ),
    ]),
  ) as Record<ComparedCondition, EpisodeComparison>;
  const behind = changesBehind(annotations.right, rateHz, lengthSeconds);
  return E.right({ record: name, comparisons, spans, changesBehind: behind });
};

const wordAt = (spans: readonly RhythmSpan[], seconds: number): string =>
  spans.findLast(({ fromSeconds }) => fromSeconds <= seconds)?.rhythm ?? 'no word';

const conditionReport = (condition: ComparedCondition, records: readonly RecordEpisodes[]): ConditionReport => {
  const each = records.map(({ comparisons }) => comparisons[condition]);
  const byPatient = Map.groupBy(records, ({ record }) => patientOf(record));
  const tallies = [...byPatient.values()].map((of) =>
    sumTallies(of.map(({ comparisons }) => comparisons[condition].tally)),
  );
  const delaysSeconds = Float64Array.from(each.flatMap((one) => one.delaysSeconds)).sort();
  const falseDuring: Record<string, number> = {};
  for (const { comparisons, spans } of records)
    for (const { fromSeconds } of comparisons[condition].falseOnes) {
      const word = wordAt(spans, fromSeconds);
      falseDuring[word] = (falseDuring[word] ?? 0) + 1;
    }
  return {
    name: COMPARED[condition].name,
    shortestSeconds: COMPARED[condition].shortestSeconds,
    tally: sumTallies(tallies),
    figures: bootstrap({ ...BOOTSTRAP_USUAL, patients: tallies.length }, (drawn) =>
      episodeFigures(sumTallies(tallies, drawn)),
    ),
    delaysSeconds: [...delaysSeconds],
    delayMedian: quantile(delaysSeconds, 0.5),
    delayP90: quantile(delaysSeconds, 0.9),
    withinSixSeconds: delaysSeconds.filter((delay) => delay <= SOON_SECONDS).length / delaysSeconds.length,
    falseDuring,
    worst: records
      .map(({ record, comparisons }) => {
        const { missed, falseOnes } = comparisons[condition];
        const firstAtSeconds = (missed[0] ?? falseOnes[0])?.fromSeconds ?? 0;
        return { record, missed: missed.length, falseOnes: falseOnes.length, firstAtSeconds };
      })
      .filter(({ missed, falseOnes }) => missed + falseOnes > 0)
      .sort((a, b) => b.missed - a.missed || b.falseOnes - a.falseOnes)
      .slice(0, WORST),
  };
};

/** Sums records up, one report per condition. At least one record. */
export const episodesReport = (records: readonly RecordEpisodes[]): EpisodesReport =>
  Object.fromEntries(
    COMPARED_CONDITIONS.map((condition) => [condition, conditionReport(condition, records)]),
  ) as Record<ComparedCondition, ConditionReport>;
