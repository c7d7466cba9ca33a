/**
 * What a hold does to InfluxDB's own retention, which knows no bed: while one stands the server drops nothing, and the days
 * that it kept before come back with the purge after the last release.
 */

import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { moment } from '../../schemas/units.ts';
import { createTiers } from '../../services/adapters/influx/create-tiers.ts';
import type { InfluxPlace } from '../../services/adapters/influx/influx-place.ts';
import { openInfluxSeriesStore } from '../../services/adapters/influx/influx-series-store.ts';
import type { Hold } from '../../services/ports/holds.ts';
import type { SeriesStore } from '../../services/ports/series-store.ts';
import { right } from '../right.ts';

import { influxForTests, influxQl } from '../servers/influx.ts';
import { openInflux2Door } from '../servers/influx2-door.ts';

const influx = await influxForTests();
const skipped = 'skipped' in influx ? ` (skipped: ${influx.skipped})` : '';
const DAYS = { raw: 30, minutes: 730, alarms: 365 } as const;
const IN_HOURS = { raw: '720h0m0s', minutes: '17520h0m0s', alarms: '8760h0m0s' } as const;
const FOR_EVER = { raw: '0s', minutes: '0s', alarms: '0s' } as const;
const TOKEN = 'a-token-of-the-tests';

const hold = (id: string): Hold => ({
  ...{ id, bed: 'icu-04', from: moment(0), reason: 'study', by: 'M. Weber', at: moment(Date.now() * 1e3) },
});
const released = { at: moment(Date.now() * 1e3), by: 'M. Weber', reason: '' };

let wards = 0;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(async () => {
  if (!('skipped' in influx)) await influx.stop();
});

const placeOf = async (version: 1 | 2, database: string): Promise<InfluxPlace> => {
  if ('skipped' in influx) throw new Error(influx.skipped);
  if (version === 1) return { url: influx.url, dialect: { version, database } };
  const door = await openInflux2Door({ behind: influx.url, token: TOKEN, org: 'hospital' });
  closers.push(door.close);
  return { url: door.url, dialect: { version, org: 'hospital', bucket: database, token: TOKEN } };
};

const openWard = async (version: 1 | 2) => {
  if ('skipped' in influx) throw new Error(influx.skipped);
  const database = `held-${wards++}`;
  closers.push(() => influxQl(influx.url, '', `DROP DATABASE "${database}"`));
  const place = await placeOf(version, database);
  await createTiers(place, DAYS);
  const store: SeriesStore = openInfluxSeriesStore(place);
  closers.push(() => store.close());
  const ask = (query: string) => influxQl(influx.url, database, query);
  const kept = async (): Promise<Record<string, unknown>> => {
    const [policies] = await ask(`SHOW RETENTION POLICIES ON "${database}"`);
    const rows = policies!.values.filter(([name]) => String(name) in DAYS);
    return Object.fromEntries(rows.map(([name, duration]) => [String(name), duration]));
  };
  return { place, store, database, ask, kept };
};

describe.skipIf(skipped !== '').each([1, 2] as const)(`a hold at InfluxDB %d.x${skipped}`, (version) => {
  it('makes the server keep everything, and its days come back with the purge after the last release', async () => {
    const { store, kept } = await openWard(version);
    expect(await kept()).toEqual(IN_HOURS);
    for (const id of ['a', 'b']) right(await store.hold(hold(id))());
    expect(await kept()).toEqual(FOR_EVER);
    right(await store.release('a', released)());
    expect(right(await store.purge()()).changed).toEqual([]);
    expect(await kept()).toEqual(FOR_EVER);
    right(await store.release('b', released)());
    expect(await kept()).toEqual(FOR_EVER);
    expect(right(await store.purge()()).changed).toEqual([
      expect.stringMatching(/raw: for 30 days, was for ever/),
      expect.stringMatching(/minutes: for 730 days, was for ever/),
      expect.stringMatching(/alarms: for 365 days, was for ever/),
    ]);
    expect(await kept()).toEqual(IN_HOURS);
    // From here on the server purges by itself again.
    expect(right(await store.purge()())).toMatchObject({ purged: [], changed: [] });
  });

  it('outlives an update: `vigil series` writes its days down for later', async () => {
    const { place, store, kept } = await openWard(version);
    right(await store.hold(hold('a'))());
    expect(await createTiers(place, { ...DAYS, raw: 90 })).toMatchObject({ changed: [], held: true });
    expect(await kept()).toEqual(FOR_EVER);
    right(await store.release('a', released)());
    right(await store.purge()());
    expect(await kept()).toEqual({ ...IN_HOURS, raw: '2160h0m0s' });
  });

  it('that was released is over for `vigil series` before the purge comes to it', async () => {
    const { place, store, kept } = await openWard(version);
    right(await store.hold(hold('a'))());
    right(await store.release('a', released)());
    expect(await createTiers(place, DAYS)).toMatchObject({ held: false });
    expect(await kept()).toEqual(IN_HOURS);
    expect(right(await store.purge()())).toMatchObject({ purged: [], changed: [] });
  });

  it('is mended by the next purge where somebody set the days by hand', async () => {
    const { store, database, ask, kept } = await openWard(version);
    right(await store.hold(hold('a'))());
    right(await store.purge()());
    await ask(`ALTER RETENTION POLICY "raw" ON "${database}" DURATION 1d`);
    expect(right(await store.purge()()).changed).toEqual([expect.stringMatching(/raw: for ever, was for 1 days/)]);
    expect(await kept()).toEqual(FOR_EVER);
  });

  it('of which only the word was written, before the process ended, is carried out by the next purge', async () => {
    const { store, ask, kept } = await openWard(version);
    right(await store.hold(hold('a'))());
    await ask('DELETE FROM "keeping"');
    for (const [tier, duration] of Object.entries(IN_HOURS))
      await ask(`ALTER RETENTION POLICY "${tier}" ON "held-${wards - 1}" DURATION ${duration}`);
    expect(right(await store.purge()()).changed).toHaveLength(3);
    expect(await kept()).toEqual(FOR_EVER);
    right(await store.release('a', released)());
    right(await store.purge()());
    expect(await kept()).toEqual(IN_HOURS);
  });

  it('does not ask for the same work twice', async () => {
    const { store } = await openWard(version);
    right(await store.hold(hold('a'))());
    expect(right(await store.purge()()).purged.map(({ what }) => what)).toEqual(['raw', 'minutes', 'alarms']);
    expect(right(await store.purge()()).purged).toEqual([]);
  });
});
