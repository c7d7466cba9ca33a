import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AbortedTransaction,
  type FetchedRecord,
  withoutAborted,
} from '../../services/adapters/kafka/aborted-transactions.ts';

/** One thing that a writer does: it writes (and begins a transaction if it has none), or ends what it has begun. */
const act = fc.record({
  writer: fc.integer({ min: 0, max: 3 }),
  does: fc.constantFrom('write', 'write', 'commit', 'abort', 'write outside'),
});

interface Wrote extends FetchedRecord {
  readonly transaction: number;
}

/** A partition as a broker keeps it: its records with their markers, and the aborted transactions in the order of their ends. */
const partitionOf = (acts: readonly { readonly writer: number; readonly does: string }[]) => {
  const records: Wrote[] = [];
  const aborted: (AbortedTransaction & { readonly last: number; readonly transaction: number })[] = [];
  const open = new Map<number, { readonly first: number; readonly transaction: number }>();
  const add = (writer: number, transaction: number, marker?: number): void => {
    records.push({
      offset: String(records.length),
      key: marker === undefined ? new TextEncoder().encode('bed-1') : Uint8Array.of(0, 0, 0, marker),
      isControlRecord: marker !== undefined,
      batchContext: { producerId: String(writer), inTransaction: transaction >= 0 },
      transaction,
    });
  };
  const end = (writer: number, does: 'commit' | 'abort'): void => {
    const ends = open.get(writer);
    if (ends === undefined) return;
    const { first, transaction } = ends;
    if (does === 'abort')
      aborted.push({ producerId: String(writer), firstOffset: String(first), last: records.length, transaction });
    add(writer, transaction, does === 'abort' ? 0 : 1);
    open.delete(writer);
  };
  for (const { writer, does } of acts) {
    if (does === 'commit' || does === 'abort') end(writer, does);
    else if (does === 'write') {
      if (!open.has(writer)) open.set(writer, { first: records.length, transaction: records.length });
      add(writer, open.get(writer)!.transaction);
    } else if (!open.has(writer)) add(writer, -1);
  }
  // What is open yet is beyond the last stable offset: no fetch of read_committed shows it or what follows it.
  const stable = Math.min(records.length, ...[...open.values()].map(({ first }) => first));
  return { records: records.slice(0, stable), aborted: aborted.filter(({ last }) => last < stable) };
};

describe('the filter of aborted transactions', () => {
  it('lets pass what was committed and nothing else, wherever the fetch begins and ends', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), fc.nat(60), fc.nat(60), (acts, from, length) => {
        const { records, aborted } = partitionOf(acts);
        const messages = records.slice(from, from + length + 1);
        if (messages.length === 0) return;
        const upTo = Number(messages.at(-1)!.offset);
        const abortedTransactions = aborted.filter(
          ({ firstOffset, last }) => last >= from && Number(firstOffset) <= upTo,
        );
        const never = new Set(aborted.map(({ transaction }) => transaction));
        const wanted = messages.filter((message) => message.isControlRecord || !never.has(message.transaction));
        expect(withoutAborted({ messages, abortedTransactions })).toEqual(wanted);
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows a marker by what the broker says, not by a key that looks like one', () => {
    const looksLikeOne: FetchedRecord = {
      ...{ offset: '1', key: Uint8Array.of(0, 0, 0, 0), isControlRecord: false },
      batchContext: { producerId: '7', inTransaction: true },
    };
    const messages = [
      { ...looksLikeOne, offset: '0' },
      { ...looksLikeOne, key: null },
    ];
    expect(withoutAborted({ messages, abortedTransactions: [{ producerId: '7', firstOffset: '0' }] })).toEqual([]);
  });
});
