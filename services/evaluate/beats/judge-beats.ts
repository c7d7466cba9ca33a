import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import {
  aamiClass,
  compareBeats,
  EC57,
  type Ec57Class,
  type Ec57Result,
  type Excluded,
  flutterEpisodes,
  matchBeats,
  referenceBeats,
  type TimedBeat,
} from '../../../stream-models/evaluation/ec57.ts';
import { readAnnotations, type WfdbAnnotation } from '../../recordings/wfdb/annotations.ts';
import { readRecord, readRecordAnnotations } from '../../recordings/wfdb/record.ts';
import { isNoisyAt, NOISE_FROM_S, NOISE_STRETCH_S } from './noise-stress.ts';

/** How one recording went. */
export interface JudgedRecord {
  readonly record: string;
  readonly result: Ec57Result;
  /** The same in the stretches with added noise alone; undefined when none was added. */
  readonly inNoise: Ec57Result | undefined;
  /** Seconds from each R peak to its decision. */
  readonly delays: readonly number[];
  /** From 5:00 on: beats of the reference, those that were said, and where they differ. */
  readonly reference: readonly TimedBeat[];
  readonly said: readonly TimedBeat[];
  readonly errors: readonly BeatError[];
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

const errorsOf = (
  reference: readonly TimedBeat[],
  detected: readonly TimedBeat[],
  excluded: readonly Excluded[],
): readonly BeatError[] =>
  matchBeats(reference, detected, EC57.windowSeconds).flatMap((pair) => {
    const atSeconds = (pair.reference ?? pair.detected)!.atSeconds;
    const left = excluded.some(({ fromSeconds, toSeconds }) => atSeconds >= fromSeconds && atSeconds <= toSeconds);
    const was: Ec57Class = pair.reference?.class ?? 'O';
    const said: Ec57Class = pair.detected?.class ?? 'O';
    return left || was === said || atSeconds < EC57.fromSeconds ? [] : [{ atSeconds, reference: was, said }];
  });

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
  const { header } = right(name, await readRecord(directory, name));
  const reference = right(name, await readRecordAnnotations(directory, name, 'atr'));
  const found = right(name, readAnnotations(await readFile(join(said, `${name}.vgl`))));
  const lines = await readFile(join(said, `${name}.ndjson`), 'utf8');
  const excluded = flutterEpisodes(reference, header.rateHz);
  const known = referenceBeats(reference, header.rateHz);
  const detected = referenceBeats(found, header.rateHz);
  const compare = (left: readonly Excluded[]): Ec57Result =>
    compareBeats(known, detected, {
      ...EC57,
      excluded: [...excluded, ...left],
    });
  const lengthS = (reference.at(-1)?.sample ?? 0) / header.rateHz;
  return {
    record: name,
    result: compare([]),
    inNoise: hasNoise ? compare(quietStretches(lengthS)) : undefined,
    delays: delaysIn(lines),
    reference: known,
    said: detected,
    errors: errorsOf(known, detected, excluded),
  };
};
