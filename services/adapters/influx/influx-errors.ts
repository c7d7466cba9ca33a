import { HttpError } from '@influxdata/influxdb-client';
import type { SeriesError } from '../../ports/series-store.ts';
import type { InfluxPlace } from './influx-place.ts';

export const CLOSED: SeriesError = { tag: 'Closed', retriable: false, sentence: 'the series store is closed' };

/** What these points themselves are to blame for: it is not tried again. */
export const refused = (sentence: string): SeriesError => ({ tag: 'StoreRefused', retriable: false, sentence });

const away = (sentence: string, cause?: unknown, notBeforeMs?: number): SeriesError => ({
  ...{ tag: 'StoreUnavailable', retriable: true, sentence },
  ...(cause === undefined ? {} : { cause }),
  ...(notBeforeMs === undefined ? {} : { notBeforeMs }),
});

/** The health of the store remembers a failure for longer (reports/watched-series.ts). */
const NOT_BEFORE_MS_MAX = 60_000;

/** The header Retry-After in seconds, or as a date; undefined: neither. */
const notBefore = (header: string | null | undefined): number | undefined => {
  if (header === null || header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1e3;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1e3, NOT_BEFORE_MS_MAX) : undefined;
};

/** What InfluxDB says in the body: 1.x under "error", 2.x under "message". */
const saidIn = (body: string): string => {
  try {
    const parsed = JSON.parse(body) as { error?: unknown; message?: unknown };
    return String(parsed.error ?? parsed.message ?? body);
  } catch {
    return body.trim(); // plain text: a proxy's, or the server's own
  }
};

const OUR_MISTAKE = [400, 405, 406, 411, 413, 414, 415, 422];

/** What a 1.x says in an answer of 200 while it has too many questions, or no time for this one; a person may have set such bounds. */
const BUSY = /(max-concurrent-queries|query-timeout) limit exceeded|query (was )?(interrupted|killed)|timeout|closed/i;

/** What an error inside an answer of 200 means: of a question, so no point is to blame for it. */
export const questionError = (said: string, query: string): SeriesError => {
  if (/not found/.test(said)) return answerError(404, JSON.stringify({ error: `${said}, asked: ${query}` }));
  if (BUSY.test(said)) return away(`InfluxDB has no time for a question (${said}); it is asked again. Nothing is lost`);
  return refused(`InfluxDB refuses a question (${said}), asked: ${query}`);
};

/**
 * What an answer of InfluxDB that is no success means. What a person can mend (token, bucket, disk, load) is retriable,
 * because the log keeps everything until then; what these points themselves are to blame for is not.
 */
export const answerError = (status: number, body: string, retryAfter?: string | null): SeriesError => {
  const said = saidIn(body);
  if (status === 401 || status === 403)
    return away(`InfluxDB refuses us (${status}: ${said}); check INFLUX_TOKEN and what it may write. Nothing is lost`);
  if (status === 404)
    return away(`InfluxDB lacks what we write to (${said}); create it with: vigil series. Nothing is lost`);
  if (/no space left|disk (is )?full|not enough space/i.test(said))
    return away(`InfluxDB's disk is full (${said}); make room there and restart it. Nothing is lost`);
  if (status === 429)
    return away(`InfluxDB is told too much (429: ${said}); it is asked again later`, undefined, notBefore(retryAfter));
  if (OUR_MISTAKE.includes(status)) return refused(`InfluxDB refuses these points (${status}: ${said})`);
  return away(`InfluxDB failed (${status}: ${said}); it is tried again`, undefined, notBefore(retryAfter));
};

/** The innermost reason: fetch hides it under `cause`. */
const rootOf = (cause: unknown): unknown =>
  cause instanceof Error && cause.cause instanceof Error ? rootOf(cause.cause) : cause;

/** What went wrong with this server, as the port says it. */
export const seriesErrorOf = ({ url }: Pick<InfluxPlace, 'url'>, cause: unknown): SeriesError => {
  if (typeof cause === 'object' && cause !== null && 'tag' in cause && 'retriable' in cause)
    return cause as SeriesError;
  if (cause instanceof HttpError) {
    const header = cause.headers?.['retry-after'];
    return answerError(cause.statusCode, cause.body ?? '', Array.isArray(header) ? header[0] : header);
  }
  const root = rootOf(cause);
  const said = root instanceof Error ? root.message || root.name : String(root);
  // By its origin: an address may hold a password. Not every reason ("socket hang up") says who did not answer.
  const { origin } = new URL(url);
  return away(
    `InfluxDB at ${origin} does not answer (${said}); is INFLUX_URL right, and does it run? Nothing is lost`,
    cause,
  );
};
