import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spread } from './order-of-files.ts';

it('every file is taken up once, each kind in its order, and one that waits before every so many that compute', () => {
  expect(spread(['A', 'B', 'C'], ['a', 'b', 'c', 'd', 'e'], 2)).toEqual(['A', 'a', 'b', 'B', 'c', 'd', 'C', 'e']);
  const many = fc.nat({ max: 40 });
  fc.assert(
    fc.property(many, many, fc.integer({ min: 1, max: 10 }), (waits, computes, perWaiting) => {
      const waiting = Array.from({ length: waits }, (_, i) => `waits ${i}`);
      const computing = Array.from({ length: computes }, (_, i) => `computes ${i}`);
      const order = spread(waiting, computing, perWaiting);
      expect(order.filter((name) => name.startsWith('waits'))).toEqual(waiting);
      expect(order.filter((name) => name.startsWith('computes'))).toEqual(computing);
    }),
  );
});
