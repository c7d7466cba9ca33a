import { MissingReason } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';

const MISSING_WORDS: ReadonlyMap<MissingReason, string> = new Map([
  [MissingReason.INVALID, 'invalid'],
  [MissingReason.SENSOR_OFF, 'sensor off'],
  [MissingReason.OUT_OF_RANGE, 'out of range'],
  [MissingReason.NOT_MEASURED, 'not measured'],
  [MissingReason.SENTINEL, 'no value'],
]);

/** Why there is no value, as a nurse reads it. */
export const missingWord = (reason: MissingReason | undefined): string =>
  (reason === undefined ? undefined : MISSING_WORDS.get(reason)) ?? 'missing';
