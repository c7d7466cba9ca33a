/** What a fetch of `read_committed` says of one record, as far as its transaction matters. */
export interface FetchedRecord {
  readonly offset: string;
  readonly key: Uint8Array | null;
  /** Written by the broker: the marker that ends a transaction. */
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}

/** A transaction that was aborted: whose it was, and the offset of its first record in this partition. */
export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/** A marker's key: two bytes of version, two of type (0 abort, 1 commit). KIP-98, "Control Messages". */
const ABORT = 0;

const isAbortMarker = ({ key, isControlRecord }: FetchedRecord): boolean =>
  isControlRecord && key !== null && key.length >= 4 && key[2]! * 256 + key[3]! === ABORT;

/**
 * The records of one fetch without those of aborted transactions; markers stay, for the reader's position.
 *
 * The broker lists aborted transactions in the order in which they ended. A reader must go by where they begin (Kafka's own
 * consumer keeps them in a queue by first offset): a long transaction otherwise hides behind a short one that ended sooner, and
 * its records pass as if they had been committed.
 *
 * @param messages in the order of their offsets
 */
export const withoutAborted = <A extends FetchedRecord>(fetched: {
  readonly messages: readonly A[];
  readonly abortedTransactions?: readonly AbortedTransaction[] | null;
}): readonly A[] => {
  const { messages, abortedTransactions } = fetched;
  if (!abortedTransactions || abortedTransactions.length === 0) return messages;
  const coming = abortedTransactions
    .map(({ producerId, firstOffset }) => ({ producerId, first: BigInt(firstOffset) }))
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const begun = new Set<string>();
  let next = 0;
  return messages.filter((message) => {
    const offset = BigInt(message.offset);
    while (next < coming.length && coming[next]!.first <= offset) begun.add(coming[next++]!.producerId);
    const { producerId, inTransaction } = message.batchContext;
    if (isAbortMarker(message)) begun.delete(producerId);
    return message.isControlRecord || !inTransaction || !begun.has(producerId);
  });
};
