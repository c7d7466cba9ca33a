import { STATUS_CODES } from 'node:http';
import { INTENDED_USE } from '../../schemas/live.ts';

/** RFC 9457 problem details, with what Vigil's senders need: a stable code, the field, and what to do. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly where: string;
  readonly intendedUse: string;
}

export const PROBLEM_JSON = 'application/problem+json';

/** A problem to be answered with `status`; `detail` says what, where and what to do. */
export const problem = (status: number, code: string, detail: string, where = ''): Problem => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail,
  code,
  where,
  intendedUse: INTENDED_USE,
});
