import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openOrtInference } from '../adapters/onnx/ort-inference.ts';
import { BEAT_MODEL, RHYTHM_MODEL } from '../composition/open-adapters.ts';
import { reportHtml } from '../evaluate/alarms/alarm-html.ts';
import { reportOn } from '../evaluate/alarms/alarm-report.ts';
import { reportText } from '../evaluate/alarms/alarm-tables.ts';
import { type JudgedFolder, judgeFolder } from '../evaluate/alarms/judge-alarms.ts';
import { cellText } from '../recordings/table.ts';
import { removeEarlierReports } from './earlier-reports.ts';
import { failed, misused, type Terminal } from './outcome.ts';
import { showProgress } from './progress.ts';
import { tellUncalibrated } from './uncalibrated.ts';
import { outFile, outFolder } from './unusable-path.ts';

export interface EvaluateAlarmsOptions {
  readonly cinc2015: string;
  readonly verdicts?: string;
  readonly out?: string;
}

const REPORTS = ['verdicts.json', 'alarms.json', 'alarms.txt', 'alarms.html'];

/** An alarm that cannot be judged is kept. */
const UNJUDGED = { verdict: 'undecided', probability: 0.5 } as const;

const csvOf = ({ verdicts, unreadable }: JudgedFolder): string => {
  const rows = [...verdicts, ...unreadable.map(({ name }) => ({ record: name, ...UNJUDGED }))]
    .sort((a, b) => (a.record < b.record ? -1 : 1))
    .map(({ record, verdict, probability }) => `${cellText(record)},${verdict},${probability.toFixed(6)}`);
  return `${['record,verdict,probability', ...rows].join('\n')}\n`;
};

/**
 * Judges the alarms of a folder of CinC 2015. Where labels are there, says how right the verdicts were; where none are, only
 * writes the verdicts.
 */
export const evaluateAlarmsCommand = async (options: EvaluateAlarmsOptions, terminal: Terminal): Promise<void> => {
  const { cinc2015: directory, verdicts: file, out } = options;
  if (out !== undefined) outFolder(out);
  if (file !== undefined) outFile(file, '--verdicts');
  const inference = openOrtInference({ providers: ['cpu'] });
  const progress = showProgress('evaluate alarms', terminal);
  try {
    const { network: beats } = await inference.load(BEAT_MODEL);
    const { network: rhythm } = await inference.load(RHYTHM_MODEL);
    if (existsSync(directory)) {
      await removeEarlierReports(out, REPORTS);
      if (file !== undefined) await rm(file, { force: true });
    }
    const judging = judgeFolder({ directory, networks: { beats, rhythm }, onProgress: progress.at });
    const judged = await judging.catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') throw cause;
      throw misused(`${directory} cannot be read as a folder: ${cause.message}`);
    });
    progress.end();
    const { verdicts, unreadable, notes } = judged;
    const heard = verdicts.map(({ record }) => record);
    await tellUncalibrated(directory, heard, terminal);
    for (const { name, sentence } of unreadable) terminal.side(`${name}: ${sentence}`);
    if (verdicts.length === 0) throw failed(`${directory} holds no alarm that could be judged.`);
    if (file !== undefined) await writeFile(file, csvOf(judged));
    const report = reportOn(judged);
    if (out !== undefined) {
      await writeFile(join(out, 'verdicts.json'), `${JSON.stringify(verdicts, undefined, 1)}\n`);
      if (report !== undefined) {
        await writeFile(join(out, 'alarms.json'), `${JSON.stringify(report, undefined, 1)}\n`);
        await writeFile(join(out, 'alarms.txt'), reportText(report));
        await writeFile(join(out, 'alarms.html'), await reportHtml(report, directory));
      }
    }
    if (report === undefined)
      for (const sentence of [...notes, `${verdicts.length} alarms judged; no labels, so nothing is scored.`])
        terminal.side(sentence);
    else terminal.out(reportText(report).trimEnd());
    if (file !== undefined) terminal.side(`verdicts: ${file}`);
    if (unreadable.length > 0) throw failed(`${unreadable.length} records could not be judged.`);
  } finally {
    progress.end();
    await inference.close();
  }
};
