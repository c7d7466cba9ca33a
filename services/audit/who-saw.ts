/** Who saw a bed or a patient: opened it, had it on a screen of the ward, did something there, asked or took out what is kept of it. */
import * as E from 'fp-ts/lib/Either.js';
import { VIGIL_BED } from '../../schemas/engine.ts';
import type { AuditEntry } from '../../schemas/generated/vigil/v1/audit_pb.ts';
import { decodeAuditEntry } from '../../schemas/messages.ts';
import { moment } from '../../schemas/units.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';
import { readToNow } from '../runtime/read-to-now.ts';
import { HEADS_EVERY_US } from './audit.ts';
import { hex } from './chain.ts';
import { readSpan } from './read-span.ts';
import { type Seen, type Sight, type Stay, sightsIn, type Unplaced } from './sights.ts';

export interface WhoSawAsked {
  /** The name of a bed, or a patient's id, as telemetry has it. */
  readonly wanted: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly nowUs: number;
}

/** Clocks of the writing processes may be so far from the log's. */
const CLOCKS_APART_US = 600e6;

const together = (all: readonly Seen[]): Seen => ({
  sights: all.flatMap(({ sights }) => sights),
  unplaced: all.flatMap(({ unplaced }) => unplaced),
  stays: all.flatMap(({ stays }) => stays),
  isBed: all.some(({ isBed }) => isBed),
});

/** What was shown of all beds or of one, as sights of the wanted one; none where the patient lay elsewhere then. */
const placed = (each: Unplaced, wanted: string, { stays, isBed }: Seen): readonly Sight[] => {
  if (each.bed === wanted || each.isNamed === true) return [{ ...each, bed: each.bed ?? '' }];
  const until = each.toUs ?? each.fromUs;
  const lain = stays.filter(
    ({ bed, fromUs, toUs }) => (each.bed ?? bed) === bed && fromUs <= until && toUs >= each.fromUs,
  );
  if (lain.length > 0)
    return lain.map(({ bed, fromUs, toUs }) => ({
      ...{ ...each, bed, patient: wanted, fromUs: Math.max(fromUs, each.fromUs) },
      toUs: each.toUs === undefined ? undefined : Math.min(toUs, until),
    }));
  return isBed && each.bed === undefined ? [{ ...each, bed: wanted }] : [];
};

/** Stays of each bed, those that touch as one. */
const spansOf = (stays: readonly Stay[]): readonly Stay[] => {
  const spans: Stay[] = [];
  for (const stay of stays.toSorted((a, b) => a.bed.localeCompare(b.bed) || a.fromUs - b.fromUs)) {
    const before = spans.at(-1);
    if (before?.bed === stay.bed && stay.fromUs <= before.toUs + 2 * CLOCKS_APART_US)
      spans[spans.length - 1] = { ...before, toUs: Math.max(before.toUs, stay.toUs) };
    else spans.push(stay);
  }
  return spans;
};

/**
 * Reads who lay where and who was there whole, and what was seen and done at the beds for as long as the patient lay there. Rejects with an
 * Error when the log cannot be read.
 */
export const whoSaw = async (
  log: EventLog,
  { wanted, fromUs, toUs, nowUs }: WhoSawAsked,
): Promise<readonly Sight[]> => {
  const needle = Buffer.from(wanted);
  const chains = new Map<string, AuditEntry[]>();
  const seen = new Set<string>();
  const hear = ({ key, topic, partition, offset, value }: LogRecord): void => {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    if (key !== VIGIL_BED && !bytes.includes(needle)) return;
    const place = `${topic}/${partition}/${offset}`;
    const read = decodeAuditEntry(value);
    if (E.isLeft(read) || seen.has(place)) return;
    seen.add(place); // spans of two beds may share a partition
    const chain = chains.get(hex(read.right.chain)) ?? [];
    chains.set(hex(read.right.chain), chain);
    chain.push(read.right);
  };
  const conclude = (): Seen =>
    together(
      [...chains.values()].map((chain) =>
        sightsIn(
          wanted,
          chain.sort((a, b) => a.number - b.number),
          nowUs,
          HEADS_EVERY_US,
        ),
      ),
    );

  await readToNow(log, 'vigil.audit', hear);
  const { stays, isBed } = conclude();
  const asked = isBed ? [{ bed: wanted, fromUs, toUs }] : [];
  const within = stays.filter((stay) => stay.fromUs <= toUs && stay.toUs >= fromUs);
  for (const span of spansOf([...asked, ...within])) {
    const since = Math.max(0, span.fromUs - CLOCKS_APART_US - HEADS_EVERY_US);
    const until = Math.min(span.toUs, nowUs) + CLOCKS_APART_US + HEADS_EVERY_US;
    await readSpan(log, 'vigil.audit-beds', span.bed, moment(since), moment(until), hear);
  }
  const all = conclude();
  return [...all.sights, ...all.unplaced.flatMap((each) => placed(each, wanted, all))]
    .filter((each) => each.fromUs <= toUs && (each.toUs ?? each.fromUs) >= fromUs)
    .sort((a, b) => a.fromUs - b.fromUs);
};
