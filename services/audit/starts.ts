/** Every start of every part, and what its settings differ in from the start of that part before. */
import * as E from 'fp-ts/lib/Either.js';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { decodeAuditEntry } from '../../schemas/messages.ts';
import type { LogRecord } from '../ports/event-log.ts';
import { hex } from './chain.ts';

export interface Start {
  readonly atUs: number;
  readonly process: string;
  readonly version: string;
  readonly user: string;
  /** The first 12 hex digits of the SHA-256 of its settings. */
  readonly config: string;
  /** In words: "keepAuditDays: 2192 → 3650". Empty: as before, or the first start that is kept. */
  readonly changes: readonly string[];
}

const MARK_DIGITS = 12;

/** Every value of an object by its path: "limits.lateMs" → "60000". */
const leaves = (value: unknown, path = ''): readonly (readonly [string, string])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`))
    : [[path, JSON.stringify(value) ?? 'not set']];

const readSettings = (text: string): ReadonlyMap<string, string> => {
  try {
    return new Map(leaves(JSON.parse(text) as unknown));
  } catch {
    return new Map();
  }
};

const differences = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => `${key}: ${before.get(key) ?? 'not set'} → ${after.get(key) ?? 'not set'}`);

export const makeStarts = () => {
  const starts: Start[] = [];
  const before = new Map<string, ReadonlyMap<string, string>>();
  return {
    hear: ({ key, value }: LogRecord): void => {
      if (key !== VIGIL_BED) return;
      const read = decodeAuditEntry(value);
      if (E.isLeft(read) || read.right.event.case !== 'begun') return;
      const { process, version, user, config, configSha256 } = read.right.event.value;
      const settings = readSettings(config);
      if (config === '') return; // a command
      const known = before.get(process);
      before.set(process, settings);
      starts.push({
        ...{ atUs: read.right.atUs, process, version, user, config: hex(configSha256).slice(0, MARK_DIGITS) },
        changes: known === undefined ? [] : differences(known, settings),
      });
    },
    all: (): readonly Start[] => starts,
  };
};
