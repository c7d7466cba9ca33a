import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { PROBLEM_JSON, problem } from './problem.ts';

/** Only our own files, no frames, no plug-ins; sockets only to where the page came from. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export const PAGE_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Files under assets/ carry a hash in their name and never change; everything else is asked for anew. */
const cacheFor = (path: string): string =>
  /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';

const METHODS = ['GET', 'HEAD', 'POST'] as const;

/** Serves the built console at "/", where there are screens. Paths of the console that are no files get its index page. */
export const consolePages = async (
  http: FastifyInstance,
  folder: string | undefined,
  hasScreens: boolean,
): Promise<void> => {
  const built = folder !== undefined && existsSync(join(folder, 'index.html'));
  if (built)
    await http.register(fastifyStatic, {
      root: folder,
      cacheControl: false,
      wildcard: true,
      setHeaders: (response, path) => {
        response.header('cache-control', cacheFor(path));
      },
    });
  http.setNotFoundHandler((request, reply) => {
    const allowed = METHODS.filter((method) => http.hasRoute({ method, url: pathOf(request.url) }));
    if (allowed.length > 0 && request.url.startsWith('/v1/'))
      return reply
        .code(405)
        .header('allow', allowed.join(', '))
        .type(PROBLEM_JSON)
        .send(problem(405, 'method', `${pathOf(request.url)} takes ${allowed.join(', ')}, not ${request.method}.`));
    const isPage = hasScreens && request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (!isPage || request.url.startsWith('/v1/'))
      return reply
        .code(404)
        .type(PROBLEM_JSON)
        .send(problem(404, 'not-found', `There is nothing at ${pathOf(request.url)}.`));
    if (built) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    return reply.code(503).type('text/plain').send('The console is not built yet: npm run console\n');
  });
};

/** Without the query, which may carry what does not belong into an answer or a log. */
const pathOf = (url: string): string => url.split('?', 1)[0]!;
