/** Whether the audit is as it was written: what was changed, taken out or moved is named by its place. */
import * as E from 'fp-ts/lib/Either.js';
import { decodeAuditEntry } from '../../schemas/messages.ts';
import type { LogRecord } from '../ports/event-log.ts';
import { GENESIS, hex, sha256 } from './chain.ts';
import { type ChainSeen, type EntrySeen, makeChainSeen } from './chain-seen.ts';
import { markOf, markOfHex } from './mark.ts';
import { topicOf } from './topic-of.ts';
import { type Anchor, type AuditVerdict, type LogBounds, laneOf, makeFaults, placeOf } from './verdict.ts';

interface Claim extends Anchor {
  readonly by: string;
}

/** A chain that goes on writes every hour: what went for its age ends no later than this behind the rest. */
const HOURLY_US = 2 * 3_600e6;
const FROM_GENESIS = markOf(GENESIS);

const are = (from: number, to: number): string => (from === to ? `entry ${from} is` : `entries ${from} to ${to} are`);

/** Hears every record of the audit, each partition in its order, then concludes. */
export const makeVerifier = ({ keptUs, nowUs, ends }: LogBounds) => {
  const chains = new Map<string, ChainSeen>();
  const lanes: string[] = [];
  const firsts = new Map<string, LogRecord>();
  const lasts = new Map<string, LogRecord>();
  const faults = makeFaults();
  const claims: Claim[] = [];
  let entries = 0;

  const fault = (chain: string, number: number | undefined, entry: EntrySeen | undefined, sentence: string): void => {
    const place = entry === undefined ? '' : `${lanes[entry.lane]}/${entry.offset}`;
    faults.add({ place, atUs: entry?.atUs ?? Number.POSITIVE_INFINITY, chain, number, sentence });
  };
  const faultAt = (record: LogRecord, sentence: string): void =>
    faults.add({ place: placeOf(record), atUs: record.appendedAt, chain: '', number: undefined, sentence });

  const laneIndex = (record: LogRecord): number => {
    const lane = laneOf(record);
    if (!firsts.has(lane)) {
      firsts.set(lane, record);
      lanes.push(lane);
    }
    lasts.set(lane, record);
    return lanes.indexOf(lane);
  };

  const hear = (record: LogRecord): void => {
    entries += 1;
    const lane = laneIndex(record);
    const read = decodeAuditEntry(record.value);
    if (E.isLeft(read)) {
      faultAt(record, 'it cannot be read: it was changed, or put in');
      return;
    }
    const { number, before, event } = read.right;
    const id = hex(read.right.chain);
    const chain = chains.get(id) ?? makeChainSeen(id);
    chains.set(id, chain);
    const own = { mark: markOf(sha256(record.value)), before: markOf(before), number };
    const entry = { ...own, lane, offset: Number(record.offset), atUs: record.appendedAt };
    const last = chain.lastIn(lane);
    if (last !== undefined && number <= last.number && !(number === last.number && own.mark === last.mark))
      fault(id, last.number, last, `entry ${number} stands behind it: one of the two was moved or put in`);
    if (record.topic !== topicOf(event.case)) fault(id, number, entry, 'it lies on the wrong topic: it was moved');
    chain.put(entry);
    if (event.case === 'ended') chain.end(number);
    if (event.case !== 'heads') return;
    for (const head of event.value.heads)
      claims.push({ ...head, chain: hex(head.chain), sha256: hex(head.sha256), by: `chain ${id}` });
  };

  const isTrimmed = (): boolean => [...firsts.values()].some(({ offset }) => offset > 0n);
  /** What the log took then may have gone for its age. */
  const isOld = (atUs: number): boolean => isTrimmed() && atUs <= nowUs - keptUs + HOURLY_US;
  /** Whether what lay between these two of a chain, or before its first, may have. */
  const mayBeGone = (before: EntrySeen | undefined, after: EntrySeen): boolean => {
    if (before !== undefined) return isOld(before.atUs);
    const oldest = firsts.get('vigil.audit/0')?.appendedAt ?? after.atUs;
    return isOld(after.atUs) && after.atUs <= oldest + HOURLY_US;
  };

  const bounds = (): void => {
    const first = firsts.get('vigil.audit/0');
    if (first !== undefined && first.offset > 0n && !isOld(first.appendedAt))
      faultAt(
        first,
        'what was before it is gone, and was not old enough to be let go: taken out, or kept for a shorter time than is set now',
      );
    for (const [lane, end] of ends ?? []) {
      const last = lasts.get(lane);
      const after = last === undefined ? 0n : last.offset + 1n;
      if (after >= end || (last === undefined && isTrimmed())) continue;
      const sentence = `${end - after} records are not there that the log had taken: its end was taken away`;
      faults.add({
        place: `${lane}/${after}`,
        atUs: last?.appendedAt ?? Number.POSITIVE_INFINITY,
        chain: '',
        number: undefined,
        sentence,
      });
    }
  };

  /** An entry does not follow from the one before it. Which of the two was changed is told by the one behind both. */
  const broken = (id: string, before: EntrySeen | undefined, entry: EntrySeen, next: EntrySeen | undefined): void => {
    const isAttested = next?.number === entry.number + 1 && next.before === entry.mark;
    if (before === undefined) fault(id, entry.number, entry, 'it does not stand on the genesis: it was changed');
    else if (isAttested || next === undefined)
      fault(
        id,
        before.number,
        before,
        `entry ${entry.number} does not follow from it: it was changed${isAttested ? '' : ', or what that one says of it'}`,
      );
    else fault(id, entry.number, entry, `it does not follow from entry ${before.number}: it was changed`);
  };

  /** Walks a chain by its numbers. Answers whether something of it went for its age. */
  const walk = (chain: ChainSeen): boolean => {
    const { id } = chain;
    let before: EntrySeen | undefined;
    let doubt: readonly [EntrySeen | undefined, EntrySeen] | undefined;
    let isCut = false;
    for (const entry of chain.inOrder()) {
      const due = before === undefined ? 0 : before.number + 1;
      if (before !== undefined && entry.number === before.number) {
        // An answer that was lost on the way: the same bytes are there twice, and say nothing new.
        if (entry.mark !== before.mark)
          fault(id, entry.number, entry, 'there is another with its number: one of the two was changed or put in');
        continue;
      }
      if (doubt !== undefined) broken(id, ...doubt, entry);
      doubt = undefined;
      if (entry.number > due) {
        if (mayBeGone(before, entry)) isCut = true;
        else
          fault(
            id,
            due,
            entry,
            `${are(due, entry.number - 1)} not before it, and younger than what is let go: taken out`,
          );
      } else if (entry.before !== (before?.mark ?? FROM_GENESIS)) doubt = [before, entry];
      const end = chain.endsWith();
      if (end !== undefined && entry.number > end)
        fault(id, entry.number, entry, `it stands behind the last word of its chain, ${end}: it was put in`);
      before = entry;
    }
    if (doubt !== undefined) broken(id, ...doubt, undefined);
    return isCut;
  };

  const hold = (told: readonly Claim[]): void => {
    for (const [id, all] of Map.groupBy(told, ({ chain }) => chain)) {
      const wanted = Map.groupBy(all, ({ number }) => number);
      let last: EntrySeen | undefined;
      for (const entry of chains.get(id)?.inOrder() ?? []) {
        last = entry;
        const other = wanted.get(entry.number)?.find((claim) => entry.mark !== markOfHex(claim.sha256));
        wanted.delete(entry.number);
        if (other !== undefined)
          fault(id, entry.number, entry, `it is not the one that ${other.by} tells of: it was changed`);
      }
      for (const { number, by, atUs } of [...wanted.values()].map((claims) => claims[0]!)) {
        if (isOld(atUs ?? 0)) continue;
        if (last === undefined)
          fault(
            id,
            number,
            undefined,
            `${by} tells of this chain up to entry ${number}, and nothing of it is there: taken out`,
          );
        else if (number > last.number)
          fault(
            id,
            number,
            last,
            `${by} tells of entry ${number}, and the chain ends with ${last.number}: its end was taken away`,
          );
      }
    }
  };

  return {
    hear,
    /** `anchors`: heads as the journals of Vigil have them. */
    conclude: (anchors: readonly Anchor[] = []): AuditVerdict => {
      bounds();
      const all = [...chains.values()];
      const cut = all.filter(walk).length;
      const told = [...claims, ...anchors.map((anchor) => ({ ...anchor, by: 'the journal' }))];
      hold(told);
      const open = all.filter((chain) => chain.endsWith() === undefined).length;
      return { entries, chains: all.length, open, cut, anchors: told.length, faults: faults.all() };
    },
  };
};
