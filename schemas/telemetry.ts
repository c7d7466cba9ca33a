/** Telemetry at the border: bytes or JSON become a whole, checked frame, or a described rejection. Never throws. */
import { fromBinary, fromJson, type JsonValue, toBinary } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { checkedTelemetry, TELEMETRY_LIMITS } from './checked-telemetry.ts';
import { crc32c } from './checksum.ts';
import { sensible } from './frame-sense.ts';
import { type Telemetry, TelemetrySchema, type Waveform } from './generated/vigil/v1/telemetry_pb.ts';
import { isNestedTooDeep, jsonFault, nestedTooDeep } from './json-fault.ts';
import { isLaboratory } from './laboratory.ts';
import { type Rejection, rejection } from './rejection.ts';
import type { Moment } from './units.ts';

/** The tag of field crc32c (15, fixed32) on the wire; with its four bytes it ends every frame that carries a checksum. */
const CRC_TAG = (15 << 3) | 5;
const CRC_FIELD_BYTES = 5;

/** Who may leave the checksum out: a sender on the wire may, the log never does. */
type Checksum = 'optional' | 'required';

const checkCrc = (bytes: Uint8Array, declared: number, checksum: Checksum): Rejection | undefined => {
  if (declared === 0 && checksum === 'optional') return undefined;
  const at = bytes.length - CRC_FIELD_BYTES;
  if (at < 0 || bytes[at] !== CRC_TAG)
    return rejection('checksum', 'crc32c', 'crc32c must be the last field on the wire; it covers all bytes before it');
  const actual = crc32c(bytes.subarray(0, at));
  return actual === declared
    ? undefined
    : rejection(
        'checksum',
        'crc32c',
        `crc32c says ${declared}, the bytes give ${actual}; the frame was damaged, send it again`,
      );
};

const sentenceOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const decode = (bytes: Uint8Array, checksum: Checksum): E.Either<Rejection, Telemetry> => {
  if (bytes.length > TELEMETRY_LIMITS.frameBytes)
    return E.left(
      rejection('too-large', '', `the frame has ${bytes.length} bytes; at most ${TELEMETRY_LIMITS.frameBytes}`),
    );
  let frame: Telemetry;
  try {
    frame = fromBinary(TelemetrySchema, bytes);
  } catch (cause) {
    return E.left(rejection('unreadable', '', `not a vigil.v1.Telemetry message: ${sentenceOf(cause)}`));
  }
  const damaged = checkCrc(bytes, frame.crc32c, checksum);
  return damaged ? E.left(damaged) : checkedTelemetry(frame);
};

/** Reads one frame from a sender. A checksum that is there must be right; 0 or absent means that the sender gave none. */
export const decodeTelemetry = (bytes: Uint8Array): E.Either<Rejection, Telemetry> =>
  E.chain(sensible)(decode(bytes, 'optional'));

/** Reads one frame from the log, where every frame carries its checksum: one without it was damaged. */
export const decodeLoggedTelemetry = (bytes: Uint8Array): E.Either<Rejection, Telemetry> =>
  E.chain(sensible)(decode(bytes, 'required'));

const ofBed =
  (key: string) =>
  (frame: Telemetry): E.Either<Rejection, Telemetry> =>
    frame.bed === key
      ? E.right(frame)
      : E.left(
          rejection(
            'out-of-range',
            'bed',
            `the frame speaks of bed "${frame.bed}" under the key ${JSON.stringify(key.slice(0, TELEMETRY_LIMITS.bedBytes))}; who writes to the log itself gives the bed's name as the key`,
          ),
        );

/**
 * Reads a record of vigil.telemetry. Beds are told apart by their keys: under another's, one patient's ECG would ring as the other's. Who writes to
 * the log itself and does not say when the frame came in is taken to have had it when the log took it: at no time, the bed would be "NO DATA".
 */
export const telemetryOf = (record: {
  readonly key: string;
  readonly value: Uint8Array;
  readonly appendedAt: Moment;
}): E.Either<Rejection, Telemetry> =>
  pipe(
    decodeLoggedTelemetry(record.value),
    E.chain(ofBed(record.key)),
    E.map((frame) => (frame.gatewayTimeUs > 0 ? frame : { ...frame, gatewayTimeUs: record.appendedAt })),
  );

const readJson = (value: unknown): E.Either<Rejection, Telemetry> => {
  try {
    return checkedTelemetry(fromJson(TelemetrySchema, value as JsonValue));
  } catch (cause) {
    return E.left(rejection('unreadable', '', `not a vigil.v1.Telemetry in JSON: ${sentenceOf(cause)}`));
  }
};

/** Reads the same message as proto3 JSON (samples as base64). Unknown fields are refused, so that a typo is noticed. */
export const decodeTelemetryJson = (value: unknown): E.Either<Rejection, Telemetry> => {
  if (isNestedTooDeep(value)) return E.left(nestedTooDeep);
  const read = readJson(value);
  if (E.isRight(read)) return sensible(read.right);
  const fault = read.left.code === 'unreadable' ? jsonFault(TelemetrySchema, value) : undefined;
  return fault === undefined ? read : E.left(rejection(read.left.code, fault.where, fault.sentence));
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

/**
 * Whether a frame says laboratory values and nothing of a monitor: it comes from a laboratory, whenever that has results. Its device
 * time is no clock, it is never too late, and it does not prove that the bed's monitor lives. FiO₂ alone is one as well, though a
 * ventilator may have said it: to take it for a sign of life would hide a silent monitor wherever a laboratory sends it by itself.
 */
export const isLaboratoryFrame = (frame: Telemetry): boolean => frame.numerics.length > 0 && !isOfDevice(frame);

/** A device at the bed says it; what is left are registers (who lies there), laboratories and what Vigil writes itself. */
export const isOfDevice = ({ waveforms, leads, deviceAlerts, numerics }: Telemetry): boolean =>
  waveforms.length + leads.length + deviceAlerts.length > 0 || numerics.some(({ code }) => !isLaboratory(code));
