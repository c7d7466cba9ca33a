import { create } from '@bufbuild/protobuf';
import { RejectedSchema } from '../../schemas/generated/vigil/v1/log_pb.ts';
import { encodeRejected } from '../../schemas/messages.ts';
import type { Moment } from '../../schemas/units.ts';
import type { NewRecord } from './event-log.ts';

/** What was not taken in, by whom and why. */
export interface NotTaken {
  /** Who sent it, as far as that is known: the gateway's `source`, or the key of a record. */
  readonly source: string;
  readonly stage: string;
  readonly code: string;
  readonly sentence: string;
  readonly where: string;
  readonly original: Uint8Array;
  readonly gatewayTimeUs: Moment;
}

/**
 * A record of the log has a bound (`RECORD_BYTES_MAX`), and what was refused may be as large as the broker takes: whole it would be
 * refused as well, again and again, and nothing behind it in its partition would ever be read.
 */
const ORIGINAL_BYTES_MAX = 900_000;
const NAME_MAX = 256;
const SENTENCE_MAX = 2_000;
const bounded = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max)}…` : text);

/** It on `vigil.rejected`, with its bytes. */
export const rejectedRecord = (it: NotTaken): NewRecord => {
  const { length } = it.original;
  const cut = length > ORIGINAL_BYTES_MAX ? ` (only the first ${ORIGINAL_BYTES_MAX} of ${length} bytes are kept)` : '';
  const source = bounded(it.source, NAME_MAX);
  return {
    topic: 'vigil.rejected',
    key: source === '' ? 'unknown' : source,
    value: encodeRejected(
      create(RejectedSchema, {
        ...it,
        source,
        sentence: `${bounded(it.sentence, SENTENCE_MAX)}${cut}`,
        where: bounded(it.where, NAME_MAX),
        original: it.original.subarray(0, ORIGINAL_BYTES_MAX),
      }),
    ),
  };
};
