/** What can be chosen on a dashboard, as grafana-dash-gen's templates. layout.ts makes today's variables of them. */
import dashGen from 'grafana-dash-gen';
import { MDC } from '../../schemas/codes.ts';
import { DATASOURCE } from './influx-query.ts';
import { chosen, IN_RANGE, RAW_DAYS_USUAL, table, tagsIn } from './influxql.ts';

const { Custom, Query } = dashGen.Templates;
export type Template = InstanceType<typeof Custom> | InstanceType<typeof Query>;

/** More than the usual things of a template that layout.ts reads. */
export interface TemplateExtras {
  readonly description: string;
}

const picture = table('picture');
const minutes = table('numeric_1m');
const strip = table('strip');

/** Every bed has a picture of its alarms each minute; where those are gone its minutes are left. */
const heardOf = (where: string) =>
  [
    { field: picture.columns.high, from: picture.from, where },
    { field: minutes.columns.count, from: minutes.from, where: `${where} AND ${minutes.columns.code} = '${MDC.spo2}'` },
    {
      field: minutes.columns.count,
      from: minutes.from,
      where: `${where} AND ${minutes.columns.code} = '${MDC.ecgHeartRate}'`,
    },
  ] as const;

/** Only overridable things pass a Query's constructor, so what else it needs travels as its `tag`. */
const list = (name: string, label: string, description: string, query: string, all: boolean): Template =>
  new Query(query, {
    ...{ name, label, datasource: DATASOURCE.uid, includeAll: all, multi: false, refresh: true },
    ...{ allValue: all ? '.*' : null, tag: { description } satisfies TemplateExtras },
  });

const typed = (
  type: 'textbox' | 'constant',
  name: string,
  label: string,
  description: string,
  value: string,
): Template => new Custom({ type, name, label, query: value, description });

export const unit = (): Template =>
  list(
    ...(['unit', 'Unit', 'The hospital unit: the name of its beds up to the last dash.'] as const),
    tagsIn(picture.columns.unit, ...heardOf(IN_RANGE)),
    true,
  );

export const bed = (): Template =>
  list(
    ...(['bed', 'Bed', 'Beds of the unit that were heard in the range of the page.'] as const),
    tagsIn(picture.columns.bed, ...heardOf(`${chosen(picture.columns.unit, 'unit')} AND ${IN_RANGE}`)),
    false,
  );

export const lead = (): Template =>
  list(
    ...(['lead', 'Lead', 'Waves that were kept around the alarms of the range.'] as const),
    tagsIn(strip.columns.label, {
      ...{ field: strip.columns.value, from: strip.from },
      where: `${chosen(strip.columns.bed, 'bed')} AND ${IN_RANGE}`,
    }),
    true,
  );

export const consoleAddress = (): Template =>
  typed('textbox', 'console', 'Console', 'Address of the nurse console, for the links to it.', 'http://127.0.0.1:8420');

export const rawDays = (): Template =>
  typed(
    ...(['constant', 'raw_days', 'Days of raw numbers'] as const),
    'How long InfluxDB keeps single numbers; before that the minutes are drawn. The retention of the tier "raw".',
    String(RAW_DAYS_USUAL),
  );

export const zone = (): Template =>
  typed(
    ...(['textbox', 'zone', 'Day begins in'] as const),
    'Time zone in which a day begins, for example Europe/Berlin. InfluxDB must know it; UTC always works.',
    'UTC',
  );
