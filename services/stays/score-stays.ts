import { open, rename, rm, stat } from 'node:fs/promises';
import { cellText } from '../recordings/table.ts';
import type { DeteriorationModel } from './deterioration-model.ts';
import { playStays, STAYS_SIDE_BY_SIDE } from './play-stays.ts';
import { readStays, type Stay } from './read-stays.ts';
import { StayFileFault } from './stay-csv.ts';
import { NOTHING_UNREADABLE, type UnreadableCell, type UnreadableCells, withUnreadable } from './unreadable-cells.ts';

export interface ScoreStaysOptions {
  readonly csv: string;
  readonly out: string;
  readonly signal?: AbortSignal;
  /** Bytes of the file that have been read, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ScoredStays {
  readonly stays: number;
  readonly rows: number;
  readonly alarmRows: number;
  /** Rows without a risk, because inputs were too few or too old. */
  readonly insufficientRows: number;
  /** Cells that were no numbers and counted as not measured. */
  readonly unreadable: UnreadableCells;
}

/** Stays that are held at a time: what bounds the memory, whatever the length of the file. */
const STAYS_HELD = 8 * STAYS_SIDE_BY_SIDE;

/**
 * Scores every row of a file of stays, in its order: `PatientID,ICULOS,risk,alarm`. Risk is a probability (five places), empty where
 * data is insufficient; alarm is 1 where the risk reaches the network's threshold, else 0. A row uses itself and earlier rows. The file
 * appears when it is whole. Rejects with a StayFileFault for rows that cannot be used.
 */
export const scoreStays = async (model: DeteriorationModel, options: ScoreStaysOptions): Promise<ScoredStays> => {
  const { csv, out, signal } = options;
  const partial = `${out}.partial`;
  const [stays, scores] = await Promise.all([csv, out].map((path) => stat(path).catch(() => undefined)));
  if (stays !== undefined && stays.ino === scores?.ino && stays.dev === scores.dev)
    throw new StayFileFault(`${out} is the file of stays itself, which would be lost. Write to another file.`);
  const total = stays?.size ?? 0;
  const counts = { stays: 0, rows: 0, alarmRows: 0, insufficientRows: 0 };
  let unreadable = NOTHING_UNREADABLE;
  const file = await open(partial, 'w');
  try {
    await file.write('PatientID,ICULOS,risk,alarm\n');
    let held: Stay[] = [];
    const settle = async (): Promise<void> => {
      signal?.throwIfAborted();
      const risks = await playStays(
        model.ask,
        model.hidden,
        held.map(({ rows }) => rows),
      );
      await file.write(held.map((stay, i) => linesOf(stay, risks[i]!, model.threshold, counts)).join(''));
      held = [];
    };
    const reading = {
      onBytes: (bytes: number) => options.onProgress?.(bytes, total),
      onUnreadable: (cell: UnreadableCell) => {
        unreadable = withUnreadable(unreadable, cell);
      },
    };
    for await (const stay of readStays(csv, reading)) {
      held.push(stay);
      if (held.length === STAYS_HELD) await settle();
    }
    await settle();
    await file.close();
    await rename(partial, out);
  } catch (cause) {
    await file.close().catch(() => undefined);
    await rm(partial, { force: true });
    throw cause;
  }
  return { ...counts, unreadable };
};

type Counts = { -readonly [Key in Exclude<keyof ScoredStays, 'unreadable'>]: number };

const linesOf = ({ patientId, rows }: Stay, risks: Float64Array, threshold: number, counts: Counts): string => {
  const name = cellText(patientId);
  let lines = '';
  counts.stays++;
  for (const [i, { hour }] of rows.entries()) {
    const risk = risks[i]!;
    const isKnown = !Number.isNaN(risk);
    const isAlarm = risk >= threshold;
    counts.rows++;
    if (isAlarm) counts.alarmRows++;
    if (!isKnown) counts.insufficientRows++;
    lines += `${name},${hour},${isKnown ? risk.toFixed(5) : ''},${isAlarm ? 1 : 0}\n`;
  }
  return lines;
};
