import * as TE from 'fp-ts/lib/TaskEither.js';
import { crc32c } from '../../schemas/checksum.ts';
import { type Microseconds, seconds } from '../../schemas/units.ts';
import type { Batch, EventLog, LogRecord, NewRecord, Reaction, Subscription } from '../ports/event-log.ts';
import { type BatchBeds, type Bed, bedsDuring } from './beds-during.ts';
import { bedCheckpoint, loadCheckpoints, partitionCheckpoint } from './checkpoints.ts';
import { failedOn, isNoBed, noBed, refused } from './refused.ts';
import type { BedResult, Stage } from './stage.ts';

/** What the runtime wants told; nothing here needs an answer. */
export type StageNotice =
  | {
      readonly tag: 'Assigned';
      readonly partition: number;
      readonly stored: bigint | undefined;
      readonly replayFrom: bigint | undefined;
    }
  | { readonly tag: 'Revoked'; readonly partition: number }
  | { readonly tag: 'MemoryDiscarded'; readonly bed: string; readonly why: string }
  | { readonly tag: 'BedFailed'; readonly bed: string; readonly records: number; readonly cause: unknown }
  | {
      readonly tag: 'Settled';
      readonly partition: number;
      readonly records: number;
      readonly outputs: number;
      readonly next: bigint;
    }
  | { readonly tag: 'Replayed'; readonly partition: number; readonly records: number };

export interface StageOptions {
  readonly log: EventLog;
  readonly startAt?: 'beginning' | 'end';
  readonly recordsPerBatchMax?: number;
  /** How long a batch may wait to fill: latency against transactions. */
  readonly lingerMs?: number;
  /** How much of a bed is re-read at most after a crash, in log time. */
  readonly checkpointEvery?: Microseconds;
  readonly onNotice?: (notice: StageNotice) => void;
}

/** A position alone may wait so long for outputs to go with: the alarms stage answers most of what it hears with nothing. */
const POSITION_EVERY_MS = 500;

/** Checkpoints of one batch may add this much to its transaction; beds that do not fit wait for the next batch. */
const CHECKPOINT_BYTES_PER_BATCH = 512 * 1024;

/** What is remembered of one partition. A batch's changes come in when it is settled, so a failed batch leaves no trace. */
interface Partition<Memory> {
  readonly beds: Map<string, Bed<Memory>>;
  /** Per bed the first offset that its checkpoint does not cover; used while re-reading after a start. */
  readonly resumeAt: ReadonlyMap<string, bigint>;
  /** Outputs of records before it are on the log already: they are worked through silently. */
  readonly stored: bigint | undefined;
  /** Beds whose memory could not be continued and that have said nothing since. */
  readonly anew: ReadonlySet<string>;
}

const nothingRemembered = <Memory>(): Partition<Memory> => ({
  ...{ beds: new Map(), resumeAt: new Map(), stored: undefined, anew: new Set() },
});

const byBed = (records: readonly LogRecord[]): ReadonlyMap<string, LogRecord[]> => {
  const beds = new Map<string, LogRecord[]>();
  for (const record of records) {
    const known = beds.get(record.key);
    if (known) known.push(record);
    else beds.set(record.key, [record]);
  }
  return beds;
};

/** All beds together; when that throws, each bed alone, so that one poisoned bed does not stop its neighbours. */
const stepAll = async <Memory>(
  stage: Stage<Memory>,
  records: readonly LogRecord[],
  memoryOf: (bed: string) => Memory,
  onNotice: (notice: StageNotice) => void,
): Promise<ReadonlyMap<string, BedResult<Memory>>> => {
  const beds = [...byBed(records)].map(([bed, own]) => ({ bed, memory: memoryOf(bed), records: own }));
  const results = new Map<string, BedResult<Memory>>();
  try {
    const answers = await stage.step(beds);
    beds.forEach(({ bed }, i) => {
      results.set(bed, answers[i]!);
    });
  } catch {
    for (const each of beds) {
      try {
        results.set(each.bed, (await stage.step([each]))[0]!);
      } catch (cause) {
        onNotice({ tag: 'BedFailed', bed: each.bed, records: each.records.length, cause });
        const outputs = each.records.map((record) => refused(stage.name, record, failedOn(stage.name, record, cause)));
        results.set(each.bed, { memory: stage.start(each.bed), outputs });
      }
    }
  }
  return results;
};

/** A number from 0 to 1 that a name always has. */
const shareOf = (name: string): number => crc32c(new TextEncoder().encode(name)) / 2 ** 32;

/** The loop of every stage, written once. */
class StageRunner<Memory> {
  private readonly stage: Stage<Memory>;
  private readonly log: EventLog;
  private readonly notice: (notice: StageNotice) => void;
  private readonly checkpointEvery: number;
  private readonly partitions = new Map<number, Partition<Memory>>();

  constructor(stage: Stage<Memory>, options: StageOptions) {
    this.stage = stage;
    this.log = options.log;
    this.notice = options.onNotice ?? (() => {});
    this.checkpointEvery = options.checkpointEvery ?? seconds(10);
  }

  private of(partition: number): { stage: string; version: string; partition: number } {
    return { stage: this.stage.name, version: this.stage.version, partition };
  }

  private async endOf(partition: number): Promise<bigint> {
    const extent = await this.log.extent(this.stage.reads);
    return extent.find((one) => one.partition === partition)?.next ?? 0n;
  }

  async assigned(partition: number, stored: bigint | undefined): Promise<bigint | undefined> {
    const anew = new Set<string>();
    const discarded = (bed: string, why: string): void => {
      if (this.stage.rescue !== undefined) anew.add(bed);
      this.notice({ tag: 'MemoryDiscarded', bed, why });
    };
    const { rescue } = this.stage;
    const remembered = await loadCheckpoints<Memory>(this.log, this.of(partition), discarded, rescue);
    const beds = new Map<string, Bed<Memory>>();
    const resumeAt = new Map<string, bigint>();
    const end = stored ?? (remembered === undefined ? 0n : await this.endOf(partition));
    for (const [bed, { memory, position }] of remembered?.beds ?? []) {
      // It was stored together with the position or not at all: one that is ahead would hide records nobody has answered. Where
      // there is no position any more the topic may have been made anew, and its records count from zero.
      if (position > end) {
        const ahead =
          stored === undefined
            ? `beyond the end ${end} of ${this.stage.reads}`
            : `ahead of the stored position ${stored}`;
        const why = `its checkpoint is at ${position}, ${ahead}, and is not believed; look at the monitor until its numbers and alarms are back`;
        discarded(bed, why);
        continue;
      }
      beds.set(bed, { memory, unsavedFrom: undefined, savedAt: Number.NEGATIVE_INFINITY });
      resumeAt.set(bed, position);
    }
    this.partitions.set(partition, { beds, resumeAt, stored, anew });
    const replayFrom = stored === undefined ? undefined : remembered?.lowWater;
    this.notice({ tag: 'Assigned', partition, stored, replayFrom });
    return replayFrom !== undefined && stored !== undefined && replayFrom < stored ? replayFrom : undefined;
  }

  revoked(partition: number): void {
    this.partitions.delete(partition);
    this.notice({ tag: 'Revoked', partition });
  }

  async react(batch: Batch): Promise<Reaction> {
    const before: Partition<Memory> = this.partitions.get(batch.partition) ?? nothingRemembered();
    const { stored } = before;
    const fresh = batch.records.filter(({ key, offset }) => offset >= (before.resumeAt.get(key) ?? 0n));
    const old = stored === undefined ? [] : fresh.filter(({ offset }) => offset < stored);
    const live = stored === undefined ? fresh : fresh.filter(({ offset }) => offset >= stored);
    const beds = bedsDuring(before.beds);
    if (old.length > 0) {
      await this.work(beds, old);
      this.notice({ tag: 'Replayed', partition: batch.partition, records: old.length });
    }
    const anew = this.beginAnew(beds, before.anew, live);
    const worked = await this.work(beds, live);
    const next = (batch.records.at(-1)?.offset ?? -1n) + 1n;
    // A batch without anything new is stored nowhere, and neither are checkpoints.
    const outputs = live.length === 0 ? [] : [...worked, ...this.save(beds, batch, next)];
    return {
      outputs,
      settled: () => {
        beds.settle();
        this.partitions.set(batch.partition, { ...before, anew });
        this.notice({
          tag: 'Settled',
          partition: batch.partition,
          records: live.length,
          outputs: outputs.length,
          next,
        });
      },
    };
  }

  /** Beds that could not go on begin with their first record that is not settled. Answers those that have none yet. */
  private beginAnew(
    beds: BatchBeds<Memory>,
    anew: ReadonlySet<string>,
    live: readonly LogRecord[],
  ): ReadonlySet<string> {
    const { rescue } = this.stage;
    if (anew.size === 0 || rescue === undefined) return anew;
    const left = new Set(anew);
    for (const { key } of live) {
      if (!left.delete(key)) continue;
      const known = beds.get(key);
      if (known !== undefined) beds.set(key, { ...known, memory: rescue(key, known.memory) ?? this.stage.start(key) });
    }
    return left;
  }

  /** Works through records of one partition: changes its beds, answers what was said. */
  private async work(beds: BatchBeds<Memory>, records: readonly LogRecord[]): Promise<readonly NewRecord[]> {
    const memoryOf = (bed: string): Memory => beds.get(bed)?.memory ?? this.stage.start(bed);
    const outputs = records.filter(isNoBed).map((record) => refused(this.stage.name, record, noBed));
    const ofBeds = outputs.length === 0 ? records : records.filter((record) => !isNoBed(record));
    const results = await stepAll(this.stage, ofBeds, memoryOf, this.notice);
    const firstOffsets = new Map<string, bigint>();
    for (const { key, offset } of records) if (!firstOffsets.has(key)) firstOffsets.set(key, offset);
    for (const [bed, { memory, outputs: said }] of results) {
      const known = beds.get(bed);
      const unsavedFrom = known?.unsavedFrom ?? firstOffsets.get(bed);
      beds.set(bed, { memory, unsavedFrom, savedAt: known?.savedAt ?? Number.NEGATIVE_INFINITY });
      for (const output of said) outputs.push(output);
    }
    return outputs;
  }

  /** Checkpoints of the beds that are due, and the partition's low water when there are any. */
  private save(beds: BatchBeds<Memory>, batch: Batch, next: bigint): readonly NewRecord[] {
    const now = batch.records.at(-1)?.appendedAt ?? 0;
    const records: NewRecord[] = [];
    let bytes = 0;
    for (const [name, bed] of beds.all()) {
      if (bed.unsavedFrom === undefined || now - bed.savedAt < this.checkpointEvery) continue;
      // A bed without any checkpoint is always saved: later, "no checkpoint" must mean "no settled record".
      if (bytes > CHECKPOINT_BYTES_PER_BATCH && bed.savedAt !== Number.NEGATIVE_INFINITY) continue;
      const record = bedCheckpoint(this.of(batch.partition), name, next, bed.memory);
      bytes += record.value.length;
      records.push(record);
      // Beds that began together would be due together for ever: the first wait is shorter, by the bed's name.
      const begun = bed.savedAt === Number.NEGATIVE_INFINITY;
      const savedAt = begun ? now - shareOf(name) * this.checkpointEvery : now;
      beds.set(name, { ...bed, unsavedFrom: undefined, savedAt });
    }
    if (records.length === 0) return records;
    let lowWater = next;
    for (const [, { unsavedFrom }] of beds.all())
      if (unsavedFrom !== undefined && unsavedFrom < lowWater) lowWater = unsavedFrom;
    records.push(partitionCheckpoint(this.of(batch.partition), lowWater));
    return records;
  }
}

/**
 * Runs a stage as one member of its group. Outputs, position and memory move together: a batch's outputs, the
 * checkpoints that are due and the position are stored in one transaction. After a start or a hand-over the stage loads
 * its checkpoints, re-reads silently up to the stored position and goes on; its outputs are the same bytes as without.
 */
export const runStage = async <Memory>(stage: Stage<Memory>, options: StageOptions): Promise<Subscription> => {
  const runner = new StageRunner(stage, options);
  return options.log.join({
    group: `vigil-${stage.name}`,
    topic: stage.reads,
    startAt: options.startAt ?? 'beginning',
    recordsPerBatchMax: options.recordsPerBatchMax ?? 2_000,
    lingerMs: options.lingerMs ?? 0,
    lingerTogether: true,
    positionEveryMs: POSITION_EVERY_MS,
    assigned: (partition, stored) => runner.assigned(partition, stored),
    revoked: (partition) => runner.revoked(partition),
    react: (batch) =>
      TE.tryCatch(
        () => runner.react(batch),
        (cause) => cause,
      ),
  });
};
