/**
 * The SDK's dashboard without its holes: where the SDK says `any` (options of a panel, queries, overrides, transformations)
 * stands what Vigil uses, in the SDK's own types. test/grafana makes a JSON schema of it that knows no further property,
 * and lets tsc read the generated files as values of it.
 */
import type {
  FieldConfig as BarChartField,
  Options as BarChartOptions,
} from '@grafana/grafana-foundation-sdk/barchart';
import type {
  TableColoredBackgroundCellOptions,
  TableColorTextCellOptions,
} from '@grafana/grafana-foundation-sdk/common';
import type {
  AnnotationQuery,
  Dashboard,
  DashboardLink,
  FieldColor,
  FieldConfig,
  FieldConfigSource,
  GridPos,
  Panel,
  RowPanel,
  ThresholdsConfig,
  ValueMapping,
  VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { FieldConfig as HeatmapField, Options as HeatmapOptions } from '@grafana/grafana-foundation-sdk/heatmap';
import type { Options as StatOptions } from '@grafana/grafana-foundation-sdk/stat';
import type {
  FieldConfig as StateTimelineField,
  Options as StateTimelineOptions,
} from '@grafana/grafana-foundation-sdk/statetimeline';
import type { FieldConfig as TableField, Options as TableOptions } from '@grafana/grafana-foundation-sdk/table';
import type { Options as TextOptions } from '@grafana/grafana-foundation-sdk/text';
import type {
  FieldConfig as TimeSeriesField,
  Options as TimeSeriesOptions,
} from '@grafana/grafana-foundation-sdk/timeseries';
import type { InfluxAnnotation, InfluxQuery } from './influx-query.ts';

interface SourceRef {
  type: string;
  uid: string;
}

/** Grafana's matchers that Vigil uses: of a field by its name, of a frame by its query. */
type FieldMatcher = { id: 'byName' | 'byRegexp'; options: string };
type FrameMatcher = { id: 'byRefId'; options: string };

/** Properties of overrides that Vigil uses: of every field, or of a kind of panel ("custom.…"). */
type Property =
  | { id: 'unit' | 'displayName'; value: string }
  | { id: 'decimals'; value: number }
  | { id: 'color'; value: FieldColor }
  | { id: 'thresholds'; value: ThresholdsConfig }
  | { id: 'mappings'; value: ValueMapping[] }
  | { id: 'links'; value: DashboardLink[] };
type CurveProperty =
  | Property
  | { id: 'custom.showPoints'; value: 'never' }
  | { id: 'custom.lineWidth' | 'custom.fillOpacity' | 'custom.axisSoftMin' | 'custom.axisSoftMax'; value: number }
  | { id: 'custom.fillBelowTo' | 'custom.axisLabel'; value: string };
type CellProperty =
  | Property
  | { id: 'custom.width'; value: number }
  | { id: 'custom.cellOptions'; value: TableColorTextCellOptions | TableColoredBackgroundCellOptions };

interface Organize {
  id: 'organize';
  filter?: FrameMatcher;
  options: {
    excludeByName: Record<string, boolean>;
    indexByName: Record<string, number>;
    renameByName: Record<string, string>;
  };
}
type Transformation =
  | Organize
  | { id: 'joinByField'; options: { byField: string; mode: 'outer' } }
  | { id: 'merge'; options: Record<string, never> }
  | { id: 'formatTime'; options: { timeField: string; outputFormat: 'HH'; timezone: string } }
  | {
      id: 'groupBy';
      options: { fields: Record<string, { operation: 'groupby' | 'aggregate'; aggregations: 'sum'[] }> };
    }
  | { id: 'sortBy'; options: { sort: { field: string; desc: boolean }[] } };

type Said = Omit<
  Panel,
  | 'type'
  | 'id'
  | 'gridPos'
  | 'title'
  | 'description'
  | 'datasource'
  | 'targets'
  | 'transformations'
  | 'options'
  | 'fieldConfig'
  | 'libraryPanel'
>;

type PanelOf<Kind extends string, Options, Custom, Override = Property> = Said & {
  type: Kind;
  id: number;
  gridPos: GridPos;
  title: string;
  description: string;
  datasource: SourceRef;
  targets: InfluxQuery[];
  transformations?: Transformation[];
  options: Options;
  fieldConfig: {
    defaults: Omit<FieldConfig, 'custom'> & { custom?: Custom };
    overrides: { matcher: FieldMatcher; properties: Override[] }[];
  };
};

/** Has no query: what it says is written in it. */
type TextPanel = Said & {
  type: 'text';
  id: number;
  gridPos: GridPos;
  title: string;
  description: string;
  options: TextOptions;
  fieldConfig?: FieldConfigSource;
};

export type VigilPanel =
  | PanelOf<'timeseries', TimeSeriesOptions, TimeSeriesField, CurveProperty>
  | PanelOf<'state-timeline', StateTimelineOptions, StateTimelineField>
  | PanelOf<'table', TableOptions, TableField, CellProperty>
  | PanelOf<'stat', StatOptions, Record<string, never>>
  | PanelOf<'barchart', BarChartOptions, BarChartField>
  | PanelOf<'heatmap', HeatmapOptions, HeatmapField>
  | TextPanel;

export type VigilVariable = Omit<VariableModel, 'query' | 'datasource'> & {
  query: string | { refId: string; query: string };
  datasource?: SourceRef;
};

export type VigilAnnotation = Omit<AnnotationQuery, 'target' | 'datasource'> & {
  datasource: SourceRef;
  target: InfluxAnnotation;
};

export type VigilDashboard = Omit<Dashboard, 'uid' | 'title' | 'panels' | 'templating' | 'annotations' | 'snapshot'> & {
  uid: string;
  title: string;
  panels: (VigilPanel | (Omit<RowPanel, 'panels'> & { panels: [] }))[];
  templating: { list: VigilVariable[] };
  annotations: { list?: VigilAnnotation[] };
};
