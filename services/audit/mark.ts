/** The first six bytes of a SHA-256 as a number: what of each entry is remembered, so that years of them fit into memory. */
const MARK_BYTES = 6;

/** Of what is too short to be one, and so was tampered with: a mark that no entry has. */
const NO_MARK = -1;

export const markOf = (sha256: Uint8Array): number =>
  sha256.length < MARK_BYTES
    ? NO_MARK
    : Buffer.from(sha256.buffer, sha256.byteOffset, sha256.length).readUIntBE(0, MARK_BYTES);

export const markOfHex = (digits: string): number => Number.parseInt(digits.slice(0, 2 * MARK_BYTES), 16);
