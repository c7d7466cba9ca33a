import CRC32C from 'crc-32/crc32c.js';

/** CRC-32C (Castagnoli, as iSCSI RFC 3720) of the bytes, unsigned. */
export const crc32c = (bytes: Uint8Array): number => CRC32C.buf(bytes) >>> 0;
