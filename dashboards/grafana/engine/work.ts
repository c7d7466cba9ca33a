/** How the work goes: how far behind, how long to the screen, what was refused and dropped. */
import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  HeatmapCellLayout,
  VisibilityMode,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FilterValueRangeBuilder,
  type PanelBuilder as Heatmap,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import type { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import type { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { curves, rows } from '../influx-query.ts';
import { IN_RANGE } from '../influxql.ts';
import { barsPanel, curvesPanel, heatPanel, tablePanel } from '../kinds.ts';
import { colours, fixed, thresholds } from '../look.ts';
import { between, columns, FIGURES_EVERY, from, grownBy, mostOf, shareBelow } from './figures.ts';

export const stageLag = (): TimeSeries =>
  curvesPanel({
    title: 'Lag of each stage',
    description:
      'How far a stage is behind the telemetry, at its worst in each bucket (measurement engine, vigil_stage_lag_seconds). More than 3 s for a minute: see docs/engineer.md. A gap: its process did not report.',
    queries: [curves('A', mostOf('vigil_stage_lag_seconds', columns.label), '$tag_label')],
    axis: 'seconds behind',
    unit: 's',
  })
    .interval(FIGURES_EVERY)
    .min(0)
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
    .thresholds(
      thresholds([
        { value: null, color: 'transparent' },
        { value: 3, color: colours.bad },
      ]),
    );

export const groupLag = (): TimeSeries =>
  curvesPanel({
    title: 'Lag of each group',
    description:
      'Records of the log that a group of readers has still to read, at its worst in each bucket (measurement engine, vigil_group_lag_records). A gap: nobody reported.',
    queries: [curves('A', mostOf('vigil_group_lag_records', columns.label), '$tag_label')],
    axis: 'records behind',
    unit: 'suffix:records',
  })
    .interval(FIGURES_EVERY)
    .decimals(0)
    .min(0);

const LATENCY = 'vigil_alert_latency_seconds_bucket';
/** Upper bounds of the histogram, as services/metrics has them; test/grafana holds them equal. */
export const LATENCY_BOUNDS = [
  '0.01',
  '0.025',
  '0.05',
  '0.1',
  '0.15',
  '0.25',
  '0.5',
  '1',
  '2',
  '5',
  '10',
  '+Inf',
] as const;

export const latencyHeat = (): Heatmap =>
  heatPanel({
    title: 'Latency of alerts',
    description:
      'How many alerts took how long from the end of the decisive signal to the socket of a console (measurement engine, vigil_alert_latency_seconds). Each row holds what took at most its number of seconds and more than the row below. An empty cell: none. What came before the first figures of a process is not counted: a count that begins is no growth.',
    queries: LATENCY_BOUNDS.map((bound, i) => curves(`L${i}`, between(LATENCY, bound, LATENCY_BOUNDS[i - 1]), bound)),
  })
    .interval(FIGURES_EVERY)
    .maxDataPoints(240)
    .calculate(false)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Le).value('alerts'))
    .yAxis(new YAxisConfigBuilder().unit('s').axisLabel('seconds, at most'))
    .filterValues(new FilterValueRangeBuilder().le(0.5))
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme('YlOrRd')
        .fill('dark-orange')
        .exponent(0.5)
        .steps(32)
        .reverse(true),
    )
    .showLegend();

export const latencyWithin = (): TimeSeries =>
  curvesPanel({
    title: 'Alerts within a second',
    description:
      'Of the alerts of each bucket, how many in a hundred reached a console within 1 s, and within 250 ms (measurement engine, vigil_alert_latency_seconds). No point: there was no alert.',
    queries: [
      curves('A', shareBelow(LATENCY, '1'), 'within 1 s'),
      curves('B', shareBelow(LATENCY, '0.25'), 'within 250 ms'),
    ],
    axis: '% of alerts',
    unit: 'percent',
  })
    .interval(FIGURES_EVERY)
    .maxDataPoints(240)
    .decimals(0)
    .min(0)
    .max(100)
    .drawStyle(GraphDrawStyle.Points)
    .pointSize(6)
    .showPoints(VisibilityMode.Always);

export const rejectedPanel = (): TimeSeries =>
  barsPanel({
    title: 'Rejected, by code',
    description:
      'Messages that were refused and lie on vigil.rejected with their bytes, by code (measurement engine, growth of vigil_rejected_total). The first of its code after the start of a process is only in the table beside it. A gap: nobody reported.',
    queries: [curves('A', grownBy('vigil_rejected_total', columns.label), '$tag_label')],
    axis: 'messages',
    unit: 'suffix:messages',
  })
    .interval(FIGURES_EVERY)
    .maxDataPoints(120)
    .decimals(0);

export const rejectedTotals = (): TablePanel =>
  tablePanel({
    title: 'Rejected since the process started',
    description:
      'Newest figure of the range per process and code (measurement engine, vigil_rejected_total), and when it was told. No row: nothing was refused, or nobody reported.',
    queries: [
      rows(
        'A',
        `SELECT last(${columns.value}) AS "Messages" FROM ${from} WHERE ${columns.metric} = 'vigil_rejected_total' AND ${IN_RANGE} GROUP BY ${columns.process}, ${columns.label}`,
      ),
    ],
  })
    .transformations([
      {
        id: 'organize',
        options: {
          excludeByName: {},
          // Grafana's data source hands out the tags in any order.
          indexByName: { process: 0, label: 1, Messages: 2, Time: 3 },
          renameByName: { Time: 'Told', process: 'Process', label: 'Code' },
        },
      },
    ])
    .overrideByName('Told', [{ id: 'unit', value: 'dateTimeFromNow' }]);

export const wavesShedPanel = (): TimeSeries =>
  barsPanel({
    title: 'Waves dropped',
    description:
      'Pieces of waves that were dropped for consoles that are too slow (measurement engine, growth of vigil_waves_shed_total). Alarms are never dropped. A gap: nobody reported.',
    queries: [curves('A', grownBy('vigil_waves_shed_total'), 'dropped')],
    axis: 'pieces',
    unit: 'suffix:pieces',
  })
    .interval(FIGURES_EVERY)
    .maxDataPoints(120)
    .decimals(0)
    .colorScheme(fixed(colours.worse));
