import { TELEMETRY_LIMITS } from '../../schemas/checked-telemetry.ts';
import { type Rejection, rejection } from '../../schemas/rejection.ts';
import type { LogRecord, NewRecord } from '../ports/event-log.ts';
import { rejectedRecord } from '../ports/rejected-record.ts';

/** A record that a stage goes on without, for vigil.rejected. */
export const refused = (stage: string, record: LogRecord, why: Rejection): NewRecord =>
  rejectedRecord({
    ...{ source: record.key, stage, original: record.value, gatewayTimeUs: record.appendedAt },
    ...why,
  });

export const failedOn = (stage: string, { topic, partition, offset }: LogRecord, cause: unknown): Rejection =>
  rejection(
    'stage-failed',
    `offset ${offset}`,
    `${stage} failed on offset ${offset} of ${topic}/${partition} and went on without it: ${cause instanceof Error ? cause.message : cause}. The bed's memory was reset; report this`,
  );

/** A key that no memory could be kept under. Beds have shorter names; who writes to the log itself may give any. */
export const isNoBed = ({ key }: LogRecord): boolean => key.length > TELEMETRY_LIMITS.bedBytes;
export const noBed = rejection(
  'too-large',
  'key',
  `the key of the record has more than ${TELEMETRY_LIMITS.bedBytes} bytes; it must be the bed's name`,
);
