/** Bytes to messages and back, for everything on the log but telemetry. Decoding never throws. */
import { type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { AlarmEventSchema, AlarmInputSchema } from './generated/vigil/v1/alarms_pb.ts';
import { AuditEntrySchema } from './generated/vigil/v1/audit_pb.ts';
import { EngineReportSchema } from './generated/vigil/v1/engine_pb.ts';
import { FindingsSchema } from './generated/vigil/v1/findings_pb.ts';
import { CheckpointSchema, RejectedSchema } from './generated/vigil/v1/log_pb.ts';
import { type Rejection, rejection } from './rejection.ts';

const encoder =
  <Desc extends DescMessage>(schema: Desc) =>
  (message: MessageShape<Desc>): Uint8Array<ArrayBuffer> =>
    toBinary(schema, message);

const decoder =
  <Desc extends DescMessage>(schema: Desc) =>
  (bytes: Uint8Array): E.Either<Rejection, MessageShape<Desc>> =>
    E.tryCatch(
      () => fromBinary(schema, bytes),
      (cause) =>
        rejection(
          'unreadable',
          '',
          `not a ${schema.typeName}: ${cause instanceof Error ? cause.message : 'unreadable'}`,
        ),
    );

export const encodeFindings = encoder(FindingsSchema);
export const decodeFindings = decoder(FindingsSchema);
export const encodeAlarmInput = encoder(AlarmInputSchema);
export const decodeAlarmInput = decoder(AlarmInputSchema);
export const encodeAlarmEvent = encoder(AlarmEventSchema);
export const decodeAlarmEvent = decoder(AlarmEventSchema);
export const encodeEngineReport = encoder(EngineReportSchema);
export const decodeEngineReport = decoder(EngineReportSchema);
export const encodeAuditEntry = encoder(AuditEntrySchema);
export const decodeAuditEntry = decoder(AuditEntrySchema);
export const encodeRejected = encoder(RejectedSchema);
export const decodeRejected = decoder(RejectedSchema);
export const encodeCheckpoint = encoder(CheckpointSchema);
export const decodeCheckpoint = decoder(CheckpointSchema);
