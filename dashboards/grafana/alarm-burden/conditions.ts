/** Which conditions ring, how soon someone answers, and how long they last. */
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { rows } from '../influx-query.ts';
import { tablePanel } from '../kinds.ts';
import { priorities, priorityColour, priorityMarks } from '../look.ts';
import { ANSWERED, BEGAN, columns, RANG, SPREAD, spread } from './counts.ts';

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

const TIMES = ['Answered', 'Lasted'].flatMap((of) => SPREAD.map((figure) => `${of}: ${figure}`));
const COLUMNS = ['condition', 'priority', 'Rang', 'Acknowledged', 'Not acknowledged', ...TIMES];

const withoutTime = (refId: string): DataTransformerConfig => ({
  id: 'organize',
  filter: { id: 'byRefId', options: refId },
  options: { excludeByName: { Time: true }, indexByName: {}, renameByName: {} },
});

/** Counts fill what is not there with 0, times must not: queries of their own, laid side by side. */
export const byConditionAndPriority = (): TablePanel => {
  const each = `GROUP BY ${columns.condition}, ${columns.priority}`;
  const panel = tablePanel({
    title: 'By condition and priority',
    description:
      'Alarms that began to ring, how many were acknowledged, how long that took from the beginning, and how long the alarms lasted that ended in the range, from the onset: median, 90 % and longest (measurement alarm). A latched alarm lasts until someone answers it; one that ends behind a graver one is not measured. Not acknowledged: began less acknowledged in the range. "—": none was acknowledged, or none ended.',
    queries: [
      rows(
        'A',
        `SELECT ${BEGAN} AS "Rang", ${ANSWERED} AS "Acknowledged", ${BEGAN} - ${ANSWERED} AS "Not acknowledged" FROM ${RANG()} ${each} fill(0)`,
      ),
      rows('B', `SELECT ${spread(columns.answered_s, 'Answered')} FROM ${RANG()} ${each}`),
      rows('C', `SELECT ${spread(columns.lasted_s, 'Lasted')} FROM ${RANG()} ${each}`),
    ],
  })
    .transformations([
      ...['A', 'B', 'C'].map(withoutTime),
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: {},
          // Grafana's data source hands out the tags in any order.
          indexByName: Object.fromEntries(COLUMNS.map((name, index) => [name, index])),
          renameByName: { condition: 'Condition', priority: 'Priority' },
        },
      },
    ])
    .sortBy([new TableSortByFieldStateBuilder().displayName('Rang').desc(true)])
    .overrideByName('Priority', [
      { id: 'mappings', value: [{ type: 'value', options: priorityCells }] },
      { id: 'custom.cellOptions', value: { type: 'color-text' } },
    ]);
  for (const name of TIMES) panel.overrideByName(name, seconds());
  return panel;
};
