import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { readCinc2017Folder } from '../evaluate/rhythm/cinc2017-folder.ts';
import { cinc2017Report, judgeCinc2017 } from '../evaluate/rhythm/judge-cinc2017.ts';
import { episodesReport, judgeEpisodes, type RecordEpisodes } from '../evaluate/rhythm/judge-episodes.ts';
import { tellsRhythm } from '../evaluate/rhythm/reference-rhythms.ts';
import { rhythmHtml } from '../evaluate/rhythm/rhythm-html.ts';
import { type RhythmReport, rhythmText } from '../evaluate/rhythm/rhythm-text.ts';
import { learnedFrom } from '../evaluate/training-records.ts';
import type { Cinc2017Class } from '../recordings/cinc2017-reference.ts';
import { readRecordAnnotations } from '../recordings/wfdb/record.ts';
import { removeEarlierReports } from './earlier-reports.ts';
import { failed, misused, type Terminal } from './outcome.ts';
import { heardRecords, playToFiles, recordsToPlay } from './replay-command.ts';
import { outFolder } from './unusable-path.ts';

export interface EvaluateRhythmOptions {
  readonly wfdb?: string;
  readonly cinc2017?: string;
  readonly out?: string;
  readonly config?: string;
}

/** Records that are played at the same time: many, so that one call of the network serves many beats. */
const SIDE_BY_SIDE = 32;

/** A folder of recordings and where the replay of it lies. */
interface Replayed {
  readonly directory: string;
  readonly files: string;
  readonly written: readonly string[];
}

/** Hears of a record that is in no figure. */
type Tell = (sentence: string) => void;

/** The records that have a reference (`.atr`); the others are told, before anything is played. */
const annotatedRecords = async (directory: string, tell: Tell): Promise<readonly string[]> => {
  const annotated: string[] = [];
  for (const name of await recordsToPlay({ wfdb: directory })) {
    const reference = await readRecordAnnotations(directory, name, 'atr');
    if (E.isLeft(reference)) tell(`${name}: ${reference.left.sentence}`);
    else if (!tellsRhythm(reference.right))
      tell(`${name}: ${name}.atr tells no rhythm; every episode that is said would count as false`);
    else annotated.push(name);
  }
  if (annotated.length === 0)
    throw failed(`${directory} holds no record with annotations (.atr) that could be judged.`);
  return annotated;
};

const judgeFolder = async ({ directory, files, written }: Replayed, tell: Tell, unjudged: readonly string[]) => {
  const judged: RecordEpisodes[] = [];
  for (const name of written) {
    const each = await judgeEpisodes(directory, files, name);
    if (E.isRight(each)) judged.push(each.right);
    else tell(`${name}: ${each.left}`);
  }
  if (judged.length === 0) throw failed(`${directory} holds no record with annotations (.atr) that could be judged.`);
  const records = judged.map(({ record }) => record);
  const known = await learnedFrom('rhythm', records);
  const behind = judged.filter(({ changesBehind }) => changesBehind > 0);
  const named = behind.map(({ record, changesBehind }) => `${record} (${changesBehind})`).join(', ');
  const notes =
    behind.length === 0 ? [] : [`Rhythms of the reference after the end of the recording are in no figure: ${named}.`];
  return {
    ...{ directory, records: judged.length, learnedFrom: known, unjudged, notes },
    conditions: episodesReport(judged),
  };
};

const referenceOf = (directory: string) =>
  readCinc2017Folder(directory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw misused(`${directory} has no REFERENCE.csv: ${cause.message}`);
  });

/** The records that `REFERENCE.csv` speaks of, before anything is played. */
const referredRecords = async (directory: string, tell: Tell): Promise<ReadonlyMap<string, Cinc2017Class>> => {
  const { reference, troubles } = await referenceOf(directory);
  for (const trouble of troubles) tell(trouble);
  if (reference.size === 0) throw failed(`REFERENCE.csv of ${directory} names no record that could be judged.`);
  return reference;
};

const judgeShortRecords = async (
  { directory, files, written }: Replayed,
  reference: ReadonlyMap<string, Cinc2017Class>,
  unjudged: readonly string[],
) => {
  const judged = await judgeCinc2017(directory, files, written, reference);
  if (judged.length === 0) throw failed(`REFERENCE.csv of ${directory} names no record that could be judged.`);
  return { directory, unjudged, ...cinc2017Report(judged) };
};

/**
 * Replays recordings as `vigil replay` does, into a temporary folder, and compares what the stages said with the references.
 * Fails after the report when a record could not be played or judged.
 */
export const evaluateRhythmCommand = async (options: EvaluateRhythmOptions, terminal: Terminal): Promise<void> => {
  const { wfdb, cinc2017, out } = options;
  if (out !== undefined) outFolder(out);
  if (wfdb === undefined && cinc2017 === undefined) throw misused('evaluate rhythm needs --wfdb, --cinc2017, or both.');
  const folder = await mkdtemp(join(tmpdir(), 'vigil-rhythm-'));
  const unjudged = { wfdb: [] as string[], cinc2017: [] as string[] };
  const tellOf =
    (from: keyof typeof unjudged): Tell =>
    (sentence) => {
      unjudged[from].push(sentence);
      terminal.side(sentence);
    };
  const replayed = async (
    directory: string,
    name: keyof typeof unjudged,
    record: readonly string[],
  ): Promise<Replayed> => {
    const files = join(folder, name);
    const played = await playToFiles(
      {
        wfdb: directory,
        record,
        sideBySide: SIDE_BY_SIDE,
        log: 'embedded',
        url: '',
        ...(options.config && { config: options.config }),
      },
      files,
      terminal,
    );
    const { heard, unheard } = heardRecords(played);
    for (const { record, sentence } of unheard) tellOf(name)(`${record}: ${sentence}`);
    return { directory, files, written: heard };
  };
  try {
    // What was asked for is there: both end the command with a sentence otherwise.
    if (wfdb !== undefined) await recordsToPlay({ wfdb });
    if (cinc2017 !== undefined) await referenceOf(cinc2017);
    await removeEarlierReports(out, ['rhythm.json', 'rhythm.txt', 'rhythm.html']);
    const annotated = wfdb === undefined ? [] : await annotatedRecords(wfdb, tellOf('wfdb'));
    const reference = cinc2017 === undefined ? undefined : await referredRecords(cinc2017, tellOf('cinc2017'));
    const report: RhythmReport = {
      ...(wfdb !== undefined && {
        wfdb: await judgeFolder(await replayed(wfdb, 'wfdb', annotated), tellOf('wfdb'), unjudged.wfdb),
      }),
      ...(cinc2017 !== undefined &&
        reference !== undefined && {
          cinc2017: await judgeShortRecords(
            await replayed(cinc2017, 'cinc2017', [...reference.keys()]),
            reference,
            unjudged.cinc2017,
          ),
        }),
    };
    if (out !== undefined) {
      await writeFile(join(out, 'rhythm.json'), `${JSON.stringify(report, undefined, 1)}\n`);
      await writeFile(join(out, 'rhythm.txt'), rhythmText(report));
      await writeFile(join(out, 'rhythm.html'), await rhythmHtml(report));
      terminal.side(`written: ${join(out, 'rhythm.json')}, rhythm.txt, rhythm.html`);
    }
    terminal.out(rhythmText(report).trimEnd());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const troubles = unjudged.wfdb.length + unjudged.cinc2017.length;
  if (troubles > 0) throw failed(`${troubles} ${troubles === 1 ? 'record' : 'records'} could not be judged.`);
};
