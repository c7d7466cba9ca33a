import { HttpError, InfluxDB } from '@influxdata/influxdb-client';
import { type Bucket, BucketsAPI, DbrpsAPI, OrgsAPI } from '@influxdata/influxdb-client-apis';
import { type Tier, tierNames } from '../../../schemas/series.ts';
import { refused, seriesErrorOf } from './influx-errors.ts';
import { bucketOf, type InfluxPlace, TIMEOUT_MS_USUAL } from './influx-place.ts';
import { askInfluxQl, name } from './influx-query.ts';

/** Days that each tier is kept; 0: for ever. */
export type TierDays = Readonly<Record<Tier, number>>;

export interface TiersCreated {
  readonly created: readonly string[];
  /** Kept for another time from now on, in words. */
  readonly changed: readonly string[];
  readonly leftAlone: readonly string[];
}

/** A shard is the piece that goes as a whole when its time is over: a day of numbers, a week of what is kept long. */
const shardDays = (days: number): number => (days !== 0 && days <= 31 ? 1 : 7);

/**
 * Creates database and retention policies (1.x) or buckets (2.x), and sets how long each is kept. Rejects with a SeriesError.
 */
export const createTiers = async (place: InfluxPlace, days: TierDays): Promise<TiersCreated> => {
  try {
    return place.dialect.version === 1
      ? await createPolicies(place, place.dialect.database, days)
      : await createBuckets(place.url, place.timeoutMs, place.dialect, days);
  } catch (cause) {
    throw seriesErrorOf(cause);
  }
};

const inDays = (duration: string): number => {
  // Go writes durations as 720h0m0s; "0s" is for ever.
  const hours = /^(\d+)h/.exec(duration)?.[1];
  return hours === undefined ? 0 : Number(hours) / 24;
};

const kept = (days: number): string => (days === 0 ? 'for ever' : `for ${days} days`);

const createPolicies = async (place: InfluxPlace, database: string, days: TierDays): Promise<TiersCreated> => {
  const told = { created: [] as string[], changed: [] as string[], leftAlone: [] as string[] };
  await askInfluxQl(place, `CREATE DATABASE ${name(database)}`);
  const found = new Map<string, number>();
  for (const { columns, values } of await askInfluxQl(place, `SHOW RETENTION POLICIES ON ${name(database)}`))
    for (const row of values)
      found.set(String(row[columns.indexOf('name')]), inDays(String(row[columns.indexOf('duration')])));
  for (const tier of tierNames) {
    const wanted = days[tier];
    const duration = `DURATION ${wanted === 0 ? 'INF' : `${wanted}d`} REPLICATION 1 SHARD DURATION ${shardDays(wanted)}d`;
    const policy = `RETENTION POLICY ${name(tier)} ON ${name(database)} ${duration}${tier === 'raw' ? ' DEFAULT' : ''}`;
    const before = found.get(tier);
    if (before === wanted) {
      told.leftAlone.push(`${database}/${tier}`);
      continue;
    }
    await askInfluxQl(place, `${before === undefined ? 'CREATE' : 'ALTER'} ${policy}`);
    if (before === undefined) told.created.push(`${database}/${tier}`);
    else told.changed.push(`${database}/${tier}: ${kept(wanted)}, was ${kept(before)}`);
  }
  return told;
};

const DAY_S = 86_400;

/** What InfluxQL shows without naming a tier (tag values, for a dashboard's variables) is that of the numbers. */
const makeDefault = async (
  mappings: DbrpsAPI,
  of: { readonly orgID: string; readonly bucketID: string; readonly database: string },
): Promise<void> => {
  await mappings.postDBRP({ body: { ...of, retention_policy: 'raw' satisfies Tier, default: true } });
};

/** 2.x answers 404 for a name that it does not know. */
const bucketCalled = async (buckets: BucketsAPI, orgID: string, called: string): Promise<Bucket | undefined> => {
  try {
    return (await buckets.getBuckets({ orgID, name: called })).buckets?.[0];
  } catch (cause) {
    if (cause instanceof HttpError && cause.statusCode === 404) return undefined;
    throw cause;
  }
};

const createBuckets = async (
  url: string,
  timeoutMs: number | undefined,
  { org, bucket, token }: { readonly org: string; readonly bucket: string; readonly token: string },
  days: TierDays,
): Promise<TiersCreated> => {
  const told = { created: [] as string[], changed: [] as string[], leftAlone: [] as string[] };
  const client = new InfluxDB({ url, token, timeout: timeoutMs ?? TIMEOUT_MS_USUAL });
  const { orgs = [] } = await new OrgsAPI(client).getOrgs({ org });
  const orgID = orgs[0]?.id;
  if (orgID === undefined) throw refused(`InfluxDB has no organisation "${org}"; set INFLUX_ORG to one that is there`);
  const buckets = new BucketsAPI(client);
  for (const tier of tierNames) {
    const called = bucketOf(bucket, tier);
    const everySeconds = days[tier] * DAY_S;
    const rule = { type: 'expire', everySeconds, shardGroupDurationSeconds: shardDays(days[tier]) * DAY_S } as const;
    const found = await bucketCalled(buckets, orgID, called);
    if (found === undefined) {
      const made = await buckets.postBuckets({ body: { orgID, name: called, retentionRules: [rule] } });
      if (tier === 'raw') await makeDefault(new DbrpsAPI(client), { orgID, bucketID: made.id!, database: bucket });
      told.created.push(called);
      continue;
    }
    const before = found.retentionRules[0]?.everySeconds ?? 0;
    if (before === everySeconds) {
      told.leftAlone.push(called);
      continue;
    }
    await buckets.patchBucketsID({ bucketID: found.id!, body: { retentionRules: [rule] } });
    told.changed.push(`${called}: ${kept(days[tier])}, was ${kept(before / DAY_S)}`);
  }
  return told;
};
