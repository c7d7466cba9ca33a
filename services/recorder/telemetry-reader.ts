import * as E from 'fp-ts/lib/Either.js';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { DEVICES_PER_BED_MAX } from '../../schemas/series.ts';
import { isLaboratoryFrame, telemetryOf } from '../../schemas/telemetry.ts';
import { type Moment, seconds } from '../../schemas/units.ts';
import type { Batch, GroupReader, LogRecord, NewRecord, Reaction } from '../ports/event-log.ts';
import type { NumericPoint, WaveBlock } from '../ports/series-store.ts';
import { bedCheckpoint, type CheckpointOf, loadCheckpoints, partitionCheckpoint } from '../runtime/checkpoints.ts';
import {
  type BedMemory,
  bedTimeOf,
  deviceOf,
  newBed,
  numbered,
  type SourceClocks,
  sourceClocks,
} from './bed-memory.ts';
import {
  answerWith,
  beforeStored,
  type Desk,
  keepBatch,
  READS_BEDS,
  recall,
  rollUpMinutes,
  type Unreadable,
} from './desk.ts';
import { bandHears, bandOfLate, type EcgBand, noBand } from './ecg-band.ts';
import { nothingToKeep, type Part } from './keep.ts';
import { type LateWaves, ofClosedStrips, questionOf } from './late-waves.ts';
import { bedsBefore, type Minutes, makeMinutes } from './minutes.ts';
import { blocksOf, pointsOf } from './series-of.ts';
import { RING_SPAN } from './strips.ts';

const TOPIC = 'vigil.telemetry';
/** Under which its memory of beds lies among the checkpoints. */
export const TELEMETRY_MEMORY = { stage: 'recorder-telemetry', version: '1' } as const;
const SAVE_EVERY = seconds(10);
const STEP = seconds(1);

/** What is remembered of one partition. */
interface Holding {
  stored: bigint | undefined;
  /** The next record to be read, also while it lies before the stored position. */
  next: bigint | undefined;
  readonly beds: Map<string, BedMemory>;
  readonly clocks: SourceClocks;
  /** Of each bed and device. */
  readonly bands: Map<string, EcgBand>;
  readonly unsaved: Set<string>;
  readonly minutes: Minutes;
  /** First offset of each batch and when the log took it: where to read again from so that the rings are full. */
  steps: readonly { readonly offset: bigint; readonly appendedAt: Moment }[];
  savedAt: Moment | undefined;
}

/** Whether a frame has something for the store; a Silence has not, and its source is no device. */
const says = ({ numerics, waveforms }: Telemetry): boolean => numerics.length + waveforms.length > 0;

/** `first`: the device, or the probe, for which no number is left; `more`: how many others of the frame. */
const tooManyDevices = (bed: string, first: string, more: number): Omit<Unreadable, 'record'> => {
  const what = more === 0 ? `"${first}" says` : `"${first}" and ${more} more say`;
  const sentence = `bed "${bed}" has heard ${DEVICES_PER_BED_MAX - 1} other devices within the last hour; what ${what} is not recorded. Give each device one name`;
  return { code: 'too-many-devices', where: 'source', sentence };
};

/** What a restart needs: what is new of the beds, and from where on the last minute of waves must be read again. */
const checkpoints = (holding: Holding, of: CheckpointOf, { records }: Batch): NewRecord[] => {
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
  const beds = [...holding.unsaved].map((bed) => bedCheckpoint(of, bed, next, holding.beds.get(bed)));
  return [...beds, partitionCheckpoint(of, holding.steps[0]!.offset)];
};

/** Whether a record was not settled before this start; what was is read again for its waves alone. */
const isNew = ({ stored }: Holding, { offset }: LogRecord): boolean => stored === undefined || offset >= stored;

/** What a batch said, gathered record by record. */
interface BatchHeard {
  readonly parts: Part[];
  readonly unreadable: Unreadable[];
  /** Bed time up to which each bed was heard. */
  readonly ends: Map<string, Moment>;
  /** Moments of what had been settled before. */
  readonly heardAgain: { readonly bed: string; readonly at: Moment }[];
  /** Waves that came late; the strips they belong to may be closed. */
  readonly late: LateWaves[];
}

const bandPoints = ({ bands }: Holding, frame: Telemetry, blocks: readonly WaveBlock[]): readonly NumericPoint[] => {
  if (frame.retrospective) return bandOfLate(blocks);
  const of = `${frame.source} ${frame.bed}`;
  const [band, points] = bandHears(bands.get(of) ?? noBand, blocks);
  if (band.tens.length > 0) bands.set(of, band);
  return points;
};

/** Remembers what one record says of its bed and waves, and adds to `heard` what it puts into the store. */
const hearRecord = (desk: Desk, holding: Holding, record: LogRecord, heard: BatchHeard): void => {
  const bed = record.key;
  const isFirstTime = isNew(holding, record);
  const decoded = telemetryOf(record);
  if (E.isLeft(decoded)) {
    if (isFirstTime) heard.unreadable.push({ record, ...decoded.left });
    return;
  }
  const frame = decoded.right;
  const { source } = frame;
  const before = holding.beds.get(bed) ?? newBed;
  const isClockSet = holding.clocks.hear(frame);
  const [timed, toBedTime] = bedTimeOf(before, frame, { offset: record.offset, isClockSet });
  const [told, device] = says(frame) ? deviceOf(timed, source, record.appendedAt) : [timed, 0];
  const context = { bed, device: device ?? 0, toBedTime };
  const [memory, points, unnumbered] = numbered(told, pointsOf(frame, context), source, record.appendedAt);
  if (memory !== before) {
    holding.beds.set(bed, memory);
    holding.unsaved.add(bed);
  }
  const [probe] = unnumbered;
  if (isFirstTime && device === undefined) heard.unreadable.push({ record, ...tooManyDevices(bed, source, 0) });
  else if (isFirstTime && probe !== undefined)
    heard.unreadable.push({ record, ...tooManyDevices(bed, probe, unnumbered.size - 1) });
  if (device === undefined) return;
  const isOfNow = !frame.retrospective && !isLaboratoryFrame(frame);
  const end = isOfNow ? toBedTime(frame.deviceTimeUs) : undefined;
  if (end !== undefined) heard.ends.set(bed, end);
  const blocks = blocksOf(frame, context);
  const strips = desk.strips.hear({ bed, partition: record.partition, end, blocks });
  if (frame.retrospective && blocks.length > 0 && isFirstTime) heard.late.push({ record, blocks });
  const band = bandPoints(holding, frame, blocks);
  if (!isFirstTime) heard.heardAgain.push(...points, ...(end === undefined ? [] : [{ bed, at: end }]));
  heard.parts.push({ record, write: { ...nothingToKeep, numerics: isFirstTime ? [...points, ...band] : [], strips } });
};

/** Hears the frames of a batch, in their order. */
const hearBatch = (desk: Desk, holding: Holding, { records }: Batch): BatchHeard => {
  const heard: BatchHeard = { parts: [], unreadable: [], ends: new Map(), heardAgain: [], late: [] };
  for (const record of records) hearRecord(desk, holding, record, heard);
  return heard;
};

/** What is kept of waves that came late, for strips that are closed. Rejects while the store does not answer. */
const lateParts = async (desk: Desk, late: readonly LateWaves[]): Promise<Pick<BatchHeard, 'parts' | 'unreadable'>> => {
  const parts: Part[] = [];
  const unreadable: Unreadable[] = [];
  for (const own of Map.groupBy(late, questionOf).values()) {
    const found = await ofClosedStrips(desk, own);
    if (E.isRight(found))
      for (const [record, strips] of found.right) parts.push({ record, write: { ...nothingToKeep, strips } });
    else if (found.left.tag !== 'StoreRefused') throw new Error(found.left.sentence, { cause: found.left });
    else {
      const { sentence } = found.left;
      for (const { record } of own)
        unreadable.push({ record, code: 'store-refused', where: `offset ${record.offset}`, sentence });
    }
  }
  return { parts, unreadable };
};

export interface TelemetryReader {
  readonly reader: GroupReader;
  /**
   * What was heard of the beds of a partition, here or, while it is not read here, by the recorder before; undefined: of a bed
   * of which nothing was heard yet. It goes on with what is heard.
   */
  readonly memoriesOf: (partition: number) => Promise<(bed: string) => BedMemory | undefined>;
}

/** Reads telemetry: numbers go into the store, waves into the rings and into the strips that are open. */
export const telemetryReader = (desk: Desk): TelemetryReader => {
  const holdings = new Map<number, Holding>();
  const checkpointOf = (partition: number) => ({ ...TELEMETRY_MEMORY, partition });

  const assigned = async (partition: number, stored: bigint | undefined): Promise<bigint | undefined> => {
    const known = holdings.get(partition);
    if (known !== undefined) {
      known.stored = stored;
      return beforeStored(known.next, stored);
    }
    const { remembered, known: bedsKnown } = await recall<BedMemory>(desk, checkpointOf(partition));
    const beds = new Map([...(remembered?.beds ?? [])].map(([bed, { memory }]) => [bed, memory]));
    const next = remembered?.lowWater;
    const minutes = makeMinutes(bedsBefore(stored, bedsKnown));
    const fresh = {
      clocks: sourceClocks(),
      bands: new Map<string, EcgBand>(),
      unsaved: new Set<string>(),
      minutes,
      steps: [],
      savedAt: undefined,
    };
    holdings.set(partition, { stored, next, beds, ...fresh });
    const readAgainFrom = beforeStored(next, stored);
    desk.onNotice({ tag: 'Assigned', topic: TOPIC, partition, stored, readAgainFrom });
    return readAgainFrom;
  };

  const react = async (batch: Batch): Promise<Reaction> => {
    const holding = holdings.get(batch.partition)!;
    const { ends, heardAgain, ...heard } = hearBatch(desk, holding, batch);
    const late = await lateParts(desk, heard.late);
    const parts = [...heard.parts, ...late.parts];
    const refused = await keepBatch(desk, TOPIC, parts, [...heard.unreadable, ...late.unreadable]);
    // The minute in which the recorder before was stopped lies here, and what comes next may come hours later.
    holding.minutes.touched(heardAgain);
    await rollUpMinutes(desk, holding.minutes, batch, parts);
    const isLive = isNew(holding, batch.records.at(-1)!);
    const saved = isLive ? checkpoints(holding, checkpointOf(batch.partition), batch) : [];
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
    memoriesOf: async (partition) => {
      if (holdings.has(partition)) return (bed) => holdings.get(partition)?.beds.get(bed);
      const remembered = await loadCheckpoints<BedMemory>(desk.log, checkpointOf(partition), () => undefined);
      return (bed) => holdings.get(partition)?.beds.get(bed) ?? remembered?.beds.get(bed)?.memory;
    },
    reader: {
      ...READS_BEDS,
      ...{ group: 'vigil-recorder-telemetry', topic: TOPIC, recordsPerBatchMax: 1_000 },
      assigned,
      revoked: (partition) => {
        holdings.delete(partition);
        desk.strips.forgetWaves(partition);
      },
      react: answerWith(desk, react),
    },
  };
};
