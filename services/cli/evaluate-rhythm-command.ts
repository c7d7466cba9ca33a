import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { cinc2017Report, judgeCinc2017 } from '../evaluate/rhythm/judge-cinc2017.ts';
import { episodesReport, judgeEpisodes, type RecordEpisodes } from '../evaluate/rhythm/judge-episodes.ts';
import { rhythmHtml } from '../evaluate/rhythm/rhythm-html.ts';
import { type RhythmReport, rhythmText } from '../evaluate/rhythm/rhythm-text.ts';
import { failed, misused, type Terminal } from './outcome.ts';
import { playToFiles } from './replay-command.ts';
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

const judgeFolder = async ({ directory, files, written }: Replayed, tell: (sentence: string) => void) => {
  const judged: RecordEpisodes[] = [];
  for (const name of written) {
    const each = await judgeEpisodes(directory, files, name);
    if (E.isRight(each)) judged.push(each.right);
    else tell(`${name}: ${each.left}`);
  }
  if (judged.length === 0) throw failed(`${directory} holds no record with annotations (.atr) that could be judged.`);
  return { directory, records: judged.length, conditions: episodesReport(judged) };
};

const judgeShortRecords = async ({ directory, files, written }: Replayed) => {
  const judging = judgeCinc2017(directory, files, new Set(written));
  const judged = await judging.catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw misused(`${directory} has no REFERENCE.csv: ${cause.message}`);
  });
  if (judged.length === 0) throw failed(`REFERENCE.csv of ${directory} names no record that could be judged.`);
  return { directory, ...cinc2017Report(judged) };
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
  let troubles = 0;
  const tell = (sentence: string): void => {
    troubles++;
    terminal.side(sentence);
  };
  const replayed = async (directory: string, name: string): Promise<Replayed> => {
    const files = join(folder, name);
    const { written, failures } = await playToFiles(
      {
        wfdb: directory,
        sideBySide: SIDE_BY_SIDE,
        log: 'embedded',
        url: '',
        ...(options.config && { config: options.config }),
      },
      files,
      terminal,
    );
    for (const { record, sentence } of failures) tell(`${record}: ${sentence}`);
    return { directory, files, written };
  };
  try {
    const report: RhythmReport = {
      ...(wfdb !== undefined && { wfdb: await judgeFolder(await replayed(wfdb, 'wfdb'), tell) }),
      ...(cinc2017 !== undefined && { cinc2017: await judgeShortRecords(await replayed(cinc2017, 'cinc2017')) }),
    };
    if (out !== undefined) {
      await writeFile(join(out, 'rhythm.json'), `${JSON.stringify(report, undefined, 1)}\n`);
      await writeFile(join(out, 'rhythm.txt'), rhythmText(report));
      await writeFile(join(out, 'rhythm.html'), rhythmHtml(report));
    }
    terminal.out(rhythmText(report).trimEnd());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (troubles > 0) throw failed(`${troubles} ${troubles === 1 ? 'record' : 'records'} could not be judged.`);
};
