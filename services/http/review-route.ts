import type { FastifyInstance, FastifyReply } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { COLUMNS_MAX, EVENTS_US_MAX, STRETCH_US_MAX } from '../../schemas/review.ts';
import { moment } from '../../schemas/units.ts';
import { sentenceOf } from '../ports/log-error.ts';
import type { Range } from '../ports/series-store.ts';
import type { Review } from '../review/review.ts';
import { PROBLEM_JSON, problem } from './problem.ts';

/** Each reads through a partition of the log: more at once would make all of them late, and the machine with them. */
const READINGS_MAX = 4;
const AGAIN_AFTER_S = 1;

interface Refusal {
  readonly where: string;
  readonly sentence: string;
}
type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

const timeIn = (query: Query, where: 'fromUs' | 'toUs'): E.Either<Refusal, number> => {
  const said = query[where];
  const us = typeof said === 'string' && /^\d{1,16}$/.test(said) ? Number(said) : Number.NaN;
  return Number.isSafeInteger(us)
    ? E.right(us)
    : E.left({ where, sentence: `${where} must be microseconds since 1970, a whole number.` });
};

/** The bed and the time that are asked for. Left: what is wrong with them. */
const rangeIn = (query: Query, usMax: number): E.Either<Refusal, Range> => {
  const { bed } = query;
  if (typeof bed !== 'string' || bed === '') return E.left({ where: 'bed', sentence: 'Name one bed: ?bed=…' });
  const from = timeIn(query, 'fromUs');
  const to = timeIn(query, 'toUs');
  if (E.isLeft(from)) return from;
  if (E.isLeft(to)) return to;
  const span = to.right - from.right;
  if (span <= 0 || span > usMax)
    return E.left({
      where: 'toUs',
      sentence: `toUs must lie after fromUs, by at most ${usMax / 1e6} seconds; ask for the rest by itself.`,
    });
  return E.right({ bed, from: moment(from.right), to: moment(to.right) });
};

/** As many columns as a screen is wide, where nobody says. */
const COLUMNS_USUAL = 1_200;
const columnsIn = ({ columns }: Query): number =>
  Math.min(COLUMNS_MAX, Math.max(1, Math.floor(Number(columns)) || COLUMNS_USUAL));

/** The addresses of those who look back. `scope` has the consoles' guard. */
export const reviewRoute = (scope: FastifyInstance, review: Review): void => {
  let readings = 0;
  const refuse = (reply: FastifyReply, status: number, code: string, sentence: string, where = ''): FastifyReply =>
    reply
      .code(status)
      .type(PROBLEM_JSON)
      .send(problem(status, code, sentence, where));

  const answerBy = (path: string, usMax: number, ask: (range: Range, query: Query) => Promise<object>): void => {
    scope.get<{ Querystring: Query }>(path, async (request, reply) => {
      const range = rangeIn(request.query, usMax);
      if (E.isLeft(range)) return refuse(reply, 400, 'bad-query', range.left.sentence, range.left.where);
      if (readings >= READINGS_MAX)
        return refuse(
          reply.header('retry-after', AGAIN_AFTER_S),
          503,
          'busy',
          'As many as Vigil reads back at once are looking back now; ask again in a second.',
        );
      readings++;
      try {
        return await ask(range.right, request.query);
      } catch (cause) {
        const sentence = `The log does not answer now; ask again: ${sentenceOf(cause)}`;
        return refuse(reply, 503, 'log-unavailable', sentence);
      } finally {
        readings--;
      }
    });
  };
  answerBy('/v1/review/stretch', STRETCH_US_MAX, review.stretch);
  answerBy('/v1/review/events', EVENTS_US_MAX, review.events);
  answerBy('/v1/review/overview', EVENTS_US_MAX, (range, query) => review.overview(range, columnsIn(query)));
};
