import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { rejection } from '../../schemas/rejection.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Journal } from '../logging/journal.ts';
import { PROBLEM_JSON, problem } from './problem.ts';

interface Told {
  readonly gateway?: Gateway;
  readonly journal: Journal;
}

/** What Fastify calls by names of its own, in ours: the codes of `problem` are stable, and each sentence says what to do. */
const sayable = (request: FastifyRequest, error: FastifyError, status: number): readonly [string, string] => {
  if (status === 413) {
    const bytesMax = request.routeOptions.bodyLimit;
    return ['too-large', `a request of more than ${bytesMax} bytes; its bytes were not read: send less at once`];
  }
  if (status >= 500) return ['failed', 'Vigil failed to answer this; it is in its log.'];
  return [(error.code ?? 'error').toLowerCase(), error.message];
};

/** Answers what went wrong in a route, or before it, with a problem; what was too large to be read is counted as rejected. */
export const faults = (http: FastifyInstance, { gateway, journal }: Told): void => {
  http.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    const path = request.routeOptions.url ?? 'unknown';
    if (status >= 500) journal.error('a request failed', { path, status }, error);
    const [code, sentence] = sayable(request, error, status);
    if (status === 413 && path === '/v1/telemetry')
      await gateway?.reject(rejection('too-large', '', sentence), new Uint8Array());
    return reply
      .code(status)
      .type(PROBLEM_JSON)
      .send(problem(status, code, sentence));
  });
};

/** An address that cannot be read as one: no route was looked for. */
export const badAddress = (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void => {
  void reply
    .code(400)
    .type(PROBLEM_JSON)
    .send(problem(400, 'bad-address', 'The address is not valid: after each % two hexadecimal digits must stand.'));
};
