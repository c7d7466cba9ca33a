import * as E from 'fp-ts/lib/Either.js';
import { decodeLoggedTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, seconds } from '../../schemas/units.ts';
import type { Batch, GroupReader, NewRecord, Reaction } from '../ports/event-log.ts';
import { bedCheckpoint, loadCheckpoints, partitionCheckpoint } from '../runtime/checkpoints.ts';
import { type BedClocks, bedTimeOf, noClocks } from './bed-clocks.ts';
import { answerWith, beforeStored, type Desk, keepBatch, type Unreadable } from './desk.ts';
import { nothingToKeep, type Part } from './keep.ts';
import { blocksOf, pointsOf } from './series-of.ts';
import { RING_SPAN } from './strips.ts';

const TOPIC = 'vigil.telemetry';
const SAVE_EVERY = seconds(10);
const STEP = seconds(1);

/** What is remembered of one partition. */
interface Holding {
  stored: bigint | undefined;
  /** The next record to be read, also while it lies before the stored position. */
  next: bigint | undefined;
  readonly clocks: Map<string, BedClocks>;
  readonly unsaved: Set<string>;
  /** First offset of each batch and when the log took it: where to read again from so that the rings are full. */
  steps: readonly { readonly offset: bigint; readonly appendedAt: Moment }[];
  savedAt: Moment | undefined;
}

export interface TelemetryReader {
  readonly reader: GroupReader;
  /** The clocks of a bed as far as they are known here. */
  readonly clocksOf: (partition: number, bed: string) => BedClocks;
}

/** Reads telemetry: numbers go into the store, waves into the rings and into the strips that are open. */
export const telemetryReader = (desk: Desk): TelemetryReader => {
  const holdings = new Map<number, Holding>();
  const checkpointOf = (partition: number) => ({ stage: 'recorder-telemetry', version: '1', partition });

  const assigned = async (partition: number, stored: bigint | undefined): Promise<bigint | undefined> => {
    const known = holdings.get(partition);
    if (known !== undefined) {
      known.stored = stored;
      return beforeStored(known.next, stored);
    }
    const remembered = await loadCheckpoints<BedClocks>(desk.log, checkpointOf(partition), (bed, why) =>
      desk.onNotice({ tag: 'MemoryDiscarded', bed, why }),
    );
    const clocks = new Map([...(remembered?.beds ?? [])].map(([bed, { memory }]) => [bed, memory]));
    const next = remembered?.lowWater;
    holdings.set(partition, { stored, next, clocks, unsaved: new Set(), steps: [], savedAt: undefined });
    const readAgainFrom = beforeStored(next, stored);
    desk.onNotice({ tag: 'Assigned', topic: TOPIC, partition, stored, readAgainFrom });
    return readAgainFrom;
  };

  /** What a restart needs: clocks that are new, and from where on the last minute of waves must be read again. */
  const checkpoints = (holding: Holding, { partition, records }: Batch): NewRecord[] => {
    const next = records.at(-1)!.offset + 1n;
    const now = records.at(-1)!.appendedAt;
    const { offset, appendedAt: from } = records[0]!;
    const last = holding.steps.at(-1);
    const isStep = last === undefined || from - last.appendedAt >= STEP;
    const steps = isStep ? [...holding.steps, { offset, appendedAt: from }] : holding.steps;
    const needed = steps.findLastIndex(({ appendedAt }) => appendedAt <= now - RING_SPAN);
    holding.steps = steps.slice(Math.max(0, needed));
    const isDue = holding.savedAt === undefined || now - holding.savedAt >= SAVE_EVERY;
    if (!isDue && holding.unsaved.size === 0) return [];
    const of = checkpointOf(partition);
    const beds = [...holding.unsaved].map((bed) => bedCheckpoint(of, bed, next, holding.clocks.get(bed)));
    return [...beds, partitionCheckpoint(of, holding.steps[0]!.offset)];
  };

  const react = async (batch: Batch): Promise<Reaction> => {
    const holding = holdings.get(batch.partition)!;
    const isNew = (offset: bigint): boolean => holding.stored === undefined || offset >= holding.stored;
    const parts: Part[] = [];
    const unreadable: Unreadable[] = [];
    const ends = new Map<string, Moment>();
    for (const record of batch.records) {
      const bed = record.key;
      const frame = decodeLoggedTelemetry(record.value);
      if (E.isLeft(frame)) {
        if (isNew(record.offset)) unreadable.push({ record, ...frame.left });
        continue;
      }
      const before = holding.clocks.get(bed) ?? noClocks;
      const [clocks, toBedTime] = bedTimeOf(before, frame.right);
      if (clocks !== before) {
        holding.clocks.set(bed, clocks);
        holding.unsaved.add(bed);
      }
      const end = frame.right.retrospective ? undefined : toBedTime(frame.right.deviceTimeUs);
      if (end !== undefined) ends.set(bed, end);
      const blocks = blocksOf(bed, frame.right, toBedTime);
      const strips = desk.strips.hear({ bed, partition: batch.partition, end, blocks });
      const numerics = isNew(record.offset) ? pointsOf(bed, frame.right, toBedTime) : [];
      parts.push({ record, write: { ...nothingToKeep, numerics, strips } });
    }
    const refused = await keepBatch(desk, TOPIC, parts, unreadable);
    const isLive = isNew(batch.records.at(-1)!.offset);
    const saved = isLive ? checkpoints(holding, batch) : [];
    return {
      outputs: [...refused, ...saved],
      settled: () => {
        holding.next = batch.records.at(-1)!.offset + 1n;
        if (saved.length > 0) {
          holding.savedAt = batch.records.at(-1)!.appendedAt;
          holding.unsaved.clear();
        }
        desk.strips.kept(batch.partition, ends, batch.records.at(-1)!.appendedAt);
      },
    };
  };

  return {
    clocksOf: (partition, bed) => holdings.get(partition)?.clocks.get(bed) ?? noClocks,
    reader: {
      ...{
        group: 'vigil-recorder-telemetry',
        topic: TOPIC,
        startAt: 'beginning',
        recordsPerBatchMax: 256,
        lingerMs: 200,
      },
      assigned,
      revoked: (partition) => {
        holdings.delete(partition);
        desk.strips.forgetWaves(partition);
      },
      react: answerWith(desk, react),
    },
  };
};
