/** How a wave says "no sample here", on the wire, on screens and in the store. */
export const NO_SAMPLE = -32_768;
