import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeRejected } from '../../schemas/messages.ts';
import type { Moment } from '../../schemas/units.ts';
import { openLog } from '../composition/open-adapters.ts';
import { userName } from '../composition/open-audit.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';
import { newestRefused, refusedAt } from '../runtime/read-refused.ts';
import { configOrMistakes, type Place } from './arguments.ts';
import { failed, misused, type Terminal } from './outcome.ts';
import { printable } from './printable.ts';
import { tellAuditOn } from './tell-audit.ts';
import { terminalJournal } from './terminal-journal.ts';
import { outFile } from './unusable-path.ts';

export interface RejectedOptions {
  readonly since?: Moment;
  readonly limit: number;
  readonly bytes?: string;
  readonly json?: true;
  readonly config?: string;
}

/** One refusal, for a person or a program. Empty: not known. */
interface Refusal {
  readonly place: string;
  /** When the log took it. */
  readonly at: string;
  readonly stage: string;
  readonly code: string;
  readonly sentence: string;
  readonly where: string;
  /** Who sent it: a sender of the gateway, or the key of the record (mostly the bed). */
  readonly source: string;
  /** What the refused frame itself says; it was refused, so nobody has checked it. */
  readonly claimedBed: string;
  readonly claimedSource: string;
  readonly bytes: number;
}

type Claim = Pick<Refusal, 'claimedBed' | 'claimedSource'>;
const NO_CLAIM: Claim = { claimedBed: '', claimedSource: '' };
const claimOf = (bed: unknown, source: unknown): Claim => {
  const name = (value: unknown): string => (typeof value === 'string' && value.length <= 256 ? value : '');
  return { claimedBed: name(bed), claimedSource: name(source) };
};

/** Bed and source as the bytes have them, of a frame in JSON or protobuf that can be read so far. */
const claimed = (original: Uint8Array): Claim => {
  try {
    if (original[0] === 0x7b) {
      const said = JSON.parse(new TextDecoder().decode(original)) as Record<string, unknown>;
      return claimOf(said['bed'], said['source']);
    }
    const { bed, source } = fromBinary(TelemetrySchema, original);
    return claimOf(bed, source);
  } catch {
    return NO_CLAIM; // it was refused, mostly because it cannot be read
  }
};

const readRefusal = ({ partition, offset, appendedAt, value }: LogRecord): Refusal & { original: Uint8Array } => {
  const place = `${partition}/${offset}`;
  const at = new Date(appendedAt / 1e3).toISOString();
  const read = decodeRejected(value);
  if (E.isLeft(read)) {
    const said = { stage: '', code: 'unreadable', sentence: read.left.sentence, where: '', source: '' };
    return { place, at, ...said, ...NO_CLAIM, bytes: value.length, original: value };
  }
  const { stage, code, sentence, where, source, original } = read.right;
  const claim = stage === 'gateway' ? claimed(original) : NO_CLAIM;
  return { place, at, stage, code, sentence, where, source, ...claim, bytes: original.length, original };
};

const withoutBytes = ({ original: _, ...refusal }: Refusal & { original: Uint8Array }): Refusal => refusal;

const described = (refusal: Refusal): readonly string[] => {
  const { place, at, stage, code, sentence, where, source, claimedBed, claimedSource, bytes } = refusal;
  const about = [
    ...(stage === '' ? [] : [`by ${stage}`]),
    ...(source === '' ? [] : [`from ${source}`]),
    ...(claimedBed === '' ? [] : [`says it is of bed ${claimedBed}`]),
    ...(claimedSource === '' || claimedSource === source ? [] : [`says it is from ${claimedSource}`]),
    ...(where === '' ? [] : [`field ${where}`]),
    `${bytes} bytes`,
  ];
  return [`${at}  ${place}  ${code}  ${about.join(', ')}`, `    ${sentence}`].map(printable);
};

const tell = (refusal: Refusal, json: true | undefined, terminal: Terminal): void => {
  if (json === true) terminal.out(JSON.stringify(refusal));
  else for (const line of described(refusal)) terminal.out(line);
};

const tellOne = async (
  log: EventLog,
  { partition, offset }: Place,
  { json, bytes }: RejectedOptions,
  terminal: Terminal,
): Promise<void> => {
  const record = await refusedAt(log, partition, offset);
  if (record === undefined)
    throw failed(`No refusal ${partition}/${offset} is kept; vigil rejected lists those that are.`);
  const refusal = readRefusal(record);
  tell(withoutBytes(refusal), json, terminal);
  if (bytes === undefined) return;
  await writeFile(bytes, refusal.original, { flag: 'wx' });
  const about = { bed: refusal.claimedBed, by: userName(), what: `${partition}/${offset}` };
  await tellAuditOn(log, { command: 'rejected --bytes', ...about }, terminal);
  terminal.side(`written: ${bytes}`);
};

/** Lists what lies on `vigil.rejected`, newest first, or takes one out. */
export const rejectedCommand = async (
  place: Place | undefined,
  options: RejectedOptions,
  terminal: Terminal,
): Promise<void> => {
  const { since, limit, bytes, json, config: path } = options;
  if (bytes !== undefined && place === undefined)
    throw misused('--bytes takes one out: name it, as the list does (vigil rejected 0/17 --bytes frame.bin).');
  if (place !== undefined && since !== undefined) throw misused('--since is for the list; the place names one.');
  if (bytes !== undefined) outFile(bytes, '--bytes');
  const config = configOrMistakes(path);
  const file = join(config.dataDirectory, 'log.db');
  if (config.kafka === undefined && !existsSync(file))
    throw failed(`There is no ${file}, so nothing is known. Is VIGIL_DATA_DIR (or KAFKA_BROKERS) that of Vigil?`);
  const log = await openLog(config, terminalJournal(terminal), 'vigil-rejected');
  try {
    if (place !== undefined) return await tellOne(log, place, options, terminal);
    const look = (record: LogRecord): Refusal => withoutBytes(readRefusal(record));
    const found = await newestRefused(log, { limit, look, ...(since === undefined ? {} : { since }) });
    for (const refusal of found) tell(refusal, json, terminal);
    if (found.length === 0)
      terminal.side(since === undefined ? 'Nothing that was refused is kept.' : 'Nothing was refused since then.');
    if (found.length === limit) terminal.side(`The newest ${limit}; --limit shows more, --since those since a time.`);
  } finally {
    await log.close();
  }
};
