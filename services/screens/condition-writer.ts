import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { AlarmInputSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { encodeAlarmInput } from '../../schemas/messages.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Journal } from '../logging/journal.ts';
import type { EventLog, NewRecord } from '../ports/event-log.ts';
import type { ConditionSaid } from './delivery.ts';

/** Writes the conditions that screens find out about Vigil itself, and keeps trying while the log takes nothing. */
export interface ConditionWriter {
  readonly say: (said: ConditionSaid) => void;
  /** Writes what waits; called once a second. Resolves when the log has answered; never rejects. */
  readonly flush: () => Promise<void>;
}

export const makeConditionWriter = (log: EventLog, now: () => Moment, journal: Journal): ConditionWriter => {
  // The newest word on each bed and condition: an older one that was never written is no longer true.
  let waiting = new Map<string, ConditionSaid>();
  let writing: Promise<void> | undefined;

  const recordOf = ({ bed, condition, present, evidence }: ConditionSaid): NewRecord => {
    const at = now();
    const value = { condition, present, evidence, preset: '' };
    const input = create(AlarmInputSchema, { bed, atUs: at, saidUs: at, input: { case: 'condition', value } });
    return { topic: 'vigil.alarm-inputs', key: bed, value: encodeAlarmInput(input) };
  };

  const keyOf = ({ bed, condition }: ConditionSaid): string => `${condition}\n${bed}`;

  const write = async (): Promise<void> => {
    const batch = [...waiting.values()];
    waiting = new Map();
    const kept = await log.append(batch.map(recordOf))();
    writing = undefined;
    if (E.isRight(kept)) return;
    journal.error('the log does not take conditions', { code: kept.left.tag, count: batch.length }, kept.left.cause);
    for (const said of batch) if (!waiting.has(keyOf(said))) waiting.set(keyOf(said), said);
  };

  const flush = async (): Promise<void> => {
    while (writing !== undefined) await writing;
    if (waiting.size === 0) return;
    writing = write();
    await writing;
  };

  return {
    say: (said) => {
      waiting.set(keyOf(said), said);
      journal.warn('a condition of Vigil itself', { bed: said.bed, condition: said.condition, why: said.evidence });
      void flush();
    },
    flush,
  };
};
