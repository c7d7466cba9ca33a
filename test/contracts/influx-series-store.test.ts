import { afterAll } from 'vitest';
import { createTiers } from '../../services/adapters/influx/create-tiers.ts';
import type { InfluxPlace } from '../../services/adapters/influx/influx-place.ts';
import { openInfluxSeriesStore } from '../../services/adapters/influx/influx-series-store.ts';
import { influxQl, ownInfluxForTests, standStill } from '../servers/influx.ts';
import { type Influx2Door, openInflux2Door } from '../servers/influx2-door.ts';
import { seriesCompletenessContract } from './series-completeness.contract.ts';
import { seriesHoldsContract } from './series-holds.contract.ts';
import { KEPT_DAYS, type OpenedStore, seriesStoreContract } from './series-store.contract.ts';

/** Stories of the contract play in 2023; nothing of them may be over its time. */
const FOR_EVER = { raw: 0, minutes: 0, alarms: 0 } as const;
const TIMEOUT_MS = 2_000;
const TOKEN = 'a-token-of-the-tests';
const ORG = 'hospital';

const influx = await ownInfluxForTests();
const skipped = 'skipped' in influx ? influx.skipped : undefined;
let stores = 0;

const opened = async (
  place: InfluxPlace,
  database: string,
  more: () => Promise<void>,
  otherPid?: number,
): Promise<OpenedStore> => {
  if ('skipped' in influx) throw new Error(influx.skipped);
  await createTiers(place, FOR_EVER);
  return {
    store: openInfluxSeriesStore(place),
    another: async () => openInfluxSeriesStore(place),
    takeAway: async () => {
      const pid = otherPid ?? influx.pid();
      await standStill(pid);
      return async () => void process.kill(pid, 'SIGCONT');
    },
    keepDays: async () => void (await createTiers(place, { raw: KEPT_DAYS, minutes: KEPT_DAYS, alarms: KEPT_DAYS })),
    discard: async () => {
      await influxQl(influx.url, '', `DROP DATABASE "${database}"`);
      await more();
    },
  };
};

const contracts = (name: string, open: () => Promise<OpenedStore>): void => {
  for (const contract of [seriesStoreContract, seriesHoldsContract, seriesCompletenessContract])
    contract(name, open, skipped);
};

contracts('InfluxDB 1.x', async () => {
  const database = `ward-${stores++}`;
  const url = 'skipped' in influx ? '' : influx.url;
  return opened({ url, dialect: { version: 1, database }, timeoutMs: TIMEOUT_MS }, database, async () => undefined);
});

/** A real 2.x, given as "url token org pid"; else its protocol in front of the 1.x server. */
const given = process.env['VIGIL_TEST_INFLUX2']?.split(' ');
contracts(given === undefined ? 'InfluxDB 2.x, by its protocol' : 'InfluxDB 2.x', async () => {
  // A real 2.x keeps what other runs wrote.
  const bucket = given === undefined ? `ward-${stores++}` : `ward-${Date.now()}-${stores++}`;
  if ('skipped' in influx) throw new Error(influx.skipped);
  if (given !== undefined) {
    const [url, token, org, pid] = given as [string, string, string, string];
    const dialect = { version: 2, org, bucket, token } as const;
    return opened({ url, dialect, timeoutMs: TIMEOUT_MS }, bucket, async () => undefined, Number(pid));
  }
  const door: Influx2Door = await openInflux2Door({ behind: influx.url, token: TOKEN, org: ORG });
  const dialect = { version: 2, org: ORG, bucket, token: TOKEN } as const;
  return opened({ url: door.url, dialect, timeoutMs: TIMEOUT_MS }, bucket, door.close);
});

afterAll(async () => {
  if (!('skipped' in influx)) await influx.stop();
});
