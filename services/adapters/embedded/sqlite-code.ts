/** The primary result code of what SQLite throws (https://sqlite.org/rescode.html); node:sqlite reports the extended one. Undefined: it is not SQLite's. */
export const sqliteCode = (cause: unknown): number | undefined =>
  cause instanceof Error && 'errcode' in cause && typeof cause.errcode === 'number' ? cause.errcode & 0xff : undefined;
