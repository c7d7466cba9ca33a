import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { waveWish } from '../../dashboards/console/src/logic/waves/wave-wish.ts';
import { WATCHED_MOST } from '../../schemas/live.ts';
import { parseConsoleFrame } from '../../services/screens/console-frame.ts';

const beds = (count: number) => Array.from({ length: count }, (_, i) => `bed ${i}`);

describe('the waves that a console asks for', () => {
  it('are one lead of each bed, and everything of the open one', () => {
    expect(waveWish(['a', 'b'], 'b', [1, 2])).toEqual([
      { bed: 'a', codes: [] },
      { bed: 'b', codes: [1, 2] },
    ]);
  });

  it.each([WATCHED_MOST, WATCHED_MOST + 1, 2_000])(
    'are never more than Vigil takes, so that it does not hang up: %d beds',
    (count) => {
      const last = `bed ${count - 1}`;
      const waves = waveWish(beds(count), last, [1]);
      expect(waves.length).toBeLessThanOrEqual(WATCHED_MOST);
      expect(waves[0]).toEqual({ bed: 'bed 0', codes: [] });
      expect(waves.at(-1)).toEqual({ bed: last, codes: [1] });
      expect(E.isRight(parseConsoleFrame(JSON.stringify({ type: 'watch', waves })))).toBe(true);
    },
  );
});
