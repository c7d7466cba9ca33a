import type { Tier } from '../../../schemas/series.ts';

/** Where an InfluxDB is, which of its two ways of naming things it has, and who we are there. */
export interface InfluxPlace {
  readonly url: string;
  readonly dialect:
    | {
        /** 1.x: a database whose retention policies are the tiers. */
        readonly version: 1;
        readonly database: string;
        /** Absent: the server asks nobody. */
        readonly user?: { readonly name: string; readonly password: string };
      }
    | {
        /** 2.x: an organisation whose buckets "vigil/raw", "vigil/minutes", … are the tiers. */
        readonly version: 2;
        readonly org: string;
        readonly bucket: string;
        readonly token: string;
      };
  /** No answer for so long is a failure; 10 s by default. */
  readonly timeoutMs?: number;
}

export const TIMEOUT_MS_USUAL = 10_000;

/** The database that InfluxQL asks; in 2.x buckets "db/rp" answer to it by themselves. */
export const databaseOf = ({ dialect }: InfluxPlace): string =>
  dialect.version === 1 ? dialect.database : dialect.bucket;

/** The bucket of a tier in 2.x. */
export const bucketOf = (bucket: string, tier: Tier): string => `${bucket}/${tier}`;

/** Where lines of a tier are written. */
export const writePathOf = ({ dialect }: InfluxPlace, tier: Tier): string => {
  const query =
    dialect.version === 1
      ? new URLSearchParams({ db: dialect.database, rp: tier, precision: 'ns' })
      : new URLSearchParams({ org: dialect.org, bucket: bucketOf(dialect.bucket, tier), precision: 'ns' });
  return `${dialect.version === 1 ? '/write' : '/api/v2/write'}?${query}`;
};

/** The header by which the server knows us; undefined: it asks nobody. */
export const authorizationOf = ({ dialect }: InfluxPlace): string | undefined => {
  if (dialect.version === 2) return `Token ${dialect.token}`;
  if (dialect.user === undefined) return undefined;
  const { name, password } = dialect.user;
  return `Basic ${Buffer.from(`${name}:${password}`, 'utf8').toString('base64')}`;
};
