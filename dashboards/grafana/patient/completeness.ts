/** How much of the time the signals were there. */

import { LineInterpolation } from '@grafana/grafana-foundation-sdk/common';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { MDC, signalOf } from '../../../schemas/codes.ts';
import { VIGIL_DEVICE } from '../../../schemas/series.ts';
import { curves } from '../influx-query.ts';
import { chosen, PER_BUCKET, table } from '../influxql.ts';
import { curvesPanel } from '../kinds.ts';
import { toMoment } from '../links.ts';
import { colours } from '../look.ts';

const minutes = table('numeric_1m');

/** Minutes are rolled up when they are over and a minute of grace has passed: the newest three are not judged. */
const ROLLED_UP_AFTER = '3m';

/**
 * From one bucket before the page, so that the first bucket on it is a whole one; a minute without numbers has no point
 * and counts as nothing. Of several devices the most complete one counts, minute by minute.
 */
const complete = (code: number, device: string): string => {
  const { columns, from } = minutes;
  const when = `time >= \${__from}ms - $__interval AND time <= \${__to}ms AND time < now() - ${ROLLED_UP_AFTER}`;
  const minute = `SELECT max(${columns.complete}) AS "minute" FROM ${from} WHERE ${chosen(columns.bed, 'bed')} AND ${columns.code} = '${code}' AND ${columns.device} ${device} AND ${when} GROUP BY time(1m) fill(none)`;
  return `SELECT sum("minute") * 6000000.0 / $__interval_ms AS "complete" FROM (${minute}) WHERE ${when} ${PER_BUCKET} fill(0)`;
};

const lines = [
  [MDC.ecgHeartRate, `= '${VIGIL_DEVICE}'`, 'HR by Vigil', colours.ecg],
  [MDC.ecgHeartRate, `!= '${VIGIL_DEVICE}'`, 'HR by the monitor', colours.plain],
  [MDC.spo2, `!= '${VIGIL_DEVICE}'`, signalOf(MDC.spo2)!.label, colours.spo2],
  [MDC.respRate, `!= '${VIGIL_DEVICE}'`, signalOf(MDC.respRate)!.label, colours.respiration],
  [MDC.abpMean, `!= '${VIGIL_DEVICE}'`, signalOf(MDC.abpMean)!.label, colours.arterial],
] as const;

export const completenessPanel = (): PanelBuilder => {
  const panel = curvesPanel({
    title: 'Completeness',
    description: `Share of the time in which the newest number was no older than its limit of age (measurement numeric_1m, complete; heart rate 5 s, saturation and pressure 10 s, respiration 15 s). 0 %: none came. Signals that never came in the range are not listed. Of several devices the most complete one counts. The newest ${ROLLED_UP_AFTER} are not judged yet.`,
    queries: lines.map(([code, device, name], i) => curves(`C${i}`, complete(code, device), name)),
    axis: '% of the time',
    unit: 'percent',
  })
    .interval('1m')
    .decimals(0)
    .min(0)
    .max(100)
    .lineInterpolation(LineInterpolation.StepAfter)
    .dataLinks([toMoment()]);
  for (const [, , name, colour] of lines)
    panel.overrideByName(name, [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }]);
  return panel;
};
