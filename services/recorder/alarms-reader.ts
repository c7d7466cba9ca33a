import * as E from 'fp-ts/lib/Either.js';
import { decodeAlarmEvent } from '../../schemas/messages.ts';
import { type Moment, seconds } from '../../schemas/units.ts';
import type { Batch, GroupReader, LogRecord, NewRecord, Reaction } from '../ports/event-log.ts';
import type { WaveBlock } from '../ports/series-store.ts';
import { partitionCheckpoint } from '../runtime/checkpoints.ts';
import { answerWith, beforeStored, type Desk, keepBatch, READS_BEDS, recall, type Unreadable } from './desk.ts';
import { nothingToKeep, type Part } from './keep.ts';
import { readBack } from './read-back.ts';
import { stripSpanOf } from './strip-window.ts';
import type { StripWindow } from './strips.ts';
import type { TelemetryReader } from './telemetry-reader.ts';

const TOPIC = 'vigil.alarms';
const SAVE_EVERY = seconds(10);

interface Holding {
  stored: bigint | undefined;
  /** The next record to be read, also while it lies before the stored position. */
  next: bigint | undefined;
  savedAt: Moment | undefined;
}

/** Reads alarms: each event is kept, and where an alarm begins a strip is opened and filled with what is remembered. */
export const alarmsReader = (desk: Desk, memoriesOf: TelemetryReader['memoriesOf']): GroupReader => {
  const holdings = new Map<number, Holding>();
  const checkpointOf = (partition: number) => ({ stage: 'recorder-alarms', version: '1', partition });

  const assigned = async (partition: number, stored: bigint | undefined): Promise<bigint | undefined> => {
    const known = holdings.get(partition);
    if (known !== undefined) {
      known.stored = stored;
      return beforeStored(known.next, stored);
    }
    const { remembered } = await recall(desk, checkpointOf(partition));
    const next = remembered?.lowWater;
    holdings.set(partition, { stored, next, savedAt: undefined });
    const readAgainFrom = beforeStored(next, stored);
    desk.onNotice({ tag: 'Assigned', topic: TOPIC, partition, stored, readAgainFrom });
    return readAgainFrom;
  };

  /** A restart reads again from the first alarm whose strip is still open. */
  const checkpoints = (holding: Holding, { partition, records }: Batch): NewRecord[] => {
    const open = desk.strips.firstOpen(partition);
    const now = records.at(-1)!.appendedAt;
    const isDue = holding.savedAt === undefined ? open !== undefined : now - holding.savedAt >= SAVE_EVERY;
    return isDue ? [partitionCheckpoint(checkpointOf(partition), open ?? records.at(-1)!.offset + 1n)] : [];
  };

  const forgottenWaves = async (windows: readonly StripWindow[]): Promise<readonly WaveBlock[]> => {
    const blocks: WaveBlock[] = [];
    for (const partition of new Set(windows.map(({ wavePartition }) => wavePartition))) {
      const own = windows.filter(({ wavePartition }) => wavePartition === partition);
      const found = await readBack(desk.log, partition, own, await memoriesOf(partition));
      desk.onNotice({ tag: 'ReadBack', partition, alarms: own.length, records: found.records });
      for (const block of found.blocks) blocks.push(block);
    }
    return blocks;
  };

  const react = async (batch: Batch): Promise<Reaction> => {
    const holding = holdings.get(batch.partition)!;
    const isNew = ({ offset }: LogRecord): boolean => holding.stored === undefined || offset >= holding.stored;
    const parts: Part[] = [];
    const unreadable: Unreadable[] = [];
    const late: { readonly record: LogRecord; readonly window: StripWindow }[] = [];
    for (const record of batch.records) {
      const event = decodeAlarmEvent(record.value);
      if (E.isLeft(event)) {
        if (isNew(record)) unreadable.push({ record, ...event.left });
        continue;
      }
      const strips: WaveBlock[] = [];
      const span = stripSpanOf(event.right);
      if (span !== undefined) {
        const { key: bed, partition, offset, appendedAt } = record;
        const wavePartition = desk.log.partitionOf('vigil.telemetry', bed);
        const window = { ...span, bed, wavePartition, partition, offset, appendedAt };
        const { blocks, forgotten } = desk.strips.open(window);
        strips.push(...blocks);
        if (forgotten) late.push({ record, window });
      }
      const alarms = isNew(record) ? [{ event: event.right, place: record.offset }] : [];
      parts.push({ record, write: { ...nothingToKeep, alarms, strips } });
    }
    if (late.length > 0) {
      const strips = await forgottenWaves(late.map(({ window }) => window));
      parts.push({ record: late[0]!.record, write: { ...nothingToKeep, strips } });
    }
    const refused = await keepBatch(desk, TOPIC, parts, unreadable);
    const saved = isNew(batch.records.at(-1)!) ? checkpoints(holding, batch) : [];
    return {
      outputs: [...refused, ...saved],
      settled: () => {
        holding.next = batch.records.at(-1)!.offset + 1n;
        if (saved.length > 0) holding.savedAt = batch.records.at(-1)!.appendedAt;
      },
    };
  };

  return {
    ...READS_BEDS,
    ...{ group: 'vigil-recorder-alarms', topic: TOPIC },
    assigned,
    revoked: (partition) => {
      holdings.delete(partition);
      desk.strips.forgetAlarms(partition);
    },
    react: answerWith(desk, react),
  };
};
