/** The chain of one writing process: every entry names the one before it by its SHA-256, so that none can be changed, moved or left out unseen. */
import { hash, randomBytes } from 'node:crypto';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { AuditEntrySchema } from '../../schemas/generated/vigil/v1/audit_pb.ts';
import { encodeAuditEntry } from '../../schemas/messages.ts';
import type { Moment } from '../../schemas/units.ts';

/** What an entry says: one of the oneof of audit.proto. */
export type AuditEvent = Exclude<MessageInitShape<typeof AuditEntrySchema>['event'], undefined>;

export const sha256 = (bytes: Uint8Array | string): Uint8Array => hash('sha256', bytes, 'buffer');

/** What the first entry of every chain stands on. */
export const GENESIS = sha256('vigil.audit genesis');

/** Where the next entry goes. */
export interface Chain {
  readonly id: Uint8Array;
  readonly number: number;
  readonly before: Uint8Array;
}

const ID_BYTES = 16;
export const beginChain = (id: Uint8Array = randomBytes(ID_BYTES)): Chain => ({ id, number: 0, before: GENESIS });

/** An entry's bytes as they are to lie on the log, and the chain behind it. */
export const linked = (
  { id, number, before }: Chain,
  at: Moment,
  event: AuditEvent,
): readonly [Chain, Uint8Array<ArrayBuffer>] => {
  const bytes = encodeAuditEntry(create(AuditEntrySchema, { chain: id, number, before, atUs: at, event }));
  return [{ id, number: number + 1, before: sha256(bytes) }, bytes];
};

/** A chain or a hash as people and journals have it. */
export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
