import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { writeAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import { readRecord, type WfdbRecord } from '../../services/recordings/wfdb/record.ts';
import { hearBeats, leadsOf } from '../../services/train/hear-record.ts';
import { put } from './made-record.ts';
import { madeRhythm } from './made-rhythms.ts';

export const readMade = async (folder: string, name: string): Promise<WfdbRecord> => {
  const record = await readRecord(folder, name);
  if (E.isLeft(record)) throw new Error(record.left.sentence);
  return record.right;
};

/** Writes a synthetic record with bigeminy in it, and a reference that calls its broad beats V and the others N. */
export const putMadeBeats = async (folder: string, name: string, lengthS: number, seed: number): Promise<void> => {
  await put(folder, madeRhythm(name, 'bigeminy', lengthS, seed));
  const beats = hearBeats(leadsOf(await readMade(folder, name)), 250).filter((heard) => heard.tag === 'BeatSeen');
  const annotations = beats.map(({ at, shapes }) => ({
    sample: Math.round((at * 250) / 1e6),
    symbol: breadth(shapes[0]!) > 0.45 ? 'V' : 'N',
    aux: '',
  }));
  await put(folder, { [`${name}.atr`]: writeAnnotations(annotations) });
};

/** Share of a shape's energy that is more than 40 ms away from the R peak. */
const breadth = (shape: Float32Array): number => {
  const energy = (from: number, to: number) => shape.subarray(from, to).reduce((sum, value) => sum + value * value, 0);
  return 1 - energy(60, 81) / energy(40, 110);
};

/** The folder of recordings named by the environment; undefined: those tests are skipped. */
export const recordings = (dataset: string): string | undefined => {
  const folder = process.env['VIGIL_RECORDINGS'];
  return folder === undefined ? undefined : join(folder, dataset);
};
