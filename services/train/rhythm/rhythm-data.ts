import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { diceFrom } from '../../../stream-models/dice.ts';
import { RHYTHM_FEATURES } from '../../../stream-models/rhythm-network/rhythm-input.ts';
import { type RhythmSpan, rhythmSpans } from '../../evaluate/rhythm/reference-rhythms.ts';
import type { StepNetwork } from '../../ports/inference.ts';
import { type Cinc2017Class, parseReference } from '../../recordings/cinc2017-reference.ts';
import { patientOf } from '../../recordings/patient.ts';
import { readRecordAnnotations } from '../../recordings/wfdb/record.ts';
import { loadCheckpoint, saveCheckpoint } from '../checkpoint.ts';
import { leadsOf } from '../hear-record.ts';
import { nameSeed } from '../name-seed.ts';
import { type NoiseChannels, noiseOf } from '../noise-channels.ts';
import { openedRecord, recordingFolders } from '../recording-folders.ts';
import { changedRhythm } from './changed-rhythm.ts';
import { type Recording, type RhythmSequence, rhythmSequences } from './rhythm-sequence.ts';

/** Long recordings with their changed copies, and short ones of which only one word is known. */
export interface RhythmData {
  readonly sequences: readonly RhythmSequence[];
  /** Patients of long recordings, in order, and the short ones' records. */
  readonly patients: readonly string[];
  readonly shortPatients: readonly string[];
  readonly sha256: string;
}

export interface RhythmDataOptions {
  readonly beats: StepNetwork;
  readonly seed: number;
  /** Changed copies of each recording that has ventricular or atrial episodes; others get half as many. */
  readonly copies: number;
  /** Where what was heard is kept, and whether what lies there may be taken up: hearing takes longer than reading. */
  readonly heard: string;
  readonly resume?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

const WORDS: Readonly<Record<Cinc2017Class, string>> = { N: 'N', A: 'AFIB', O: 'N', '~': 'NOISE' };
const SIDE_BY_SIDE = 24;

const longRecording = async (path: string, name: string): Promise<Recording> => {
  const record = await openedRecord(path, name);
  const annotations = await readRecordAnnotations(path, name, 'atr');
  if (E.isLeft(annotations)) throw new Error(`record ${name}: ${annotations.left.sentence}`);
  const { rateHz } = record.header;
  const length = (record.signals[0]?.length ?? 0) / rateHz;
  const spans = rhythmSpans(annotations.right, rateHz, length);
  const patient = patientOf(name);
  return { patient, record: name, isChanged: false, leads: leadsOf(record), rateHz, spans };
};

const shortRecording = async (path: string, name: string, is: Cinc2017Class): Promise<Recording> => {
  const record = await openedRecord(path, name);
  const { rateHz } = record.header;
  const length = (record.signals[0]?.length ?? 0) / rateHz;
  const spans: RhythmSpan[] = [{ rhythm: WORDS[is], fromSeconds: 0, toSeconds: length }];
  return { patient: name, record: name, isChanged: false, leads: leadsOf(record), rateHz, spans };
};

const IS_RARE = ['VT', 'VF', 'VFIB', 'VFL', 'AFIB', 'ASYS'];

/** A recording and its changed copies. */
const withCopies = (of: Recording, { copies, seed }: RhythmDataOptions, noise: NoiseChannels): readonly Recording[] => {
  const dice = diceFrom(nameSeed(seed, of.record));
  const count = of.spans.some(({ rhythm }) => IS_RARE.includes(rhythm)) ? copies : Math.ceil(copies / 2);
  return [
    of,
    ...Array.from({ length: count }, () => ({
      ...of,
      isChanged: true,
      ...changedRhythm(of.leads, of.rateHz, of.spans, dice, noise),
    })),
  ];
};

/** Recordings read, before anything is heard: quick, and enough to know whether what was heard before is still right. */
interface ReadRecordings {
  readonly recordings: readonly (Recording & { readonly isShort: boolean })[];
  readonly noise: NoiseChannels;
  readonly sha256: string;
}

const readAll = async (data: string, { beats, signal }: RhythmDataOptions): Promise<ReadRecordings> => {
  const folders = await recordingFolders(data);
  const noise: Float32Array[] = [];
  const recordings: (Recording & { readonly isShort: boolean })[] = [];
  const hash = createHash('sha256').update(beats.sha256);
  for (const { path, kind, names } of folders) {
    signal?.throwIfAborted();
    if (kind === 'noise') noise.push(...(await noiseOf(path)));
    const isShort = kind === 'short';
    const reference = new Map(isShort ? parseReference(await readFile(join(path, 'REFERENCE.csv'), 'utf8')) : []);
    for (const name of kind === 'noise' ? [] : names) {
      const is = reference.get(name);
      if (isShort && is === undefined) continue;
      const recording = is === undefined ? await longRecording(path, name) : await shortRecording(path, name, is);
      hash.update(`${name} ${recording.rateHz} ${JSON.stringify(recording.spans)}`);
      for (const { samplesMv } of recording.leads) hash.update(samplesMv);
      recordings.push({ ...recording, isShort });
    }
  }
  for (const channel of noise) hash.update(channel);
  return { recordings, noise, sha256: hash.digest('hex') };
};

interface HeardCheckpoint {
  readonly settings: string;
  readonly sequences: readonly RhythmSequence[];
}

/**
 * Reads and hears the recordings of a folder's folders: those with annotations of rhythm (`.atr`), short ones with
 * `REFERENCE.csv` (CinC 2017), noise (`bw`, `em`, `ma`). The same data, seed and beat network give the same numbers. Throws
 * an Error that names the record.
 */
export const rhythmData = async (data: string, options: RhythmDataOptions): Promise<RhythmData> => {
  const { recordings, noise, sha256 } = await readAll(data, options);
  const { beats, copies, seed, heard: path } = options;
  const settings = JSON.stringify({ copies, seed, features: RHYTHM_FEATURES, data: sha256 });
  const found = options.resume === true ? await loadCheckpoint<HeardCheckpoint>(path, settings) : undefined;
  const sequences: RhythmSequence[] = [...(found?.sequences ?? [])];
  let waiting: Recording[] = [];
  for (const [i, recording] of found === undefined ? recordings.entries() : []) {
    waiting.push(...(recording.isShort ? [recording] : withCopies(recording, options, noise)));
    if (waiting.length < SIDE_BY_SIDE && i + 1 < recordings.length) continue;
    options.signal?.throwIfAborted();
    for (const each of await rhythmSequences(waiting, beats)) sequences.push(each);
    waiting = [];
    options.onProgress?.(i + 1, recordings.length);
  }
  if (found === undefined) await saveCheckpoint(path, { settings, sequences } satisfies HeardCheckpoint);
  const patientsOf = (isShort: boolean): readonly string[] => [
    ...new Set(recordings.filter((each) => each.isShort === isShort).map(({ patient }) => patient)),
  ];
  return { sequences, patients: patientsOf(false), shortPatients: patientsOf(true), sha256 };
};
