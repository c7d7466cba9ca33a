import { unitsOf } from '../../../schemas/codes.ts';
import { unitOfBed } from '../../../schemas/series.ts';
import { tagValue, textOfTag } from '../../../schemas/tag-value.ts';
import { type Moment, minutes, moment } from '../../../schemas/units.ts';
import type { NumericPoint } from '../../ports/series-store.ts';
import { refused } from './influx-errors.ts';
import { fieldsOf, quoted, seriesKey, timestamp } from './influx-lines.ts';
import { type Rows, text } from './influx-query.ts';

/** Units that may stand in a tag: a closed list. What else a device sends is a field. */
const KNOWN_UNITS: ReadonlySet<string> = new Set(Object.values(unitsOf).flatMap((units) => Object.keys(units)));
const OTHER = 'other';
/** A tag is a word of a closed list: a unit that Vigil does not know is "other", and stands in a field. */
export const unitTag = (unit: string): string => (KNOWN_UNITS.has(unit) ? unit : OTHER);

/** Remembers what the lines of a series begin with: making it costs more than the rest of a line. */
export interface NumericLines {
  /** @throws a SeriesError for what is no number. */
  readonly lineOf: (point: NumericPoint) => string;
  /** Who had which number at a bed in each minute of these points. */
  readonly devicesOf: (points: readonly NumericPoint[]) => readonly string[];
}

/** Beginnings remembered; a hospital of 2,000 beds has about 80,000 series. */
const KEYS_MAX = 200_000;

/** A new memory for the lines of one writer. */
export const makeNumericLines = (): NumericLines => {
  const keys = new Map<string, string>();
  const keyOf = ({ bed, device, code, unit }: NumericPoint): string => {
    const known = `${code} ${device} ${unit}\n${bed}`;
    let key = keys.get(known);
    if (key === undefined) {
      if (keys.size >= KEYS_MAX) keys.clear();
      const tags = { bed, unit: unitOfBed(bed), code: String(code), device: String(device), ucum: unitTag(unit) };
      key = `${seriesKey('numeric', tags)} value=`;
      keys.set(known, key);
    }
    return key;
  };
  return {
    lineOf: (point) => {
      const { value, unit, at } = point;
      if (!Number.isFinite(value)) throw refused(`${value} of bed "${point.bed}", code ${point.code}, is no number`);
      if (!Number.isFinite(at)) throw refused(`a number of bed "${point.bed}", code ${point.code}, has no moment`);
      const sent = unitTag(unit) === OTHER ? `,ucum_sent=${quoted(unit)}` : '';
      return `${keyOf(point)}${value}${sent} ${timestamp(at)}`;
    },
    devicesOf: (points) => {
      const said = new Set<string>();
      const lines: string[] = [];
      let before: NumericPoint | undefined;
      for (const point of points) {
        const { bed, device, source, at } = point;
        const minute = minuteOf(at);
        // Points of one frame come together: most are of the device and minute of the one before.
        if (before?.device === device && before.bed === bed && minuteOf(before.at) === minute) continue;
        before = point;
        const name = `${minute} ${device} ${bed}`;
        if (said.has(name)) continue;
        said.add(name);
        const key = seriesKey('device', { unit: unitOfBed(bed), bed, device: String(device) });
        lines.push(`${key} ${fieldsOf('device', { source })} ${timestamp(minute)}`);
      }
      return lines;
    },
  };
};

/** The InfluxQL condition for one bed. */
export const ofBed = (bed: string): string => `"bed" = ${text(tagValue(bed))}`;
/** The InfluxQL condition for a span of time, `to` not in it. */
export const within = ({ from, to }: { readonly from: Moment; readonly to: Moment }): string =>
  `time >= ${from}u AND time < ${to}u`;

/** Names of devices from an answer to `SELECT source … GROUP BY device`: by device and minute. */
export const sourcesFrom = (rows: readonly Rows[]): ReadonlyMap<string, string> =>
  new Map(
    rows.flatMap(({ tags, values }) =>
      values.map(([at, source]) => [`${tags['device']} ${at}`, String(source)] as const),
    ),
  );

/** The points of an answer to `SELECT value, ucum_sent … GROUP BY device, ucum`. */
export const pointsFrom = (
  rows: readonly Rows[],
  bed: string,
  code: number,
  sources: ReadonlyMap<string, string>,
): NumericPoint[] =>
  rows
    .flatMap(({ tags, values }) =>
      values.map(([at, value, sent]) => ({
        ...{ bed, code, device: Number(tags['device']) },
        source: sources.get(`${tags['device']} ${minuteOf(Number(at))}`) ?? '',
        unit: tags['ucum'] === OTHER ? String(sent ?? '') : textOfTag(tags['ucum'] ?? ''),
        ...{ at: moment(Number(at)), value: Number(value) },
      })),
    )
    .sort((a, b) => a.at - b.at || a.device - b.device || a.unit.localeCompare(b.unit));

/** The InfluxQL condition for one device of the bed; undefined: all. */
export const ofDevice = (device: number | undefined): string =>
  device === undefined ? '' : ` AND "device" = '${device}'`;

const MINUTE = minutes(1);
/** The whole minute of a moment. */
export const minuteOf = (at: number): Moment => moment(Math.floor(at / MINUTE) * MINUTE);

/** Whether both ends are whole minutes. */
export const wholeMinutes = ({ from, to }: { readonly from: number; readonly to: number }): boolean =>
  from % MINUTE === 0 && to % MINUTE === 0;
