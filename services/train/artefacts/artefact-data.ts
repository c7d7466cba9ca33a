import { createHash } from 'node:crypto';
import { setImmediate as otherWork } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { BEAT_FEATURES } from '../../../stream-models/beats/beat-input.ts';
import { flutterEpisodes, referenceBeats } from '../../../stream-models/evaluation/ec57.ts';
import { rhythmSpans } from '../../evaluate/rhythm/reference-rhythms.ts';
import { patientOf } from '../../recordings/patient.ts';
import { readRecordAnnotations } from '../../recordings/wfdb/record.ts';
import { loadCheckpoint, saveCheckpoint } from '../checkpoint.ts';
import { leadsOf } from '../hear-record.ts';
import { openedRecord, recordingFolders } from '../recording-folders.ts';
import { isRed } from './artefact-labels.ts';
import {
  type ArtefactRecording,
  CONDITION_NAMES,
  type HeardRecording,
  heardRecording,
  hearingNoise,
} from './hear-artefacts.ts';
import type { MotionKind } from './made-motion.ts';
import { type RecordedNoise, recordedNoise } from './recorded-noise.ts';

/** What networks learn from and are judged by. */
export interface ArtefactData {
  readonly recordings: readonly HeardRecording[];
  /** Of everything that was read. */
  readonly sha256: string;
}

export interface ArtefactDataOptions {
  readonly seed: number;
  /** Noisy copies of a recording whose beats are known; of others half as many. */
  readonly copies: number;
  /** Kinds of made motion that copies have beside recorded noise. */
  readonly motion: readonly MotionKind[];
  /** Where what was heard is kept, and whether what lies there may be taken up. */
  readonly heard: string;
  readonly resume: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number, note: string) => void;
}

const read = async (path: string, name: string): Promise<ArtefactRecording> => {
  const record = await openedRecord(path, name);
  if (leadsOf(record).length === 0) throw new Error(`record ${name}: it has no lead in mV`);
  const annotations = await readRecordAnnotations(path, name, 'atr');
  if (E.isLeft(annotations)) throw new Error(`record ${name}: ${annotations.left.sentence}`);
  const { rateHz } = record.header;
  const beats = referenceBeats(annotations.right, rateHz);
  return {
    ...{ name, patient: patientOf(name), record, knows: beats.length > 0 ? 'beats' : 'rhythms' },
    reference: { beats, excluded: flutterEpisodes(annotations.right, rateHz) },
    spans: rhythmSpans(annotations.right, rateHz, (record.signals[0]?.length ?? 0) / rateHz),
  };
};

interface ReadArtefacts {
  readonly recordings: readonly ArtefactRecording[];
  readonly noise: RecordedNoise;
  readonly sha256: string;
}

/** Everything but what is heard: quick, and enough to know whether what was heard before is still right. */
const readAll = async (data: string, signal: AbortSignal | undefined): Promise<ReadArtefacts> => {
  const folders = await recordingFolders(data);
  const noise = await recordedNoise(data, folders);
  const recordings: ArtefactRecording[] = [];
  for (const { path, names } of folders.filter(({ kind }) => kind === 'long'))
    for (const name of names) {
      signal?.throwIfAborted();
      recordings.push(await read(path, name));
    }
  const withBeats = new Set(recordings.filter(({ knows }) => knows === 'beats').map(({ patient }) => patient));
  if (withBeats.size < 2)
    throw new Error(
      `${data} holds beat annotations (.atr) of ${withBeats.size} patients; it needs two or more, such as mitdb's`,
    );
  if (!recordings.some(({ knows, spans }) => knows === 'rhythms' && spans.some(({ rhythm }) => isRed(rhythm))))
    throw new Error(
      `${data} holds no record of which the rhythm alone is annotated, with VT or VF in it, such as vfdb's; without one nothing is known of their beats`,
    );
  return { recordings, noise, sha256: hashOf(recordings, noise) };
};

const hashOf = (recordings: readonly ArtefactRecording[], { motion, muscle }: RecordedNoise): string => {
  const hash = createHash('sha256');
  for (const { name, record, reference, spans } of recordings) {
    hash.update(`${name} ${JSON.stringify([record.header, reference, spans])}`);
    for (const samples of record.signals) hash.update(samples);
  }
  for (const record of [motion, muscle]) for (const samples of record.signals) hash.update(samples);
  return hash.digest('hex');
};

interface HeardCheckpoint {
  readonly settings: string;
  readonly recordings: readonly HeardRecording[];
}

/**
 * Reads and hears the recordings of a folder's folders: those with annotations of beats or of rhythm (`.atr`), with noise
 * (`em`, `ma`). Short ones are passed over. The same data and seed give the same numbers. Throws an Error that names the record or
 * says what is missing.
 */
export const artefactData = async (data: string, options: ArtefactDataOptions): Promise<ArtefactData> => {
  const { seed, copies, motion, heard: path, resume, signal, onProgress } = options;
  const { recordings, noise, sha256 } = await readAll(data, signal);
  const settings = JSON.stringify({
    ...{ seed, copies, motion, asked: CONDITION_NAMES, features: BEAT_FEATURES, data: sha256 },
  });
  const found = resume ? await loadCheckpoint<HeardCheckpoint>(path, settings) : undefined;
  if (found !== undefined) return { recordings: found.recordings, sha256 };
  const wanted = { seed, copies, motion, noise: hearingNoise(noise) };
  const heard: HeardRecording[] = [];
  for (const recording of recordings) {
    // Hearing does not wait for anything: an interruption would not be heard before all of it is done.
    await otherWork();
    signal?.throwIfAborted();
    heard.push(heardRecording(recording, wanted));
    onProgress(heard.length, recordings.length, `heard ${recording.name}`);
  }
  await saveCheckpoint(path, { settings, recordings: heard } satisfies HeardCheckpoint);
  return { recordings: heard, sha256 };
};
