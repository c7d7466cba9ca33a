import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { type Moment, moment } from '../../schemas/units.ts';
import { type Config, loadConfig } from '../config.ts';
import { type Faults, parseFaults } from '../simulate/faults.ts';
import { misused } from './outcome.ts';

/** A whole number within bounds, for commander. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };

/** A number above 0 and at most `max`, for commander. */
export const positiveNumber =
  (max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!(value > 0 && value <= max)) throw new InvalidArgumentError(`It must be a number above 0 and at most ${max}.`);
    return value;
  };

/** Gathers an option that may be given several times. */
export const gathered = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
];

/** Faults of the simulated line, as `--faults` names them, for commander. */
export const faultsArgument = (text: string): Faults => {
  const faults = parseFaults(text);
  if (E.isLeft(faults)) throw new InvalidArgumentError(faults.left.join('; '));
  return faults.right;
};

/** The address of a running Vigil; http stands for ws. */
export const socketAddress = (text: string): string => {
  const address = text.replace(/^http/, 'ws');
  if (!URL.canParse(address) || !/^wss?:$/.test(new URL(address).protocol))
    throw new InvalidArgumentError('It must be an address such as ws://127.0.0.1:8420.');
  return address;
};

/** An address as a browser opens it. */
export const browserAddress = (text: string): string => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('It must be an address such as https://vigil.hospital.example.');
  return text;
};

/** The same, for what is asked by HTTP. */
export const webAddress = (text: string): string => socketAddress(text).replace(/^ws/, 'http');

const FILE_REFERENCE = 'file:';

/** The token itself, or the first line of the file of `file:/path`: what stands on a command line can be read by others. */
export const tokenArgument = (text: string): string => {
  if (!text.startsWith(FILE_REFERENCE)) return text;
  try {
    return readFileSync(text.slice(FILE_REFERENCE.length), 'utf8').trim().split('\n', 1)[0]!.trim();
  } catch (cause) {
    throw new InvalidArgumentError(`The file cannot be read: ${cause instanceof Error ? cause.message : cause}`);
  }
};

export interface WrittenMoment {
  readonly at: Moment;
  /** Whether its zone was written too. */
  readonly hasZone: boolean;
}

/** A point in time as people write it, and whether they named its zone; without one it is this machine's. */
export const momentArgument = (text: string): WrittenMoment => {
  const ms = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text)
    ? // A date alone is that of this machine's zone as well, and not midnight of Greenwich.
      Date.parse(/[T ]/.test(text) ? text.replace(' ', 'T') : `${text}T00:00`)
    : Number.NaN;
  if (Number.isNaN(ms)) throw new InvalidArgumentError('It must be a time such as 2026-11-20T08:00+01:00.');
  return { at: moment(ms * 1e3), hasZone: /(?:Z|[+-]\d\d:?\d\d)$/.test(text) && /[T ]/.test(text) };
};

/** A record of a topic. */
export interface Place {
  readonly partition: number;
  readonly offset: bigint;
}

/** A record as lists name it: partition/offset. */
export const placeArgument = (text: string): Place => {
  const [, partition, offset] = /^(\d{1,5})\/(\d{1,18})$/.exec(text) ?? [];
  if (partition === undefined) throw new InvalidArgumentError('It must be a place such as 0/17, as the list has it.');
  return { partition: Number(partition), offset: BigInt(offset!) };
};

const SPAN_MS: Readonly<Record<string, number>> = { m: 60e3, h: 3_600e3, d: 86_400e3 };

/** Since when: a point in time, or how long ago ("30m", "2h", "3d"). */
export const sinceArgument = (text: string): Moment => {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (unit !== undefined) return moment((Date.now() - Number(count) * SPAN_MS[unit]!) * 1e3);
  try {
    return momentArgument(text).at;
  } catch {
    throw new InvalidArgumentError('It must be a time such as 2026-11-20T08:00+01:00, or how long ago: 30m, 2h, 3d.');
  }
};

/** The checked configuration, or every mistake in it with exit code 2. */
export const configOrMistakes = (path: string | undefined): Config => {
  const config = loadConfig(path);
  if (E.isRight(config)) return config.right;
  const { length } = config.left;
  throw misused(
    `The configuration has ${length === 1 ? 'a mistake' : `${length} mistakes`}:`,
    ...config.left.map((mistake) => `  - ${mistake}`),
  );
};
