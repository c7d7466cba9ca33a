import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_SAMPLE } from '../../services/recordings/wfdb/signals.ts';

/** Samples of several signals, interleaved as in a file. */
const interleaved = (signals: readonly Int16Array[]): number[] => {
  const words: number[] = [];
  for (let i = 0; i < signals[0]!.length; i++) for (const signal of signals) words.push(signal[i]!);
  return words;
};

/** Bytes of a format 16 file, with so many bytes before them (as in the .mat files of CinC). */
export const format16 = (signals: readonly Int16Array[], byteOffset = 0): Uint8Array => {
  const words = interleaved(signals);
  const bytes = new Uint8Array(byteOffset + 2 * words.length).fill(0xee, 0, byteOffset);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    view.setInt16(byteOffset + 2 * i, word, true);
  });
  return bytes;
};

/** Bytes of a format 212 file: PhysioNet signal(5), two 12-bit samples in three bytes. */
export const format212 = (signals: readonly Int16Array[]): Uint8Array => {
  const words = interleaved(signals).map((word) => (word === NO_SAMPLE ? 0x800 : word & 0xfff));
  const bytes: number[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const [one, two] = [words[i]!, words[i + 1] ?? 0];
    bytes.push(one & 0xff, (one >> 8) | ((two >> 8) << 4), two & 0xff);
  }
  return Uint8Array.from(bytes);
};

/** A folder that is gone when the test is over. */
export const temporaryFolder = async (): Promise<{ path: string; [Symbol.asyncDispose]: () => Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'vigil-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};

/** Writes files into a folder. */
export const put = async (folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> => {
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
};
