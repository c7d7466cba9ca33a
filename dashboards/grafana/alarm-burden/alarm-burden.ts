/** Alarm burden: how many alarms rang, who answered them and how soon, and which beds ring most. */

import { curves } from '../influx-query.ts';
import { variable } from '../influxql.ts';
import { figurePanel, intendedUsePanel } from '../kinds.ts';
import { type Definition, row } from '../layout.ts';
import { consoleOfWard, otherDashboards, UIDS } from '../links.ts';
import { colours, priorities, priorityColour, priorityMarks, thresholds } from '../look.ts';
import { bedMinutes, consoleAddress, tenthOfBeds, unit, zone } from '../variables.ts';
import { perBed, worstBeds, worstBedsShare } from './beds.ts';
import { byConditionAndPriority } from './conditions.ts';
import { ANSWERED, BEGAN, RANG } from './counts.ts';
import { byBedAndDay, byHour, byPriorityAndDay } from './days.ts';

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

const MINUTES_A_DAY = '1440.0';

/** The zero before the figure makes a number of an empty text, too: a range without beds has no alarms, and no row. */
const perBedAndDay = () =>
  figurePanel({
    title: 'Per bed and day',
    description:
      'Alarms that began to ring in the range (measurement alarm), per day for which a bed was watched: all minutes in which beds told of their alarms, added up (measurement picture). "—": none was recorded.',
    queries: [
      curves(
        'A',
        `SELECT ${BEGAN} * ${MINUTES_A_DAY} / 0${variable('bed_minutes')} AS "mean" FROM ${RANG()}`,
        'per bed and day',
      ),
    ],
    unit: 'none',
  })
    .decimals(1)
    .thresholds(thresholds([{ value: null, color: colours.plain }]));

export const alarmBurden = (): Definition => ({
  uid: UIDS.burden,
  title: 'Vigil: alarm burden',
  description:
    'How many alarms rang per bed and day, at which hours, which conditions they were, how soon they were acknowledged, how long they lasted, and at which beds.',
  from: 'now-7d',
  refresh: '15m',
  variables: [unit(), zone(), consoleAddress(), bedMinutes(), tenthOfBeds()],
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
      [2, unanswered()],
      [2, perBedAndDay()],
      [2, worstBedsShare()],
    ),
    row('By day', 320, [6, byBedAndDay()], [6, byPriorityAndDay()]),
    row('By hour of the day', 240, [12, byHour()]),
    row('By condition, how soon someone answered, and how long it lasted', 380, [12, byConditionAndPriority()]),
    row('By bed', 380, [6, worstBeds()], [6, perBed()]),
  ],
});
