/** What is counted of an alarm, in InfluxQL. */
import type { PriorityName } from '../../../schemas/conditions.ts';
import { chosen, IN_RANGE, table } from '../influxql.ts';

const alarm = table('alarm');
export const { columns } = alarm;

/** Alarms that began to ring; a latched one that came back begins again. */
export const BEGAN = `sum(${columns.began})`;
/** Acknowledgements: each has the time that it took. */
export const ANSWERED = `count(${columns.answered_s})`;

/** Median, 90 % and longest of a length of time; nothing where there was none. */
export const spread = (seconds: string, of: string): string =>
  [`median(${seconds})`, `percentile(${seconds}, 90)`, `max(${seconds})`]
    .map((figure, i) => `${figure} AS "${of}: ${SPREAD[i]}"`)
    .join(', ');
export const SPREAD = ['median', '90 %', 'longest'] as const;

/** Alarms of the unit in the range; of these priorities, if any are named. */
export const RANG = (...priorities: readonly PriorityName[]): string =>
  `${alarm.from} WHERE ${chosen(columns.unit, 'unit')}${
    priorities.length === 0 ? '' : ` AND ${columns.priority} =~ /^(${priorities.join('|')})$/`
  } AND ${IN_RANGE}`;
