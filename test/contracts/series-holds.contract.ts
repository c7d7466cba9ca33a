import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { type Moment, moment, seconds } from '../../schemas/units.ts';
import type { Hold } from '../../services/ports/holds.ts';
import type { SeriesStore, SeriesWrite } from '../../services/ports/series-store.ts';
import { right } from '../right.ts';
import {
  at,
  BED,
  beat,
  block,
  KEPT_DAYS,
  nothing,
  type OpenedStore,
  placed,
  point,
  transition,
} from './series-store.contract.ts';

const NEIGHBOUR = 'icu-05';
const HOUR_S = 3_600;
const s = (n: number): Moment => moment(at(-20) + n * 1e6);

const holdOf = (id: string, more: Partial<Hold> = {}): Hold => ({
  ...{ id, bed: BED, from: s(0), to: s(HOUR_S), reason: 'court, file 12/34', by: 'M. Weber', at: s(1e6) },
  ...more,
});
const released = { at: s(2e6), by: 'A. Klein', reason: 'the case is closed' };

/** Everything that a bed has of ten minutes, long ago. */
const everythingOf = (bed: string, from = 0): SeriesWrite => ({
  numerics: Array.from({ length: 600 }, (_, i) => point(0, 60 + (i % 9), { bed, at: s(from + i) })),
  findings: [1, 2, 300].map((n) => ({ bed, finding: beat(from + n) })),
  alarms: placed(
    [3, 400].map((n) => ({ ...transition(from + n, 'vt', SignalState.OFF, SignalState.ON), bed })),
    from,
  ),
  strips: [0, 1, 2].map((n) => block(from + n, Int16Array.of(1, 2, 3), { bed })),
  engine: [{ process: bed, metric: 'vigil_frames_total', label: '', at: s(from), value: 1 }],
});

/** What every store promises of holds and of the purge. */
export const seriesHoldsContract = (name: string, open: () => Promise<OpenedStore>, skipped?: string): void => {
  const told = skipped === undefined ? '' : ` (skipped: ${skipped})`;
  describe.skipIf(skipped !== undefined)(`${name} holds what must not go${told}`, () => {
    let opened: OpenedStore;
    let store: SeriesStore;
    let daysAreSet: boolean;
    beforeEach(async () => {
      daysAreSet = false;
      opened = await open();
      store = opened.store;
    });
    afterEach(async () => {
      await store.close();
      await opened.discard();
    });

    const write = async (...what: readonly SeriesWrite[]): Promise<void> => {
      for (const each of what) right(await store.write(each)());
      // Time is counted from the newest, or from the server's clock: something of today is there.
      const today = moment(Math.floor(Date.now() / 60e3) * 60e6);
      const numerics = [point(0, 1, { bed: 'icu-09', at: today })];
      const alarm = { ...transition(0, 'vt', SignalState.OFF, SignalState.ON), bed: 'icu-09', atUs: today };
      const finding = { ...beat(0), atUs: today };
      const strips = [block(0, Int16Array.of(1), { bed: 'icu-09', start: today })];
      const engine = [{ process: 'front', metric: 'vigil_frames_total', label: '', at: today, value: 1 }];
      right(
        await store.write({
          ...{ ...nothing, numerics, strips, engine, alarms: placed([alarm]) },
          findings: [{ bed: 'icu-09', finding }],
        })(),
      );
      right(await store.rollUp({ from: s(0), to: s(2 * HOUR_S) })());
      right(await store.rollUp({ from: today, to: moment(today + seconds(60)) })());
    };
    const read = async (bed: string, from = s(-1e6), to = s(1e6)) => {
      const range = { bed, from, to };
      return {
        numbers: right(await store.numerics({ ...range, code: 147842 })()),
        buckets: right(await store.buckets({ ...range, code: 147842, width: seconds(10 * HOUR_S) })()),
        minutes: right(await store.minutes({ ...range, code: 147842 })()),
        findings: right(await store.findings(range)()),
        alarms: right(await store.alarms(range)()),
        waves: right(await store.waves(range)()),
      };
    };
    const countsOf = async (bed: string, from = s(-1e6), to = s(1e6)) => {
      const { numbers, minutes, findings, alarms, waves } = await read(bed, from, to);
      return [numbers, minutes, findings, alarms, waves].map((each) => each.length);
    };
    const ALL = [600, 10, 3, 2, 3];
    const NONE = [0, 0, 0, 0, 0];
    const place = async (hold: Hold): Promise<void> => void right(await store.hold(hold)());
    const purge = async () => {
      if (!daysAreSet) await opened.keepDays();
      daysAreSet = true;
      return right(await store.purge()());
    };

    it('a held bed survives the purge, its neighbour does not', async () => {
      await write(everythingOf(BED), everythingOf(NEIGHBOUR));
      await place(holdOf('a'));
      const before = await read(BED);
      expect([await countsOf(BED), await countsOf(NEIGHBOUR)]).toEqual([ALL, ALL]);
      await purge();
      expect([await countsOf(BED), await countsOf(NEIGHBOUR)]).toEqual([ALL, NONE]);
      // What Vigil says of itself is of no bed.
      expect(right(await store.engine({ metric: 'vigil_frames_total', from: s(-1), to: s(1) })())).toEqual([]);
      // The same reads, and nothing twice.
      expect(await read(BED)).toEqual(before);
      expect(await countsOf('icu-09', moment(0), moment(9e15))).toEqual([1, 1, 1, 1, 1]);
    });

    it('a hold keeps its span, and of its bed nothing else', async () => {
      const day = 24 * HOUR_S;
      await write(everythingOf(BED, -day), everythingOf(BED), everythingOf(BED, day));
      await place(holdOf('a'));
      await purge();
      expect(await countsOf(BED, s(-2 * day), s(-HOUR_S))).toEqual(NONE);
      expect(await countsOf(BED, s(-HOUR_S), s(HOUR_S))).toEqual(ALL);
      expect(await countsOf(BED, s(HOUR_S), s(2 * day))).toEqual(NONE);
    });

    it('a hold that is placed before its span is over keeps what comes later in it', async () => {
      const open: Hold = { id: 'a', bed: BED, from: s(0), reason: 'study', by: 'M. Weber', at: s(5) };
      await place(open);
      await write(everythingOf(BED), everythingOf(NEIGHBOUR));
      await purge();
      expect([await countsOf(BED), await countsOf(NEIGHBOUR)]).toEqual([ALL, NONE]);
      await opened.store.close();
      store = await opened.another();
      await write(everythingOf(BED, HOUR_S), everythingOf(NEIGHBOUR, HOUR_S));
      await purge();
      expect(await countsOf(BED, s(HOUR_S), s(2 * HOUR_S))).toEqual(ALL);
    });

    it('the purge after a release takes what no other hold has', async () => {
      await write(everythingOf(BED), everythingOf(BED, HOUR_S), everythingOf(NEIGHBOUR));
      await place(holdOf('a', { to: s(2 * HOUR_S) }));
      await place(holdOf('b', { from: s(HOUR_S), to: s(2 * HOUR_S) }));
      await place(holdOf('c', { bed: NEIGHBOUR }));
      await purge();
      expect(right(await store.release('a', released)())).toEqual({ ...holdOf('a', { to: s(2 * HOUR_S) }), released });
      expect(await countsOf(BED, s(0), s(HOUR_S))).toEqual(ALL);
      await purge();
      // Ten minutes before the span of the other hold stay as well: what reaches into it begins there.
      expect(await countsOf(BED, s(0), s(HOUR_S - 600))).toEqual(NONE);
      expect(await countsOf(BED, s(HOUR_S), s(2 * HOUR_S))).toEqual(ALL);
      expect(await countsOf(NEIGHBOUR)).toEqual(ALL);
      for (const id of ['b', 'c']) right(await store.release(id, released)());
      await purge();
      expect([await countsOf(BED), await countsOf(NEIGHBOUR)]).toEqual([NONE, NONE]);
      expect(await countsOf('icu-09', moment(0), moment(9e15))).toEqual([1, 1, 1, 1, 1]);
    });

    it('who placed and who released a hold, when and why, is remembered', async () => {
      const holds = [
        holdOf('b', { reason: 'Say "no", 100 % \\ sure, O’Neill' }),
        holdOf('a', { bed: 'a "bed" \\ of, odd=names', at: s(1e6 + 1) }),
      ];
      for (const hold of holds) await place(hold);
      right(await store.release('a', released)());
      await store.close();
      store = await opened.another();
      expect(right(await store.holds()())).toEqual([holds[0], { ...holds[1], released }]);
      await purge();
      expect(right(await store.holds()())).toEqual([holds[0], { ...holds[1], released }]);
    });

    it('a hold that is placed twice is one, and one that does not stand is not released', async () => {
      await place(holdOf('a'));
      await place(holdOf('a'));
      expect(right(await store.holds()())).toEqual([holdOf('a')]);
      expect(right(await store.release('b', released)())).toBeUndefined();
      expect(right(await store.release('a', released)())).toEqual({ ...holdOf('a'), released });
      expect(right(await store.release('a', { ...released, by: 'another' })())).toBeUndefined();
      await place(holdOf('a'));
      expect(right(await store.holds()())).toEqual([{ ...holdOf('a'), released }]);
    });

    it('the purge says of each kind until when it let go, and which holds stand', async () => {
      await write(everythingOf(BED), everythingOf(NEIGHBOUR));
      await place(holdOf('a'));
      const { purged, holds } = await purge();
      const days = (until: Moment): number => (Date.now() * 1e3 - until) / 86_400e6;
      expect(purged.length).toBeGreaterThanOrEqual(3);
      for (const { what, until } of purged) {
        expect(days(until), what).toBeGreaterThanOrEqual(KEPT_DAYS);
        expect(days(until), what).toBeLessThanOrEqual(KEPT_DAYS + 1);
      }
      expect(holds).toEqual([holdOf('a')]);
    });

    it('a store without anything has nothing to purge', async () => {
      expect(right(await store.purge()())).toEqual({ purged: [], changed: [], holds: [] });
    });

    it('says that a hold was not placed while it is unavailable', async () => {
      const giveBack = await opened.takeAway();
      const failed = await store.hold(holdOf('a'))();
      await giveBack();
      expect(failed).toMatchObject(E.left({ tag: 'StoreUnavailable', retriable: true }));
      await place(holdOf('a'));
      expect(right(await store.holds()())).toEqual([holdOf('a')]);
    });
  });
};
