import { describe, expect, it } from 'vitest';
import { HAND_MS, type Look, wasAnother, withLook } from '../../dashboards/console/src/logic/page/press.ts';

const AT = { x: 50, y: 20 };
const here = { left: 0, top: 0, right: 100, bottom: 40 };
const elsewhere = { left: 0, top: 200, right: 100, bottom: 240 };

/** What stood at the place when, and what stood elsewhere. */
const look = (atMs: number, there: readonly string[], away: readonly string[] = []): Look<string> => ({
  atMs,
  places: [...there.map((button) => ({ button, ...here })), ...away.map((button) => ({ button, ...elsewhere }))],
});

describe('a press', () => {
  it('does not count where another button stood while the hand was on its way', () => {
    expect(wasAnother([look(0, ['icu-01'], ['icu-02']), look(100, ['icu-02'], ['icu-01'])], 'icu-02', AT, 150)).toBe(
      true,
    );
  });

  it('counts once the hand has had its time to see what came', () => {
    expect(wasAnother([look(0, ['icu-01']), look(100, ['icu-02'])], 'icu-02', AT, HAND_MS + 101)).toBe(false);
  });

  it('does not count where the page was too busy to look since the hand was sent, and another button stood there before', () => {
    expect(wasAnother([look(0, ['icu-01'])], 'icu-02', AT, 2 * HAND_MS)).toBe(true);
    const stalled = withLook([look(0, ['icu-01'])], look(2 * HAND_MS, ['icu-02']));
    expect(wasAnother(stalled, 'icu-02', AT, 2 * HAND_MS + 10)).toBe(true);
  });

  it('counts at once where nothing stood before', () => {
    expect(wasAnother([look(0, [], ['icu-02']), look(100, ['icu-02'])], 'icu-02', AT, 150)).toBe(false);
  });

  it('counts where a button that is scrolled out of sight lies at the same place all the time', () => {
    const looks = [0, 100, 200].map((atMs) => look(atMs, ['in sight', 'scrolled away']));
    expect(wasAnother(looks, 'in sight', AT, 250)).toBe(false);
  });
});
