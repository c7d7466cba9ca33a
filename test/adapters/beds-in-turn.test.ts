import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bedsInTurn } from '../../services/adapters/influx/beds-in-turn.ts';

/** Some beds, or all of them. */
const whose = fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }), { nil: undefined });

describe('work of beds in turn', () => {
  it('never overlaps at a bed, keeps the order in which it was asked for, and goes on after a failure', async () => {
    const asked = fc.array(fc.tuple(whose, fc.boolean()), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), asked, async (scheduler, works) => {
        const inTurn = bedsInTurn();
        const busy = new Map<string, number>();
        const done = new Map<string, number[]>();
        const results = works.map(([beds, fails], number) => {
          const own = beds ?? ['a', 'b', 'c'];
          return inTurn(beds && new Set(beds), async () => {
            for (const bed of own) busy.set(bed, (busy.get(bed) ?? 0) + 1);
            expect(own.map((bed) => busy.get(bed))).toEqual(own.map(() => 1));
            await scheduler.schedule(Promise.resolve());
            for (const bed of own) {
              busy.set(bed, 0);
              done.set(bed, [...(done.get(bed) ?? []), number]);
            }
            if (fails) throw new Error('out of order');
            return number;
          });
        });
        const settled = Promise.allSettled(results);
        await scheduler.waitFor(settled);
        for (const [number, result] of (await settled).entries())
          expect(result.status).toBe(works[number]![1] ? 'rejected' : 'fulfilled');
        for (const numbers of done.values()) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }),
    );
  });

  it('of one bed does not wait for another’s', async () => {
    const inTurn = bedsInTurn();
    const never = inTurn(new Set(['a']), () => new Promise(() => undefined));
    expect(await Promise.race([never, inTurn(new Set(['b']), async () => 'b')])).toBe('b');
  });
});
