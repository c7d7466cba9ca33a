import type { NewRecord } from '../../ports/event-log.ts';
import type { GroupPosition, Transactions } from './kafka-transactions.ts';

/** What became of a partition's batches: their outputs, and the position up to which they are answered. */
export interface Settlements {
  /** The position on the log, undefined if there is none. */
  readonly stored: () => bigint | undefined;
  /** A batch that ends before `next` was answered. Rejects with a LogError; then only `close` is left. */
  readonly settle: (outputs: readonly NewRecord[], next: bigint) => Promise<void>;
  /** Stores what is left to store, if that is still possible. */
  readonly close: () => Promise<void>;
}

export interface SettlementsOf {
  readonly transactions: Transactions;
  readonly where: Omit<GroupPosition, 'offset'>;
  readonly stored: bigint | undefined;
  /** So long a position that has no outputs with it may wait for company: alone it costs a transaction like any other. */
  readonly positionEveryMs: number;
  /** A position that waited could not be stored, and nobody waits for it: only `close` is left. */
  readonly onBroken: (cause: unknown) => void;
}

/** The settlements of one partition while it is owned. */
export const openSettlements = (settings: SettlementsOf): Settlements => {
  const { transactions, where, positionEveryMs, onBroken } = settings;
  let { stored } = settings;
  let reached = stored;
  let storedAtMs = Number.NEGATIVE_INFINITY;
  let broken: { readonly cause: unknown } | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** A producer has one transaction at a time. */
  let turn: Promise<void> = Promise.resolve();

  const store = async (outputs: readonly NewRecord[]): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (broken !== undefined) throw broken.cause;
    const offset = reached;
    // A silent replay reads again what is settled: the position never goes back.
    const moves = offset !== undefined && (stored === undefined || offset > stored);
    if (!moves && outputs.length === 0) return;
    try {
      await transactions.store(outputs, moves ? { ...where, offset } : undefined);
    } catch (cause) {
      broken = { cause };
      throw cause;
    }
    if (moves) stored = offset;
    storedAtMs = performance.now();
  };
  const inTurn = (outputs: readonly NewRecord[]): Promise<void> => {
    const work = turn.then(() => store(outputs));
    turn = work.catch(() => undefined); // whoever settles next hears of it
    return work;
  };

  return {
    stored: () => stored,
    settle: async (outputs, next) => {
      if (reached === undefined || next > reached) reached = next;
      const waitMs = storedAtMs + positionEveryMs - performance.now();
      if (broken !== undefined || outputs.length > 0 || stored === undefined || waitMs <= 0) return inTurn(outputs);
      timer ??= setTimeout(() => void inTurn([]).catch(onBroken), waitMs);
    },
    close: async () => {
      await inTurn([]).catch(() => undefined); // somebody else has the partition, or the log is away: it is answered again
      await transactions.close();
    },
  };
};
