import { escape as escaped } from '@influxdata/influxdb-client';
import { type MeasurementName, measurements } from '../../../schemas/series.ts';
import { tagValue } from '../../../schemas/tag-value.ts';

/** A text field, and a tag as it lies on the line. */
export const { quoted, tag: tagText } = escaped;

/** Microseconds as the nanoseconds of a line; `nanoseconds` (0 to 999) keeps apart what was said of one moment. */
export const timestamp = (us: number, nanoseconds = 0): string =>
  us === 0 ? String(nanoseconds) : `${us}${String(nanoseconds).padStart(3, '0')}`;

type FieldValue = number | bigint | string | boolean | undefined;

/** The fields of a line; undefined ones are left out. Types are those of the schema. */
export const fieldsOf = (measurement: MeasurementName, values: Readonly<Record<string, FieldValue>>): string => {
  const fields: Readonly<Record<string, { readonly type: string }>> = measurements[measurement].fields;
  let line = '';
  for (const field in values) {
    const value = values[field];
    if (value === undefined) continue;
    if (line !== '') line += ',';
    const { type } = fields[field]!;
    line += `${field}=${type === 'string' ? quoted(String(value)) : type === 'integer' ? `${value}i` : value}`;
  }
  return line;
};

/** What stands before the fields: measurement and tags, in the order of their names. Empty tags are left out. */
export const seriesKey = (measurement: MeasurementName, tags: Readonly<Record<string, string>>): string => {
  let key: string = measurement;
  for (const tag of Object.keys(tags).sort()) if (tags[tag] !== '') key += `,${tag}=${tagText(tagValue(tags[tag]!))}`;
  return key;
};
