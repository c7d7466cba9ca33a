import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
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

/** What the build makes. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
]);

interface ConsoleFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly cache: string;
}

/** Files under assets/ carry a hash in their name and never change; everything else is asked for anew. */
const cacheFor = (path: string): string =>
  path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';

/** By the path that it is asked for: the page at "/". */
const readFiles = async (folder: string): Promise<ReadonlyMap<string, ConsoleFile>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const all = files.map(async (file) => {
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    const type = TYPES.get(extname(file)) ?? 'application/octet-stream';
    const served: ConsoleFile = { bytes: await readFile(file), type, cache: cacheFor(path) };
    return [path === '/index.html' ? '/' : path, served] as const;
  });
  return new Map(await Promise.all(all));
};

const LOOKS = 20;
const LOOK_AGAIN_MS = 50;

/** The files once the page is among them: another process may be putting a new build in their place. Undefined: there is no build. */
const wholeFiles = async (folder: string): Promise<ReadonlyMap<string, ConsoleFile> | undefined> => {
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await setTimeout(LOOK_AGAIN_MS);
    const files = await readFiles(folder).catch(() => undefined);
    if (files?.has('/')) return files;
  }
  return undefined;
};

/**
 * Serves the files of the built console, its page at "/". Answers whether it is built. They lie in memory, half a megabyte, once: who asks for
 * them again and again and reads none of the answers would otherwise hold an open file for each.
 */
export const consoleFiles = async (http: FastifyInstance, folder: string | undefined): Promise<boolean> => {
  if (folder === undefined) return false;
  const files = await wholeFiles(folder);
  if (files === undefined) return false;
  http.get('/*', (request, reply) => {
    const file = files.get(request.url.split('?', 1)[0]!);
    if (file === undefined) reply.callNotFound();
    else void reply.type(file.type).header('cache-control', file.cache).send(file.bytes);
  });
  return true;
};
