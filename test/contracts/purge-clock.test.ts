/** A clock that leaps must not make all that is kept too old; a machine that was off for long must still purge. */
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { moment } from '../../schemas/units.ts';
import { openLogFile } from '../../services/adapters/embedded/log-thread-file.ts';
import { extentOf, putRecords } from '../../services/adapters/embedded/log-thread-lanes.ts';
import { packNew } from '../../services/adapters/embedded/log-thread-messages.ts';
import { tidyStep } from '../../services/adapters/embedded/log-thread-retention.ts';
import { doubtSentence, nextPurgeClock, type PurgeClock } from '../../services/adapters/embedded/purge-clock.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import { temporaryFolder } from '../recordings/made-record.ts';
import { record } from './event-log-story.ts';

const HOUR_US = 3_600e6;
const DAY_US = 24 * HOUR_US;
const NOW = 1_800_000_000e6;
const believing = (atUs: number): PurgeClock => ({ roundUs: atUs, atUs, doubtedSinceUs: undefined });
/** The clock after rounds at these times of the machine's. */
const rounds = (from: number, ...nowUs: readonly number[]): PurgeClock => nowUs.reduce(nextPurgeClock, believing(from));
const every = (stepUs: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / stepUs) + 1 }, (_, i) => from + i * stepUs);

describe('the clock of the purge', () => {
  it('is the machine’s as long as Vigil runs, also after a night off and a small step back', () => {
    const clocks = [NOW + 10e6, NOW + 20 * HOUR_US, NOW + 19 * HOUR_US];
    expect(rounds(NOW, ...clocks)).toEqual(believing(clocks.at(-1)!));
  });

  it('goes on from where it stood in 2099, says so, and is right again when the clock is', () => {
    const leap = NOW + 73 * 365 * DAY_US;
    const wrong = rounds(NOW, leap, leap + HOUR_US, leap + 2 * HOUR_US);
    expect(wrong).toEqual({ roundUs: leap + 2 * HOUR_US, atUs: NOW + 2 * HOUR_US, doubtedSinceUs: NOW });
    expect(doubtSentence('/d/log.db', wrong)).toBe(
      'the clock is 26645 days ahead of when /d/log.db was last tidied: Vigil was away that long, or the clock is wrong. What these days alone would make too old is kept until 2100-01-04T08:00Z by this clock; if it is wrong, set it right (NTP) before',
    );
    const mended = nextPurgeClock(wrong, NOW + 2 * HOUR_US + 5e6);
    expect(mended).toEqual(believing(NOW + 2 * HOUR_US + 5e6));
    expect(doubtSentence('/d/log.db', mended)).toBeUndefined();
  });

  it('follows after a week that Vigil was off when it has run for a week, and after three days off when for three', () => {
    for (const [off, waits] of [
      [3, 3],
      [7, 7],
      [300, 7],
    ] as const) {
      const back = NOW + off * DAY_US;
      const running = every(HOUR_US, back, back + waits * DAY_US);
      expect(rounds(NOW, ...running.slice(0, -1)).atUs).toBeLessThan(NOW + waits * DAY_US);
      expect(rounds(NOW, ...running)).toEqual(believing(back + waits * DAY_US));
    }
  });

  it('is not taken in by a machine that wakes in 1970 and is set right', () => {
    expect(rounds(NOW, 0, 10e6, NOW + HOUR_US)).toEqual(believing(NOW + HOUR_US));
  });

  it('never gains on the time that Vigil ran, but by a leap that stood for as long as itself or a week', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ run: fc.integer({ min: 1, max: 24 }) }),
        fc.record({ leap: fc.integer({ min: -400, max: 400 }) }),
      ),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(steps, (shift) => {
        let clock = believing(NOW);
        let machineUs = NOW;
        let ranSinceLeapUs = 0;
        let leapUs = 0;
        for (const step of shift) {
          const passedUs = 'run' in step ? step.run * HOUR_US : step.leap * DAY_US;
          machineUs += passedUs;
          const next = nextPurgeClock(clock, machineUs);
          const ran = Math.abs(passedUs) > DAY_US ? 0 : Math.max(0, passedUs);
          ranSinceLeapUs = Math.abs(passedUs) > DAY_US ? 0 : ranSinceLeapUs + ran;
          leapUs = machineUs - clock.atUs;
          const gained = next.atUs - clock.atUs;
          const small = Math.abs(leapUs) <= DAY_US;
          const stood = ranSinceLeapUs >= Math.min(Math.abs(leapUs) - DAY_US, 7 * DAY_US);
          expect(gained <= ran || small || stood).toBe(true);
          clock = next;
        }
      }),
    );
  });
});

describe('the embedded log', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it('keeps its alarms and telemetry when it wakes with a clock that is years ahead, and says why', async () => {
    const folder = await temporaryFolder();
    cleanups.push(() => folder[Symbol.asyncDispose]());
    const path = `${folder.path}/log.db`;
    const troubles: string[] = [];
    const tidied = { path, housekeepingMs: 40, onTrouble: (sentence: string) => troubles.push(sentence) };
    // What was written and last tidied two years ago, in the eyes of the clock of now.
    const before_us = Date.now() * 1e3 - 730 * DAY_US;
    const file = openLogFile(path, 1);
    file.write(false, () => {
      const records = [record('bed-1', 'frame'), record('bed-1', 'rang', 'vigil.alarms')];
      putRecords(file, packNew(records), before_us, new Map());
      file.statement('CREATE TABLE purge_clock (only_row, round_us, at_us, doubted_since_us)').run();
    });
    file.write(false, () => file.statement('INSERT INTO purge_clock VALUES (1, ?1, ?1, NULL)').run(before_us));
    file.close();
    const log = await openSqliteEventLog(tidied);
    cleanups.push(log.close);
    await vi.waitUntil(() => troubles.length > 0, { timeout: 10_000 });
    expect(troubles[0]).toContain('the clock is 730 days ahead of when');
    for (const topic of ['vigil.telemetry', 'vigil.alarms'] as const)
      expect(await log.extent(topic)).toEqual([{ partition: 0, first: 0n, next: 1n }]);
  });

  it('purges again what a clock wrote that ran ahead, once what came after it is over its time', async () => {
    const folder = await temporaryFolder();
    cleanups.push(() => folder[Symbol.asyncDispose]());
    const file = openLogFile(`${folder.path}/log.db`, 1);
    cleanups.push(file.close);
    const put = (at_us: number, count: number): void =>
      file.write(false, () =>
        putRecords(file, packNew(Array.from({ length: count }, () => record('bed-1', 'x'))), at_us, new Map()),
      );
    const tidy = (now_us: number): void => {
      while (file.write(false, () => tidyStep(file, now_us, Number.POSITIVE_INFINITY)).more);
    };
    put(NOW, 10);
    put(NOW + 73 * 365 * DAY_US, 5_000);
    put(NOW + HOUR_US, 9_000);
    const first = (): number => extentOf(file, 'vigil.telemetry')[0]!.first;
    tidy(NOW + 6 * DAY_US);
    expect(first()).toBe(0);
    tidy(NOW + 7 * DAY_US + 60e6);
    expect(first()).toBe(10);
    tidy(NOW + 8 * DAY_US);
    expect(first()).toBe(14_010);
  });
});

describe('the embedded series', () => {
  it('keep what they have when they wake with a clock that is years ahead and a first number came by it', async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/series.db`;
    const keep = { numericsUs: DAY_US, minutesUs: DAY_US, findingsUs: DAY_US, alarmsUs: DAY_US };
    const nowUs = Date.now() * 1e3;
    const number = (atUs: number) => ({
      ...{ findings: [], alarms: [], strips: [], engine: [] },
      numerics: [{ bed: 'b', device: 1, source: 's', code: 1, unit: '/min', at: moment(atUs), value: 60 }],
    });
    const store = await openSqliteSeriesStore({ path, keep });
    await store.write(number(nowUs - 730 * DAY_US))();
    expect(E.isRight(await store.purge()())).toBe(true);
    await store.close();
    const file = new DatabaseSync(path);
    file.prepare('UPDATE purge_clock SET round_us = ?1, at_us = ?1').run(nowUs - 730 * DAY_US);
    file.close();
    const awake = await openSqliteSeriesStore({ path, keep });
    await awake.write(number(nowUs))();
    const report = await awake.purge()();
    expect(report).toMatchObject(E.right({ doubt: expect.stringContaining('the clock is 730 days ahead of when') }));
    const found = await awake.numerics({ bed: 'b', code: 1, from: moment(0), to: moment(nowUs + 1) })();
    expect(E.isRight(found) && found.right).toHaveLength(2);
    await awake.close();
  });
});
