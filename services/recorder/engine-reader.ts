import * as E from 'fp-ts/lib/Either.js';
import type { EngineReport } from '../../schemas/generated/vigil/v1/engine_pb.ts';
import { decodeEngineReport } from '../../schemas/messages.ts';
import { moment } from '../../schemas/units.ts';
import type { Batch, GroupReader, Reaction } from '../ports/event-log.ts';
import type { EngineReading } from '../ports/series-store.ts';
import { answerWith, type Desk, keepBatch, type Unreadable } from './desk.ts';
import { nothingToKeep, type Part } from './keep.ts';

const TOPIC = 'vigil.engine';

/** State of a part as a number (PartState: 1 ok, 2 degraded, 3 failed), by process and part. */
const PART_STATE_METRIC = 'vigil_part_state';
/** 1 at the moment at which a process started. */
const STARTED_METRIC = 'vigil_process_started';

const readingsOf = ({ process, atUs, startedUs, parts, readings }: EngineReport): EngineReading[] => {
  const at = moment(Math.round(atUs));
  return [
    { process, metric: STARTED_METRIC, label: '', at: moment(Math.round(startedUs)), value: 1 },
    ...parts.map(({ name, state }) => ({ process, metric: PART_STATE_METRIC, label: name, at, value: state })),
    ...readings
      .filter(({ value }) => Number.isFinite(value))
      .map(({ metric, label, value }) => ({ process, metric, label, at, value })),
  ];
};

/** Reads what Vigil's processes say of themselves: states of their parts, and their figures. */
export const engineReader = (desk: Desk): GroupReader => {
  const react = async ({ records }: Batch): Promise<Reaction> => {
    const parts: Part[] = [];
    const unreadable: Unreadable[] = [];
    for (const record of records) {
      const report = decodeEngineReport(record.value);
      if (E.isLeft(report)) unreadable.push({ record, ...report.left });
      else parts.push({ record, write: { ...nothingToKeep, engine: readingsOf(report.right) } });
    }
    return { outputs: await keepBatch(desk, TOPIC, parts, unreadable), settled: () => undefined };
  };
  return {
    ...{ group: 'vigil-recorder-engine', topic: TOPIC, startAt: 'beginning', recordsPerBatchMax: 256, lingerMs: 1_000 },
    assigned: async () => undefined,
    revoked: () => undefined,
    react: answerWith(desk, react),
  };
};
