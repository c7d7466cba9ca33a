/** Alarm burden: how many alarms rang, who answered them and how soon, and which beds ring most. */

import { curves } from '../influx-query.ts';
import { figurePanel, intendedUsePanel } from '../kinds.ts';
import { type Definition, row } from '../layout.ts';
import { consoleOfWard, otherDashboards, UIDS } from '../links.ts';
import { colours, priorities, priorityColour, priorityMarks, thresholds } from '../look.ts';
import { consoleAddress, unit, zone } from '../variables.ts';
import { ANSWERED, BEGAN, RANG } from './counts.ts';
import { byBedAndDay, byConditionAndPriority, byPriorityAndDay, perBed, worstBeds, worstBedsShare } from './panels.ts';

const rang = (priority: (typeof priorities)[number]) =>
  figurePanel({
    title: `${priorityMarks[priority]} ${priority}: rang`,
    description: `Alarms of ${priority} priority that began to ring in the range (measurement alarm). "—": none was recorded.`,
    queries: [curves('A', `SELECT ${BEGAN} AS "rang" FROM ${RANG(priority)}`, `${priority} priority`)],
    unit: 'none',
  })
    .decimals(0)
    .thresholds(thresholds([{ value: null, color: priorityColour[priority] }]));

const unanswered = () =>
  figurePanel({
    title: 'Rang and were not acknowledged',
    description:
      'Alarms of high or medium priority that began in the range less acknowledgements in the range (measurement alarm). What was acknowledged after the end of the range counts as not acknowledged. "—": none was recorded.',
    queries: [
      curves('A', `SELECT ${BEGAN} - ${ANSWERED} AS "left" FROM ${RANG('high', 'medium')} fill(0)`, 'not acknowledged'),
    ],
    unit: 'none',
  })
    .decimals(0)
    .thresholds(
      thresholds([
        { value: null, color: colours.plain },
        { value: 1, color: colours.worse },
      ]),
    );

export const alarmBurden = (): Definition => ({
  uid: UIDS.burden,
  title: 'Vigil: alarm burden',
  description:
    'How many alarms rang per bed and day, which conditions they were, how soon they were acknowledged, and by which beds.',
  from: 'now-7d',
  refresh: '15m',
  variables: [unit(), zone(), consoleAddress()],
  annotations: [],
  links: [otherDashboards(), consoleOfWard()],
  rows: [
    row('', 80, [
      12,
      intendedUsePanel('Counted are alarms of Vigil, not of the monitors. An alarm counts when it begins to ring.'),
    ]),
    row(
      'In the range',
      120,
      ...priorities.map((priority) => [2, rang(priority)] as const),
      [3, unanswered()],
      [3, worstBedsShare()],
    ),
    row('By day', 320, [6, byBedAndDay()], [6, byPriorityAndDay()]),
    row('By condition, and how soon someone answered', 380, [12, byConditionAndPriority()]),
    row('By bed', 380, [6, worstBeds()], [6, perBed()]),
  ],
});
