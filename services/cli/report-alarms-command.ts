import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { conditionLabel } from '../../schemas/conditions.ts';
import { decodeAlarmEvent } from '../../schemas/messages.ts';
import { inSeconds, type Moment, moment } from '../../schemas/units.ts';
import {
  FOLLOWED_WITHIN,
  type SuppressedMemory,
  type SuppressedSaid,
  type SuppressingRule,
  suppressed,
} from '../../stream-models/alarms/suppressed.ts';
import { openLog } from '../composition/open-adapters.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';
import { readToNow } from '../runtime/read-to-now.ts';
import { configOrMistakes } from './arguments.ts';
import { failed, type Terminal } from './outcome.ts';
import { terminalJournal } from './terminal-journal.ts';

export interface ReportAlarmsOptions {
  readonly since?: Moment;
  readonly json?: true;
  readonly config?: string;
}

const NIGHT_US = 86_400e6;

type Followed = Extract<SuppressedSaid, { readonly tag: 'Followed' }>;

/** What the log of alarms says of suppressed ones since a moment. */
interface Report {
  /** In the order of the red ones. */
  readonly followed: readonly Followed[];
  readonly byRule: Readonly<Record<SuppressingRule, number>>;
  readonly beds: number;
  readonly unreadable: number;
}

/** Reads a quarter of an hour more than is asked for: what was suppressed just before counts where the red one came since. */
const readReport = async (log: EventLog, since: Moment): Promise<Report> => {
  const memories = new Map<string, SuppressedMemory>();
  const byRule = { chain: 0, delay: 0, pause: 0 };
  const beds = new Set<string>();
  const followed: Followed[] = [];
  let unreadable = 0;
  const hear = ({ value }: LogRecord): void => {
    const event = decodeAlarmEvent(value);
    if (E.isLeft(event)) {
      unreadable += 1;
      return;
    }
    const { bed } = event.right;
    const [memory, said] = suppressed.step(memories.get(bed) ?? suppressed.start, event.right);
    memories.set(bed, memory);
    for (const one of said) {
      if (one.tag === 'Followed' && one.red.atUs >= since) followed.push(one);
      if (one.tag === 'Followed' || one.suppressed.atUs < since) continue;
      byRule[one.suppressed.rule] += 1;
      beds.add(bed);
    }
  };
  const earlier = moment(since - FOLLOWED_WITHIN);
  await readToNow(log, 'vigil.alarms', hear, { from: new Map(), otherwise: { since: earlier } });
  followed.sort((a, b) => a.red.atUs - b.red.atUs || a.suppressed.atUs - b.suppressed.atUs);
  return { followed, byRule, beds: beds.size, unreadable };
};

const timeText = (us: number): string => new Date(us / 1e3).toISOString();

const rowOf = ({ suppressed: one, red }: Followed) => ({
  bed: one.bed,
  suppressed: { condition: one.condition, at: timeText(one.atUs), text: one.text, rule: one.rule, why: one.why },
  red: { condition: red.condition, at: timeText(red.atUs), text: red.text },
  afterS: Math.round(red.atUs - one.atUs) / 1e6,
});

const named = (condition: string, text: string): string => {
  const label = conditionLabel(condition);
  return text === '' || text === label ? label : `${label} (${text})`;
};

const lineOf = ({ suppressed: one, red }: Followed): string =>
  `${timeText(one.atUs)}  ${one.bed}  ${named(one.condition, one.text)}  ${one.rule}: ${one.why}  then red after ` +
  `${Math.round((red.atUs - one.atUs) / 1e6)} s: ${named(red.condition, red.text)}`;

/** Lists every suppressed alarm that a red one of the same bed followed within a quarter of an hour, as the log has them. */
export const reportAlarmsCommand = async (options: ReportAlarmsOptions, terminal: Terminal): Promise<void> => {
  const config = configOrMistakes(options.config);
  const since = options.since ?? moment(Date.now() * 1e3 - NIGHT_US);
  const file = join(config.dataDirectory, 'log.db');
  if (config.kafka === undefined && !existsSync(file))
    throw failed(`There is no ${file}, so nothing is known. Is VIGIL_DATA_DIR (or KAFKA_BROKERS) that of Vigil?`);
  const log = await openLog(config, terminalJournal(terminal), 'vigil-report-alarms');
  try {
    const { followed, byRule, beds, unreadable } = await readReport(log, since);
    for (const one of followed) terminal.out(options.json === true ? JSON.stringify(rowOf(one)) : lineOf(one));
    const { chain, delay, pause } = byRule;
    terminal.side(
      `Since ${timeText(since)} ${chain + delay + pause} alarms of ${beds} beds were suppressed: ${chain} behind a graver one, ${delay} gone before their delay had run out, ${pause} begun during a pause of sound. ` +
        `${followed.length} were followed by a red one within ${inSeconds(FOLLOWED_WITHIN) / 60} min.`,
    );
    if (unreadable > 0) terminal.side(`${unreadable} records of vigil.alarms could not be read, and are not in it.`);
  } finally {
    await log.close();
  }
};
