import type { Socket } from 'node:net';
import type { ConnectionError, FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
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

/** What could not even be read as a request: its code and sentence by what Node calls it. */
const UNREADABLE: Readonly<Record<string, readonly [status: 408 | 431, code: string, sentence: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    'too-slow',
    'The request was not there whole after half a minute; send less at once.',
  ],
  HPE_HEADER_OVERFLOW: [431, 'too-large', 'The headers are larger than 16 KiB; send fewer or shorter ones.'],
};
const NO_REQUEST = [
  400,
  'bad-request',
  'What came is no HTTP/1.1 request. Vigil speaks without TLS, which is the work of a proxy before it.',
] as const;

/** Answers a line on which no request could be read, and hangs up. */
export const badRequest = (error: ConnectionError, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, sentence] = UNREADABLE[error.code] ?? NO_REQUEST;
  const told = problem(status, code, sentence);
  const body = JSON.stringify(told);
  socket.end(
    `HTTP/1.1 ${status} ${told.title}\r\nconnection: close\r\ncontent-type: ${PROBLEM_JSON}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};
