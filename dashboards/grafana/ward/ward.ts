/** Ward: every bed of the unit now, and how old each thing is that stands there. */

import { freshSeconds } from '../fresh.ts';
import { curves } from '../influx-query.ts';
import { chosen, table, within } from '../influxql.ts';
import { figurePanel, intendedUsePanel } from '../kinds.ts';
import { type Definition, row } from '../layout.ts';
import { consoleOfWard, otherDashboards, UIDS } from '../links.ts';
import { colours, priorities, priorityColour, priorityMarks, thresholds } from '../look.ts';
import { consoleAddress, unit } from '../variables.ts';
import { bedTable } from './bed-table.ts';

const picture = table('picture');

/** How many alarms of a priority the beds show that told of themselves within the limit. */
const shownNow = (priority: (typeof priorities)[number]) => {
  const { columns, from } = picture;
  const newest = `SELECT last(${columns[priority]}) AS "shown" FROM ${from} WHERE ${chosen(columns.unit, 'unit')} AND ${within(`${freshSeconds.picture}s`)} GROUP BY ${columns.bed}`;
  return figurePanel({
    title: `${priorityMarks[priority]} ${priority} priority alarms now`,
    description: `Alarms of ${priority} priority that are shown on the beds of the unit (measurement picture). Only beds whose alarms were told within ${freshSeconds.picture} s are counted; "—": no bed told of its alarms.`,
    queries: [curves('A', `SELECT sum("shown") FROM (${newest})`, `${priority} priority`)],
    unit: 'none',
  })
    .decimals(0)
    .thresholds(
      thresholds([
        { value: null, color: colours.plain },
        { value: 1, color: priorityColour[priority] },
      ]),
    );
};

export const ward = (): Definition => ({
  uid: UIDS.ward,
  title: 'Vigil: ward',
  description: 'Every bed of the unit as it is now: alarms, NEWS2, heart rate and saturation, each with its age.',
  from: 'now-1d',
  refresh: '5s',
  alwaysNow: true,
  variables: [unit(), consoleAddress()],
  annotations: [],
  links: [otherDashboards(), consoleOfWard()],
  rows: [
    row('', 80, [
      12,
      intendedUsePanel(
        'This page is read anew every 5 s and shows now; it does not ring. What is too old is “—” and has its age beside it.',
      ),
    ]),
    row('Now', 120, ...priorities.map((priority) => [4, shownNow(priority)] as const)),
    row('Beds', 720, [12, bedTable()]),
  ],
});
