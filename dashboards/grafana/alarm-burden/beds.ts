/** Which beds ring most. */
import type { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import type { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { curves, rows } from '../influx-query.ts';
import { variable } from '../influxql.ts';
import { figurePanel, rankPanel, tablePanel } from '../kinds.ts';
import { toPatient } from '../links.ts';
import { colours, thresholds } from '../look.ts';
import { ANSWERED, BEGAN, columns, RANG } from './counts.ts';

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

/**
 * InfluxDB counts `1 + 02` together before it looks; an empty text leaves `1 + 0`. As floats: InfluxDB adds whole numbers of
 * two subqueries to nothing (1.6 and 2.7 alike).
 */
export const worstBedsShare = (): Stat => {
  const perBed = `SELECT ${BEGAN} * 1.0 AS "rang" FROM ${RANG()} GROUP BY ${columns.bed}`;
  const worst = `SELECT top("rang", ${columns.bed}, 1 + 0${variable('tenth_less_one')}) AS "worst" FROM (${perBed})`;
  const all = `SELECT ${BEGAN} * 1.0 AS "all of them" FROM ${RANG()}`;
  return figurePanel({
    title: 'Share of the worst 10 % of beds',
    description:
      'Of all alarms that began to ring, those of the tenth of the beds that rang most (measurement alarm); a tenth of all beds that were watched, rounded up (measurement picture). "—": none was recorded in the range.',
    queries: [
      curves(
        'A',
        `SELECT 100 * sum("worst") / sum("all of them") AS "share" FROM (${worst}), (${all})`,
        'share of the worst tenth',
      ),
    ],
    unit: 'percent',
  })
    .decimals(0)
    .thresholds(thresholds([{ value: null, color: colours.plain }]));
};

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
