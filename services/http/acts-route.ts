import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { INTENDED_USE } from '../../schemas/live.ts';
import type { Actor } from '../audit/visitor.ts';
import { type Act, type Acted, parseAct } from '../gateway/acts.ts';
import { visitorOf } from './audited-answers.ts';
import { PROBLEM_JSON, problem } from './problem.ts';

/** Who may not come in is answered here; undefined: let in. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/** POST /v1/acts: what a nurse did at a screen that speaks no WebSocket. */
export const actsRoute = (
  http: FastifyInstance,
  act: (act: Act, actor: Actor) => Promise<Acted>,
  guard: Guard,
): void => {
  http.post<{ Body: Uint8Array | undefined }>('/v1/acts', { onRequest: guard }, async (request, reply) => {
    const json = E.tryCatch(
      () => JSON.parse(new TextDecoder().decode(request.body)) as unknown,
      () => 'not JSON',
    );
    if (E.isLeft(json))
      return reply
        .code(400)
        .type(PROBLEM_JSON)
        .send(problem(400, 'not-json', 'The act is not JSON.'));
    const parsed = parseAct(json.right);
    if (E.isLeft(parsed)) {
      const { code, sentence, where } = parsed.left;
      return reply
        .code(400)
        .type(PROBLEM_JSON)
        .send(problem(400, code, sentence, where));
    }
    const answer = await act(parsed.right, { session: 0, visitor: visitorOf(request) });
    if (answer.ok) return reply.code(200).send({ id: parsed.right.id, ...answer, intendedUse: INTENDED_USE });
    const [status, code] = answer.untimely ? [409, 'untimely'] : [503, 'log-unavailable'];
    return reply
      .code(status)
      .type(PROBLEM_JSON)
      .send(problem(status, code, answer.sentence, answer.untimely ? 'decidedUs' : ''));
  });
};
