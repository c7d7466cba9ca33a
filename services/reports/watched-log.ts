import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Batch, EventLog, GroupReader, Reaction } from '../ports/event-log.ts';
import type { Self } from './self.ts';

const PREFIX = 'vigil-';

/** The group by which processes of these stages are told apart: the first one that shares beds. */
const tellingGroup = ({ stages }: Self): string | undefined => {
  if (stages.includes('analysis')) return 'vigil-analysis';
  if (stages.includes('alarms')) return 'vigil-alarms';
  return stages.includes('recorder') ? 'vigil-recorder-telemetry' : undefined;
};

const watched = (reader: GroupReader, self: Self): GroupReader => {
  const { batches, batchRecords, batchSeconds } = self.meters;
  const stage = reader.group.startsWith(PREFIX) ? reader.group.slice(PREFIX.length) : reader.group;
  const tells = reader.group === tellingGroup(self);
  const react = (batch: Batch): TE.TaskEither<unknown, Reaction> => {
    const began = performance.now();
    const settled = (reaction: Reaction) => (): void => {
      reaction.settled();
      batches.add(1, stage);
      batchRecords.add(batch.records.length, stage);
      batchSeconds.seen((performance.now() - began) / 1e3, stage);
    };
    return TE.map((reaction: Reaction) => ({ ...reaction, settled: settled(reaction) }))(reader.react(batch));
  };
  return {
    ...reader,
    react,
    assigned: (partition, stored) => {
      if (tells) self.has(partition);
      return reader.assigned(partition, stored);
    },
    revoked: (partition) => {
      if (tells) self.lost(partition);
      reader.revoked(partition);
    },
  };
};

/** The log, and what is read from it in groups is counted: batches, records, seconds, and the partitions of this process. */
export const watchedLog = (log: EventLog, self: Self): EventLog => ({
  ...log,
  join: (reader) => log.join(watched(reader, self)),
});
