/** Alarms of bedside monitors (CinC 2015), each with what `vigil replay --wfdb CINC2015_DIR --out OUT` said of its record. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every record ends, or goes on after, the monitor's alarm at this second. */
export const ALARM_AT_S = 120;
/** Vigil's own alarm is the monitor's if it stood or was raised in the seconds before. */
export const BEFORE_S = 16;

/** One line of a replay's output, as far as it is read here. Times in seconds of the record. */
export interface ReplayLine {
  readonly kind: string;
  readonly at: number;
  readonly said: number;
  readonly condition?: string;
  readonly present?: boolean;
  readonly verdict?: string;
}

export interface ReplayedAlarm {
  /** The monitor's words for it. */
  readonly alarm: string;
  readonly isTrue: boolean;
  readonly lines: readonly ReplayLine[];
}

/** @param program whose name stands in the usage. Rejects when a folder is not given or cannot be read. */
export const replayedAlarms = async (program: string): Promise<readonly ReplayedAlarm[]> => {
  const [folder, outputs] = process.argv.slice(2);
  if (folder === undefined || outputs === undefined) throw new Error(`usage: ${program} CINC2015_DIR OUT`);
  const rows = (await readFile(join(folder, 'ALARMS.csv'), 'utf8')).trim().split('\n').slice(1);
  const alarms: ReplayedAlarm[] = [];
  for (const row of rows) {
    const [record, alarm, truth] = row.split(',');
    const text = await readFile(join(outputs, `${record}.ndjson`), 'utf8');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ReplayLine);
    alarms.push({ alarm: alarm!.replaceAll('_', ' '), isTrue: truth === '1', lines });
  }
  return alarms;
};
