import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { inSamplesOf, readAnnotations, type WfdbAnnotation } from './annotations.ts';
import { parseHeader, type WfdbFault, type WfdbHeader } from './header.ts';
import { readSignals } from './signals.ts';

export interface WfdbRecord {
  readonly name: string;
  readonly header: WfdbHeader;
  /** One array of raw samples per signal of the header; NO_SAMPLE where there is none. */
  readonly signals: readonly Int16Array[];
}

const missing = (path: string, cause: unknown): E.Either<WfdbFault, never> =>
  E.left({
    tag: 'Missing',
    sentence: `${basename(path)} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
  });

const bytesOf = async (path: string): Promise<E.Either<WfdbFault, Uint8Array>> => {
  try {
    return E.right(await readFile(path));
  } catch (cause) {
    return missing(path, cause);
  }
};

/** The names of the records in a folder, sorted. */
export const recordNames = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory))
    .filter((file) => file.endsWith('.hea'))
    .map((file) => file.slice(0, -'.hea'.length))
    .sort();

/** Reads the header of one record. Left: what is wrong with it, in a sentence. */
export const readHeader = async (directory: string, name: string): Promise<E.Either<WfdbFault, WfdbHeader>> => {
  const text = await bytesOf(join(directory, `${name}.hea`));
  return E.isLeft(text) ? text : parseHeader(new TextDecoder().decode(text.right));
};

/** Reads header and samples of one record. Left: what is wrong with it, in a sentence. */
export const readRecord = async (directory: string, name: string): Promise<E.Either<WfdbFault, WfdbRecord>> => {
  const header = await readHeader(directory, name);
  if (E.isLeft(header)) return header;
  const { signals: described, sampleCount } = header.right;
  const signals: Int16Array[] = [];
  for (const file of new Set(described.map((signal) => signal.file))) {
    const places = described.flatMap((signal, place) => (signal.file === file ? [place] : []));
    const bytes = await bytesOf(join(directory, file));
    if (E.isLeft(bytes)) return bytes;
    const { format, byteOffset } = described[places[0]!]!;
    const skews = places.map((place) => described[place]!.skew);
    const read = readSignals(bytes.right, { format, byteOffset, skews }, sampleCount);
    if (E.isLeft(read)) return E.left({ ...read.left, sentence: `${file}: ${read.left.sentence}` });
    for (const [i, place] of places.entries()) signals[place] = read.right[i]!;
  }
  return E.right({ name, header: header.right, signals });
};

/** Reads the annotations of a record, for example with extension "atr"; their times are samples of the record. */
export const readRecordAnnotations = async (
  directory: string,
  name: string,
  extension: string,
): Promise<E.Either<WfdbFault, readonly WfdbAnnotation[]>> => {
  const bytes = await bytesOf(join(directory, `${name}.${extension}`));
  const read = E.isLeft(bytes) ? bytes : readAnnotations(bytes.right);
  const header = await readHeader(directory, name);
  // Whose header cannot be read is refused where its samples are asked for.
  return E.isLeft(read) || E.isLeft(header) ? read : E.right(inSamplesOf(read.right, header.right.rateHz));
};
