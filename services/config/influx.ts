import { withoutCredentials } from './without-credentials.ts';

/** The settings that belong to it, as they were given. */
export interface InfluxValues {
  readonly influxUrl: string | undefined;
  readonly influxToken: string | undefined;
  readonly influxOrg: string | undefined;
  readonly influxBucket: string | undefined;
  readonly influxDatabase: string | undefined;
}

/** Where an InfluxDB is, and what things are called there. */
export interface InfluxConfig {
  readonly url: string;
  readonly dialect:
    | {
        readonly version: 1;
        readonly database: string;
        readonly user?: { readonly name: string; readonly password: string };
      }
    | { readonly version: 2; readonly org: string; readonly bucket: string; readonly token: string };
}

const DATABASE_USUAL = 'vigil';

/** What does not fit together in the settings of InfluxDB; empty: all does. */
export const influxContradictions = (values: Partial<InfluxValues>): readonly string[] => {
  const { influxUrl: url, influxToken: token, influxOrg: org, influxBucket: bucket, influxDatabase: database } = values;
  const given = { INFLUX_TOKEN: token, INFLUX_ORG: org, INFLUX_BUCKET: bucket, INFLUX_DATABASE: database };
  const others = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (url === undefined)
    return others.length === 0
      ? []
      : [
          `${others.join(', ')} ${others.length > 1 ? 'are' : 'is'} set without INFLUX_URL. Set the address, too, or leave all out.`,
        ];
  const mistakes: string[] = [];
  if (withoutCredentials(url) !== url)
    mistakes.push('INFLUX_URL has a name or a password in it; take them out and set INFLUX_TOKEN.');
  if (database !== undefined && (org !== undefined || bucket !== undefined))
    mistakes.push(
      'INFLUX_DATABASE is of InfluxDB 1.x, INFLUX_ORG and INFLUX_BUCKET are of 2.x. Set those of your server.',
    );
  if (org === undefined && bucket !== undefined)
    mistakes.push(
      'INFLUX_BUCKET is set without INFLUX_ORG. InfluxDB 2 needs both; for 1.x set INFLUX_DATABASE instead.',
    );
  if (org !== undefined && token === undefined)
    mistakes.push('INFLUX_ORG is set without INFLUX_TOKEN. Set a token that may read and write the buckets.');
  if (org === undefined && token !== undefined && !/^[^:]+:.+$/.test(token))
    mistakes.push(
      'INFLUX_TOKEN (not shown) is not name:password, as 1.x wants it. For InfluxDB 2 set INFLUX_ORG, too.',
    );
  return mistakes;
};

/** Where the series go; undefined: into the embedded store. */
export const influxOf = ({
  influxUrl,
  influxOrg,
  influxBucket,
  influxDatabase,
  influxToken,
}: InfluxValues): InfluxConfig | undefined => {
  if (influxUrl === undefined) return undefined;
  const url = influxUrl.replace(/\/+$/, '');
  if (influxOrg !== undefined) {
    const bucket = influxBucket ?? DATABASE_USUAL;
    return { url, dialect: { version: 2, org: influxOrg, bucket, token: influxToken ?? '' } };
  }
  const [, name, password] = /^([^:]+):(.+)$/.exec(influxToken ?? '') ?? [];
  const user = name === undefined || password === undefined ? {} : { user: { name, password } };
  return { url, dialect: { version: 1, database: influxDatabase ?? DATABASE_USUAL, ...user } };
};

/** The same without secrets. */
export const shownInflux = ({ url, dialect }: InfluxConfig): unknown =>
  dialect.version === 1
    ? { url, database: dialect.database, user: dialect.user?.name ?? 'none' }
    : { url, org: dialect.org, bucket: dialect.bucket, token: '(not shown)' };
