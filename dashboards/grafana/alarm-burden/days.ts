/** When alarms ring: by day, and by hour of the day. */

import type { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import { VizOrientation } from '@grafana/grafana-foundation-sdk/common';
import type { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { curves, rows } from '../influx-query.ts';
import { variable } from '../influxql.ts';
import { barsPanel, rankPanel } from '../kinds.ts';
import { colours, priorities, priorityColour, priorityMarks } from '../look.ts';
import { BEGAN, columns, RANG } from './counts.ts';

const OF_ZONE = `fill(0) tz('${variable('zone')}')`;

/** A day of the zone that is chosen; a day without alarms is 0, not a gap: the log of alarms has no gaps. */
const perDay = (by: string): string => `SELECT ${BEGAN} AS "rang" FROM ${RANG()} GROUP BY time(1d), ${by} ${OF_ZONE}`;

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

/** InfluxQL knows no hour of the day: it counts each hour of the range, and Grafana adds up those of one name. */
export const byHour = (): BarChart =>
  rankPanel({
    title: 'Alarms by hour of the day',
    description:
      'Alarms that began to ring in the range, by the hour of the day in which they did: 07 is from 7:00 to 8:00 (measurement alarm). A range of whole days is fair to every hour. No bar: none was recorded in the range.',
    queries: [rows('A', `SELECT ${BEGAN} AS "Alarms" FROM ${RANG()} GROUP BY time(1h) ${OF_ZONE}`)],
    axis: 'alarms in the range',
    unit: 'none',
    of: 'Hour',
    colour: colours.plain,
  })
    .orientation(VizOrientation.Vertical)
    .decimals(0)
    .transformations([
      { id: 'formatTime', options: { timeField: 'Time', outputFormat: 'HH', timezone: variable('zone') } },
      {
        id: 'groupBy',
        options: {
          fields: {
            Time: { operation: 'groupby', aggregations: [] },
            Alarms: { operation: 'aggregate', aggregations: ['sum'] },
          },
        },
      },
      {
        id: 'organize',
        options: { excludeByName: {}, indexByName: {}, renameByName: { Time: 'Hour', 'Alarms (sum)': 'Alarms' } },
      },
      { id: 'sortBy', options: { sort: [{ field: 'Hour', desc: false }] } },
    ]);
