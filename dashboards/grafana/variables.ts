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
  /** For queries of panels, not for people. */
  readonly hidden?: boolean;
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

/** A number that panels divide by or count to; InfluxQL lays two measurements together only so. */
const figure = (name: string, label: string, description: string, query: string): Template =>
  new Query(query, {
    ...{ name, label, datasource: DATASOURCE.uid, includeAll: false, multi: false, refresh: true, allValue: null },
    tag: { description, hidden: true } satisfies TemplateExtras,
  });

const typed = (name: string, label: string, description: string, value: string): Template =>
  new Custom({ type: 'textbox', name, label, query: value, description });

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

const OF_UNIT = `${chosen(picture.columns.unit, 'unit')} AND ${IN_RANGE}`;

/** Each bed that is watched has a roll call a minute; pictures of alarms that changed have no place. */
export const bedMinutes = (): Template =>
  figure(
    ...([
      'bed_minutes',
      'Minutes of beds',
      'Minutes that beds of the unit were watched in the range, added up.',
    ] as const),
    `SELECT count(${picture.columns.place}) FROM ${picture.from} WHERE ${OF_UNIT}`,
  );

/** One less, so that a range without beds (an empty text) still makes a number of it: `1 + 0`. */
export const tenthOfBeds = (): Template =>
  figure(
    ...(['tenth_less_one', 'A tenth of the beds, less one', 'Ten in a hundred beds of the unit, rounded up.'] as const),
    `SELECT ceil(count("told") / 10) - 1 FROM (SELECT last(${picture.columns.high}) AS "told" FROM ${picture.from} WHERE ${OF_UNIT} GROUP BY ${picture.columns.bed})`,
  );

export const consoleAddress = (): Template =>
  typed('console', 'Console', 'Address of the nurse console, for the links to it.', 'http://127.0.0.1:8420');

export const rawDays = (): Template =>
  typed(
    ...(['raw_days', 'Days of raw numbers'] as const),
    'How many days InfluxDB keeps single numbers (VIGIL_KEEP_RAW_DAYS); before that the minutes are drawn. For ever: 36500.',
    String(RAW_DAYS_USUAL),
  );

export const zone = (): Template =>
  typed(
    ...(['zone', 'Day begins in'] as const),
    'Time zone in which a day begins, for example Europe/Berlin. InfluxDB must know it; UTC always works.',
    'UTC',
  );
