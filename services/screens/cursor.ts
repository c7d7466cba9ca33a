/** Where a console stands on vigil.alarms: per partition the next offset it wants. Text for the wire: "0:17,1:4". */
export type Cursor = ReadonlyMap<number, bigint>;

const PARTITIONS_MAX = 4_096;
const TEXT_MAX = 64 * PARTITIONS_MAX;

/** A cursor as consoles keep it: "partition:next" by partition. */
export const cursorText = (cursor: Cursor): string =>
  [...cursor]
    .sort(([a], [b]) => a - b)
    .map(([partition, next]) => `${partition}:${next}`)
    .join(',');

/** Undefined when the text is no cursor: the console then starts as if it had never been here. */
export const parseCursor = (text: string): Cursor | undefined => {
  if (text.length > TEXT_MAX) return undefined;
  const cursor = new Map<number, bigint>();
  if (text === '') return cursor;
  for (const part of text.split(',')) {
    const match = /^(\d{1,4}):(\d{1,19})$/.exec(part);
    if (match === null) return undefined;
    cursor.set(Number(match[1]), BigInt(match[2]!));
  }
  return cursor;
};
