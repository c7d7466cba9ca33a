import { answerError, questionError, refused, seriesErrorOf } from './influx-errors.ts';
import { authorizationOf, databaseOf, type InfluxPlace, TIMEOUT_MS_USUAL } from './influx-place.ts';

export type Cell = string | number | boolean | null;

/** One series of an answer: rows of cells, the first of which is the time in microseconds. */
export interface Rows {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly Cell[])[];
}

interface AnswerBody {
  readonly error?: string;
  readonly results?: readonly {
    readonly error?: string;
    readonly series?: readonly (Omit<Rows, 'tags'> & { readonly tags?: Rows['tags'] })[];
  }[];
}

/** More rows than this in one answer are refused: nothing in Vigil draws so many, and memory is bounded. */
export const ANSWER_MAX = 1_000_000;

/** A name or a text of InfluxQL, quoted. */
export const name = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;
/** A value in a query of InfluxQL, quoted. */
export const text = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`;

const urlOf = ({ url }: InfluxPlace, path: string): URL => new URL(path, url.endsWith('/') ? url : `${url}/`);

/** The server's clock in microseconds, to a second: its own retention goes by it. Rejects with a SeriesError. */
export const askClock = async (place: InfluxPlace): Promise<number> => {
  try {
    const answer = await fetch(urlOf(place, 'ping'), {
      signal: AbortSignal.timeout(place.timeoutMs ?? TIMEOUT_MS_USUAL),
    });
    await answer.body?.cancel();
    const ms = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(ms)) throw refused('InfluxDB does not say what time it is (no header Date); is a proxy between?');
    return ms * 1e3;
  } catch (cause) {
    throw seriesErrorOf(place, cause);
  }
};

/**
 * Asks in InfluxQL, which 1.x and 2.x answer; times are microseconds. `many` bounds the rows of each series, so that
 * an answer that is too large is refused, not cut. Rejects with a SeriesError.
 */
export const askInfluxQl = async (place: InfluxPlace, query: string, many = ANSWER_MAX): Promise<readonly Rows[]> => {
  const authorization = authorizationOf(place);
  let status: number;
  let body: string;
  let retryAfter: string | null;
  try {
    const answer = await fetch(urlOf(place, 'query'), {
      method: 'POST',
      headers: { accept: 'application/json', ...(authorization === undefined ? {} : { authorization }) },
      body: new URLSearchParams({ db: databaseOf(place), epoch: 'u', q: query }),
      signal: AbortSignal.timeout(place.timeoutMs ?? TIMEOUT_MS_USUAL),
    });
    ({ status } = answer);
    retryAfter = answer.headers.get('retry-after');
    body = await answer.text();
  } catch (cause) {
    throw seriesErrorOf(place, cause);
  }
  if (status !== 200) throw answerError(status, body, retryAfter);
  const { error, results = [] } = JSON.parse(body) as AnswerBody;
  const said = error ?? results.find((result) => result.error !== undefined)?.error;
  if (said !== undefined) throw questionError(said, query);
  const series = results.flatMap((result) => result.series ?? []);
  if (series.reduce((sum, { values }) => sum + values.length, 0) > many)
    throw refused(`the answer has more than ${many} rows; ask for a shorter range`);
  return series.map((each) => ({ ...each, tags: each.tags ?? {} }));
};
