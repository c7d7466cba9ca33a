import * as E from 'fp-ts/lib/Either.js';
import type { WfdbFault } from './header.ts';

/** One annotation: the sample it speaks of, its code (ecgcodes.h mnemonic), and the text beside it. */
export interface WfdbAnnotation {
  readonly sample: number;
  readonly symbol: string;
  readonly aux: string;
}

/** Mnemonics by code number (WFDB ecgcodes.h). */
const SYMBOLS: readonly (string | undefined)[] = [
  ...[' ', 'N', 'L', 'R', 'a', 'V', 'F', 'J', 'A', 'S', 'E', 'j', '/', 'Q', '~', undefined],
  ...['|', undefined, 's', 'T', '*', 'D', '"', '=', 'p', 'B', '^', 't', '+', 'u', '?', '!'],
  ...['[', ']', 'e', 'n', '@', 'x', 'f', '(', ')', 'r'],
];
const CODES = new Map(SYMBOLS.flatMap((symbol, code) => (symbol === undefined ? [] : [[symbol, code] as const])));

const SKIP = 59;
const NUM = 60;
const SUB = 61;
const CHN = 62;
const AUX = 63;
/** Longest time step that fits the ten bits of one word. */
const STEP_MAX = 1023;

/** What stands for a code without a mnemonic, as WFDB's `annstr` writes it; it is no beat, whatever its writer meant. */
const nameless = (code: number): string => `[${code}]`;

/** A stable sort: a step back in time (SKIP may be negative) must not part what is compared in the order of time. */
const inOrderOfTime = <Timed extends { readonly sample: number }>(annotations: Timed[]): readonly Timed[] =>
  annotations.sort((a, b) => a.sample - b.sample);

/** Reads an MIT-format annotation file (WFDB annot(5)), in the order of time. Left: the byte where it stops making sense. */
export const readAnnotations = (bytes: Uint8Array): E.Either<WfdbFault, readonly WfdbAnnotation[]> => {
  const annotations: { sample: number; symbol: string; aux: string }[] = [];
  let sample = 0;
  let at = 0;
  while (at + 1 < bytes.length) {
    const word = bytes[at]! | (bytes[at + 1]! << 8);
    const code = word >> 10;
    const low = word & STEP_MAX;
    at += 2;
    if (word === 0) return E.right(inOrderOfTime(annotations));
    if (code === SKIP) {
      if (at + 4 > bytes.length) break;
      sample += (bytes[at]! << 16) | (bytes[at + 1]! << 24) | bytes[at + 2]! | (bytes[at + 3]! << 8);
      at += 4;
    } else if (code === AUX) {
      const aux = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(low, bytes.length - at)).toString('latin1');
      const last = annotations.at(-1);
      // A text of C ends at its first zero.
      if (last) last.aux = aux.split('\0', 1)[0]!;
      at += low + (low % 2);
    } else if (code !== NUM && code !== SUB && code !== CHN) {
      sample += low;
      annotations.push({ sample, symbol: SYMBOLS[code] ?? nameless(code), aux: '' });
    }
  }
  return E.left({ tag: 'BadAnnotation', sentence: `the annotation file ends at byte ${at} without its end mark` });
};

const RESOLUTION = /^## time resolution: (\d+(?:\.\d*)?)/;

/**
 * Annotations with times in samples of a recording of `rateHz`. A file may count time in ticks of its own, and says so in a note at its
 * beginning (WFDB annot(5); wfdb-python writes one always).
 */
export const inSamplesOf = (annotations: readonly WfdbAnnotation[], rateHz: number): readonly WfdbAnnotation[] => {
  const note = annotations.find(({ symbol, aux }) => symbol === '"' && RESOLUTION.test(aux));
  const ticksPerSecond = Number(RESOLUTION.exec(note?.aux ?? '')?.[1]);
  if (note === undefined || note.sample !== 0 || !(ticksPerSecond > 0) || ticksPerSecond === rateHz) return annotations;
  return annotations.map((each) => ({ ...each, sample: Math.round((each.sample * rateHz) / ticksPerSecond) }));
};

/** Writes an MIT-format annotation file. Annotations must be in the order of their samples; unknown symbols throw. */
export const writeAnnotations = (annotations: readonly WfdbAnnotation[]): Uint8Array => {
  const words: number[] = [];
  let before = 0;
  for (const { sample, symbol, aux } of annotations) {
    const code = CODES.get(symbol);
    if (code === undefined) throw new RangeError(`"${symbol}" is no WFDB annotation code`);
    let step = sample - before;
    if (step < 0) throw new RangeError(`annotations out of order at sample ${sample}`);
    if (step > STEP_MAX) {
      words.push(SKIP << 10, (step >> 16) & 0xffff, step & 0xffff);
      step = 0;
    }
    words.push((code << 10) | step);
    if (aux !== '') {
      const text = Buffer.from(aux, 'latin1');
      words.push((AUX << 10) | text.length);
      for (let i = 0; i < text.length; i += 2) words.push(text[i]! | ((text[i + 1] ?? 0) << 8));
    }
    before = sample;
  }
  words.push(0);
  const bytes = new Uint8Array(words.length * 2);
  words.forEach((word, i) => {
    bytes[2 * i] = word & 0xff;
    bytes[2 * i + 1] = word >> 8;
  });
  return bytes;
};
