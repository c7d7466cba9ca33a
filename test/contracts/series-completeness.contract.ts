import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { NumericPoint, SeriesStore } from '../../services/ports/series-store.ts';
import { staleAfter } from '../../stream-models/vocabulary/stale-after.ts';
import { right } from '../right.ts';
import { at, BED, nothing, type OpenedStore, point, share } from './series-store.contract.ts';
import { shareOf } from './share-of-minute.ts';

/** The shift begins 20 s into a minute. */
const s = (n: number): Moment => moment(at(-20) + Math.round(n * 1e6));
const MINUTE_S = 60;

/** What every store promises of how complete a minute is. */
export const seriesCompletenessContract = (name: string, open: () => Promise<OpenedStore>, skipped?: string): void => {
  const told = skipped === undefined ? '' : ` (skipped: ${skipped})`;
  describe.skipIf(skipped !== undefined)(`${name} says how complete a minute is${told}`, () => {
    let opened: OpenedStore;
    let store: SeriesStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(async () => {
      await store.close();
      await opened.discard();
    });

    const rolledUp = async (numerics: readonly NumericPoint[], code: number = MDC.ecgHeartRate, bed = BED) => {
      right(await store.write({ ...nothing, numerics })());
      right(await store.rollUp({ from: s(-60), to: s(240), beds: new Set([bed]) })());
      const minutes = right(await store.minutes({ bed, from: s(-60), to: s(240), code })());
      return minutes.map(({ start, count, complete }) => [(start - s(0)) / 60e6, count, complete]);
    };
    const rate = (...seconds: readonly number[]) =>
      seconds.map((n) => point(0, 80, { at: s(n), code: MDC.ecgHeartRate }));
    const each = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

    it('a number a second is a whole minute', async () => {
      expect(await rolledUp(rate(...each(0, 120)))).toEqual([
        [0, 60, 1],
        [1, 60, 1],
      ]);
    });

    it('a gap that is longer than the limit of age is missing, whatever the count says', async () => {
      const twiceASecond = [...each(0, 20), ...each(40, 60)].flatMap((n) => [n, n + 0.5]);
      // Of the gap from 19.5 to 40 the first five seconds still had a number that was not too old.
      expect(await rolledUp(rate(...twiceASecond))).toEqual([[0, 80, share(60 - 15.5)]]);
    });

    it('what begins and ends within a minute is that long', async () => {
      expect(await rolledUp(rate(...each(30, 80)))).toEqual([
        [0, 30, share(30)],
        [1, 20, share(24)],
      ]);
    });

    it('the last number of the minute before reaches over, as long as it may be shown', async () => {
      expect(await rolledUp(rate(58, ...each(70, 120)))).toEqual([
        [0, 1, share(2)],
        [1, 50, share(53)],
      ]);
    });

    it('each signal is judged by its own limit, and one without a limit by the usual', async () => {
      const every = (code: number) => each(0, 5).map((i) => point(0, 1, { at: s(i * 12), code }));
      for (const [code, there] of [
        [MDC.ecgHeartRate, 25],
        [MDC.spo2, 50],
        [MDC.respRate, 60],
        [999_999, 50],
      ] as const)
        expect(await rolledUp(every(code), code), `code ${code}`).toEqual([[0, 5, share(there)]]);
    });

    it('of a signal that may come every quarter of an hour a minute with a number is whole', async () => {
      const cuff = [10, 130].map((n) => point(0, 90, { at: s(n), code: MDC.nibpMean }));
      expect(await rolledUp(cuff, MDC.nibpMean)).toEqual([
        [0, 1, 1],
        [2, 1, 1],
      ]);
    });

    it('of two devices the more complete one counts', async () => {
      const other = each(0, 60).map((n) => point(0, 81, { at: s(n), device: 2, source: 'monitor-2' }));
      expect(await rolledUp([...rate(...each(0, 10)), ...other])).toEqual([[0, 70, 1]]);
    });

    it('a number that comes late mends it', async () => {
      expect(await rolledUp(rate(...each(0, 30), ...each(45, 60)))).toEqual([[0, 45, share(49)]]);
      expect(await rolledUp(rate(37))).toEqual([[0, 46, share(54)]]);
    });

    it('two readers that roll up a bed at once leave what was counted last', async () => {
      for (const bed of each(0, 6).map((n) => `in-turn-${n}`)) {
        const numbers = rate(...each(0, 60)).map((each) => ({ ...each, bed }));
        // Ten minutes of forty signals with gaps take longer to roll up than the one that both want.
        const others = each(1, 41).flatMap((code) =>
          each(-54, 6).map((n) => point(0, 1, { at: s(10 * n), bed, code: 900_000 + code })),
        );
        right(await store.write({ ...nothing, numerics: [...others, ...numbers.slice(0, 57)] })());
        const early = store.rollUp({ from: s(-540), to: s(60), beds: new Set([bed]) })();
        right(await store.write({ ...nothing, numerics: numbers.slice(57) })());
        const late = store.rollUp({ from: s(0), to: s(60), beds: new Set([bed]) })();
        right(await early);
        right(await late);
        const counted = right(await store.minutes({ bed, from: s(0), to: s(60), code: MDC.ecgHeartRate })());
        expect(counted.map(({ count }) => count)).toEqual([60]);
      }
    });

    it('is what one finds by looking from number to number, whatever the numbers', async () => {
      let ward = 0;
      const tenths = fc.uniqueArray(fc.integer({ min: -600, max: 2399 }), { minLength: 1, maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(tenths, fc.constantFrom(MDC.ecgHeartRate, MDC.spo2, MDC.respRate), async (found, code) => {
          const bed = `bed-${ward++}`;
          const numbers = found.toSorted((a, b) => a - b).map((n) => n / 10);
          const limit = staleAfter(code) / 1e6;
          const minutes = await rolledUp(
            numbers.map((n) => point(0, 1, { at: s(n), code, bed })),
            code,
            bed,
          );
          for (const [minute, , complete] of minutes as [number, number, number][])
            expect(complete, `minute ${minute} of ${numbers}`).toBeCloseTo(shareOf(numbers, minute, limit), 9);
          expect(minutes.map(([minute]) => minute)).toEqual([...new Set(numbers.map((n) => Math.floor(n / MINUTE_S)))]);
        }),
        { numRuns: 12 },
      );
    });
  });
};
