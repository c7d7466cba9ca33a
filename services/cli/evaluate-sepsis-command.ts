import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluateSepsis } from '../evaluate/sepsis/evaluate-sepsis.ts';
import { sepsisHtml } from '../evaluate/sepsis/sepsis-html.ts';
import { sepsisText } from '../evaluate/sepsis/sepsis-text.ts';
import { openDeteriorationModel } from '../stays/deterioration-model.ts';
import { StayFileFault } from '../stays/stay-csv.ts';
import { removeEarlierReports } from './earlier-reports.ts';
import { misused, type Terminal } from './outcome.ts';
import { showProgress } from './progress.ts';
import { unreadableLines } from './unreadable-cells.ts';
import { outFolder } from './unusable-path.ts';

export interface EvaluateSepsisCommandOptions {
  readonly csv: string;
  readonly out?: string;
  readonly model?: string;
  readonly seed: number;
  readonly resamples: number;
  readonly networkOnly?: boolean;
}

/** Judges the network of deterioration on labelled stays; tables to the terminal, everything as JSON and one HTML file with `--out`. */
export const evaluateSepsisCommand = async (
  options: EvaluateSepsisCommandOptions,
  terminal: Terminal,
): Promise<void> => {
  if (options.out !== undefined) outFolder(options.out);
  const progress = showProgress('evaluate sepsis', terminal);
  const model = await openDeteriorationModel(options.model);
  try {
    if (existsSync(options.csv)) await removeEarlierReports(options.out, ['sepsis.txt', 'sepsis.json', 'sepsis.html']);
    const evaluation = await evaluateSepsis(model, { ...options, onProgress: progress.at });
    progress.end();
    for (const line of unreadableLines(options.csv, evaluation.unreadable)) terminal.side(line);
    const text = sepsisText(evaluation);
    terminal.out(text);
    if (options.out === undefined) return;
    await writeFile(join(options.out, 'sepsis.txt'), `${text}\n`);
    const [json, html] = [join(options.out, 'sepsis.json'), join(options.out, 'sepsis.html')];
    await writeFile(json, `${JSON.stringify(evaluation, undefined, 2)}\n`);
    await writeFile(html, sepsisHtml(evaluation));
    terminal.side(`written: ${json}, sepsis.txt, sepsis.html`);
  } catch (cause) {
    if (cause instanceof StayFileFault) throw misused(cause.message);
    throw cause;
  } finally {
    progress.end();
    await model.close();
  }
};
