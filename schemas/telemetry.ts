/** Telemetry at the border: bytes or JSON become a whole, checked frame, or a described rejection. Never throws. */
import { create, fromBinary, fromJson, type JsonValue, toBinary } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { crc32c } from './checksum.ts';
import { signalOf, unitsOf } from './codes.ts';
import { VIGIL_BED } from './engine.ts';
import { sensible } from './frame-sense.ts';
import {
  MissingReason,
  type Numeric,
  type Telemetry,
  TelemetrySchema,
  type Waveform,
} from './generated/vigil/v1/telemetry_pb.ts';
import { jsonFault } from './json-fault.ts';
import { type Rejection, type RejectionCode, rejection } from './rejection.ts';

/** Every size has a bound; what exceeds one is refused by name. */
export const TELEMETRY_LIMITS = {
  frameBytes: 1_048_576,
  bedBytes: 64,
  sourceBytes: 128,
  textBytes: 256,
  unitBytes: 32,
  waveforms: 64,
  samplesPerWaveform: 65_535,
  numerics: 512,
  leads: 64,
  deviceAlerts: 64,
  rateHz: 100_000,
  /** 2^53 microseconds: the year 2255. */
  timeUs: 2 ** 53 - 1,
} as const;

/** The tag of field crc32c (15, fixed32) on the wire; with its four bytes it ends every frame that carries a checksum. */
const CRC_TAG = (15 << 3) | 5;
const CRC_FIELD_BYTES = 5;

type Fault = Rejection | undefined;
const fault = (code: RejectionCode, where: string, sentence: string): Rejection => rejection(code, where, sentence);

const utf8 = new TextEncoder();
/** Whether a text has more bytes than allowed. A UTF-16 unit is at most three bytes of UTF-8, so most texts need no counting. */
const isLonger = (text: string, bytesMax: number): boolean =>
  text.length * 3 > bytesMax && utf8.encode(text).length > bytesMax;
// Control characters would reach logs, keys and screens.
const hasControl = (text: string): boolean => /\p{Cc}/u.test(text);

const checkName = (where: string, value: string, bytesMax: number, emptyAllowed = false): Fault => {
  if (value === '' && !emptyAllowed) return fault('missing-field', where, `${where} is empty; every frame needs it`);
  if (isLonger(value, bytesMax)) return fault('too-large', where, `${where} has more than ${bytesMax} bytes`);
  if (hasControl(value)) return fault('out-of-range', where, `${where} has control characters; remove them`);
  return undefined;
};

const checkTime = (where: string, us: number): Fault =>
  Number.isFinite(us) && us >= 0 && us <= TELEMETRY_LIMITS.timeUs
    ? undefined
    : fault('out-of-range', where, `${where} is ${us}; it must be microseconds since 1970, 0 to 2^53`);

const checkUnit = (where: string, code: number, unit: string): Fault => {
  if (isLonger(unit, TELEMETRY_LIMITS.unitBytes))
    return fault('too-large', where, `${where} has more than ${TELEMETRY_LIMITS.unitBytes} bytes`);
  const known = signalOf(code);
  if (known === undefined || Object.hasOwn(unitsOf[known.dimension], unit)) return undefined;
  const allowed = Object.keys(unitsOf[known.dimension]).join(', ');
  return fault(
    'bad-unit',
    where,
    `${where} is "${unit}"; ${known.name} is a ${known.dimension} and takes ${allowed} (UCUM)`,
  );
};

const checkWaveform = (wave: Waveform, where: string): Fault => {
  if (wave.code === 0) return fault('missing-field', `${where}.code`, `${where}.code is missing; give the MDC code`);
  const time = checkTime(`${where}.startUs`, wave.startUs);
  if (time) return time;
  const rate = wave.rateNumerator / wave.rateDenominator;
  if (!(rate > 0 && rate <= TELEMETRY_LIMITS.rateHz))
    return fault(
      'out-of-range',
      `${where}.rateNumerator`,
      `${where} has rate ${wave.rateNumerator}/${wave.rateDenominator}; it must be above 0 and at most ${TELEMETRY_LIMITS.rateHz} Hz`,
    );
  if (!Number.isFinite(wave.gain) || wave.gain === 0)
    return fault('out-of-range', `${where}.gain`, `${where}.gain is ${wave.gain}; it must be a number that is not 0`);
  if (!Number.isFinite(wave.offset))
    return fault('out-of-range', `${where}.offset`, `${where}.offset is ${wave.offset}; it must be a number`);
  if (wave.samples.length % 2 !== 0)
    return fault(
      'bad-samples',
      `${where}.samples`,
      `${where}.samples has ${wave.samples.length} bytes; int16 needs an even number`,
    );
  if (wave.samples.length > 2 * TELEMETRY_LIMITS.samplesPerWaveform)
    return fault(
      'too-many',
      `${where}.samples`,
      `${where} has more than ${TELEMETRY_LIMITS.samplesPerWaveform} samples; send shorter frames`,
    );
  return checkUnit(`${where}.unit`, wave.code, wave.unit);
};

const checkNumeric = (numeric: Numeric, where: string): Fault => {
  if (numeric.code === 0) return fault('missing-field', `${where}.code`, `${where}.code is missing; give the MDC code`);
  if (numeric.reading.case === undefined)
    return fault('missing-field', `${where}.value`, `${where} has neither a value nor the reason why it is missing`);
  return checkTime(`${where}.atUs`, numeric.atUs) ?? checkUnit(`${where}.unit`, numeric.code, numeric.unit);
};

const checkCounts = (frame: Telemetry): Fault => {
  for (const field of ['waveforms', 'numerics', 'leads', 'deviceAlerts'] as const)
    if (frame[field].length > TELEMETRY_LIMITS[field])
      return fault(
        'too-many',
        field,
        `${frame[field].length} ${field} in one frame; at most ${TELEMETRY_LIMITS[field]}`,
      );
  return undefined;
};

/** A part is checked without its name, and again by name where something is wrong: naming costs more than checking. */
const UNNAMED = '';

const checkParts = (frame: Telemetry): Fault => {
  const seen = new Set<number>();
  for (const [i, wave] of frame.waveforms.entries()) {
    const wrong = checkWaveform(wave, UNNAMED) && checkWaveform(wave, `waveforms[${i}]`);
    if (wrong) return wrong;
    if (seen.has(wave.code))
      return fault(
        'duplicate-signal',
        `waveforms[${i}].code`,
        `signal ${wave.code} stands twice in the frame; join the samples`,
      );
    seen.add(wave.code);
  }
  for (const [i, numeric] of frame.numerics.entries()) {
    const wrong = checkNumeric(numeric, UNNAMED) && checkNumeric(numeric, `numerics[${i}]`);
    if (wrong) return wrong;
  }
  for (const [i, alert] of frame.deviceAlerts.entries()) {
    const where = `deviceAlerts[${i}]`;
    const wrong =
      checkName(`${where}.text`, alert.text, TELEMETRY_LIMITS.textBytes, true) ??
      checkTime(`${where}.atUs`, alert.atUs);
    if (wrong) return wrong;
  }
  return undefined;
};

const checkReserved = (bed: string): Fault =>
  bed === VIGIL_BED
    ? fault('out-of-range', 'bed', `bed "${VIGIL_BED}" is where Vigil tells of itself; call the bed by another name`)
    : undefined;

const checkFrame = (frame: Telemetry): Fault =>
  checkName('bed', frame.bed, TELEMETRY_LIMITS.bedBytes) ??
  checkReserved(frame.bed) ??
  checkName('source', frame.source, TELEMETRY_LIMITS.sourceBytes) ??
  checkTime('deviceTimeUs', frame.deviceTimeUs) ??
  checkTime('gatewayTimeUs', frame.gatewayTimeUs) ??
  (frame.silence ? checkTime('silence.sinceUs', frame.silence.sinceUs) : undefined) ??
  (frame.assignment
    ? (checkName('assignment.patient', frame.assignment.patient, TELEMETRY_LIMITS.sourceBytes, true) ??
      checkName('assignment.population', frame.assignment.population, TELEMETRY_LIMITS.unitBytes, true) ??
      checkTime('assignment.fromUs', frame.assignment.fromUs))
    : undefined) ??
  checkCounts(frame) ??
  checkParts(frame);

/** NaN and infinities are not numbers of a patient: they are missing, with the reason "invalid". */
const withoutNonNumbers = (frame: Telemetry): Telemetry => {
  for (const numeric of frame.numerics)
    if (numeric.reading.case === 'value' && !Number.isFinite(numeric.reading.value))
      numeric.reading = { case: 'missing', value: MissingReason.INVALID };
  return frame;
};

const checked = (frame: Telemetry): E.Either<Rejection, Telemetry> => {
  const wrong = checkFrame(frame);
  return wrong ? E.left(wrong) : E.right(withoutNonNumbers(frame));
};

/** Who may leave the checksum out: a sender on the wire may, the log never does. */
type Checksum = 'optional' | 'required';

const checkCrc = (bytes: Uint8Array, declared: number, checksum: Checksum): Fault => {
  if (declared === 0 && checksum === 'optional') return undefined;
  const at = bytes.length - CRC_FIELD_BYTES;
  if (at < 0 || bytes[at] !== CRC_TAG)
    return fault('checksum', 'crc32c', 'crc32c must be the last field on the wire; it covers all bytes before it');
  const actual = crc32c(bytes.subarray(0, at));
  return actual === declared
    ? undefined
    : fault(
        'checksum',
        'crc32c',
        `crc32c says ${declared}, the bytes give ${actual}; the frame was damaged, send it again`,
      );
};

const sentenceOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const decode = (bytes: Uint8Array, checksum: Checksum): E.Either<Rejection, Telemetry> => {
  if (bytes.length > TELEMETRY_LIMITS.frameBytes)
    return E.left(
      fault('too-large', '', `the frame has ${bytes.length} bytes; at most ${TELEMETRY_LIMITS.frameBytes}`),
    );
  let frame: Telemetry;
  try {
    frame = fromBinary(TelemetrySchema, bytes);
  } catch (cause) {
    return E.left(fault('unreadable', '', `not a vigil.v1.Telemetry message: ${sentenceOf(cause)}`));
  }
  const damaged = checkCrc(bytes, frame.crc32c, checksum);
  return damaged ? E.left(damaged) : checked(frame);
};

/** Reads one frame from a sender. A checksum that is there must be right; 0 or absent means that the sender gave none. */
export const decodeTelemetry = (bytes: Uint8Array): E.Either<Rejection, Telemetry> =>
  E.chain(sensible)(decode(bytes, 'optional'));

/** Reads one frame from the log, where every frame carries its checksum: one without it was damaged. */
export const decodeLoggedTelemetry = (bytes: Uint8Array): E.Either<Rejection, Telemetry> =>
  E.chain(sensible)(decode(bytes, 'required'));

const readJson = (value: unknown): E.Either<Rejection, Telemetry> => {
  try {
    return checked(fromJson(TelemetrySchema, value as JsonValue));
  } catch (cause) {
    return E.left(fault('unreadable', '', `not a vigil.v1.Telemetry in JSON: ${sentenceOf(cause)}`));
  }
};

/** Reads the same message as proto3 JSON (samples as base64). Unknown fields are refused, so that a typo is noticed. */
export const decodeTelemetryJson = (value: unknown): E.Either<Rejection, Telemetry> => {
  const read = readJson(value);
  if (E.isRight(read)) return sensible(read.right);
  const fault = read.left.code === 'unreadable' ? jsonFault(TelemetrySchema, value) : undefined;
  return fault === undefined ? read : E.left({ ...read.left, ...fault });
};

/** Writes a frame with its checksum as the last field. */
export const encodeTelemetry = (frame: Telemetry): Uint8Array<ArrayBuffer> => {
  const body = toBinary(TelemetrySchema, { ...frame, crc32c: 0 }, { writeUnknownFields: false });
  const bytes = new Uint8Array(body.length + CRC_FIELD_BYTES);
  bytes.set(body);
  bytes[body.length] = CRC_TAG;
  new DataView(bytes.buffer).setUint32(body.length + 1, crc32c(body), true);
  return bytes;
};

/** The int16 samples of a waveform, copied so that they are aligned. */
export const samplesOf = (wave: Waveform): Int16Array => {
  const copy = new Uint8Array(wave.samples.length);
  copy.set(wave.samples);
  return new Int16Array(copy.buffer, 0, copy.length >> 1);
};

/** A frame with everything absent but bed, source and sequence. */
export const emptyTelemetry = (bed: string, source: string, sequence: number): Telemetry =>
  create(TelemetrySchema, { bed, source, sequence });
