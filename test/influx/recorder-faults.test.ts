/**
 * Goal: whatever happens to InfluxDB, nothing is lost and nobody else notices: the log is the spool, and the recorder's
 * position moves only after the server has said that it keeps what came before.
 * Method: a shift is said while a real recorder writes into a real server, which is killed, paused, filled up, made to
 * refuse and made to take only a part; afterwards its content equals that of an undisturbed embedded store, point for point.
 */

import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { moment } from '../../schemas/units.ts';
import { createTiers } from '../../services/adapters/influx/create-tiers.ts';
import type { InfluxPlace } from '../../services/adapters/influx/influx-place.ts';
import { openInfluxSeriesStore } from '../../services/adapters/influx/influx-series-store.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import type { SeriesStore } from '../../services/ports/series-store.ts';
import type { RecorderNotice } from '../../services/recorder/notice.ts';
import {
  alarm,
  contentOf,
  derived,
  findings,
  frame,
  openPlace,
  type Place,
  recordAll,
  rejectedOn,
  span,
  startRecorder,
} from '../recorder/ward.ts';
import { right } from '../right.ts';
import { type InfluxSettings, influxQl, type OwnInflux, ownInfluxForTests } from '../servers/influx.ts';
import { openInflux2Door } from '../servers/influx2-door.ts';

const FOR_EVER = { raw: 0, minutes: 0, alarms: 0 } as const;
const BEDS = ['icu-01', 'icu-02', 'icu-03'];
const installed = await ownInfluxForTests();
const skipped = 'skipped' in installed ? ` (skipped: ${installed.skipped})` : '';
if (!('skipped' in installed)) await installed.stop();

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const startServer = async (settings: InfluxSettings = {}): Promise<OwnInflux> => {
  const server = await ownInfluxForTests(settings);
  if ('skipped' in server) throw new Error(server.skipped);
  closers.push(server.stop);
  return server;
};

const storeAt = (place: InfluxPlace): SeriesStore => {
  const store = openInfluxSeriesStore(place);
  closers.push(() => store.close());
  return store;
};

const placeWith = async (store?: SeriesStore): Promise<Place> => {
  const place = await openPlace(store);
  closers.push(place.close);
  return place;
};

/** One second of the ward. */
const second = (s: number): NewRecord[] => [
  ...BEDS.map((bed) => frame(bed, s)),
  ...BEDS.map((bed) => findings(bed, derived(s, 60 + (s % 30)))),
  ...(s % 20 === 13 ? [alarm(BEDS[s % 3]!, s - 3)] : []),
];
const shift = (from: number, to: number): NewRecord[] => span(from, to).flatMap(second);

/** Beside what was recorded, what an undisturbed embedded store has of the same shift. */
const expectAllOf = async (store: SeriesStore, records: readonly NewRecord[]): Promise<void> => {
  const calm = await placeWith();
  await calm.say(...records);
  await recordAll(calm);
  const [recorded, undisturbed] = [await contentOf(store, BEDS), await contentOf(calm.store, BEDS)];
  expect(undisturbed.filter((part) => part.length > 0).length).toBeGreaterThan(12);
  expect(recorded.map((part) => part.length)).toEqual(undisturbed.map((part) => part.length));
  expect(recorded).toEqual(undisturbed);
};

/** Notices of a recorder, to be waited for. */
const makeNotices = () => {
  const heard: RecorderNotice[] = [];
  const waiting = new Set<() => void>();
  return {
    heard,
    hear: (notice: RecorderNotice): void => {
      heard.push(notice);
      for (const look of waiting) look();
    },
    /** The next notice of a kind, from now on. */
    next: (tag: RecorderNotice['tag'], words = /./): Promise<RecorderNotice> => {
      const from = heard.length;
      return new Promise((done) => {
        const look = (): void => {
          const found = heard.slice(from).find((each) => each.tag === tag && words.test(JSON.stringify(each, bigints)));
          if (found === undefined) return;
          waiting.delete(look);
          done(found);
        };
        waiting.add(look);
      });
    },
  };
};
const bigints = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

describe.skipIf(skipped !== '')(`a recorder whose InfluxDB breaks${skipped}`, () => {
  /** Says a shift in three parts: before, while the fault lasts (until the recorder has noticed), and after it. */
  const survives = async (
    place: InfluxPlace,
    fault: { readonly begin: () => unknown; readonly end: () => unknown; readonly words: RegExp },
  ): Promise<void> => {
    const store = storeAt(place);
    const ward = await placeWith(store);
    const notices = makeNotices();
    const recorder = await startRecorder(ward.log, ward.store, notices.hear);
    await ward.say(...shift(0, 40));
    await recorder.caughtUp();
    await fault.begin();
    const noticed = notices.next('WriteFailed', fault.words);
    // The alarm path goes on: what is said now is on the log although nobody records it.
    await ward.say(...shift(40, 90));
    await noticed;
    await ward.say(...shift(90, 100));
    const telemetry = await ward.log.positions('vigil-recorder-telemetry', 'vigil.telemetry');
    const extent = await ward.log.extent('vigil.telemetry');
    expect(extent.some(({ partition, next }) => next > (telemetry.get(partition) ?? 0n))).toBe(true);
    const recovered = notices.next('WriteRecovered');
    await fault.end();
    await recovered;
    await recorder.caughtUp();
    await recorder.stop();
    expect(await rejectedOn(ward.log)).toEqual([]);
    await expectAllOf(store, shift(0, 100));
  };

  const ready = async (settings: InfluxSettings = {}): Promise<{ server: OwnInflux; place: InfluxPlace }> => {
    const server = await startServer(settings);
    const place: InfluxPlace = { url: server.url, dialect: { version: 1, database: 'vigil' }, timeoutMs: 1_000 };
    await createTiers(place, FOR_EVER);
    return { server, place };
  };

  it('loses nothing when the server is killed and comes back', async () => {
    const { server, place } = await ready();
    await survives(place, { begin: server.kill, end: server.start, words: /does not answer/ });
  });

  it('loses nothing when the server takes connections and answers nothing', async () => {
    const { server, place } = await ready();
    await survives(place, { begin: server.pause, end: server.resume, words: /does not answer/ });
  });

  it('loses nothing when the disk is full, and says which disk', async () => {
    const { server, place } = await ready({ diskMb: 64, data: ['cache-snapshot-memory-size = 100000'] });
    const filler = `${server.disk()}/filler`;
    await survives(place, {
      begin: () => fillUp(filler),
      // A 1.x goes on failing until it is started again, whatever room there is.
      end: async () => {
        rmSync(filler);
        await server.kill();
        await server.start();
      },
      words: /InfluxDB's disk is full.*make room there and restart it/,
    });
  });

  it('loses nothing when its password is refused, and says what to check', async () => {
    const server = await startServer({ auth: true });
    const ask = (query: string) => influxQl(server.url, '', query, 'u', 'root:rootpass');
    await influxQl(server.url, '', `CREATE USER root WITH PASSWORD 'rootpass' WITH ALL PRIVILEGES`);
    await ask(`CREATE USER vigil WITH PASSWORD 'sesame' WITH ALL PRIVILEGES`);
    const dialect = { version: 1, database: 'vigil', user: { name: 'vigil', password: 'sesame' } } as const;
    const place: InfluxPlace = { url: server.url, dialect };
    await createTiers(place, FOR_EVER);
    const password = (word: string) => ask(`SET PASSWORD FOR vigil = '${word}'`);
    const store = { ...place };
    await survives(store, {
      begin: () => password('changed'),
      end: () => password('sesame'),
      words: /401.*check INFLUX_TOKEN/,
    });
  });

  it('loses nothing when the database is gone, and says how to make it', async () => {
    const { server, place } = await ready();
    const store = storeAt(place);
    const ward = await placeWith(store);
    const notices = makeNotices();
    await influxQl(server.url, '', 'DROP DATABASE vigil');
    const recorder = await startRecorder(ward.log, ward.store, notices.hear);
    const noticed = notices.next('WriteFailed', /create it with: vigil series/);
    await ward.say(...shift(0, 40));
    await noticed;
    await createTiers(place, FOR_EVER);
    await recorder.caughtUp();
    await recorder.stop();
    await expectAllOf(store, shift(0, 40));
  });

  it('waits as long as a server that is told too much asks it to (429, Retry-After)', async () => {
    const server = await startServer();
    const door = await openInflux2Door({ behind: server.url, token: 't', org: 'o' });
    closers.push(door.close);
    const place: InfluxPlace = { url: door.url, dialect: { version: 2, org: 'o', bucket: 'vigil', token: 't' } };
    await createTiers(place, FOR_EVER);
    const body = JSON.stringify({ code: 'too many requests', message: 'slow down' });
    const writes = (): number => door.knocks.filter(({ path }) => path === '/api/v2/write').length;
    let asked = 0;
    await survives(place, {
      begin: () => {
        door.answerWrites = { status: 429, headers: { 'retry-after': '1' }, body };
        asked = writes();
      },
      end: () => {
        // Three readers of two partitions, once a second each: not the fifty times a second that no waiting would make.
        expect(writes() - asked).toBeLessThan(40);
        door.answerWrites = undefined;
      },
      words: /429: slow down/,
    });
  });

  it('refuses no record for good while the server has too many questions or no time for them', async () => {
    for (const bound of ['max-concurrent-queries = 1', 'query-timeout = "1us"']) {
      const server = await startServer({ data: ['[coordinator]', bound] });
      const store = storeAt({ url: server.url, dialect: { version: 1, database: 'vigil' } });
      await influxQl(server.url, '', 'CREATE DATABASE vigil').catch(() => undefined);
      const beds = span(0, 12).map((i) => `icu-${i}`);
      const answers = await Promise.all(
        beds.map((bed) =>
          store.write({
            ...{ findings: [], alarms: [], strips: [], engine: [] },
            numerics: [{ bed, device: 1, source: 's', code: 1, unit: '1', at: moment(1.7e15), value: 1 }],
          })(),
        ),
      );
      expect(answers.filter(E.isLeft).map(({ left }) => [left.tag, left.retriable])).not.toEqual([]);
      for (const answer of answers) if (E.isLeft(answer)) expect(answer.left).toMatchObject({ retriable: true });
      const range = { from: moment(0), to: moment(60e6) };
      const made = await Promise.all(beds.map((bed) => store.rollUp({ ...range, beds: new Set([bed]) })()));
      for (const answer of made) if (E.isLeft(answer)) expect(answer.left).toMatchObject({ retriable: true });
    }
  });

  it('keeps the points that are taken when a write is taken in part, and names the others', async () => {
    const { server, place } = await ready();
    const store = storeAt(place);
    const ward = await placeWith(store);
    const now = Math.floor(Date.now() / 1e3);
    const START_S = 1_700_000_000;
    // Numbers of the shift of 2023 are over their time now; those of today are not.
    await influxQl(server.url, '', 'ALTER RETENTION POLICY "raw" ON "vigil" DURATION 30d');
    const today = span(0, 20).map((i) => frame('icu-01', now - START_S - 60 + i));
    const old = span(0, 3).map((i) => frame('icu-01', i, { retrospective: true, source: 'old' }));
    await ward.say(...today.slice(0, 10), ...old, ...today.slice(10));
    await recordAll(ward);
    const range = { bed: 'icu-01', from: moment(0), to: moment((now + 60) * 1e6) };
    expect(right(await store.numerics({ ...range, code: MDC.ecgHeartRate })())).toHaveLength(20);
    const rejected = await rejectedOn(ward.log);
    expect(rejected).toHaveLength(3);
    expect(rejected[0]).toMatchObject({ stage: 'recorder', code: 'store-refused' });
    expect(rejected[0]?.sentence).toMatch(/beyond retention policy/);
  });

  it('stops within seconds although the server answers nothing', async () => {
    const { server, place } = await ready();
    const ward = await placeWith(storeAt({ ...place, timeoutMs: 60_000 }));
    const recorder = await startRecorder(ward.log, ward.store);
    await ward.say(...shift(0, 5));
    await recorder.caughtUp();
    await server.pause();
    await ward.say(...shift(5, 10));
    const began = performance.now();
    await recorder.stop();
    expect(performance.now() - began).toBeLessThan(5_000);
    server.resume();
  });
});

/** Writes a file until there is no room. */
const fillUp = (path: string): void => {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeSync(file, block);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
  } finally {
    closeSync(file);
  }
  expect(statSync(path).size).toBeGreaterThan(0);
};
