import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { decodeAlarmInput, encodeAlarmEvent } from '../../schemas/messages.ts';
import { type Rejection, rejection } from '../../schemas/rejection.ts';
import type { BedAlarms } from '../../stream-models/alarms/alarm.ts';
import { toAlarmEvent } from '../../stream-models/alarms/alarm-event.ts';
import { type AlarmInput, readAlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { alarmMachine } from '../../stream-models/alarms/alarm-machine.ts';
import type { AlarmPolicy } from '../../stream-models/alarms/policy.ts';
import type { LogRecord, NewRecord } from '../ports/event-log.ts';
import { rejectedRecord } from '../ports/rejected-record.ts';
import type { BedBatch, BedResult, Stage } from '../runtime/stage.ts';

const STAGE = 'alarms';

const read = (record: LogRecord): E.Either<Rejection, AlarmInput> =>
  pipe(
    decodeAlarmInput(record.value),
    E.filterOrElse(
      ({ bed }) => bed === record.key,
      ({ bed }) => rejection('out-of-range', 'bed', `the input speaks of bed "${bed}" under the key "${record.key}"`),
    ),
    E.chain(readAlarmInput),
  );

const refused = (record: LogRecord, why: Rejection): NewRecord =>
  rejectedRecord({
    ...{ source: record.key, stage: STAGE, original: record.value, gatewayTimeUs: record.appendedAt },
    ...why,
  });

const stepBed = (policy: AlarmPolicy, { bed, memory, records }: BedBatch<BedAlarms>): BedResult<BedAlarms> => {
  const machine = alarmMachine(policy, bed);
  const outputs: NewRecord[] = [];
  let alarms = memory;
  for (const record of records) {
    const input = read(record);
    if (E.isLeft(input)) {
      outputs.push(refused(record, input.left));
      continue;
    }
    const [next, told] = machine.step(alarms, input.right);
    alarms = next;
    for (const said of told)
      outputs.push({ topic: 'vigil.alarms', key: bed, value: encodeAlarmEvent(toAlarmEvent(bed, said)) });
  }
  return { memory: alarms, outputs };
};

/**
 * Decides which alarms ring: reads conditions, nurse actions and time of every bed from vigil.alarm-inputs, says every
 * transition on vigil.alarms. What it cannot read goes to vigil.rejected with its original bytes.
 */
export const alarmsStage = (policy: AlarmPolicy): Stage<BedAlarms> => ({
  name: STAGE,
  reads: 'vigil.alarm-inputs',
  writes: ['vigil.alarms', 'vigil.rejected'],
  version: '1',
  start: (bed) => alarmMachine(policy, bed).start,
  step: async (beds) => beds.map((batch) => stepBed(policy, batch)),
});
