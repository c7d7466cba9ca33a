/**
 * The binary frame of /v1/live: one stretch of samples of one signal of one bed. Little-endian:
 *
 *   0  u8   1 (kind: wave)           16 f64  start, us since 1970, bed time
 *   1  u8   length of the bed name   24 u32  rate numerator
 *   2  u16  number of samples        28 u32  rate denominator
 *   4  u32  frame number             32 f32  gain   (physical = (sample - offset) * gain, in Vigil's unit of the signal)
 *   8  u32  MDC code                 36 f32  offset
 *  12  u32  reserved                 40 bed name (UTF-8), padded to even; then int16 samples (-32768: no sample)
 */
export interface LiveWave {
  readonly frame: number;
  readonly bed: string;
  readonly code: number;
  readonly startUs: number;
  readonly rateNumerator: number;
  readonly rateDenominator: number;
  readonly gain: number;
  readonly offset: number;
  readonly samples: Int16Array;
}

const HEAD = 40;
const KIND_WAVE = 1;

/** Bed names longer than 255 bytes and stretches longer than 65,535 samples throw: the gateway has refused both. */
export const encodeLiveWave = (wave: LiveWave): Uint8Array => {
  const bed = new TextEncoder().encode(wave.bed);
  if (bed.length > 255 || wave.samples.length > 65_535) throw new RangeError('wave does not fit a live frame');
  const samplesAt = HEAD + bed.length + (bed.length % 2);
  const bytes = new Uint8Array(samplesAt + wave.samples.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, KIND_WAVE);
  view.setUint8(1, bed.length);
  view.setUint16(2, wave.samples.length, true);
  view.setUint32(4, wave.frame, true);
  view.setUint32(8, wave.code, true);
  view.setFloat64(16, wave.startUs, true);
  view.setUint32(24, wave.rateNumerator, true);
  view.setUint32(28, wave.rateDenominator, true);
  view.setFloat32(32, wave.gain, true);
  view.setFloat32(36, wave.offset, true);
  bytes.set(bed, HEAD);
  for (let i = 0; i < wave.samples.length; i++) view.setInt16(samplesAt + 2 * i, wave.samples[i]!, true);
  return bytes;
};

/** undefined when the bytes are no wave frame. */
export const decodeLiveWave = (buffer: ArrayBuffer): LiveWave | undefined => {
  const view = new DataView(buffer);
  if (view.byteLength < HEAD || view.getUint8(0) !== KIND_WAVE) return undefined;
  const bedLength = view.getUint8(1);
  const count = view.getUint16(2, true);
  const samplesAt = HEAD + bedLength + (bedLength % 2);
  if (view.byteLength !== samplesAt + 2 * count) return undefined;
  const samples = new Int16Array(count);
  for (let i = 0; i < count; i++) samples[i] = view.getInt16(samplesAt + 2 * i, true);
  return {
    frame: view.getUint32(4, true),
    bed: new TextDecoder().decode(new Uint8Array(buffer, HEAD, bedLength)),
    code: view.getUint32(8, true),
    startUs: view.getFloat64(16, true),
    rateNumerator: view.getUint32(24, true),
    rateDenominator: view.getUint32(28, true),
    gain: view.getFloat32(32, true),
    offset: view.getFloat32(36, true),
    samples,
  };
};
