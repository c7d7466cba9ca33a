import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { moment } from '../../schemas/units.ts';
import { makeAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/chain.ts';
import { openLog } from '../composition/open-adapters.ts';
import { userName } from '../composition/open-audit.ts';
import type { Config } from '../config.ts';
import type { EventLog } from '../ports/event-log.ts';
import { sentenceOf } from '../ports/log-error.ts';
import { VERSION } from '../version.ts';
import type { Terminal } from './outcome.ts';
import { terminalJournal } from './terminal-journal.ts';

export type Commanded = Extract<AuditEvent, { case: 'commanded' }>['value'] & { readonly command: string };

/** A chain of one entry on an open log. What was done is done: that it could not be told is said, and is no failure. */
export const tellAuditOn = async (log: EventLog, commanded: Commanded, terminal: Terminal): Promise<void> => {
  const audit = makeAudit({
    ...{ log, journal: terminalJournal(terminal), ticks: false },
    now: () => moment(Date.now() * 1e3),
    begun: { process: `vigil ${commanded.command}`, version: VERSION, user: userName() },
  });
  audit.tell({ case: 'commanded', value: commanded });
  await audit.close();
  if (audit.waiting() > 0) terminal.side('The log did not take it into the audit (vigil audit).');
};

/** The same on the log of this configuration, where there is one. */
export const tellAudit = async (config: Config, commanded: Commanded, terminal: Terminal): Promise<void> => {
  if (config.kafka === undefined && !existsSync(join(config.dataDirectory, 'log.db'))) {
    terminal.side(
      `It is not in the audit: there is no log in ${config.dataDirectory}, and no KAFKA_BROKERS. Run it with the settings of Vigil.`,
    );
    return;
  }
  try {
    const log = await openLog(config, terminalJournal(terminal), 'vigil-audit');
    try {
      await tellAuditOn(log, commanded, terminal);
    } finally {
      await log.close();
    }
  } catch (cause) {
    terminal.side(`It is not in the audit: ${sentenceOf(cause)}`);
  }
};
