/**
 * InfluxQL made from the schema: a table or a column that schemas/series.ts does not have does not compile here. Plain
 * InfluxQL of 1.x, which 2.x answers as well: no join, no union, one statement per query.
 */
import { type MeasurementName, measurements, tiers } from '../../schemas/series.ts';

type ColumnOf<M extends MeasurementName> =
  | keyof (typeof measurements)[M]['tags']
  | keyof (typeof measurements)[M]['fields'];

export interface Table<M extends MeasurementName> {
  /** With its tier: a query that names none reads the server's default one. */
  readonly from: string;
  readonly columns: Readonly<Record<ColumnOf<M>, string>>;
}

const quoted = (name: string): string => `"${name}"`;

export const table = <M extends MeasurementName>(name: M): Table<M> => {
  const { tier, tags, fields } = measurements[name];
  const names = [...Object.keys(tags), ...Object.keys(fields)];
  return {
    from: `${quoted(tier)}.${quoted(name)}`,
    columns: Object.fromEntries(names.map((column) => [column, quoted(column)])) as Table<M>['columns'],
  };
};

/** A dashboard's variable; regex: escaped, and several as (a|b); text: as it is called on the page. */
export const variable = (name: string, format: 'regex' | 'raw' | 'text' = 'raw'): string => `\${${name}:${format}}`;

/** A column is one of the values chosen. Not `=`: a name with a quote in it would end the query. */
export const chosen = (column: string, name: string): string => `${column} =~ /^(${variable(name, 'regex')})$/`;

/** The range of the page. Grafana writes it. */
export const IN_RANGE = '$timeFilter';

/** The newest of what the server heard within a span. The server's clock decides: that of a browser may be wrong. */
export const within = (span: string): string => `time > now() - ${span}`;

/** One value per bucket; a bucket without points is null, so that a gap stays a gap. */
export const PER_BUCKET = 'GROUP BY time($__interval)';
export const GAPS = 'fill(null)';

/** The part of the range of which only minutes are left. */
export const ROLLED_UP = `${IN_RANGE} AND time < now() - ${variable('raw_days')}d`;

export const RAW_DAYS_USUAL = tiers.raw.daysUsual;

/** Values that one can choose from: the tag of every series of these sources that has a point in the range. */
export const tagsIn = (tag: string, ...sources: readonly { field: string; from: string; where: string }[]): string =>
  `SELECT ${tag} FROM ${sources
    .map(({ field, from, where }) => `(SELECT last(${field}) FROM ${from} WHERE ${where} GROUP BY ${tag})`)
    .join(', ')}`;
