import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitBeforeAttemptMs } from '../../dashboards/console/src/logic/line/backoff.ts';
import { linkState } from '../../dashboards/console/src/logic/line/link.ts';
import {
  hearServerTime,
  type ServerClock,
  serverTimeAt,
} from '../../dashboards/console/src/logic/line/server-clock.ts';
import { sleptMs } from '../../dashboards/console/src/logic/line/sleep.ts';
import { scoreWords } from '../../dashboards/console/src/logic/numbers/score-words.ts';
import {
  ageText,
  analysisHears,
  countdownText,
  isSilent,
  isStale,
} from '../../dashboards/console/src/logic/time/age.ts';
import { dayText, momentText } from '../../dashboards/console/src/logic/time/clock-text.ts';
import { at, bed, numeric } from './live-ward.ts';

describe('times of day', () => {
  const noon = new Date(2026, 10, 27, 12).getTime() * 1e3;
  it('have their day where it is not today: a history may go back over midnight, and over days', () => {
    const told = [0, -11, -13, -60].map((hours) => momentText(noon + hours * 3_600e6, dayText(noon)));
    expect(told).toEqual(['12:00:00', '01:00:00', 'Thu 26 Nov 23:00:00', 'Wed 25 Nov 00:00:00']);
  });
});

describe('ages', () => {
  it('are said as the ward says them, never younger than they are', () => {
    expect([0, 2.9, 3, 59.9, 60, 3_599, 3_600, 47 * 3_600, 48 * 3_600].map((s) => ageText(s * 1e6))).toEqual([
      'now',
      'now',
      '3 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '47 h',
      '2 d',
    ]);
  });
  it('count down to 0:00 and not beyond', () => {
    expect([119.2, 60, 6.1, 0, -5].map((s) => countdownText(s * 1e6))).toEqual([
      '2:00',
      '1:00',
      '0:07',
      '0:00',
      '0:00',
    ]);
  });
  it('take a value from the screen at its own limit', () => {
    const heartRate = numeric(147842, 71, { staleAfterUs: 5e6 });
    expect([isStale(heartRate, at(4.999)), isStale(heartRate, at(5))]).toEqual([false, true]);
  });
  it('make a bed silent three seconds after its last frame, and from the start when there was none', () => {
    expect([isSilent(at(0), at(2.9)), isSilent(at(0), at(3)), isSilent(null, at(0))]).toEqual([false, true, true]);
  });
  it('let a score live only while analysis hears the bed and says it again every minute', () => {
    const score = { name: 'NEWS2', value: 7, missing: [], points: {}, response: 'Emergency.', atUs: at(0) };
    const shown = (analysed: number, now: number) => {
      const { value, why, age } = scoreWords(bed('icu-01', { score, analysedUs: at(analysed) }), at(now));
      return `${value ?? '—'} ${why} ${age}`;
    };
    expect(shown(149, 149)).toBe('7  2 min');
    expect(shown(150, 150)).toBe('— too old 2 min');
    expect(shown(10_800, 10_800)).toBe('— too old 3 h');
    expect(shown(0, 10)).toBe('— no analysis 10 s');
    const none = { analysedUs: at(1), score: null };
    expect(scoreWords(none, at(1))).toMatchObject({ value: undefined, why: 'no score yet', age: '' });
    const incomplete = { analysedUs: at(1), score: { ...score, value: null, missing: ['spo2'] } };
    expect(scoreWords(incomplete, at(1))).toMatchObject({ value: undefined, why: 'data missing' });
  });
  it('let rhythm and score live only while analysis hears the bed', () => {
    expect([analysisHears(at(0), at(9.9)), analysisHears(at(0), at(10)), analysisHears(null, at(0))]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the server’s clock', () => {
  const heard = (...frames: readonly (readonly [serverS: number, localS: number])[]): ServerClock =>
    frames.reduce<ServerClock | undefined>(
      (clock, [server, local]) => hearServerTime(clock, at(server), local * 1e6),
      undefined,
    )!;

  it('runs on between frames, so that ages grow while the server is frozen', () => {
    expect(serverTimeAt(heard([0, 100]), 107e6)).toBe(at(7));
  });
  it('is not turned back by frames that were held up on the way, and says how late they were', () => {
    const clock = heard([0, 100], [1, 121]);
    expect(serverTimeAt(clock, 121e6)).toBeGreaterThan(at(20.9));
    expect(clock.behindUs / 1e6).toBeCloseTo(20, 1);
  });
  it('believes a faster frame at once', () => {
    expect(serverTimeAt(heard([0, 100.4], [1, 101]), 101e6)).toBe(at(1));
  });
  it('follows a slow crystal without ever showing time running backwards', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.2, max: 3, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true })), {
          maxLength: 60,
        }),
        (steps) => {
          let local = 1_000;
          let server = 0;
          let clock: ServerClock | undefined;
          let before = Number.NEGATIVE_INFINITY;
          for (const [step, delay] of steps) {
            local += step;
            server += step;
            clock = hearServerTime(clock, at(server - delay), local * 1e6);
            const now = serverTimeAt(clock, local * 1e6);
            expect(now).toBeGreaterThanOrEqual(before);
            expect(now).toBeLessThanOrEqual(at(server) + 1);
            before = now;
          }
        },
      ),
    );
  });
});

describe('the line', () => {
  const heard = { startedMs: 0, lastFrameMs: 1_000, behindUs: 0, refused: false };
  it('is lost three seconds after the newest frame', () => {
    expect([linkState(heard, 3_999).tag, linkState(heard, 4_000).tag]).toEqual(['Live', 'Lost']);
  });
  it('is lost too when Vigil was never heard at all', () => {
    expect(linkState({ ...heard, lastFrameMs: undefined }, 2_000).tag).toBe('Connecting');
    expect(linkState({ ...heard, lastFrameMs: undefined }, 3_000).tag).toBe('Lost');
  });
  it('is not well while it delivers the past', () => {
    expect(linkState({ ...heard, behindUs: 4e6 }, 1_500)).toEqual({ tag: 'Behind', behindUs: 4e6 });
  });
  it('asks for a token rather than knocking for ever', () => {
    expect(linkState({ ...heard, refused: true }, 9_000).tag).toBe('NoEntry');
  });
  it('is knocked at twice a second, never all at once, never without a pause', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, dice) => {
        const wait = waitBeforeAttemptMs(attempt, dice);
        expect(wait).toBeGreaterThanOrEqual(100);
        expect(wait).toBeLessThanOrEqual(500);
      }),
    );
    expect(waitBeforeAttemptMs(9, 0)).not.toBe(waitBeforeAttemptMs(9, 0.9));
  });
});

describe('a machine that slept', () => {
  const slept = (wallS: number, monotonicS: number) =>
    sleptMs({ wallMs: 7e12, monotonicMs: 500 }, { wallMs: 7e12 + wallS * 1e3, monotonicMs: 500 + monotonicS * 1e3 });
  it('is noticed where the monotonic clock stood still, and for how long', () => {
    expect(slept(8 * 3_600, 0.25)).toBe(8 * 3_600_000 - 250);
  });
  it('is not taken for asleep when both clocks go, when its clock is set right a little, or back', () => {
    expect([slept(60, 60), slept(1.9, 0.25), slept(-3_600, 0.25)]).toEqual([0, 0, 0]);
  });
});
