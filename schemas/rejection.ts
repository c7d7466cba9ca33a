/** Why something was not taken in. Codes are stable; the sentence says what, where and what to do. */
export const rejectionCodes = [
  'too-large',
  'unreadable',
  'checksum',
  'missing-field',
  'out-of-range',
  'too-many',
  'bad-unit',
  'bad-samples',
  'duplicate-signal',
  'unsupported-content-type',
  'not-json',
  'stage-failed',
] as const;
export type RejectionCode = (typeof rejectionCodes)[number];

export interface Rejection {
  readonly code: RejectionCode;
  readonly sentence: string;
  /** The field's path ("waveforms[1].unit"), or "byte 17". Empty when it is the message as a whole. */
  readonly where: string;
}

export const rejection = (code: RejectionCode, where: string, sentence: string): Rejection => ({
  code,
  sentence,
  where,
});
