import { openDeteriorationModel } from '../stays/deterioration-model.ts';
import { scoreStays } from '../stays/score-stays.ts';
import { StayFileFault } from '../stays/stay-csv.ts';
import { hearInterruption } from './interruption.ts';
import { misused, type Terminal } from './outcome.ts';
import { showProgress } from './progress.ts';
import { unreadableLines } from './unreadable-cells.ts';
import { outFile } from './unusable-path.ts';

export interface ScoreStaysCommandOptions {
  readonly csv: string;
  readonly out: string;
  readonly model?: string;
}

/**
 * Scores every row of a file of ICU stays. A file that cannot be used ends with 2 and a sentence; cells that are no numbers are named, and
 * the rest is scored.
 */
export const scoreStaysCommand = async (options: ScoreStaysCommandOptions, terminal: Terminal): Promise<void> => {
  outFile(options.out);
  const progress = showProgress('score-stays', terminal);
  const interruption = hearInterruption(`${options.out} was not written.`);
  const model = await openDeteriorationModel(options.model);
  try {
    const { stays, rows, alarmRows, insufficientRows, unreadable } = await scoreStays(model, {
      csv: options.csv,
      out: options.out,
      signal: interruption.signal,
      onProgress: progress.at,
    });
    progress.end();
    for (const line of unreadableLines(options.csv, unreadable)) terminal.side(line);
    terminal.side(
      `${stays} stays, ${rows} hours: ${alarmRows} in alarm, ${insufficientRows} with insufficient data (${model.id}, alarm from a risk of ${model.threshold})`,
    );
    terminal.out(options.out);
  } catch (cause) {
    if (cause instanceof StayFileFault) throw misused(cause.message);
    throw cause;
  } finally {
    progress.end();
    interruption.end();
    await model.close();
  }
};
