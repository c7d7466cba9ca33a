/** How a wave says "no sample here", on the wire, on screens and in the store. */
export const NO_SAMPLE = -32_768;

/** Whether a wave of the wire (int16, little-endian) holds any sample. Most often the first shows it. */
export const hasSample = (samples: Uint8Array): boolean => {
  for (let i = 0; i + 1 < samples.length; i += 2) if (samples[i] !== 0x00 || samples[i + 1] !== 0x80) return true;
  return false;
};
