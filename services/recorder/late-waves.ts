import * as E from 'fp-ts/lib/Either.js';
import { after, microseconds, minutes, moment } from '../../schemas/units.ts';
import type { LogRecord } from '../ports/event-log.ts';
import type { SeriesError, WaveBlock } from '../ports/series-store.ts';
import type { Desk } from './desk.ts';
import { patiently } from './keep.ts';
import { stripSpanOf } from './strip-window.ts';
import { endOf, overlaps, STRIP_AFTER, STRIP_BEFORE } from './strips.ts';

/** An alarm is told later than its condition came: its delay, and what analysis needs to hear. */
const TOLD_WITHIN = minutes(5);

/** The waves of a frame that came late; there is one at least. */
export interface LateWaves {
  readonly record: LogRecord;
  readonly blocks: readonly WaveBlock[];
}

const HOUR = minutes(60);

/** What one question is asked of: a bed and an hour, so that no device's clock makes it a question about years. */
export const questionOf = ({ record, blocks }: LateWaves): string =>
  `${Math.floor(blocks[0]!.start / HOUR)} ${record.key}`;

/**
 * Those of the late waves of one bed that belong to strips of alarms that are kept already. What a device kept while its line was
 * down may come an hour after the strip was closed, or behind a restart, so the store is asked which alarms there were.
 *
 * Left: the store does not answer now, or for good.
 */
export const ofClosedStrips = async (
  desk: Desk,
  late: readonly LateWaves[],
): Promise<E.Either<SeriesError, ReadonlyMap<LogRecord, WaveBlock[]>>> => {
  const blocks = late.flatMap((each) => each.blocks);
  const first = moment(blocks.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY));
  const last = moment(
    blocks.reduce((most, block) => Math.max(most, Math.ceil(endOf(block))), Number.NEGATIVE_INFINITY),
  );
  const range = {
    from: after(first, microseconds(-STRIP_AFTER)),
    to: after(after(last, STRIP_BEFORE), TOLD_WITHIN),
  };
  const told = await patiently(desk, 'vigil.telemetry', desk.store.alarms({ bed: late[0]!.record.key, ...range }));
  if (E.isLeft(told)) return told;
  const spans = told.right.flatMap((event) => stripSpanOf(event) ?? []);
  const wanted = (block: WaveBlock): boolean => spans.some((span) => overlaps(block, span));
  return E.right(new Map(late.map((each) => [each.record, each.blocks.filter(wanted)])));
};
