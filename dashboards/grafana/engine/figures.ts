/** Figures of the measurement engine, in InfluxQL. Counts count from the start of a process, so they are drawn as increases. */
import { GAPS, IN_RANGE, PER_BUCKET, table } from '../influxql.ts';

const engine = table('engine');
export const { columns, from } = engine;

/** Figures come every ten seconds or so: three of them lie in a bucket, so that one may be late. */
export const FIGURES_EVERY = '30s';

const ofMetric = (metric: string, label?: string): string =>
  `${columns.metric} = '${metric}'${label === undefined ? '' : ` AND ${columns.label} = '${label}'`} AND ${IN_RANGE}`;

/** A level: its most in each bucket. */
export const mostOf = (metric: string, ...by: readonly string[]): string =>
  `SELECT max(${columns.value}) AS "most" FROM ${from} WHERE ${ofMetric(metric)} ${[PER_BUCKET, ...by].join(', ')} ${GAPS}`;

/** How much a count grew in each bucket, per process; a count that began anew at 0 grew by nothing. */
const growth = (metric: string, as: string, label: string | undefined, by: readonly string[]): string =>
  `SELECT non_negative_difference(last(${columns.value})) AS "${as}" FROM ${from} WHERE ${ofMetric(metric, label)} ${[PER_BUCKET, ...by].join(', ')}`;

/** The growth of a count over all processes. */
export const grownBy = (metric: string, ...by: readonly string[]): string =>
  `SELECT sum("grown") AS "grown" FROM (${growth(metric, 'grown', undefined, [columns.process, columns.label])}) WHERE ${IN_RANGE} ${[PER_BUCKET, ...by].join(', ')} ${GAPS}`;

/** Observations between two bounds of a histogram whose buckets hold all below their bound. */
export const between = (metric: string, below: string, notBelow: string | undefined): string => {
  const upper = growth(metric, 'upper', `le=${below}`, [columns.process]);
  if (notBelow === undefined)
    return `SELECT sum("upper") AS "seen" FROM (${upper}) WHERE ${IN_RANGE} ${PER_BUCKET} ${GAPS}`;
  const lower = growth(metric, 'lower', `le=${notBelow}`, [columns.process]);
  return `SELECT sum("upper") - sum("lower") AS "seen" FROM (${upper}), (${lower}) WHERE ${IN_RANGE} ${PER_BUCKET} ${GAPS}`;
};

/**
 * Of all observations, how many in a hundred lay below a bound. A bucket without any has none: InfluxQL would say that 0 of
 * 0 is 0.
 */
export const shareBelow = (metric: string, below: string): string => {
  const upper = growth(metric, 'within', `le=${below}`, [columns.process]);
  const all = growth(metric, 'every', 'le=+Inf', [columns.process]);
  const both = `SELECT 100 * sum("within") / sum("every") AS "share", sum("every") AS "seen" FROM (${upper}), (${all}) WHERE ${IN_RANGE} ${PER_BUCKET}`;
  return `SELECT max("share") AS "share" FROM (${both}) WHERE "seen" > 0 AND ${IN_RANGE} ${PER_BUCKET} ${GAPS}`;
};
