/** How a text stands in a tag of InfluxDB: what reads and links to the series must call a bed or a unit as they do. */

/** A tag's value. A backslash would swallow what follows it, so it (and the sign that stands for it) is written as %5C. */
export const tagValue = (value: string): string =>
  /[\\%]/.test(value) ? value.replace(/[\\%]/g, (sign) => (sign === '%' ? '%25' : '%5C')) : value;

/** What a tag that came back was made of. */
export const textOfTag = (tag: string): string => tag.replace(/%(25|5C)/g, (_, sign) => (sign === '25' ? '%' : '\\'));
