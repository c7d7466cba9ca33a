import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

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

/** Serves the files of the built console, its page at "/". Answers whether it is built. */
export const consoleFiles = async (http: FastifyInstance, folder: string | undefined): Promise<boolean> => {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) return false;
  await http.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    wildcard: true,
    setHeaders: (response, path) => {
      response.header('cache-control', cacheFor(path));
    },
  });
  return true;
};
