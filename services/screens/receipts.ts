import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { AlarmInputSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { encodeAlarmInput } from '../../schemas/messages.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EventLog, NewRecord } from '../ports/event-log.ts';

/** One beginning of one alarm that a console has received. */
export interface Receipt {
  readonly bed: string;
  readonly alarm: string;
  readonly sinceUs: number;
}

/**
 * What consoles have received, told to the other fronts over the log: a console is connected to one of them, and each watches over the
 * delivery of all alarms.
 */
export interface Receipts {
  readonly tell: (receipt: Receipt) => void;
  /** Writes what waits; called once a second. Resolves when the log has answered; never rejects. */
  readonly flush: () => Promise<void>;
}

export const makeReceipts = (log: EventLog, now: () => Moment): Receipts => {
  let waiting = new Map<string, Receipt>();

  const recordOf = ({ bed, alarm, sinceUs }: Receipt): NewRecord => {
    const at = now();
    const value = { alarm, sinceUs };
    const input = create(AlarmInputSchema, { bed, atUs: at, saidUs: at, input: { case: 'received', value } });
    return { topic: 'vigil.alarm-inputs', key: bed, value: encodeAlarmInput(input) };
  };

  return {
    tell: (receipt) => {
      waiting.set(receipt.alarm, receipt);
    },
    flush: async () => {
      if (waiting.size === 0) return;
      const taken = waiting;
      waiting = new Map();
      const kept = await log.append([...taken.values()].map(recordOf))();
      // What the log does not take is told again; that it takes nothing is said elsewhere.
      if (E.isLeft(kept)) waiting = new Map([...taken, ...waiting]);
    },
  };
};
