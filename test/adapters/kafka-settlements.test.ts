import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSettlements } from '../../services/adapters/kafka/kafka-settlements.ts';
import type { Transactions } from '../../services/adapters/kafka/kafka-transactions.ts';
import { record } from '../contracts/event-log-story.ts';

const POSITION_EVERY_MS = 500;
const where = { group: 'vigil-analysis', topic: 'vigil.telemetry', partition: 0 };

/** A log in memory that refuses the stores of these turns. As with Kafka, nothing is written after a refusal. */
const logThatRefuses = (turns: ReadonlySet<number>) => {
  const positions: bigint[] = [];
  let [outputs, turn, isRefused] = [0, 0, false];
  const transactions: Transactions = {
    store: async (records, position) => {
      await Promise.resolve();
      isRefused ||= turns.has(turn++);
      if (isRefused) throw { tag: 'LogUnavailable', retriable: true, sentence: 'Kafka does not answer' };
      outputs += records.length;
      if (position !== undefined) positions.push(position.offset);
    },
    close: async () => undefined,
  };
  return { transactions, positions, outputs: () => outputs };
};

const step = fc.record({
  outputs: fc.constantFrom(0, 0, 0, 1, 2),
  records: fc.integer({ min: 1, max: 5 }),
  passesMs: fc.constantFrom(0, 0, 20, 200, 600),
});

describe('what became of a partition’s batches', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('is stored half a second later, or somebody hears that it could not be', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.uniqueArray(fc.nat(6), { maxLength: 2 }),
        fc.option(fc.bigInt({ min: 0n, max: 50n }), { nil: undefined }),
        async (steps, refused, stored) => {
          const log = logThatRefuses(new Set(refused));
          let heard = 0;
          const settlements = openSettlements({
            ...{ transactions: log.transactions, where, stored, positionEveryMs: POSITION_EVERY_MS },
            onBroken: () => heard++,
          });
          let [next, said] = [stored ?? 0n, 0];
          for (const { outputs, records, passesMs } of steps) {
            const batch = Array.from({ length: outputs }, () => record('bed-1', 'a finding', 'vigil.findings'));
            next += BigInt(records);
            const isSettled = await settlements.settle(batch, next).then(
              () => true,
              () => false,
            );
            // A reader that hears of a refusal begins anew, with other settlements, where these are stored.
            if (!isSettled) {
              expect(log.positions.at(-1) ?? stored).toBe(settlements.stored());
              return;
            }
            said += outputs;
            await vi.advanceTimersByTimeAsync(passesMs);
          }
          await vi.advanceTimersByTimeAsync(POSITION_EVERY_MS);
          expect(log.outputs()).toBe(said);
          expect(log.positions).toEqual(log.positions.toSorted((a, b) => Number(a - b)));
          if (heard === 0) expect([log.positions.at(-1), settlements.stored()]).toEqual([next, next]);
          else expect(log.positions.at(-1) ?? stored).not.toBe(next);
        },
      ),
      { numRuns: 500 },
    );
  });
});
