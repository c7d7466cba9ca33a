/** The rhythm as a ribbon, its changes, and the beats by class. */
import type { PanelBuilder as Ribbon } from '@grafana/grafana-foundation-sdk/statetimeline';
import type { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import type { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { PRIVATE } from '../../../schemas/codes.ts';
import { VIGIL_DEVICE } from '../../../schemas/series.ts';
import { curves, rows } from '../influx-query.ts';
import { chosen, GAPS, IN_RANGE, PER_BUCKET, ROLLED_UP, table } from '../influxql.ts';
import { barsPanel, ribbonPanel, tablePanel } from '../kinds.ts';
import { toMoment, toOwnStrip } from '../links.ts';
import { colours, rhythmWords } from '../look.ts';

const raw = table('numeric');
const minutes = table('numeric_1m');
const beat = table('beat');
const changes = table('rhythm');

/** While the bed is heard every tenth second has a mark, so no bucket of this length is empty without reason. */
const MARK_EVERY = '10s';

/** A bucket must be wide enough to be seen: 360 of them are four pixels each on a small screen. */
const BUCKETS_MOST = 360;

const gravest = (from: string, field: string, bed: string, code: string, device: string, when: string): string =>
  `SELECT max(${field}) AS "rhythm" FROM ${from} WHERE ${chosen(bed, 'bed')} AND ${code} = '${PRIVATE.rhythm}' AND ${device} = '${VIGIL_DEVICE}' AND ${when} ${PER_BUCKET} ${GAPS}`;

export const rhythmRibbon = (): Ribbon => {
  const { bed, code, device, value } = raw.columns;
  const old = minutes.columns;
  return ribbonPanel({
    title: 'Rhythm',
    description: `The gravest rhythm of every bucket (measurement numeric, code ${PRIVATE.rhythm}; before the last \${raw_days} days numeric_1m): one second of VT colours its whole bucket, so zoom in for its length. Empty: Vigil did not hear the bed, or had not yet judged a patient who had just come.`,
    queries: [
      curves('A', gravest(raw.from, value, bed, code, device, IN_RANGE), 'Rhythm'),
      curves('B', gravest(minutes.from, old.max, old.bed, old.code, old.device, ROLLED_UP), 'Rhythm (minutes)'),
    ],
  })
    .interval(MARK_EVERY)
    .maxDataPoints(BUCKETS_MOST)
    .mappings([...rhythmWords])
    .dataLinks([toMoment()]);
};

export const rhythmChanges = (): TablePanel => {
  const { bed, rhythm } = changes.columns;
  return tablePanel({
    title: 'Changes of the rhythm',
    description:
      'Newest first, at most 500 (measurement rhythm): from its moment on the rhythm was this one, until the next row or until the bed was no longer heard. No row: it did not change in the range; older than the raw numbers none are kept.',
    queries: [
      rows(
        'A',
        `SELECT ${rhythm} AS "Rhythm" FROM ${changes.from} WHERE ${chosen(bed, 'bed')} AND ${IN_RANGE} ORDER BY time DESC LIMIT 500`,
      ),
    ],
  })
    .overrideByName('Time', [{ id: 'custom.width', value: 180 }])
    .overrideByName('Rhythm', [{ id: 'links', value: [toOwnStrip('Time').build()] }]);
};

const classNames = [
  ['N', 'N normal', colours.calm],
  ['S', 'S supraventricular', '#5aa9ff'],
  ['V', 'V ventricular', '#ff7a1a'],
  ['F', 'F fusion', '#d9beff'],
  ['Q', 'Q not classified', '#5b6873'],
  ['|', 'artefact: no beat', '#3a4650'],
] as const;

export const beatClasses = (): TimeSeries => {
  const { bed, class: beatClass, message } = beat.columns;
  // A sum, because a count of nothing is 0 to InfluxDB, and a bed that was not heard has no number of beats.
  const counted = `SELECT count(${message}) AS "counted" FROM ${beat.from} WHERE ${chosen(bed, 'bed')} AND ${IN_RANGE} ${PER_BUCKET}, ${beatClass} fill(none)`;
  const panel = barsPanel({
    title: 'Beats per minute, by class',
    description:
      'QRS complexes that Vigil found, by class of AAMI EC57 (measurement beat), per minute. No bar: no beat of the class was found, or the bed was not heard. Older than the raw numbers: none are kept.',
    queries: [
      curves(
        'A',
        `SELECT sum("counted") * 60000.0 / $__interval_ms AS "beats" FROM (${counted}) WHERE ${IN_RANGE} ${PER_BUCKET}, ${beatClass} ${GAPS}`,
        '$tag_class',
      ),
    ],
    axis: 'beats per minute',
    unit: 'suffix:/min',
  })
    .interval('1m')
    .decimals(0);
  for (const [name, meaning, colour] of classNames)
    panel.overrideByName(name, [
      { id: 'displayName', value: meaning },
      { id: 'color', value: { mode: 'fixed', fixedColor: colour } },
    ]);
  return panel;
};
