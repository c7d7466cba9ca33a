/** Grafana's transformations that the dashboards use, as far as they use them: to see the table that a person sees. */
import type { VigilDashboard, VigilPanel } from '../../dashboards/grafana/strict-dashboard.ts';
import { type Cell, type Page, type Rows, withVariables } from './page.ts';

type Transformation = NonNullable<Extract<VigilPanel, { type: 'table' }>['transformations']>[number];
type Organize = Extract<Transformation, { id: 'organize' }>;
type FormatTime = Extract<Transformation, { id: 'formatTime' }>;
type GroupBy = Extract<Transformation, { id: 'groupBy' }>;

/** Leaves out, then sorts columns by their place (unnamed ones stay behind), then renames. */
const organize = ({ options }: Organize, table: Rows): Rows => {
  const place = (name: string): number => options.indexByName[name] ?? Number.MAX_SAFE_INTEGER;
  const kept = table.columns
    .map((name, at) => ({ name, at }))
    .filter(({ name }) => options.excludeByName[name] !== true)
    .sort((a, b) => place(a.name) - place(b.name) || a.at - b.at);
  return {
    refId: table.refId,
    columns: kept.map(({ name }) => options.renameByName[name] ?? name),
    rows: table.rows.map((row) => kept.map(({ at }) => row[at]!)),
  };
};

/** Rows that say the same of all columns in `by` become one. */
const joined = (tables: readonly Rows[], by: readonly string[]): Rows => {
  const columns = [...by, ...tables.flatMap((table) => table.columns.filter((name) => !by.includes(name)))];
  const found = new Map<string, Cell[]>();
  for (const table of tables)
    for (const row of table.rows) {
      const key = JSON.stringify(by.map((name) => row[table.columns.indexOf(name)]));
      const whole = found.get(key) ?? columns.map(() => null);
      for (const [i, name] of table.columns.entries()) whole[columns.indexOf(name)] = row[i]!;
      found.set(key, whole);
    }
  return { refId: 'joined', columns, rows: [...found.values()] };
};

/** "HH" of a moment.js format: the hour of the zone, two digits. */
const formatTime = ({ options: { timeField, timezone } }: FormatTime, table: Rows): Rows => {
  const at = table.columns.indexOf(timeField);
  const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: timezone });
  return { ...table, rows: table.rows.map((row) => row.with(at, hour.format(Number(row[at])))) };
};

/** One row for each text of the column that is grouped by, in the order of the first; the others are "name (sum)". */
const groupBy = ({ options: { fields } }: GroupBy, table: Rows): Rows => {
  const names = Object.keys(fields);
  const by = table.columns.indexOf(names.find((name) => fields[name]!.operation === 'groupby')!);
  const summed = names.filter((name) => fields[name]!.operation === 'aggregate');
  const groups = Map.groupBy(table.rows, (row) => row[by]!);
  return {
    refId: table.refId,
    columns: [table.columns[by]!, ...summed.map((name) => `${name} (sum)`)],
    rows: [...groups].map(([key, rows]) => [
      key,
      ...summed.map((name) => rows.reduce((sum, row) => sum + Number(row[table.columns.indexOf(name)]), 0)),
    ]),
  };
};

const step = (tables: readonly Rows[], transformation: Transformation): readonly Rows[] => {
  switch (transformation.id) {
    case 'organize': {
      const only = transformation.filter?.options;
      return tables.map((table) =>
        only === undefined || only === table.refId ? organize(transformation, table) : table,
      );
    }
    case 'joinByField':
      return [joined(tables, [transformation.options.byField])];
    case 'merge': {
      const [first, ...others] = tables;
      const common = first!.columns.filter((name) => others.every((other) => other.columns.includes(name)));
      return [joined(tables, common)];
    }
    case 'formatTime':
      return tables.map((table) => formatTime(transformation, table));
    case 'groupBy':
      return tables.map((table) => groupBy(transformation, table));
    case 'sortBy': {
      const [{ field, desc }] = transformation.options.sort as [{ field: string; desc: boolean }];
      return tables.map((table) => {
        const at = table.columns.indexOf(field);
        const sign = desc ? -1 : 1;
        return { ...table, rows: table.rows.toSorted((a, b) => sign * (Number(a[at]) - Number(b[at]))) };
      });
    }
  }
};

/**
 * The tables of a panel after all its transformations; tables without rows are no frames, as in Grafana. Variables in their
 * options are replaced first (since Grafana 12).
 */
export const transformed = (
  tables: readonly Rows[],
  panel: VigilPanel,
  page: Page,
  dashboard: VigilDashboard,
): readonly Rows[] => {
  const written = 'transformations' in panel ? (panel.transformations ?? []) : [];
  const transformations: readonly Transformation[] = JSON.parse(
    withVariables(dashboard, page, JSON.stringify(written)),
  );
  return transformations.reduce(
    step,
    tables.filter(({ columns }) => columns.length > 0),
  );
};
