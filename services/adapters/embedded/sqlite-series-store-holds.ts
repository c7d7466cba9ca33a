import type { StatementSync } from 'node:sqlite';
import { moment } from '../../../schemas/units.ts';
import type { Hold, Released } from '../../ports/holds.ts';

type Statement = (sql: string) => StatementSync;

interface HoldRow {
  readonly id: string;
  readonly bed: string;
  readonly from_us: number;
  readonly to_us: number | null;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  readonly released_at: number | null;
  readonly released_by: string | null;
  readonly released_reason: string | null;
}

const holdOf = (row: HoldRow): Hold => ({
  ...{ id: row.id, bed: row.bed, from: moment(row.from_us) },
  ...(row.to_us === null ? {} : { to: moment(row.to_us) }),
  ...{ reason: row.reason, by: row.by, at: moment(row.at) },
  ...(row.released_at === null
    ? {}
    : {
        released: { at: moment(row.released_at), by: row.released_by ?? '', reason: row.released_reason ?? '' },
      }),
});

/** All holds, also released ones, in the order in which they were placed. */
export const holdsIn = (statement: Statement): readonly Hold[] =>
  (statement('SELECT * FROM holds ORDER BY at, id').all() as unknown as HoldRow[]).map(holdOf);

/** Keeps a hold; one whose id is known stays as it is. */
export const placeHold = (statement: Statement, { id, bed, from, to, reason, by, at }: Hold): void => {
  statement(
    'INSERT INTO holds (id, bed, from_us, to_us, reason, "by", at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  ).run(id, bed, from, to ?? null, reason, by, at);
};

/** The hold as it was released; undefined: no such hold stands. */
export const releaseHold = (statement: Statement, id: string, { at, by, reason }: Released): Hold | undefined => {
  const { changes } = statement(
    'UPDATE holds SET released_at = ?, released_by = ?, released_reason = ? WHERE id = ? AND released_at IS NULL',
  ).run(at, by, reason, id);
  return Number(changes) === 0 ? undefined : holdsIn(statement).find((hold) => hold.id === id);
};
