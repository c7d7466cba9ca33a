/** The first six bytes of a SHA-256 as a number: what of each entry is remembered, so that years of them fit into memory. */
const MARK_BYTES = 6;

export const markOf = (sha256: Uint8Array): number =>
  Buffer.from(sha256.buffer, sha256.byteOffset, sha256.length).readUIntBE(0, MARK_BYTES);

export const markOfHex = (digits: string): number => Number.parseInt(digits.slice(0, 2 * MARK_BYTES), 16);
