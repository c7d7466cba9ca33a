/** Holds, and how long the tiers are kept beside them, as points: placed and released are two points, nothing is changed. */
import { createHash } from 'node:crypto';
import { unitOfBed } from '../../../schemas/series.ts';
import { textOfTag } from '../../../schemas/tag-value.ts';
import { moment } from '../../../schemas/units.ts';
import type { Hold } from '../../ports/holds.ts';
import { fieldsOf, seriesKey, timestamp } from './influx-lines.ts';
import type { InfluxPlace } from './influx-place.ts';
import { askInfluxQl, type Cell } from './influx-query.ts';
import { openWriter } from './influx-writer.ts';
import type { TierDays } from './tier-days.ts';

/** How long the tiers are kept beside holds. */
export interface KeepingSaid {
  readonly days: TierDays;
  /** InfluxDB drops nothing; Vigil deletes what is over these days. */
  readonly held: boolean;
}

interface KeepingFound extends KeepingSaid {
  readonly atUs: number;
}

const writeLine = async (place: InfluxPlace, line: string): Promise<void> => {
  const writer = openWriter(place);
  try {
    await writer.write('alarms', [line]);
  } finally {
    writer.close();
  }
};

/** Two holds of a bed that were placed in one microsecond are two points. */
const nanosecondsOf = (id: string): number => createHash('sha256').update(id).digest().readUInt32BE() % 1000;

/** A point of its own for each word said: when it was placed, and when it was released. */
export const writeHold = (place: InfluxPlace, hold: Hold): Promise<void> => {
  const { id, bed, from, to, reason, by, at, released } = hold;
  const fields = fieldsOf('hold', {
    ...{ id, reason, by, from_us: Math.round(from), at_us: Math.round(at) },
    to_us: to === undefined ? undefined : Math.round(to),
    released_us: released === undefined ? undefined : Math.round(released.at),
    released_by: released?.by,
    released_reason: released?.reason,
  });
  const key = seriesKey('hold', { unit: unitOfBed(bed), bed });
  return writeLine(place, `${key} ${fields} ${timestamp(Math.round(released?.at ?? at), nanosecondsOf(id))}`);
};

const HOLD_COLUMNS = [
  ...['id', 'from_us', 'to_us', 'reason', 'by', 'at_us'],
  ...['released_us', 'released_by', 'released_reason'],
] as const;

/** All holds, also released ones, in the order in which they were placed. A release holds good whatever its clock said. */
export const readHolds = async (place: InfluxPlace): Promise<readonly Hold[]> => {
  const columns = HOLD_COLUMNS.map((column) => `"${column}"`).join(', ');
  const rows = await askInfluxQl(place, `SELECT ${columns} FROM "alarms"."hold" GROUP BY "bed"`);
  const holds = new Map<string, Hold>();
  for (const { tags, columns: named, values } of rows)
    for (const row of values) {
      const hold = holdFrom(textOfTag(tags['bed'] ?? ''), (column) => row[named.indexOf(column)] ?? null);
      if (holds.get(hold.id)?.released === undefined) holds.set(hold.id, hold);
    }
  return [...holds.values()].sort((a, b) => a.at - b.at || a.id.localeCompare(b.id));
};

const holdFrom = (bed: string, cell: (column: (typeof HOLD_COLUMNS)[number]) => Cell): Hold => {
  const to = cell('to_us');
  const releasedUs = cell('released_us');
  return {
    ...{ id: String(cell('id')), bed, from: moment(Number(cell('from_us'))) },
    ...(to === null ? {} : { to: moment(Number(to)) }),
    ...{ reason: String(cell('reason') ?? ''), by: String(cell('by') ?? ''), at: moment(Number(cell('at_us'))) },
    ...(releasedUs === null
      ? {}
      : {
          released: {
            at: moment(Number(releasedUs)),
            by: String(cell('released_by') ?? ''),
            reason: String(cell('released_reason') ?? ''),
          },
        }),
  };
};

/** Undefined: there were never holds, or so long ago that even this word is gone. */
export const readKeeping = async (place: InfluxPlace): Promise<KeepingFound | undefined> => {
  const [row] = await askInfluxQl(
    place,
    'SELECT "raw_days", "minutes_days", "alarms_days", "held" FROM "alarms"."keeping" ORDER BY time DESC LIMIT 1',
  );
  const [at, raw, minutes, alarms, held] = row?.values[0] ?? [];
  if (at === undefined) return undefined;
  const days = { raw: Number(raw), minutes: Number(minutes), alarms: Number(alarms) };
  return { atUs: Number(at), days, held: held === true };
};

/** Says it after what was said before, whatever this machine's clock says. */
export const writeKeeping = (
  place: InfluxPlace,
  { days, held }: KeepingSaid,
  before: KeepingFound | undefined,
): Promise<void> => {
  const fields = fieldsOf('keeping', {
    ...{ raw_days: days.raw, minutes_days: days.minutes, alarms_days: days.alarms },
    held,
  });
  const atUs = Math.max(Date.now() * 1e3, (before?.atUs ?? 0) + 1);
  return writeLine(place, `${seriesKey('keeping', {})} ${fields} ${timestamp(atUs)}`);
};
