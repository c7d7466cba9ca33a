import * as E from 'fp-ts/lib/Either.js';
import { BOOTSTRAP_USUAL, bootstrap, type Interval } from '../../../stream-models/evaluation/bootstrap.ts';
import type { Cinc2017Class } from '../../recordings/cinc2017-reference.ts';
import { readRecord } from '../../recordings/wfdb/record.ts';
import { readSaidRhythms, secondsByWord } from './said-rhythms.ts';

/** What Vigil's rhythm says of a short record. N and O are one: Vigil has no word for "other". */
export const CINC2017_ANSWERS = ['A', 'N or O', '~', 'nothing'] as const;
export type Cinc2017Answer = (typeof CINC2017_ANSWERS)[number];

export interface JudgedRecord {
  readonly record: string;
  readonly is: Cinc2017Class;
  readonly said: Cinc2017Answer;
}

export interface Cinc2017Report {
  readonly records: number;
  /** Row: reference; column: answer. */
  readonly matrix: Readonly<Record<Cinc2017Class, Readonly<Record<Cinc2017Answer, number>>>>;
  /** F1 = 2 TP / (2 TP + FP + FN), as the challenge takes it. */
  readonly f1OfA: Interval;
  readonly sensitivityOfA: Interval;
  readonly predictivityOfA: Interval;
  readonly f1OfNoise: Interval;
  readonly missed: readonly string[];
  readonly falseOnes: readonly JudgedRecord[];
}

/**
 * A record is A when atrial fibrillation covers at least half of the time that got a rhythm, else ~ when noise covers at least
 * half of the time that got any word (noise is no rhythm).
 */
export const answerOf = (seconds: ReadonlyMap<string, number>): Cinc2017Answer => {
  let all = 0;
  for (const each of seconds.values()) all += each;
  if (all === 0) return 'nothing';
  const noise = seconds.get('noise') ?? 0;
  const af = seconds.get('af') ?? 0;
  if (af > 0 && af >= (all - noise) / 2) return 'A';
  return noise >= all / 2 ? '~' : 'N or O';
};

/** Judges what a replay said of the challenge's records: those of `reference` that it has written. */
export const judgeCinc2017 = async (
  directory: string,
  replayed: string,
  written: readonly string[],
  reference: ReadonlyMap<string, Cinc2017Class>,
): Promise<readonly JudgedRecord[]> => {
  const judged: JudgedRecord[] = [];
  for (const record of written) {
    const is = reference.get(record);
    const read = await readRecord(directory, record);
    if (is === undefined || E.isLeft(read)) continue;
    const lengthSeconds = (read.right.signals[0]?.length ?? 0) / read.right.header.rateHz;
    const { words } = await readSaidRhythms(replayed, record, lengthSeconds);
    judged.push({ record, is, said: answerOf(secondsByWord(words, lengthSeconds)) });
  }
  return judged;
};

const scoresOf = (
  records: readonly JudgedRecord[],
  name: 'A' | '~',
  drawn: ArrayLike<number>,
): { readonly f1: number; readonly sensitivity: number; readonly predictivity: number } => {
  let right = 0;
  let is = 0;
  let said = 0;
  for (const [i, record] of records.entries()) {
    const times = drawn[i]!;
    if (record.is === name) is += times;
    if (record.said === name) said += times;
    if (record.is === name && record.said === name) right += times;
  }
  return { f1: (2 * right) / (is + said), sensitivity: right / is, predictivity: right / said };
};

/** Sums judged records up. At least one record. */
export const cinc2017Report = (records: readonly JudgedRecord[]): Cinc2017Report => {
  const row = (): Record<Cinc2017Answer, number> => ({ A: 0, 'N or O': 0, '~': 0, nothing: 0 });
  const matrix = { N: row(), A: row(), O: row(), '~': row() };
  for (const { is, said } of records) matrix[is][said]++;
  const intervals = bootstrap({ ...BOOTSTRAP_USUAL, patients: records.length }, (drawn) => {
    const { f1, sensitivity, predictivity } = scoresOf(records, 'A', drawn);
    const f1OfNoise = scoresOf(records, '~', drawn).f1;
    return { f1OfA: f1, sensitivityOfA: sensitivity, predictivityOfA: predictivity, f1OfNoise };
  });
  return {
    records: records.length,
    matrix,
    ...intervals,
    missed: records.filter(({ is, said }) => is === 'A' && said !== 'A').map(({ record }) => record),
    falseOnes: records.filter(({ is, said }) => is !== 'A' && said === 'A'),
  };
};
