import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { beatsHtml } from '../evaluate/beats/beats-html.ts';
import { beatsText } from '../evaluate/beats/beats-text.ts';
import { type AddedNoise, evaluateBeats, type UnjudgedRecord } from '../evaluate/beats/evaluate-beats.ts';
import { beatSamples } from '../evaluate/beats/judge-beats.ts';
import { withNoise } from '../evaluate/beats/noise-stress.ts';
import { readRecord, readRecordAnnotations, recordNames, type WfdbRecord } from '../recordings/wfdb/record.ts';
import { removeEarlierReports } from './earlier-reports.ts';
import { failed, misused, type Terminal } from './outcome.ts';
import { heardRecords, playToFiles, recordsToPlay } from './replay-command.ts';
import { outFolder } from './unusable-path.ts';

export interface EvaluateBeatsCommandOptions {
  readonly wfdb: string;
  readonly record?: readonly string[];
  readonly out?: string;
  readonly noise?: string;
  readonly snr: number;
  readonly resamples: number;
  readonly config?: string;
}

const ELECTRODE_MOTION = 'em';

/** The noise record of a folder: its electrode motion, or the only record there is; or the record that the path names. */
const noiseRecord = async (path: string): Promise<WfdbRecord> => {
  const names: readonly string[] = await recordNames(path).catch(() => []);
  const name = names.includes(ELECTRODE_MOTION) ? ELECTRODE_MOTION : names[0];
  if (name === undefined || (names.length > 1 && name !== ELECTRODE_MOTION))
    throw misused(`--noise ${path}: a folder with one WFDB record of noise, or one named ${ELECTRODE_MOTION}`);
  const record = await readRecord(path, name);
  if (E.isLeft(record)) throw misused(record.left.sentence);
  return record.right;
};

/** Beats of each record's reference, and what is to be said of records without a readable one. */
interface References {
  readonly beats: ReadonlyMap<string, readonly number[]>;
  readonly unjudged: readonly UnjudgedRecord[];
}

const referencesOf = async (wfdb: string, names: readonly string[]): Promise<References> => {
  const beats = new Map<string, readonly number[]>();
  const unjudged: UnjudgedRecord[] = [];
  for (const record of names) {
    const reference = await readRecordAnnotations(wfdb, record, 'atr');
    if (E.isLeft(reference)) unjudged.push({ record, sentence: reference.left.sentence });
    else if (beatSamples(reference.right).length === 0)
      unjudged.push({ record, sentence: `${record}.atr holds no beat; every beat that is said would count as wrong` });
    else beats.set(record, beatSamples(reference.right));
  }
  return { beats, unjudged };
};

/**
 * Plays annotated recordings through the live pipeline and says how right the beats were: text, JSON and HTML with `--out`. A record
 * that cannot be played, or has no reference, takes nothing from the others: it is named in the report, and the end is a failure.
 */
export const evaluateBeatsCommand = async (options: EvaluateBeatsCommandOptions, terminal: Terminal): Promise<void> => {
  const { wfdb } = options;
  if (options.out !== undefined) outFolder(options.out);
  const asked = await recordsToPlay(options);
  const noise = options.noise === undefined ? undefined : await noiseRecord(options.noise);
  await removeEarlierReports(options.out, ['beats.txt', 'beats.json', 'beats.html']);
  const { beats, unjudged } = await referencesOf(wfdb, asked);
  if (beats.size === 0)
    throw failed(`${wfdb} holds no record that could be judged:`, ...unjudged.map(unjudgedLine), TO_DO);
  const change = noise && ((record: WfdbRecord) => withNoise(record, beats.get(record.name)!, noise, options.snr));
  const added: AddedNoise | undefined = noise && { record: noise.name, snrDb: options.snr };
  const scratch = options.out === undefined ? await mkdtemp(join(tmpdir(), 'vigil-evaluate-')) : undefined;
  const said = scratch ?? join(options.out!, 'said');
  try {
    const replayed = { wfdb, sideBySide: SIDE_BY_SIDE, log: 'embedded', url: '' } as const;
    const played = await playToFiles(
      { ...replayed, record: [...beats.keys()], ...(options.config === undefined ? {} : { config: options.config }) },
      said,
      terminal,
      change,
    );
    const { heard, unheard } = heardRecords(played);
    const left = [...unjudged, ...unheard];
    if (heard.length === 0) throw failed(`${wfdb} holds no record that could be judged:`, ...left.map(unjudgedLine));
    const { evaluation, judged } = await evaluateBeats(wfdb, said, heard, added, options.resamples, left);
    const text = beatsText(evaluation);
    terminal.out(text);
    if (options.out !== undefined) {
      await writeFile(join(options.out, 'beats.txt'), `${text}\n`);
      await writeFile(join(options.out, 'beats.json'), `${JSON.stringify(evaluation, undefined, 2)}\n`);
      await writeFile(join(options.out, 'beats.html'), await beatsHtml(evaluation, judged, change));
      terminal.side(`written: ${join(options.out, 'beats.json')}, beats.txt, beats.html`);
    }
    if (left.length > 0) throw failed(`${counted(left.length)} could not be judged:`, ...left.map(unjudgedLine));
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }
};

const counted = (records: number): string => `${records} ${records === 1 ? 'record' : 'records'}`;
const unjudgedLine = ({ record, sentence }: UnjudgedRecord): string => `  - ${record}: ${sentence}`;
const TO_DO =
  'Beats are judged by a reference annotation file beside each record (NAME.atr); "vigil replay" needs none.';

/** Records played together: enough to fill the network's batches, few enough to fit into memory. */
const SIDE_BY_SIDE = 22;
