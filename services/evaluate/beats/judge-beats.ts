import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import {
  aamiClass,
  countedPairs,
  EC57,
  type Ec57Class,
  type Ec57Options,
  type Ec57Pair,
  type Ec57Result,
  type Excluded,
  flutterEpisodes,
  referenceBeats,
  type TimedBeat,
  tallied,
} from '../../../stream-models/evaluation/ec57.ts';
import { describedIn, type RecordedPatient } from '../../recordings/patient.ts';
import { readAnnotations, type WfdbAnnotation } from '../../recordings/wfdb/annotations.ts';
import { readRecord, readRecordAnnotations } from '../../recordings/wfdb/record.ts';
import { isNoisyAt, NOISE_FROM_S, NOISE_STRETCH_S } from './noise-stress.ts';

/** How one recording went. */
export interface JudgedRecord {
  readonly record: string;
  readonly described: RecordedPatient;
  readonly result: Ec57Result;
  /** The same in the stretches with added noise alone; undefined when none was added. */
  readonly inNoise: Ec57Result | undefined;
  /** Seconds from each R peak to its decision. */
  readonly delays: readonly number[];
  /** All beats of the reference, and all that were said. */
  readonly reference: readonly TimedBeat[];
  readonly said: readonly TimedBeat[];
  /** Where they differ, from 5:00 on. */
  readonly errors: readonly BeatError[];
  readonly fit: ReferenceFit;
}

/** How a reference lies on its recording. */
export interface ReferenceFit {
  readonly lengthSeconds: number;
  /** Its last annotation, of any kind. */
  readonly endsAtSeconds: number;
  /** Its beats after the end of the recording: nobody could find them, and nothing is asked of them. */
  readonly beatsBehind: number;
  /** Its escape beats of atrium and junction in the test period (`e`, `j`): N here, S in `bxb`. */
  readonly escapeBeats: number;
}

/** A beat that was missed, made up, or called otherwise. O: no beat. */
export interface BeatError {
  readonly atSeconds: number;
  readonly reference: Ec57Class;
  readonly said: Ec57Class;
}

const right = <A>(record: string, read: E.Either<{ readonly sentence: string }, A>): A => {
  if (E.isLeft(read)) throw new Error(`record ${record}: ${read.left.sentence}`);
  return read.right;
};

/** The sample numbers of a reference's beats. */
export const beatSamples = (reference: readonly WfdbAnnotation[]): readonly number[] =>
  reference.filter(({ symbol }) => aamiClass(symbol) !== undefined).map(({ sample }) => sample);

/** The stretches without added noise, up to the end of a recording. */
const quietStretches = (lengthS: number): readonly Excluded[] => {
  const quiet: Excluded[] = [];
  for (let fromSeconds = NOISE_FROM_S; fromSeconds < lengthS; fromSeconds += NOISE_STRETCH_S)
    if (!isNoisyAt(fromSeconds)) quiet.push({ fromSeconds, toSeconds: fromSeconds + NOISE_STRETCH_S });
  return quiet;
};

const delaysIn = (lines: string): readonly number[] =>
  lines.split('\n').flatMap((line) => {
    if (!line.startsWith('{"kind":"beat"')) return [];
    const { at, said } = JSON.parse(line) as { readonly at: number; readonly said: number };
    return [said - at];
  });

const errorsOf = (pairs: readonly Ec57Pair[]): readonly BeatError[] =>
  pairs.flatMap((pair) => {
    const was: Ec57Class = pair.reference?.class ?? 'O';
    const said: Ec57Class = pair.detected?.class ?? 'O';
    return was === said ? [] : [{ atSeconds: (pair.reference ?? pair.detected)!.atSeconds, reference: was, said }];
  });

const isIn = (atSeconds: number, stretches: readonly Excluded[]): boolean =>
  stretches.some(({ fromSeconds, toSeconds }) => atSeconds >= fromSeconds && atSeconds <= toSeconds);

const fitOf = (reference: readonly WfdbAnnotation[], rateHz: number, lengthSeconds: number): ReferenceFit => {
  const isAfter = (sample: number, seconds: number): boolean => sample / rateHz > seconds;
  return {
    lengthSeconds,
    endsAtSeconds: (reference.at(-1)?.sample ?? 0) / rateHz,
    beatsBehind: beatSamples(reference).filter((sample) => isAfter(sample, lengthSeconds)).length,
    escapeBeats: reference.filter(
      ({ sample, symbol }) =>
        (symbol === 'e' || symbol === 'j') && sample / rateHz >= EC57.fromSeconds && !isAfter(sample, lengthSeconds),
    ).length,
  };
};

/**
 * Compares what a replay wrote of a recording (`NAME.vgl`, `NAME.ndjson` in `said`) with its reference (`NAME.atr` in
 * `directory`). Throws an Error that names the recording when one of them cannot be read.
 */
export const judgeBeats = async (
  directory: string,
  said: string,
  name: string,
  hasNoise: boolean,
): Promise<JudgedRecord> => {
  const { header, signals } = right(name, await readRecord(directory, name));
  const reference = right(name, await readRecordAnnotations(directory, name, 'atr'));
  const found = right(name, readAnnotations(await readFile(join(said, `${name}.vgl`))));
  const lines = await readFile(join(said, `${name}.ndjson`), 'utf8');
  const lengthSeconds = (signals[0]?.length ?? 0) / header.rateHz;
  const flutter = flutterEpisodes(reference, header.rateHz);
  // Beats that a reference has inside of flutter partner none outside.
  const known = referenceBeats(reference, header.rateHz).filter(({ atSeconds }) => !isIn(atSeconds, flutter));
  const detected = referenceBeats(found, header.rateHz);
  const pairsWithout = (left: readonly Excluded[]): readonly Ec57Pair[] => {
    const options: Ec57Options = { ...EC57, toSeconds: lengthSeconds, excluded: [...flutter, ...left] };
    return countedPairs(known, detected, options);
  };
  const pairs = pairsWithout([]);
  return {
    record: name,
    described: describedIn(header.comments),
    result: tallied(pairs),
    inNoise: hasNoise ? tallied(pairsWithout(quietStretches(lengthSeconds))) : undefined,
    delays: delaysIn(lines),
    reference: known,
    said: detected,
    errors: errorsOf(pairs),
    fit: fitOf(reference, header.rateHz, lengthSeconds),
  };
};
