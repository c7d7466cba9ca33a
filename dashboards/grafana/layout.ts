/**
 * From grafana-dash-gen's skeleton to what Grafana reads today. dash-gen speaks the language of 2016: rows of twelve
 * columns and templates. Grafana has a grid of 24 columns, rows that are panels, and variables. This is the only place
 * that knows both.
 */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
  TimePickerBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import dashGen from 'grafana-dash-gen';
import { DATASOURCE } from './influx-query.ts';
import { TAG } from './links.ts';
import type { VigilDashboard } from './strict-dashboard.ts';
import type { Template, TemplateExtras } from './variables.ts';

const COLUMNS = 24;
const COLUMNS_OF_2016 = 12;
/** Grafana's grid: 30 px high, 8 px apart. */
const GRID_PX = 38;

type Skeleton = InstanceType<typeof dashGen.Dashboard>;
type DashGenRow = InstanceType<typeof dashGen.Row>;
type DashGenPanel = Parameters<DashGenRow['addPanel']>[0];

/** A row of panels, each as wide as its twelfths. */
export const row = (
  title: string,
  heightPx: number,
  ...panels: readonly (readonly [span: number, Builder<Panel>])[]
): DashGenRow => {
  const made = new dashGen.Row({ title, height: `${heightPx}px` });
  // All that dash-gen asks of a panel is that it generates itself.
  for (const [span, panel] of panels)
    made.addPanel({ generate: () => ({ ...panel.build(), span }) } as unknown as DashGenPanel);
  return made;
};

export interface Definition {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** How far back, and how often it is read anew. */
  readonly from: string;
  readonly refresh: string;
  /** It shows now, whatever range is chosen: the picker would promise more. */
  readonly alwaysNow?: boolean;
  readonly variables: readonly Template[];
  readonly annotations: readonly AnnotationQueryBuilder[];
  readonly links: readonly Builder<DashboardLink>[];
  readonly rows: readonly DashGenRow[];
}

const skeletonOf = ({ title, from, refresh, variables, rows }: Definition): Skeleton => {
  const skeleton = new dashGen.Dashboard({ title, tags: [TAG], refresh, time: { from, to: 'now' }, rows: [...rows] });
  for (const variable of variables) skeleton.addTemplate(variable);
  return skeleton;
};

type OldTemplate = ReturnType<Skeleton['generate']>['templating']['list'][number];

/** A template as a variable. Lists are read again when the range changes: they hold what there is in it. */
const variableOf = (template: OldTemplate): Builder<VariableModel> => {
  const { name, type } = template;
  const label = String(template['label']);
  const text = String(template.query);
  switch (type) {
    case 'textbox':
      return new TextBoxVariableBuilder(name)
        .label(label)
        .description(String(template['description']))
        .defaultValue(text)
        .current({ text, value: text });
    case 'query': {
      const { description, hidden } = template['tag'] as TemplateExtras;
      const list = new QueryVariableBuilder(name)
        .label(label)
        .description(description)
        .hide(hidden ? VariableHide.HideVariable : VariableHide.DontHide)
        .query({ refId: `variable-${name}`, query: text })
        .definition(text)
        .datasource(DATASOURCE)
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.NaturalAsc)
        .multi(template['multi'] === true)
        .includeAll(template.includeAll === true);
      return template.includeAll === true
        ? list.allValue(String(template.allValue)).current({ text: 'All', value: '$__all' })
        : list;
    }
    default:
      throw new Error(`a template of type ${type} has no place on a dashboard of Vigil`);
  }
};

interface OldRow {
  readonly title?: string;
  readonly height?: string;
  readonly panels: readonly object[];
}
type OldPanel = Panel & { readonly span: number };

/** Lays rows on the grid from the top; a panel that does not fit into its line begins the next one. */
const onGrid = (rows: readonly OldRow[]): readonly (Panel | ReturnType<RowBuilder['build']>)[] => {
  const laid: (Panel | ReturnType<RowBuilder['build']>)[] = [];
  let y = 0;
  let id = 0;
  for (const { title, height, panels } of rows) {
    const h = Math.max(2, Math.round(Number.parseInt(height ?? '250', 10) / GRID_PX));
    if (title) {
      laid.push(new RowBuilder(title).id(++id).gridPos({ x: 0, y, w: COLUMNS, h: 1 }).build());
      y++;
    }
    let x = 0;
    for (const { span, ...panel } of panels as readonly OldPanel[]) {
      const w = Math.round((span * COLUMNS) / COLUMNS_OF_2016);
      if (x + w > COLUMNS) {
        x = 0;
        y += h;
      }
      laid.push({ ...panel, id: ++id, gridPos: { x, y, w, h } });
      x += w;
    }
    y += h;
  }
  return laid;
};

/** The dashboard as Grafana reads it. Built on every generation in the same order, so that the files do not change. */
export const dashboardOf = (definition: Definition): VigilDashboard => {
  const { title, tags, time, refresh, rows, templating } = skeletonOf(definition).generate();
  const builder = new DashboardBuilder(title)
    .uid(definition.uid)
    .description(definition.description)
    .tags(tags)
    .time(time!)
    .refresh(String(refresh))
    .timezone('browser')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .links([...definition.links])
    .annotations([...definition.annotations])
    .timepicker(new TimePickerBuilder().hidden(definition.alwaysNow === true))
    .variables(templating.list.map(variableOf));
  const dashboard = { ...builder.build(), panels: onGrid((rows ?? []) as readonly OldRow[]) };
  // Functions are markers of the SDK's, and an undefined says nothing: neither is JSON.
  return JSON.parse(JSON.stringify(dashboard)) as VigilDashboard;
};
