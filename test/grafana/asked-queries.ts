/** Every query that the dashboards ask: of panels, annotations and variables, each by a name that people understand. */
import { dashboards } from '../../dashboards/grafana/dashboards.ts';
import type { VigilDashboard, VigilPanel } from '../../dashboards/grafana/strict-dashboard.ts';
import type { AskedStore } from './asked-store.ts';
import { asSent, type Curve, curvesOf, type Page, type Rows, rowsOf, withVariables } from './page.ts';

export interface Query {
  /** "patient | Heart rate | R0" */
  readonly name: string;
  readonly dashboard: VigilDashboard;
  readonly panel: Pick<VigilPanel, 'interval' | 'maxDataPoints'>;
  readonly query: string;
  readonly format: 'time_series' | 'table';
  readonly refId: string;
  readonly alias: string;
}

const queriesOf = ([file, dashboard]: readonly [string, VigilDashboard]): readonly Query[] => {
  const of = file.replace('.json', '');
  const inCurves = { dashboard, panel: {}, format: 'time_series', refId: 'A', alias: '$col' } as const;
  return [
    ...dashboard.templating.list.flatMap(({ name, query }) =>
      typeof query === 'string' ? [] : [{ ...inCurves, name: `${of} | ${name}`, query: query.query }],
    ),
    ...(dashboard.annotations.list ?? []).map(({ name, target }) => ({
      ...{ ...inCurves, name: `${of} | annotation ${name}`, query: target.query },
    })),
    ...dashboard.panels.flatMap((panel) =>
      'targets' in panel
        ? panel.targets.map(({ refId, query, resultFormat, alias = '' }) => ({
            ...{ name: `${of} | ${panel.title} | ${refId}`, dashboard, panel, query, refId, alias },
            format: resultFormat,
          }))
        : [],
    ),
  ];
};

const generated = Object.entries(dashboards());
export const queries: readonly Query[] = generated.flatMap(queriesOf);
export const drawnPanels = generated.flatMap(([file, { panels }]) =>
  panels
    .filter((panel): panel is VigilPanel => panel.type !== 'row' && panel.type !== 'text')
    .map((panel) => ({ name: `${file}: ${panel.title}`, panel })),
);
export const queriesOfPanel = (of: VigilPanel): readonly Query[] => queries.filter(({ panel }) => panel === of);

export const queryNamed = (name: string): Query => {
  const found = queries.find((query) => query.name === name);
  if (found === undefined) throw new Error(`no query is called "${name}"`);
  return found;
};

/** What came back, as curves and as a table: the query's format says which of them a person sees. */
export interface Answer {
  readonly sent: string;
  readonly isEmpty: boolean;
  readonly curves: readonly Curve[];
  readonly rows: Rows;
}

/** Asks a query as the page would that is open. */
export const answerTo = async (ask: AskedStore['ask'], query: Query, open: Page): Promise<Answer> => {
  const sent = asSent(query.dashboard, query.panel, open, query.query);
  const answer = await ask(sent);
  return {
    ...{ sent, isEmpty: answer.length === 0 },
    curves: curvesOf(answer, withVariables(query.dashboard, open, query.alias)),
    rows: rowsOf(query.refId, answer),
  };
};
