/** How long the server itself keeps each tier: retention policies of 1.x, buckets of 2.x. */
import { HttpError, InfluxDB } from '@influxdata/influxdb-client';
import { type Bucket, BucketsAPI, DbrpsAPI, OrgsAPI } from '@influxdata/influxdb-client-apis';
import { type Tier, tierNames } from '../../../schemas/series.ts';
import { refused } from './influx-errors.ts';
import { bucketOf, type InfluxPlace, TIMEOUT_MS_USUAL } from './influx-place.ts';
import { askInfluxQl, name } from './influx-query.ts';

/** Days that each tier is kept; 0: for ever. */
export type TierDays = Readonly<Record<Tier, number>>;

export const FOR_EVER: TierDays = { raw: 0, minutes: 0, alarms: 0 };

/** The tiers as the server has them, and how they are made and changed. Everything rejects with what the server says. */
export interface TierDoor {
  /** What the tier is called there. */
  readonly called: (tier: Tier) => string;
  /** Makes what the tiers lie in, where it is missing. */
  readonly prepare: () => Promise<void>;
  /** Days of the tiers that are there. */
  readonly found: () => Promise<Readonly<Partial<TierDays>>>;
  /** Keeps a tier for so many days; `sizedFor`: the days by which the size of its shards is chosen. */
  readonly create: (tier: Tier, days: number, sizedFor: number) => Promise<void>;
  readonly change: (tier: Tier, days: number, sizedFor: number) => Promise<void>;
}

/** A shard is the piece that goes as a whole when its time is over: a day of numbers, a week of what is kept long. */
const shardDays = (days: number): number => (days !== 0 && days <= 31 ? 1 : 7);

const inDays = (duration: string): number => {
  // Go writes durations as 720h0m0s; "0s" is for ever.
  const hours = /^(\d+)h/.exec(duration)?.[1];
  return hours === undefined ? 0 : Number(hours) / 24;
};

const isTier = (word: string): word is Tier => (tierNames as readonly string[]).includes(word);

const policiesOf = (place: InfluxPlace, database: string): TierDoor => {
  const policy = (how: 'CREATE' | 'ALTER', tier: Tier, days: number, sizedFor: number) => {
    const duration = `DURATION ${days === 0 ? 'INF' : `${days}d`} REPLICATION 1 SHARD DURATION ${shardDays(sizedFor)}d`;
    const which = `RETENTION POLICY ${name(tier)} ON ${name(database)}`;
    return askInfluxQl(place, `${how} ${which} ${duration}${tier === 'raw' ? ' DEFAULT' : ''}`).then(() => undefined);
  };
  return {
    called: (tier) => `${database}/${tier}`,
    // Not by `found`: it needs an administrator, whom the recorder need not be.
    prepare: async () => void (await askInfluxQl(place, `CREATE DATABASE ${name(database)}`)),
    found: async () => {
      const found: Partial<Record<Tier, number>> = {};
      for (const { columns, values } of await askInfluxQl(place, `SHOW RETENTION POLICIES ON ${name(database)}`))
        for (const row of values) {
          const tier = String(row[columns.indexOf('name')]);
          if (isTier(tier)) found[tier] = inDays(String(row[columns.indexOf('duration')]));
        }
      return found;
    },
    create: (tier, days, sizedFor) => policy('CREATE', tier, days, sizedFor),
    change: (tier, days, sizedFor) => policy('ALTER', tier, days, sizedFor),
  };
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

const ruleOf = (days: number, sizedFor: number) => {
  const [everySeconds, shardGroupDurationSeconds] = [days * DAY_S, shardDays(sizedFor) * DAY_S];
  return { type: 'expire', everySeconds, shardGroupDurationSeconds } as const;
};

const bucketsOf = async (
  url: string,
  timeoutMs: number | undefined,
  { org, bucket, token }: { readonly org: string; readonly bucket: string; readonly token: string },
): Promise<TierDoor> => {
  const client = new InfluxDB({ url, token, timeout: timeoutMs ?? TIMEOUT_MS_USUAL });
  const { orgs = [] } = await new OrgsAPI(client).getOrgs({ org });
  const orgID = orgs[0]?.id;
  if (orgID === undefined) throw refused(`InfluxDB has no organisation "${org}"; set INFLUX_ORG to one that is there`);
  const buckets = new BucketsAPI(client);
  const called = (tier: Tier): string => bucketOf(bucket, tier);
  return {
    called,
    prepare: async () => undefined,
    found: async () => {
      const found: Partial<Record<Tier, number>> = {};
      for (const tier of tierNames) {
        const there = await bucketCalled(buckets, orgID, called(tier));
        if (there !== undefined) found[tier] = (there.retentionRules[0]?.everySeconds ?? 0) / DAY_S;
      }
      return found;
    },
    create: async (tier, days, sizedFor) => {
      const body = { orgID, name: called(tier), retentionRules: [ruleOf(days, sizedFor)] };
      const made = await buckets.postBuckets({ body });
      if (tier === 'raw') await makeDefault(new DbrpsAPI(client), { orgID, bucketID: made.id!, database: bucket });
    },
    change: async (tier, days, sizedFor) => {
      const there = await bucketCalled(buckets, orgID, called(tier));
      if (there === undefined) throw refused(`InfluxDB has no bucket "${called(tier)}"; create it with: vigil series`);
      await buckets.patchBucketsID({ bucketID: there.id!, body: { retentionRules: [ruleOf(days, sizedFor)] } });
    },
  };
};

/** The tiers of a server. Rejects with what the server says. */
export const openTierDoor = async (place: InfluxPlace): Promise<TierDoor> =>
  place.dialect.version === 1
    ? policiesOf(place, place.dialect.database)
    : bucketsOf(place.url, place.timeoutMs, place.dialect);
