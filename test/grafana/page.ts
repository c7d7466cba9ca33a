/**
 * What Grafana does to a query of an InfluxDB data source in InfluxQL before it sends it, and what it makes of the answer.
 * By grafana/grafana-influxdb-datasource 13 (src/datasource.ts, src/variables.ts, pkg/influxdb/models/query.go,
 * pkg/influxdb/influxql/buffered/response_parser.go) and grafana/scenes (formatRegistry, TimeFromAndToMacro).
 */
import type { VigilDashboard, VigilPanel } from '../../dashboards/grafana/strict-dashboard.ts';
import type { InfluxSeries } from '../servers/influx.ts';

/** A page that is open: its range and what is chosen on it. */
export interface Page {
  readonly fromMs: number;
  readonly toMs: number;
  readonly chosen: Readonly<Record<string, string>>;
}

/** What Grafana escapes of a value in ${name:regex}. */
const escapeRegex = (value: string): string => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');

const ALL = '$__all';

/** `$__all` with an allValue is that value, unescaped. */
const format = (dashboard: VigilDashboard, page: Page, name: string, how: string | undefined): string => {
  if (name === '__from') return String(page.fromMs);
  if (name === '__to') return String(page.toMs);
  const variable = dashboard.templating.list.find((each) => each.name === name);
  if (variable === undefined) throw new Error(`${dashboard.title} has no variable ${name}`);
  const value =
    page.chosen[name] ?? variable.current?.value ?? (typeof variable.query === 'string' ? variable.query : '');
  // A list without anything in it leaves an empty text: only who says so gets one.
  if (typeof value !== 'string' || (value === '' && page.chosen[name] === undefined))
    throw new Error(`nothing is chosen for ${name}`);
  if (value === ALL) {
    if (how === 'text') return 'All';
    if (!variable.includeAll || !variable.allValue) throw new Error(`${name} has no allValue`);
    return variable.allValue;
  }
  if (how === 'regex') return escapeRegex(value);
  if (how === 'raw' || how === 'text' || how === undefined) return value;
  if (how === 'percentencode') return encodeURIComponent(value);
  throw new Error(`${name}:${how} is not known here`);
};

/** Variables in a text. What stays unreplaced is a mistake of the dashboard. */
export const withVariables = (dashboard: VigilDashboard, page: Page, text: string): string =>
  text.replace(/\$\{(\w+)(?::(\w+))?\}/g, (_, name: string, how?: string) => format(dashboard, page, name, how));

const ROUNDED: readonly (readonly [most: number, rounded: number])[] = [
  ...([
    [10, 1],
    [15, 10],
    [35, 20],
    [75, 50],
    [150, 100],
    [350, 200],
    [750, 500],
    [1_500, 1_000],
  ] as const),
  ...([
    [3_500, 2_000],
    [7_500, 5_000],
    [12_500, 10_000],
    [17_500, 15_000],
    [25_000, 20_000],
  ] as const),
  ...([
    [45_000, 30_000],
    [90_000, 60_000],
    [210_000, 120_000],
    [450_000, 300_000],
    [750_000, 600_000],
  ] as const),
  ...([
    [1_050_000, 900_000],
    [1_500_000, 1_200_000],
    [2_700_000, 1_800_000],
    [5_400_000, 3_600_000],
  ] as const),
  ...([
    [9_000_000, 7_200_000],
    [16_200_000, 10_800_000],
    [32_400_000, 21_600_000],
    [86_400_000, 43_200_000],
  ] as const),
];

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3 };
const lengthMs = (text: string): number => {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text)!;
  return Number(count) * UNITS_MS[unit!]!;
};

/** As gtime.FormatInterval. */
const intervalText = (ms: number): string => {
  for (const unit of ['d', 'h', 'm', 's'] as const)
    if (ms % UNITS_MS[unit]! === 0) return `${ms / UNITS_MS[unit]!}${unit}`;
  return `${ms}ms`;
};

/** How wide a panel is on the screen; Grafana asks for as many buckets unless the panel says otherwise. */
const WIDTH_PX = 1_200;

export const intervalMs = (
  { interval, maxDataPoints }: Pick<VigilPanel, 'interval' | 'maxDataPoints'>,
  page: Page,
): number => {
  const wanted = (page.toMs - page.fromMs) / (maxDataPoints ?? WIDTH_PX);
  const rounded = ROUNDED.find(([most]) => wanted <= most)?.[1] ?? 86_400_000;
  return Math.max(rounded, interval === undefined ? 1 : lengthMs(interval));
};

/** The query as InfluxDB gets it. Throws when something of Grafana's is left in it. */
export const asSent = (
  dashboard: VigilDashboard,
  panel: Pick<VigilPanel, 'interval' | 'maxDataPoints'>,
  page: Page,
  query: string,
): string => {
  const ms = intervalMs(panel, page);
  const sent = withVariables(dashboard, page, query)
    .replaceAll('$timeFilter', `time >= ${page.fromMs}ms and time <= ${page.toMs}ms`)
    .replaceAll('$__interval_ms', String(ms))
    .replaceAll('$__interval', intervalText(ms));
  const left = /\$(?!\/)\w*/.exec(sent.replace(/\)\$\//g, ''));
  if (left !== null) throw new Error(`"${left[0]}" is left in: ${sent}`);
  return sent;
};

export type Cell = string | number | boolean | null;

/** A curve: one column of one series. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [atMs: number, value: Cell])[];
}

const nameOf = (alias: string, column: string, tags: Readonly<Record<string, string>>): string =>
  alias.replace(/\$(\w+)/g, (whole, word: string) => {
    if (word === 'col') return column;
    return word.startsWith('tag_') ? (tags[word.slice('tag_'.length)] ?? whole) : whole;
  });

export const curvesOf = (answer: readonly InfluxSeries[], alias: string): readonly Curve[] =>
  answer.flatMap(({ columns, tags = {}, values }) =>
    columns.slice(1).map((column, i) => ({
      name: nameOf(alias, column, tags),
      points: values.map((row) => [Number(row[0]), row[i + 1] ?? null] as const),
    })),
  );

/** A table: `Time`, the tags in any order (here backwards), what was selected. */
export interface Rows {
  readonly refId: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export const rowsOf = (refId: string, answer: readonly InfluxSeries[]): Rows => {
  const first = answer[0];
  if (first === undefined) return { refId, columns: [], rows: [] };
  const tags = Object.keys(first.tags ?? {}).reverse();
  return {
    refId,
    columns: ['Time', ...tags, ...first.columns.slice(1)],
    rows: answer.flatMap((series) =>
      series.values.map((row) => [row[0]!, ...tags.map((tag) => series.tags?.[tag] ?? ''), ...row.slice(1)]),
    ),
  };
};
