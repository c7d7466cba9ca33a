import { deflateRawSync, inflateRawSync } from 'node:zlib';

const DEFLATE_LEVEL = 6;
/** How much further back than what it looks at deflate keeps, bytes (zlib's MIN_LOOKAHEAD). */
const LOOKAHEAD = 262;

/**
 * Room that deflate needs for so many bytes; more finds nothing more. By itself it clears a quarter of a megabyte first, and a block
 * is mostly a quarter of a second of one lead.
 */
const roomFor = (bytes: number) => ({
  windowBits: Math.min(15, Math.max(9, Math.ceil(Math.log2(bytes + LOOKAHEAD)))),
  memLevel: Math.min(8, Math.max(1, Math.ceil(Math.log2(bytes)) - 6)),
  chunkSize: bytes + 64,
});

/**
 * Samples as they are kept: differences to the sample before (modulo 2^16, so that nothing is lost), low bytes first and
 * high bytes after them, deflated. A calm ECG differs little from sample to sample, so its high bytes nearly vanish.
 */
export const packSamples = (samples: Int16Array): Uint8Array => {
  const { length } = samples;
  const bytes = new Uint8Array(2 * length);
  let before = 0;
  for (let i = 0; i < length; i++) {
    const difference = (samples[i]! - before) & 0xffff;
    before = samples[i]!;
    bytes[i] = difference & 0xff;
    bytes[length + i] = difference >> 8;
  }
  return deflateRawSync(bytes, { level: DEFLATE_LEVEL, ...roomFor(bytes.length) });
};

/** The same samples back, bit for bit. @throws if the bytes were damaged. */
export const unpackSamples = (packed: Uint8Array, length: number): Int16Array<ArrayBuffer> => {
  const bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, 2 * length) });
  if (bytes.length !== 2 * length) throw new Error(`a strip holds ${bytes.length} bytes, not ${2 * length}`);
  const samples = new Int16Array(length);
  let before = 0;
  for (let i = 0; i < length; i++) {
    before += bytes[i]! | (bytes[length + i]! << 8);
    samples[i] = before;
  }
  return samples;
};
