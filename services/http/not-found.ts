import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_JSON, problem } from './problem.ts';

export interface Addresses {
  /** Where WebSockets are opened. */
  readonly sockets: readonly string[];
  /** Undefined: no console here. */
  readonly console: { readonly built: boolean } | undefined;
}

const METHODS = ['GET', 'HEAD', 'POST'] as const;

/** Without the query, which may carry what does not belong into an answer or a log. */
const pathOf = (url: string): string => url.split('?', 1)[0]!;

/** The way from a path up to "/", without naming it: behind a proxy it may be called otherwise. */
const upFrom = (path: string): string => '../'.repeat(path.split('/').length - 2) || './';

const page = (path: string, reply: FastifyReply, { built }: { readonly built: boolean }): FastifyReply => {
  if (!built) return reply.code(503).type('text/plain').send('The console is not built yet: npm run console\n');
  // The console has one page; its files are named from there, and would not be found from an address below it.
  return reply.header('cache-control', 'no-cache').redirect(upFrom(path), 302);
};

/** Answers an address or a method that there is no route for, and says what to do instead. */
export const notFound = (http: FastifyInstance, { sockets, console }: Addresses): void => {
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = pathOf(request.url);
    const refuse = (status: number, code: string, sentence: string): FastifyReply =>
      reply
        .code(status)
        .type(PROBLEM_JSON)
        .send(problem(status, code, sentence));
    const isApi = path.startsWith('/v1/');
    const isSocket = sockets.includes(path);
    const allowed = isApi ? METHODS.filter((method) => http.hasRoute({ method, url: path })) : [];
    const asSocket = 'open it as a WebSocket (a proxy in between must pass "Upgrade" on)';
    if (allowed.length > 0) {
      reply.header('allow', allowed.join(', '));
      const takes = `${path} takes ${allowed.join(', ')}, not ${request.method}`;
      return refuse(405, 'method', isSocket ? `${takes}; or ${asSocket}.` : `${takes}.`);
    }
    if (isSocket) {
      reply.headers({ upgrade: 'websocket', connection: 'upgrade' });
      return refuse(426, 'websocket', `${path} is the address of a WebSocket; ${asSocket}.`);
    }
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (console !== undefined && isPage && !isApi) return page(path, reply, console);
    return refuse(404, 'not-found', `There is nothing at ${path}.`);
  };
  http.setNotFoundHandler(answer);
};
