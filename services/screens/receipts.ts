import { create } from '@bufbuild/protobuf';
import { AlarmInputSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { encodeAlarmInput } from '../../schemas/messages.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EventLog } from '../ports/event-log.ts';
import { makeNewestWords, type NewestWords } from './newest-words.ts';

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
export const makeReceipts = (log: EventLog, now: () => Moment): NewestWords<Receipt> =>
  makeNewestWords(
    log,
    ({ alarm }) => alarm,
    ({ bed, alarm, sinceUs }) => {
      const at = now();
      const value = { alarm, sinceUs };
      const input = create(AlarmInputSchema, { bed, atUs: at, saidUs: at, input: { case: 'received', value } });
      return { topic: 'vigil.alarm-inputs', key: bed, value: encodeAlarmInput(input) };
    },
  );
