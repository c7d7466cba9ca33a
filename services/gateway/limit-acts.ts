/** A nurse's act on the limits of a bed, as it stands in the bed's telemetry: in one order with the values that are judged by it. */
import { create } from '@bufbuild/protobuf';
import { z } from 'zod';
import {
  type LimitSide,
  LimitSideSchema,
  LimitsActSchema,
  TelemetrySchema,
} from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import type { Moment } from '../../schemas/units.ts';
import type { NewRecord } from '../ports/event-log.ts';
import { LIMITS_SOURCE } from './bed-presence.ts';

const side = z.union([z.number().min(-1_000).max(1_000), z.literal('off')]);

/** What is set, and what was shown when it was decided. A side that is absent: the unit's; of what was seen: none. */
export const limitSchema = z.object({
  measure: z.string().regex(/^[a-z\d-]{1,32}$/, 'must be the name of a limit, for example "hr"'),
  low: side.optional(),
  high: side.optional(),
  seenLow: side.optional(),
  seenHigh: side.optional(),
});

export interface LimitAct {
  readonly id: string;
  readonly bed: string;
  readonly by: string;
  readonly reason?: string | undefined;
  readonly durationUs?: number | undefined;
  /** Who lay there when it was decided; absent: nobody was named. */
  readonly patient?: string | undefined;
  /** Absent: nothing is set, and it is asked which limits apply. */
  readonly limit?: z.infer<typeof limitSchema> | undefined;
}

const sideOf = (given: number | 'off' | undefined): LimitSide | undefined => {
  if (given === undefined) return undefined;
  return create(LimitSideSchema, {
    side: given === 'off' ? { case: 'off', value: true } : { case: 'value', value: given },
  });
};

const sidesOf = ({ low, high, seenLow, seenHigh }: z.infer<typeof limitSchema>) => {
  const all = { low: sideOf(low), high: sideOf(high), seenLow: sideOf(seenLow), seenHigh: sideOf(seenHigh) };
  return Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined));
};

/** The record of an act. `partition`: where the bed's frames lie, if not on that of its name. */
export const limitsRecord = (act: LimitAct, at: Moment, partition: number | undefined): NewRecord => {
  const { id, bed, by, reason = '', durationUs = 0, patient = '', limit } = act;
  const said = { id, by, reason, durationUs, patient, measure: limit?.measure ?? '' };
  const limits = create(LimitsActSchema, { ...said, ...(limit === undefined ? {} : sidesOf(limit)) });
  const times = { deviceTimeUs: at, gatewayTimeUs: at };
  const frame = create(TelemetrySchema, {
    bed,
    source: LIMITS_SOURCE,
    ...times,
    retrospective: true,
    silence: { limits },
  });
  const record: NewRecord = { topic: 'vigil.telemetry', key: bed, value: encodeTelemetry(frame) };
  return partition === undefined ? record : { ...record, partition };
};
