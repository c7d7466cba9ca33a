import { expect, it } from 'vitest';
import { PRIVATE } from '../../schemas/codes.ts';
import { rhythmsOf } from '../../services/review/marks.ts';
import { at } from '../recorder/ward.ts';

it('rhythms make none of a hole in which nobody heard the bed', () => {
  const marks = [0, 10, 20, 200, 210].map((s) => ({ code: PRIVATE.rhythm, at: at(s), value: 4 }));
  expect(rhythmsOf(marks).map(({ fromUs, toUs }) => [(fromUs - at(0)) / 1e6, (toUs - at(0)) / 1e6])).toEqual([
    [0, 20],
    [200, 210],
  ]);
});
