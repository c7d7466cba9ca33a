/** Where a ward's recorder keeps its series: a file, or a real InfluxDB. Only this knows which of them it is. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import { createTiers } from '../../services/adapters/influx/create-tiers.ts';
import { openInfluxSeriesStore } from '../../services/adapters/influx/influx-series-store.ts';
import type { SeriesStore } from '../../services/ports/series-store.ts';

export interface SeriesPlace {
  readonly env: Readonly<Record<string, string>>;
  /** What the ward's recorder has written. */
  readonly kept: () => Promise<SeriesStore>;
  /** An empty store of the same kind. */
  readonly fresh: () => Promise<SeriesStore>;
  readonly discard: () => Promise<void>;
}

const FOR_EVER = { raw: 0, minutes: 0, alarms: 0 };

const inFiles = async (): Promise<SeriesPlace> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-ward-'));
  return {
    env: { VIGIL_DATA_DIR: folder },
    kept: () => openSqliteSeriesStore({ path: join(folder, 'series.db') }),
    fresh: () => openSqliteSeriesStore({ path: join(folder, 'fresh.db') }),
    discard: () => rm(folder, { recursive: true, force: true }),
  };
};

const inInflux = async (url: string): Promise<SeriesPlace> => {
  const made = async (database: string) => {
    const place = { url, dialect: { version: 1, database } } as const;
    await createTiers(place, FOR_EVER);
    return place;
  };
  const database = `ward-${crypto.randomUUID().slice(0, 8)}`;
  const place = await made(database);
  return {
    env: { INFLUX_URL: url, INFLUX_DATABASE: database, VIGIL_KEEP_RAW_DAYS: '0' },
    kept: async () => openInfluxSeriesStore(place),
    fresh: async () => openInfluxSeriesStore(await made(`${database}-fresh`)),
    discard: async () => undefined, // it goes with the server
  };
};

/** Without an address the series lie in a file. */
export const seriesPlace = (influxUrl?: string): Promise<SeriesPlace> =>
  influxUrl === undefined ? inFiles() : inInflux(influxUrl);
