/** The kinds of panels that the dashboards are made of. Each says what it shows, and what it means when nothing is there. */
import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  AxisPlacement,
  BarAlignment,
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableCellHeight,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Heatmap } from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as Text, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { INTENDED_USE } from '../../schemas/live.ts';
import { DATASOURCE } from './influx-query.ts';
import { fixed, NOTHING } from './look.ts';

export interface Told {
  readonly title: string;
  /** What it shows, from which measurement, and what its gap means. */
  readonly description: string;
  readonly queries: readonly Builder<Dataquery>[];
}

interface Tellable {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: { type: string; uid: string }): this;
  targets(targets: Builder<Dataquery>[]): this;
}

const tell = <P extends Tellable>(panel: P, { title, description, queries }: Told): P =>
  panel
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .targets([...queries]);

const legend = (...calcs: readonly string[]): VizLegendOptionsBuilder =>
  new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([...calcs]);

const allAtOnce = (): VizTooltipOptionsBuilder =>
  new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None);

export interface Measured extends Told {
  /** As a person reads it; on the axis and behind every number. */
  readonly axis: string;
  /** Grafana's name of the unit. */
  readonly unit: string;
}

/** Curves over time. A null is a gap: nothing is drawn over it. The legend has least and most, never "the last". */
export const curvesPanel = (told: Measured): TimeSeries =>
  tell(new TimeSeries(), told)
    .unit(told.unit)
    .axisLabel(told.axis)
    .axisPlacement(AxisPlacement.Left)
    .drawStyle(GraphDrawStyle.Line)
    .lineInterpolation(LineInterpolation.Linear)
    .lineWidth(1)
    .fillOpacity(0)
    .showPoints(VisibilityMode.Auto)
    .pointSize(3)
    .spanNulls(false)
    .noValue('Nothing was recorded in this range.')
    .legend(legend('min', 'max'))
    .tooltip(allAtOnce());

/** Counts over time, one on the other. A bucket without a bar: nothing was counted. */
export const barsPanel = (told: Measured): TimeSeries =>
  curvesPanel(told)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .showPoints(VisibilityMode.Never)
    // A bucket is named by its beginning.
    .barAlignment(BarAlignment.After)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .min(0)
    .legend(legend('sum'));

/** States over time, each with its word; what was not heard is left empty. */
export const ribbonPanel = (told: Told): StateTimeline =>
  tell(new StateTimeline(), told)
    .showValue(VisibilityMode.Auto)
    .mergeValues(true)
    .rowHeight(0.9)
    .spanNulls(false)
    .lineWidth(0)
    .fillOpacity(85)
    .noValue('Nothing was recorded in this range.')
    .legend(legend())
    .tooltip(allAtOnce());

export const tablePanel = (told: Told): TablePanel =>
  tell(new TablePanel(), told).showHeader(true).cellHeight(TableCellHeight.Sm).noValue(NOTHING);

/** One number. */
export const figurePanel = (told: Told & { readonly unit: string }): Stat =>
  tell(new Stat(), told)
    .unit(told.unit)
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .noValue(NOTHING);

/** Bars side by side, from rows: one bar per row. */
export const rankPanel = (told: Measured & { readonly of: string; readonly colour: string }): BarChart =>
  tell(new BarChart(), told)
    .unit(told.unit)
    .axisLabel(told.axis)
    .axisPlacement(AxisPlacement.Auto)
    .xField(told.of)
    .orientation(VizOrientation.Horizontal)
    .showValue(VisibilityMode.Always)
    .colorScheme(fixed(told.colour))
    .min(0)
    .noValue('Nothing was recorded in this range.')
    .legend(legend())
    .tooltip(allAtOnce());

export const heatPanel = (told: Told): Heatmap =>
  tell(new Heatmap(), told).noValue('Nothing was recorded in this range.');

/** Stands on top of every dashboard. */
export const intendedUsePanel = (more: string): Builder<Panel> =>
  new Text()
    .title('Intended use')
    .description('What Vigil may and may not be used for.')
    .mode(TextMode.Markdown)
    .content(`**${INTENDED_USE}** ${more}`);
