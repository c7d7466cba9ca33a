import * as E from 'fp-ts/lib/Either.js';
import type { WfdbFault } from './header.ts';

/** How Vigil writes "no sample here" (also WFDB's mark in format 16). */
export const NO_SAMPLE = -32768;

/** WFDB's mark for "no sample" in format 212. */
const NO_SAMPLE_212 = -2048;

/** Format 16: int16 little-endian, signals interleaved. Answers one array per signal. */
export const readFormat16 = (bytes: Uint8Array, signalCount: number, byteOffset: number): Int16Array[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.max(0, Math.floor((bytes.byteLength - byteOffset) / (2 * signalCount)));
  const signals = Array.from({ length: signalCount }, () => new Int16Array(count));
  let at = byteOffset;
  for (let i = 0; i < count; i++)
    for (let s = 0; s < signalCount; s++, at += 2) signals[s]![i] = view.getInt16(at, true);
  return signals;
};

/** Format 212: two 12-bit samples in three bytes, signals interleaved. Answers one array per signal. */
export const readFormat212 = (bytes: Uint8Array, signalCount: number, byteOffset: number): Int16Array[] => {
  const stored = Math.floor(((bytes.byteLength - byteOffset) * 2) / 3);
  const count = Math.floor(stored / signalCount);
  const signals = Array.from({ length: signalCount }, () => new Int16Array(count));
  for (let k = 0; k < count * signalCount; k++) {
    const base = byteOffset + (k >> 1) * 3;
    const middle = bytes[base + 1]!;
    const raw = k % 2 === 0 ? ((middle & 0x0f) << 8) | bytes[base]! : ((middle & 0xf0) << 4) | bytes[base + 2]!;
    const value = raw > 2047 ? raw - 4096 : raw;
    signals[k % signalCount]![Math.floor(k / signalCount)] = value === NO_SAMPLE_212 ? NO_SAMPLE : value;
  }
  return signals;
};

/** The samples from sample 0 of the record on: `skew` of them lie before it. What the file does not hold at the end is no sample. */
const fromSampleZero = (stored: Int16Array, skew: number, count: number): Int16Array => {
  if (skew === 0) return stored.subarray(0, count);
  const signal = new Int16Array(count).fill(NO_SAMPLE);
  signal.set(stored.subarray(skew, skew + count));
  return signal;
};

/** How the signals of one file lie in it, PhysioNet header(5). */
export interface FileLayout {
  readonly format: 16 | 212;
  readonly byteOffset: number;
  /** Of each signal, in the order of the file. */
  readonly skews: readonly number[];
}

/** Reads all signals of one file. Left when the file holds fewer samples than announced. */
export const readSignals = (
  bytes: Uint8Array,
  { format, byteOffset, skews }: FileLayout,
  announced: number | undefined,
): E.Either<WfdbFault, Int16Array[]> => {
  const read = format === 16 ? readFormat16 : readFormat212;
  const signals = read(bytes, skews.length, byteOffset);
  const held = signals[0]?.length ?? 0;
  if (held === 0) return E.left({ tag: 'BadSignal', sentence: 'the signal file holds no whole sample' });
  if (announced !== undefined && held < announced)
    return E.left({
      tag: 'BadSignal',
      sentence: `the header announces ${announced} samples, the file holds ${held}; fetch the file again`,
    });
  return E.right(signals.map((signal, i) => fromSampleZero(signal, skews[i]!, announced ?? held)));
};
