/** The patient's alarms: as annotations on every curve, as a list, and the waves around them. */
import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import type { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { isEcgLead, signalCodes } from '../../../schemas/codes.ts';
import { annotation, curves, DATASOURCE, rows } from '../influx-query.ts';
import { chosen, GAPS, IN_RANGE, PER_BUCKET, table, variable } from '../influxql.ts';
import { curvesPanel, tablePanel } from '../kinds.ts';
import { toOwnStrip } from '../links.ts';
import { colours, fixed, priorities, priorityColour, priorityMarks } from '../look.ts';

const alarm = table('alarm');
const strip = table('strip');
const { columns } = alarm;

const begun = (select: string, more: string): string =>
  `SELECT ${select} FROM ${alarm.from} WHERE ${chosen(columns.bed, 'bed')} AND ${columns.began} = 1${more} AND ${IN_RANGE}`;

/** Marks where alarms began to ring, one kind per priority: its name has the marks, its tags the words. */
export const alarmAnnotations = (): readonly AnnotationQueryBuilder[] =>
  priorities.map((priority) =>
    new AnnotationQueryBuilder()
      .name(`${priorityMarks[priority]} ${priority}`)
      .datasource(DATASOURCE)
      .enable(true)
      .hide(false)
      .iconColor(priorityColour[priority])
      .target(
        annotation(
          begun(
            [columns.text, columns.condition, columns.priority].join(', '),
            ` AND ${columns.priority} = '${priority}'`,
          ),
          'text',
          'condition,priority',
        ),
      ),
  );

/** The mark and the word of a priority in a cell, on its colour. */
const priorityCells = priorities.map((priority, index) => [
  priority,
  { text: `${priorityMarks[priority]} ${priority}`, color: priorityColour[priority], index },
]);

export const alarmList = (): TablePanel =>
  tablePanel({
    title: 'Alarms',
    description:
      'Alarms that began to ring, newest first, at most 500 (measurement alarm). The onset is when the condition came; click it for its strip. No row: none rang in the range.',
    queries: [
      rows(
        'A',
        `${begun(
          [
            `${columns.onset_ms} AS "Onset"`,
            `${columns.text} AS "Alarm"`,
            `${columns.priority} AS "Priority"`,
            `${columns.condition} AS "Condition"`,
            `${columns.why} AS "Why it rang"`,
          ].join(', '),
          '',
        )} ORDER BY time DESC LIMIT 500`,
      ),
    ],
  })
    .transformations([
      { id: 'organize', options: { excludeByName: {}, indexByName: {}, renameByName: { Time: 'Began to ring' } } },
    ])
    .overrideByName('Onset', [
      { id: 'unit', value: 'dateTimeAsLocal' },
      { id: 'links', value: [toOwnStrip('Onset').build()] },
      { id: 'custom.width', value: 190 },
    ])
    .overrideByName('Began to ring', [{ id: 'custom.width', value: 190 }])
    .overrideByName('Priority', [
      { id: 'mappings', value: [{ type: 'value', options: Object.fromEntries(priorityCells) }] },
      { id: 'custom.cellOptions', value: { type: 'color-text' } },
      { id: 'custom.width', value: 110 },
    ])
    .overrideByName('Alarm', [{ id: 'links', value: [toOwnStrip('Onset').build()] }]);

export const alarmHistory = (): TablePanel =>
  tablePanel({
    title: 'What became of them',
    description:
      'Every change of every signal, newest first, at most 500 (measurement alarm): who acknowledged, what was hidden, what ended unseen; from its end on how bad it was at the worst, in “Why”; and what all signals say of a red rhythm alarm, from its first change after it was judged. What has ended is shown no more and has neither text nor verdict. No row: nothing changed in the range.',
    queries: [
      rows(
        'A',
        `SELECT ${columns.condition} AS "Condition", ${columns.text} AS "Alarm", ${columns.from} AS "From", ${columns.to} AS "To", ${columns.by} AS "By", ${columns.why} AS "Why", ${columns.answered_s} AS "Answered after", ${columns.verdict} AS "Signals say" FROM ${alarm.from} WHERE ${chosen(columns.bed, 'bed')} AND ${IN_RANGE} ORDER BY time DESC LIMIT 500`,
      ),
    ],
  })
    .overrideByName('Time', [{ id: 'custom.width', value: 190 }])
    .overrideByName('Answered after', [{ id: 'unit', value: 's' }]);

const ecgLabels = signalCodes.filter(({ code }) => isEcgLead(code)).map(({ label }) => label);

/** Samples are drawn one by one up to about a minute; a wider page has least and most of every bucket. */
const SAMPLES_MOST = 6_000;
/** A longer hole is drawn as one. */
const HOLE_MS = 100;

export const stripPanel = (): TimeSeries =>
  curvesPanel({
    title: `Strip: ${variable('lead', 'text')}`,
    description: `The wave around alarms of high and medium priority, from 10 s before to 10 s after each onset, as the monitor sent it: no filter of Vigil’s (measurement strip); leads in mV, pressures in mmHg. Up to a minute every sample, else least and most of each bucket. On a page of 24 s and a panel of 600 mm the paper speed is 25 mm/s. A gap longer than ${HOLE_MS} ms: no samples came, or no such alarm was near.`,
    queries: [
      curves(
        'A',
        `SELECT min(${strip.columns.value}) AS "least", max(${strip.columns.value}) AS "most" FROM ${strip.from} WHERE ${chosen(strip.columns.bed, 'bed')} AND ${chosen(strip.columns.label, 'lead')} AND ${IN_RANGE} ${PER_BUCKET}, ${strip.columns.device} ${GAPS}`,
        `${variable('lead', 'text')} $col, device $tag_device`,
      ),
    ],
    axis: 'in the unit of the signal',
    unit: 'none',
  })
    .maxDataPoints(SAMPLES_MOST)
    .interval('1ms')
    .decimals(2)
    .spanNulls(HOLE_MS)
    .showPoints(VisibilityMode.Never)
    .colorScheme(fixed(colours.ecg))
    .repeat('lead')
    .repeatDirection('v')
    .overrideByRegexp(`/^(${ecgLabels.join('|')}) (least|most)/`, [
      { id: 'unit', value: 'suffix:mV' },
      { id: 'custom.axisLabel', value: 'mV' },
      { id: 'custom.axisSoftMin', value: -1 },
      { id: 'custom.axisSoftMax', value: 2 },
    ]);
