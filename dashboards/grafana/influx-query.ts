/**
 * What Grafana's InfluxDB data source takes as a query in InfluxQL. The SDK has no type for it; these are the fields of
 * the data source's own that Vigil uses.
 */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** The one data source of all dashboards; provisioning/datasources gives it this uid. */
export const DATASOURCE = { type: 'influxdb', uid: 'vigil-influxdb' } as const;

export interface InfluxQuery {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly rawQuery: true;
  readonly query: string;
  /** time_series: each column of each series is a curve. table: rows, tags as columns. */
  readonly resultFormat: 'time_series' | 'table';
  /** Name of a curve: $col, $tag_bed, … */
  readonly alias?: string;
}

/** What the same data source takes for annotations. */
export interface InfluxAnnotation {
  readonly refId: string;
  readonly rawQuery: true;
  readonly query: string;
  readonly queryType: 'tags';
  readonly fromAnnotations: true;
  readonly textColumn: string;
  /** Never empty: an empty one makes every column a tag. */
  readonly tagsColumn: string;
  readonly timeEndColumn: '';
  readonly titleColumn: '';
}

/** The SDK's builders take builders; the marker is a function, which JSON leaves out. */
const asQuery = (query: object): Builder<Dataquery> => ({
  build: () => ({ ...query, _implementsDataqueryVariant: () => undefined }),
});

/** A curve per column and series. */
export const curves = (refId: string, query: string, alias: string): Builder<Dataquery> =>
  asQuery({
    refId,
    datasource: DATASOURCE,
    rawQuery: true,
    query,
    resultFormat: 'time_series',
    alias,
  } satisfies InfluxQuery);

/** Rows: time, tags, then what is selected. */
export const rows = (refId: string, query: string): Builder<Dataquery> =>
  asQuery({ refId, datasource: DATASOURCE, rawQuery: true, query, resultFormat: 'table' } satisfies InfluxQuery);

export const annotation = (query: string, text: string, tags: string): Builder<Dataquery> =>
  asQuery({
    ...{ refId: 'Anno', rawQuery: true, query, queryType: 'tags', fromAnnotations: true },
    ...{ textColumn: text, tagsColumn: tags, timeEndColumn: '', titleColumn: '' },
  } satisfies InfluxAnnotation);
