/** The panels of the alarm burden. */
import type { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import type { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import type { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { curves, rows } from '../influx-query.ts';
import { variable } from '../influxql.ts';
import { barsPanel, figurePanel, rankPanel, tablePanel } from '../kinds.ts';
import { toPatient } from '../links.ts';
import { colours, priorities, priorityColour, priorityMarks, thresholds } from '../look.ts';
import { ANSWERED, BEGAN, columns, RANG } from './counts.ts';

/** A day of the zone that is chosen; a day without alarms is 0, not a gap: the log of alarms has no gaps. */
const perDay = (by: string): string =>
  `SELECT ${BEGAN} AS "rang" FROM ${RANG()} GROUP BY time(1d), ${by} fill(0) tz('${variable('zone')}')`;

const DAY = { unit: 'none', axis: 'alarms per day' } as const;

export const byBedAndDay = (): TimeSeries =>
  barsPanel({
    ...DAY,
    title: 'Alarms per bed and day',
    description:
      'Alarms that began to ring, per bed and calendar day (measurement alarm). Of a bed that is not listed none was recorded in the range. The first and the last day are as long as the range reaches into them.',
    queries: [curves('A', perDay(columns.bed), '$tag_bed')],
  }).decimals(0);

export const byPriorityAndDay = (): TimeSeries => {
  const panel = barsPanel({
    ...DAY,
    title: 'Alarms per priority and day',
    description:
      'Alarms that began to ring, per priority and calendar day (measurement alarm). Of a priority that is not listed none was recorded in the range.',
    queries: [curves('A', perDay(columns.priority), '$tag_priority')],
  }).decimals(0);
  for (const priority of priorities)
    panel.overrideByName(priority, [
      { id: 'displayName', value: `${priorityMarks[priority]} ${priority}` },
      { id: 'color', value: { mode: 'fixed', fixedColor: priorityColour[priority] } },
    ]);
  return panel;
};

const seconds = (): DynamicConfigValue[] => [
  { id: 'unit', value: 's' },
  { id: 'decimals', value: 0 },
];

const priorityCells = Object.fromEntries(
  priorities.map((priority, index) => [
    priority,
    { text: `${priorityMarks[priority]} ${priority}`, color: priorityColour[priority], index },
  ]),
);

const CONDITION_COLUMNS = [
  ...['condition', 'priority', 'Rang', 'Acknowledged', 'Not acknowledged', 'Median', '90 %', 'Longest'],
];

/** Counts fill what is not there with 0, times must not: two queries, laid side by side. */
export const byConditionAndPriority = (): TablePanel => {
  const each = `GROUP BY ${columns.condition}, ${columns.priority}`;
  const { answered_s } = columns;
  return tablePanel({
    title: 'By condition and priority',
    description:
      'Alarms that began to ring, how many were acknowledged, and how long that took from the beginning to the acknowledgement: median, 90 % and longest (measurement alarm). Not acknowledged: began less acknowledged in the range. "—": none was acknowledged.',
    queries: [
      rows(
        'A',
        `SELECT ${BEGAN} AS "Rang", ${ANSWERED} AS "Acknowledged", ${BEGAN} - ${ANSWERED} AS "Not acknowledged" FROM ${RANG()} ${each} fill(0)`,
      ),
      rows(
        'B',
        `SELECT median(${answered_s}) AS "Median", percentile(${answered_s}, 90) AS "90 %", max(${answered_s}) AS "Longest" FROM ${RANG()} ${each}`,
      ),
    ],
  })
    .transformations([
      {
        id: 'organize',
        filter: { id: 'byRefId', options: 'A' },
        options: { excludeByName: { Time: true }, indexByName: {}, renameByName: {} },
      },
      {
        id: 'organize',
        filter: { id: 'byRefId', options: 'B' },
        options: { excludeByName: { Time: true }, indexByName: {}, renameByName: {} },
      },
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: {},
          // Grafana's data source hands out the tags in any order.
          indexByName: Object.fromEntries(CONDITION_COLUMNS.map((name, index) => [name, index])),
          renameByName: { condition: 'Condition', priority: 'Priority' },
        },
      },
    ])
    .sortBy([new TableSortByFieldStateBuilder().displayName('Rang').desc(true)])
    .overrideByName('Priority', [
      { id: 'mappings', value: [{ type: 'value', options: priorityCells }] },
      { id: 'custom.cellOptions', value: { type: 'color-text' } },
    ])
    .overrideByName('Median', seconds())
    .overrideByName('90 %', seconds())
    .overrideByName('Longest', seconds());
};

const WORST_SHOWN = 10;

export const worstBeds = (): BarChart =>
  rankPanel({
    title: `The ${WORST_SHOWN} beds that rang most`,
    description: `Alarms that began to ring, of the ${WORST_SHOWN} beds with the most (measurement alarm). No bar: none was recorded in the range.`,
    queries: [
      rows(
        'A',
        `SELECT top("rang", ${columns.bed}, ${WORST_SHOWN}) AS "Alarms" FROM (SELECT ${BEGAN} AS "rang" FROM ${RANG()} GROUP BY ${columns.bed})`,
      ),
    ],
    axis: 'alarms in the range',
    unit: 'none',
    of: 'bed',
    colour: colours.worse,
  })
    .decimals(0)
    .transformations([
      { id: 'organize', options: { excludeByName: { Time: true }, indexByName: {}, renameByName: {} } },
      { id: 'sortBy', options: { sort: [{ field: 'Alarms', desc: true }] } },
    ]);

const WORST = 3;

/** As floats: InfluxDB adds whole numbers of two subqueries to nothing (1.6 and 2.7 alike). */
export const worstBedsShare = (): Stat =>
  figurePanel({
    title: `Share of the ${WORST} worst beds`,
    description: `Of all alarms that began to ring, those of the ${WORST} beds that rang most (measurement alarm). "—": none was recorded in the range.`,
    queries: [
      curves(
        'A',
        `SELECT 100 * sum("worst") / sum("all of them") AS "share" FROM (SELECT top("rang", ${columns.bed}, ${WORST}) AS "worst" FROM (SELECT ${BEGAN} * 1.0 AS "rang" FROM ${RANG()} GROUP BY ${columns.bed})), (SELECT ${BEGAN} * 1.0 AS "all of them" FROM ${RANG()})`,
        `share of ${WORST} beds`,
      ),
    ],
    unit: 'percent',
  })
    .decimals(0)
    .thresholds(thresholds([{ value: null, color: colours.plain }]));

export const perBed = (): TablePanel =>
  tablePanel({
    title: 'By bed',
    description:
      'Per bed: alarms that began to ring, acknowledgements, and the difference, all in the range (measurement alarm). Of a bed that is not listed no alarm was recorded.',
    queries: [
      rows(
        'A',
        `SELECT ${BEGAN} AS "Rang", ${ANSWERED} AS "Acknowledged", ${BEGAN} - ${ANSWERED} AS "Not acknowledged" FROM ${RANG()} GROUP BY ${columns.bed} fill(0)`,
      ),
    ],
  })
    .transformations([
      { id: 'organize', options: { excludeByName: { Time: true }, indexByName: {}, renameByName: { bed: 'Bed' } } },
    ])
    .sortBy([new TableSortByFieldStateBuilder().displayName('Rang').desc(true)])
    .overrideByName('Bed', [{ id: 'links', value: [toPatient('Bed').build()] }]);
