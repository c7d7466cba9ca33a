import * as E from 'fp-ts/lib/Either.js';
import { telemetryOf } from '../../schemas/telemetry.ts';
import { type Moment, moment, seconds } from '../../schemas/units.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';
import type { WaveBlock } from '../ports/series-store.ts';
import { type BedMemory, bedTimeOf, deviceOf, knowsEpoch } from './bed-memory.ts';
import { blocksOf } from './series-of.ts';
import { overlaps, SOURCES_APART, type StripWindow } from './strips.ts';

/** A stretch of a bed's waves, and when the log took what asks for it: reading begins before the earlier of its onset and that. */
export type WantedWaves = Pick<StripWindow, 'bed' | 'from' | 'to' | 'appendedAt'>;

export interface ReadBack {
  readonly blocks: readonly WaveBlock[];
  /** Frames of these beds that were read. */
  readonly records: number;
  /** Those of them with waves that nobody knows how to lay on bed time. */
  readonly untimed: number;
}

/** Frames come later than their samples; so much earlier in log time reading begins. */
const EARLIER = seconds(30);

/**
 * Reads waves back from the log: of strips, for alarms that come so late that the waves are no longer remembered, and of whatever
 * stretch somebody looks back at. Reads one partition once for all of them, from before the first to after the last, or to what is
 * the partition's end now; with `until` to what the log took by then, so that what came late is found as well.
 *
 * Only what was heard before is read back: of a bed or a clock epoch that is unknown here every frame is still to be heard, the
 * first one decides on its bed time, and a later one taken alone could lie seconds beside it.
 */
export const readBack = async (
  log: EventLog,
  wavePartition: number,
  windows: readonly WantedWaves[],
  memoryOf: (bed: string) => BedMemory | undefined,
  until?: Moment,
): Promise<ReadBack> => {
  const extent = await log.extent('vigil.telemetry');
  const last = (extent.find(({ partition }) => partition === wavePartition)?.next ?? 0n) - 1n;
  const blocks: WaveBlock[] = [];
  const waiting = new Set(windows);
  let [records, untimed] = [0, 0];
  if (last < 0n || windows.length === 0) return { blocks, records, untimed };
  const since = moment(Math.min(...windows.map(({ from, appendedAt }) => Math.min(from, appendedAt))) - EARLIER);
  const read = (record: LogRecord): void => {
    const { key, appendedAt, offset } = record;
    const own = windows.filter(({ bed }) => bed === key);
    if (own.length === 0) return;
    const frame = telemetryOf(record);
    if (E.isLeft(frame)) return; // The telemetry reader rejects it by name.
    records++;
    const memory = memoryOf(key);
    if (memory === undefined || !(frame.right.retrospective || knowsEpoch(memory, frame.right))) {
      if (frame.right.waveforms.length > 0) untimed++;
      return;
    }
    const toBedTime = bedTimeOf(memory, frame.right, { offset, isClockSet: false })[1];
    const device = deviceOf(memory, frame.right.source, appendedAt)[1];
    const end = toBedTime(frame.right.deviceTimeUs);
    if (until === undefined) for (const window of own) if (end > window.to + SOURCES_APART) waiting.delete(window);
    if (device === undefined) return; // The telemetry reader rejects it by name.
    for (const block of blocksOf(frame.right, { bed: key, device, toBedTime }))
      if (own.some((window) => overlaps(block, window))) blocks.push(block);
  };
  const { promise: reached, resolve } = Promise.withResolvers<undefined>();
  const tail = await log.tail({
    topic: 'vigil.telemetry',
    from: new Map(extent.filter((e) => e.partition !== wavePartition).map((e) => [e.partition, e.next])),
    otherwise: { since },
    onRecords: (batch) => {
      if (batch.partition !== wavePartition) return;
      for (const record of batch.records) {
        if (until !== undefined && record.appendedAt > until) return resolve(undefined);
        if (record.offset <= last) read(record);
      }
      if (waiting.size === 0) resolve(undefined);
    },
    // Not a time without records: a machine that is busy would end with half of a strip.
    onPosition: (partition, next) => {
      if (partition === wavePartition && next > last) resolve(undefined);
    },
  });
  const failed = await Promise.race([reached, tail.ended]);
  await tail.stop();
  if (failed !== undefined) throw new Error(`reading waves back: ${failed.sentence}`, { cause: failed });
  return { blocks, records, untimed };
};
