/**
 * An InfluxDB as Vigil and Grafana share it: the product's adapter writes, Grafana asks. With VIGIL_TEST_INFLUX2 ("url
 * token org") it is a real 2.x, by hand; else a database of its own on the 1.x server of the tests.
 */
import type { InfluxPlace } from '../../services/adapters/influx/influx-place.ts';
import { openInfluxSeriesStore } from '../../services/adapters/influx/influx-series-store.ts';
import type { SeriesStore } from '../../services/ports/series-store.ts';
import { type InfluxSeries, influxForTests, influxQl } from '../servers/influx.ts';

export interface AskedStore {
  readonly place: InfluxPlace;
  readonly store: SeriesStore;
  /** In InfluxQL, times in milliseconds, as Grafana asks. Rejects with the server's own words. */
  readonly ask: (query: string) => Promise<readonly InfluxSeries[]>;
  readonly discard: () => Promise<void>;
}

/** A busy machine is slower than a hospital's; nothing here is about time-outs. */
const TIMEOUT_MS = 60_000;

/** Tells instead why there is none. Tiers are the caller's to create. */
export const openAskedStore = async (name: string): Promise<AskedStore | { readonly skipped: string }> => {
  const database = `grafana-${name}-${process.pid}`;
  const given = process.env['VIGIL_TEST_INFLUX2']?.split(' ');
  if (given !== undefined) {
    const [url, token, org] = given as [string, string, string];
    const place: InfluxPlace = {
      url,
      dialect: { version: 2, org, bucket: database, token },
      timeoutMs: TIMEOUT_MS,
    };
    const store = openInfluxSeriesStore(place);
    const ask = (query: string) => influxQl(url, database, query, 'ms', `grafana:${token}`);
    return { place, store, ask, discard: () => store.close() };
  }
  const server = await influxForTests();
  if ('skipped' in server) return server;
  const { url, stop } = server;
  const place: InfluxPlace = { url, dialect: { version: 1, database }, timeoutMs: TIMEOUT_MS };
  const store = openInfluxSeriesStore(place);
  const ask = (query: string) => influxQl(url, database, query, 'ms');
  const discard = async (): Promise<void> => {
    await store.close();
    await ask(`DROP DATABASE "${database}"`);
    await stop();
  };
  return { place, store, ask, discard };
};
