import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { beatsHtml } from '../evaluate/beats/beats-html.ts';
import { beatsText } from '../evaluate/beats/beats-text.ts';
import { type AddedNoise, evaluateBeats } from '../evaluate/beats/evaluate-beats.ts';
import { beatSamples } from '../evaluate/beats/judge-beats.ts';
import { withNoise } from '../evaluate/beats/noise-stress.ts';
import { readRecord, readRecordAnnotations, recordNames, type WfdbRecord } from '../recordings/wfdb/record.ts';
import { misused, type Terminal } from './outcome.ts';
import { recordsToPlay, replayToFiles } from './replay-command.ts';

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

/** A change of every record: noise over it, by the amplitude of its own reference's QRS complexes. */
const noiseChange = async (
  { wfdb, snr }: EvaluateBeatsCommandOptions,
  names: readonly string[],
  noise: WfdbRecord,
): Promise<(record: WfdbRecord) => WfdbRecord> => {
  const beats = new Map<string, readonly number[]>();
  for (const name of names) {
    const reference = await readRecordAnnotations(wfdb, name, 'atr');
    if (E.isLeft(reference)) throw misused(`record ${name}: ${reference.left.sentence}`);
    beats.set(name, beatSamples(reference.right));
  }
  return (record) => withNoise(record, beats.get(record.name) ?? [], noise, snr);
};

/** Plays annotated recordings through the live pipeline and says how right the beats were: text, JSON and HTML with `--out`. */
export const evaluateBeatsCommand = async (options: EvaluateBeatsCommandOptions, terminal: Terminal): Promise<void> => {
  const names = await recordsToPlay(options);
  const noise = options.noise === undefined ? undefined : await noiseRecord(options.noise);
  const change = noise === undefined ? undefined : await noiseChange(options, names, noise);
  const added: AddedNoise | undefined = noise === undefined ? undefined : { record: noise.name, snrDb: options.snr };
  const scratch = options.out === undefined ? await mkdtemp(join(tmpdir(), 'vigil-evaluate-')) : undefined;
  const said = scratch ?? join(options.out!, 'said');
  try {
    const replayed = { wfdb: options.wfdb, sideBySide: SIDE_BY_SIDE, log: 'embedded', url: '' } as const;
    const refuse = await replayToFiles(
      { ...replayed, record: names, ...(options.config === undefined ? {} : { config: options.config }) },
      said,
      terminal,
      change,
    );
    refuse();
    const { evaluation, judged } = await evaluateBeats(options.wfdb, said, names, added, options.resamples);
    const text = beatsText(evaluation);
    terminal.out(text);
    if (options.out === undefined) return;
    await writeFile(join(options.out, 'beats.txt'), `${text}\n`);
    await writeFile(join(options.out, 'beats.json'), `${JSON.stringify(evaluation, undefined, 2)}\n`);
    await writeFile(join(options.out, 'beats.html'), await beatsHtml(evaluation, judged, change));
    terminal.side(`written: ${join(options.out, 'beats.json')}, beats.html`);
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }
};

/** Records played together: enough to fill the network's batches, few enough to fit into memory. */
const SIDE_BY_SIDE = 22;
