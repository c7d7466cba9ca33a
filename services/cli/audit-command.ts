import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { auditTopics } from '../../schemas/topics.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { readAnchors } from '../audit/anchors.ts';
import type { Sight } from '../audit/sights.ts';
import { makeStarts } from '../audit/starts.ts';
import { type AuditFault, laneOf } from '../audit/verdict.ts';
import { makeVerifier } from '../audit/verify.ts';
import { whoSaw } from '../audit/who-saw.ts';
import { auditKeptMs, openLog } from '../composition/open-adapters.ts';
import type { Config } from '../config.ts';
import type { EventLog } from '../ports/event-log.ts';
import { readToNow } from '../runtime/read-to-now.ts';
import { configOrMistakes } from './arguments.ts';
import { failed, misused, type Terminal } from './outcome.ts';
import { printable } from './printable.ts';
import { terminalJournal } from './terminal-journal.ts';

export interface AuditOptions {
  readonly whoSaw?: string;
  readonly starts?: true;
  readonly verify?: true;
  readonly from?: Moment;
  readonly to?: Moment;
  readonly anchors?: string;
  readonly json?: true;
  readonly config?: string;
}

const now = (): Moment => moment(Date.now() * 1e3);
const iso = (us: number): string => new Date(us / 1e3).toISOString();

const sightLine = ({ fromUs, toUs, what, bed, patient, name, token, address, process }: Sight): string => {
  const span = toUs === undefined ? iso(fromUs) : `${iso(fromUs)} … ${iso(toUs)}`;
  const person = name === '' ? 'nobody had signed' : name;
  const where = [patient === '' ? bed : `${bed} (${patient})`, token === '' ? '' : `token ${token}`, address, process];
  return printable(`${span}  ${person}  ${what}  ${where.filter((word) => word !== '').join('  ')}`);
};

const tellSights = async (log: EventLog, wanted: string, options: AuditOptions, terminal: Terminal): Promise<void> => {
  const { from = 0, to = Number.POSITIVE_INFINITY, json } = options;
  const sights = await whoSaw(log, { wanted, fromUs: from, toUs: to, nowUs: now() });
  for (const sight of sights) terminal.out(json ? JSON.stringify(sight) : sightLine(sight));
  if (sights.length === 0)
    terminal.side(`Nobody saw ${wanted}, as far as this is kept: is the bed or the patient spelt as telemetry has it?`);
};

const tellStarts = async (log: EventLog, options: AuditOptions, terminal: Terminal): Promise<void> => {
  const { from = 0, to = Number.POSITIVE_INFINITY, json } = options;
  const starts = makeStarts();
  await readToNow(log, 'vigil.audit', starts.hear);
  for (const start of starts.all().filter(({ atUs }) => atUs >= from && atUs <= to)) {
    const { atUs, process, version, user, config, changes } = start;
    if (json) terminal.out(JSON.stringify(start));
    else {
      terminal.out(
        printable(`${iso(atUs)}  ${process}  Vigil ${version}  user ${user || 'without a name'}  ${config}`),
      );
      for (const change of changes) terminal.out(printable(`    ${change}`));
    }
  }
};

const faultLine = ({ place, chain, number, sentence }: AuditFault): string => {
  const which = chain === '' ? '' : `chain ${chain}${number === undefined ? '' : `, entry ${number}`}: `;
  return `${place === '' ? 'behind the last' : place}  ${which}${sentence}`;
};

const endsOf = async (log: EventLog): Promise<ReadonlyMap<string, bigint>> => {
  const ends = new Map<string, bigint>();
  for (const topic of auditTopics)
    for (const { partition, next } of await log.extent(topic)) ends.set(laneOf({ topic, partition }), next);
  return ends;
};

const FAULTS_SHOWN = 20;

const verify = async (log: EventLog, config: Config, options: AuditOptions, terminal: Terminal): Promise<void> => {
  // Before the log: what it tells of lies there by then.
  const anchors = options.anchors === undefined ? [] : await readAnchors(options.anchors);
  if (options.anchors !== undefined && anchors.length === 0)
    throw misused(
      `${options.anchors} holds no head of the audit: it must be the journal of Vigil, a JSON object a line.`,
    );
  // A file has no holes of its own; Kafka may have.
  const ends = log.kind === 'embedded' ? await endsOf(log) : undefined;
  const verifier = makeVerifier({ keptUs: auditKeptMs(config) * 1e3, nowUs: now(), ends });
  for (const topic of auditTopics) await readToNow(log, topic, verifier.hear);
  const verdict = verifier.conclude(anchors);
  const { entries, chains, open, cut, anchors: held, faults } = verdict;
  if (options.json) terminal.out(JSON.stringify(verdict));
  else
    terminal.out(
      `${entries} entries in ${chains} chains (${open} without a last word, ${cut} of which something went for its age), held against ${held} heads told elsewhere.`,
    );
  if (faults.length === 0) {
    terminal.side(
      anchors.length === 0
        ? 'All are as they were written. Whether the newest were cut off is known only with --anchors, the journal.'
        : 'All are as they were written, and reach as far as the journal tells.',
    );
    return;
  }
  throw failed(
    `The audit is not as it was written; the first that is wrong: ${faultLine(faults[0]!)}`,
    ...faults.slice(1, FAULTS_SHOWN).map(faultLine),
    ...(faults.length > FAULTS_SHOWN ? [`and ${faults.length - FAULTS_SHOWN} more`] : []),
  );
};

/** Reads the audit of this configuration's log. */
export const auditCommand = async (options: AuditOptions, terminal: Terminal): Promise<void> => {
  const { whoSaw: wanted, starts, anchors } = options;
  const asked = [wanted, starts, options.verify].filter((one) => one !== undefined);
  if (asked.length !== 1) throw misused('Say one of --who-saw, --starts and --verify (vigil audit --help).');
  if (anchors !== undefined && options.verify === undefined) throw misused('--anchors is for --verify.');
  const config = configOrMistakes(options.config);
  const file = join(config.dataDirectory, 'log.db');
  if (config.kafka === undefined && !existsSync(file))
    throw failed(`There is no ${file}, so nothing is known. Is VIGIL_DATA_DIR (or KAFKA_BROKERS) that of Vigil?`);
  const log = await openLog(config, terminalJournal(terminal), 'vigil-audit-reader');
  try {
    if (wanted !== undefined) await tellSights(log, wanted, options, terminal);
    else if (starts) await tellStarts(log, options, terminal);
    else await verify(log, config, options, terminal);
  } finally {
    await log.close();
  }
};
