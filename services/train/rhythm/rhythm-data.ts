import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { diceFrom } from '../../../stream-models/dice.ts';
import { RHYTHM_FEATURES } from '../../../stream-models/rhythm-network/rhythm-input.ts';
import { readAlarmList } from '../../evaluate/alarms/alarm-folder.ts';
import { type RhythmSpan, rhythmSpans } from '../../evaluate/rhythm/reference-rhythms.ts';
import type { StepNetwork } from '../../ports/inference.ts';
import { type Cinc2017Class, parseReference } from '../../recordings/cinc2017-reference.ts';
import { patientOf } from '../../recordings/patient.ts';
import { readRecordAnnotations } from '../../recordings/wfdb/record.ts';
import { loadCheckpoint, saveCheckpoint } from '../checkpoint.ts';
import { leadsOf } from '../hear-record.ts';
import { nameSeed } from '../name-seed.ts';
import { type NoiseChannels, noiseOf } from '../noise-channels.ts';
import { openedRecord, type RecordingFolder, recordingFolders } from '../recording-folders.ts';
import { type AlarmedSequence, alarmedRecording, type JudgedAlarm, lastMinute } from './alarmed-recordings.ts';
import { changedRhythm } from './changed-rhythm.ts';
import { type Recording, type RhythmSequence, rhythmSequences } from './rhythm-sequence.ts';

/** Long recordings with their changed copies, short ones of which only one word is known, and those that end with a judged alarm. */
export interface RhythmData {
  readonly sequences: readonly RhythmSequence[];
  readonly alarmed: readonly AlarmedSequence[];
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
/** Changed copies of each recording that ends with an alarm. */
const ALARMED_COPIES = 2;

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

/** How many copies of a recording there are. */
const copiesOf = ({ recording: { spans }, kind }: ReadRecording, { copies }: RhythmDataOptions): number => {
  if (kind !== 'long') return kind === 'alarmed' ? ALARMED_COPIES : 0;
  return spans.some(({ rhythm }) => IS_RARE.includes(rhythm)) ? copies : Math.ceil(copies / 2);
};

/** A recording and its changed copies. */
const withCopies = (read: ReadRecording, options: RhythmDataOptions, noise: NoiseChannels): readonly Recording[] => {
  const { recording: of } = read;
  const dice = diceFrom(nameSeed(options.seed, of.record));
  const count = copiesOf(read, options);
  return [
    of,
    ...Array.from({ length: count }, () => ({
      ...of,
      isChanged: true,
      ...changedRhythm(of.leads, of.rateHz, of.spans, dice, noise),
    })),
  ];
};

interface ReadRecording {
  readonly recording: Recording;
  readonly kind: 'long' | 'short' | 'alarmed';
  /** Of an alarmed one. */
  readonly alarm?: JudgedAlarm;
}

/** Recordings read, before anything is heard: quick, and enough to know whether what was heard before is still right. */
interface ReadRecordings {
  readonly recordings: readonly ReadRecording[];
  readonly noise: NoiseChannels;
  readonly sha256: string;
}

const readFolder = async ({ path, kind, names }: RecordingFolder): Promise<readonly ReadRecording[]> => {
  const read: ReadRecording[] = [];
  if (kind === 'long') for (const name of names) read.push({ kind, recording: await longRecording(path, name) });
  if (kind === 'short') {
    const reference = new Map(parseReference(await readFile(join(path, 'REFERENCE.csv'), 'utf8')));
    for (const name of names) {
      const is = reference.get(name);
      if (is !== undefined) read.push({ kind, recording: await shortRecording(path, name, is) });
    }
  }
  if (kind === 'alarmed') {
    const list = await readAlarmList(path);
    for (const name of names) {
      const alarmed = await alarmedRecording(path, name, list);
      if (alarmed !== undefined) read.push({ kind, ...alarmed });
    }
  }
  return read;
};

const readAll = async (data: string, { beats, signal }: RhythmDataOptions): Promise<ReadRecordings> => {
  const noise: Float32Array[] = [];
  const recordings: ReadRecording[] = [];
  const hash = createHash('sha256').update(beats.sha256);
  for (const folder of await recordingFolders(data)) {
    signal?.throwIfAborted();
    if (folder.kind === 'noise') noise.push(...(await noiseOf(folder.path)));
    for (const each of await readFolder(folder)) {
      const { record, rateHz, spans, leads } = each.recording;
      hash.update(`${record} ${rateHz} ${JSON.stringify(spans)}`);
      if (each.alarm !== undefined) hash.update(JSON.stringify(each.alarm));
      for (const { samplesMv } of leads) hash.update(samplesMv);
      recordings.push(each);
    }
  }
  for (const channel of noise) hash.update(channel);
  return { recordings, noise, sha256: hash.digest('hex') };
};

interface HeardCheckpoint {
  readonly settings: string;
  readonly sequences: readonly RhythmSequence[];
  readonly alarmed: readonly AlarmedSequence[];
}

/**
 * Reads and hears the recordings of a folder's folders: those with annotations of rhythm (`.atr`), short ones with
 * `REFERENCE.csv` (CinC 2017), those before a monitor's alarm with `ALARMS.csv` (CinC 2015), noise (`bw`, `em`, `ma`). The same
 * data, seed and beat network give the same numbers. Throws an Error that names the record.
 */
export const rhythmData = async (data: string, options: RhythmDataOptions): Promise<RhythmData> => {
  const { recordings, noise, sha256 } = await readAll(data, options);
  const { copies, seed, heard: path } = options;
  const settings = JSON.stringify({
    copies,
    seed,
    alarmedCopies: ALARMED_COPIES,
    features: RHYTHM_FEATURES,
    data: sha256,
  });
  const found = options.resume === true ? await loadCheckpoint<HeardCheckpoint>(path, settings) : undefined;
  const heard = found ?? (await hearAll(recordings, noise, options));
  if (found === undefined) await saveCheckpoint(path, { settings, ...heard } satisfies HeardCheckpoint);
  const patientsOf = (of: 'long' | 'short'): readonly string[] => [
    ...new Set(recordings.filter(({ kind }) => kind === of).map(({ recording }) => recording.patient)),
  ];
  const { sequences, alarmed } = heard;
  return { sequences, alarmed, patients: patientsOf('long'), shortPatients: patientsOf('short'), sha256 };
};

/** Hears recordings and their copies, some of them side by side. */
const hearAll = async (
  recordings: readonly ReadRecording[],
  noise: NoiseChannels,
  options: RhythmDataOptions,
): Promise<Omit<HeardCheckpoint, 'settings'>> => {
  const alarms = new Map(recordings.map(({ recording, alarm }) => [recording.record, alarm]));
  const sequences: RhythmSequence[] = [];
  const alarmed: AlarmedSequence[] = [];
  let waiting: Recording[] = [];
  for (const [i, read] of recordings.entries()) {
    waiting.push(...withCopies(read, options, noise));
    if (waiting.length < SIDE_BY_SIDE && i + 1 < recordings.length) continue;
    options.signal?.throwIfAborted();
    for (const sequence of await rhythmSequences(waiting, options.beats)) {
      const alarm = alarms.get(sequence.record);
      if (alarm === undefined) sequences.push(sequence);
      else alarmed.push({ alarm, sequence: lastMinute(sequence) });
    }
    waiting = [];
    options.onProgress?.(i + 1, recordings.length);
  }
  return { sequences, alarmed };
};
