import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
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
