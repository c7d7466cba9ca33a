import { statSync } from 'node:fs';

/** Which file lies at a path; undefined: none, or one that has no place (":memory:"). */
export const fileIdentity = (path: string): string | undefined => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}/${found.ino}`;
};
