/** The table of beds. Each number comes twice: while it is fresh, and when it was last heard. */
import {
  TableCellBackgroundDisplayMode,
  TableCellDisplayMode,
  TableSortByFieldStateBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { FieldColorModeId, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { MDC, PRIVATE, signalOf } from '../../../schemas/codes.ts';
import { VIGIL_DEVICE } from '../../../schemas/series.ts';
import { freshSeconds, WARD_SPAN } from '../fresh.ts';
import { rows } from '../influx-query.ts';
import { chosen, table, within } from '../influxql.ts';
import { tablePanel } from '../kinds.ts';
import { toConsole, toPatient } from '../links.ts';
import { colours, grafanaUnit, noneWhenEmpty, priorityColour, priorityMarks, rhythmWords, unitText } from '../look.ts';

/** One kind of thing that stands in the table: its newest point per bed. */
interface Shown {
  readonly refId: string;
  readonly name: string;
  /** Column of its age. */
  readonly age: string;
  /** How old it may get before it must not look live. */
  readonly freshSeconds: number;
  /** The field by which the newest is found comes first; others are those of the same point. */
  readonly select: readonly (readonly [column: string, as: string])[];
  readonly from: string;
  readonly where: string;
  readonly unit: string;
  readonly bed: string;
}

const numeric = table('numeric');
const picture = table('picture');
const score = table('score');

const heartRate = signalOf(MDC.ecgHeartRate)!.label;
const saturation = signalOf(MDC.spo2)!.label;

const ofCode = (refId: string, code: number, as: string, seconds: number, more = ''): Shown => ({
  ...{ refId, name: as, age: `${as} heard`, freshSeconds: seconds, from: numeric.from },
  ...{ unit: numeric.columns.unit, bed: numeric.columns.bed, select: [[numeric.columns.value, as]] as const },
  where: `${numeric.columns.code} = '${code}'${more}`,
});

/** Text of the gravest alarm, and how many there are, are of one point: they cannot contradict each other. */
const alarms: Shown = {
  ...{ refId: 'A', name: 'alarms', age: 'Alarms told', freshSeconds: freshSeconds.picture, from: picture.from },
  ...{ unit: picture.columns.unit, bed: picture.columns.bed },
  select: [
    [picture.columns.high, `${priorityMarks.high} high`],
    [picture.columns.medium, `${priorityMarks.medium} medium`],
    [picture.columns.low, `${priorityMarks.low} low`],
    [picture.columns.gravest, 'Gravest alarm'],
  ],
  where: '',
};

/** `missing` is in every score, `value` only in complete ones: so an older number never stands for an incomplete score. */
const news2: Shown = {
  ...{ refId: 'B', name: 'NEWS2', age: 'NEWS2 said', freshSeconds: freshSeconds.score, from: score.from },
  ...{ unit: score.columns.unit, bed: score.columns.bed },
  select: [
    [score.columns.missing, 'Inputs missing'],
    [score.columns.value, 'NEWS2'],
  ],
  where: `${score.columns.name} = 'NEWS2'`,
};

const shown: readonly Shown[] = [
  alarms,
  news2,
  ofCode('C', MDC.ecgHeartRate, heartRate, freshSeconds[MDC.ecgHeartRate]),
  ofCode('D', MDC.spo2, saturation, freshSeconds[MDC.spo2]),
  ofCode('E', PRIVATE.rhythm, 'Rhythm', freshSeconds.rhythm, ` AND ${numeric.columns.device} = '${VIGIL_DEVICE}'`),
];

const newestWithin = (it: Shown, span: string, select: string): string => {
  const where = [chosen(it.unit, 'unit'), it.where, within(span)].filter((part) => part !== '').join(' AND ');
  return `SELECT ${select} FROM ${it.from} WHERE ${where} GROUP BY ${it.bed}`;
};

const freshQuery = (it: Shown): string => {
  const [[newest, as], ...others] = it.select as [Shown['select'][number], ...Shown['select'][number][]];
  const select = [`last(${newest}) AS "${as}"`, ...others.map(([column, name]) => `${column} AS "${name}"`)];
  return newestWithin(it, `${it.freshSeconds}s`, select.join(', '));
};

const ageRef = ({ refId }: Shown): string => `${refId}age`;
const ageQuery = (it: Shown): string => newestWithin(it, WARD_SPAN, `last(${it.select[0]![0]}) AS "heard"`);

/** One query's rows only. */
const of = (refId: string, options: object): DataTransformerConfig => ({
  id: 'organize',
  filter: { id: 'byRefId', options: refId },
  options,
});

const transformations = (): readonly DataTransformerConfig[] => [
  ...shown.flatMap((it) => [
    of(it.refId, { excludeByName: { Time: true }, indexByName: {}, renameByName: {} }),
    of(ageRef(it), { excludeByName: { heard: true }, indexByName: {}, renameByName: { Time: it.age } }),
  ]),
  { id: 'joinByField', options: { byField: 'bed', mode: 'outer' } },
  {
    id: 'organize',
    options: {
      excludeByName: { 'Inputs missing': true },
      indexByName: Object.fromEntries(columnOrder.map((name, index) => [name === 'Bed' ? 'bed' : name, index])),
      renameByName: { bed: 'Bed' },
    },
  },
];

const columnOrder = [
  'Bed',
  ...alarms.select.map(([, as]) => as),
  ...[alarms.age, 'NEWS2', news2.age],
  ...[heartRate, `${heartRate} heard`, saturation, `${saturation} heard`, 'Rhythm', 'Rhythm heard'],
];

const lit = (...steps: readonly (readonly [color: string, from: number])[]): DynamicConfigValue[] => [
  {
    id: 'custom.cellOptions',
    value: { type: TableCellDisplayMode.ColorBackground, mode: TableCellBackgroundDisplayMode.Basic },
  },
  { id: 'color', value: { mode: FieldColorModeId.Thresholds } },
  {
    id: 'thresholds',
    value: {
      mode: ThresholdsMode.Absolute,
      steps: [{ value: null, color: 'transparent' }, ...steps.map(([color, value]) => ({ value, color }))],
    },
  },
  { id: 'decimals', value: 0 },
];

const whole = (code: number): DynamicConfigValue[] => [
  { id: 'unit', value: grafanaUnit(unitText(code)) },
  { id: 'decimals', value: 0 },
];

export const bedTable = (): PanelBuilder => {
  const limits = shown.map((it) => `${it.name} ${it.freshSeconds} s`).join(', ');
  const panel = tablePanel({
    title: 'Beds',
    description: `Newest values of every bed that was heard within a day (measurements picture, score, numeric). A value is “—” when it is older than this: ${limits}. A column beside it tells when it was last heard. NEWS2 is “—” while an input is missing.`,
    queries: shown.flatMap((it) => [rows(it.refId, freshQuery(it)), rows(ageRef(it), ageQuery(it))]),
  })
    .transformations([...transformations()])
    .sortBy([
      new TableSortByFieldStateBuilder().displayName(`${priorityMarks.high} high`).desc(true),
      new TableSortByFieldStateBuilder().displayName(`${priorityMarks.medium} medium`).desc(true),
    ])
    .overrideByName('Bed', [{ id: 'links', value: [toPatient('Bed').build(), toConsole('Bed').build()] }])
    .overrideByName(`${priorityMarks.high} high`, lit([priorityColour.high, 1]))
    .overrideByName(`${priorityMarks.medium} medium`, lit([priorityColour.medium, 1]))
    .overrideByName(`${priorityMarks.low} low`, lit([priorityColour.low, 1]))
    .overrideByName('Gravest alarm', [
      { id: 'mappings', value: [...noneWhenEmpty] },
      { id: 'custom.width', value: 220 },
    ])
    .overrideByName('NEWS2', lit([colours.worse, 5], [colours.bad, 7]))
    .overrideByName(heartRate, whole(MDC.ecgHeartRate))
    .overrideByName(saturation, whole(MDC.spo2))
    .overrideByName('Rhythm', [{ id: 'mappings', value: [...rhythmWords] }]);
  for (const { age } of shown) panel.overrideByName(age, [{ id: 'unit', value: 'dateTimeFromNow' }]);
  return panel;
};
