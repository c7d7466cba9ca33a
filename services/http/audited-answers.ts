import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import { type Visitor, whoOf } from '../audit/visitor.ts';
import { makeRepeats } from '../logging/repeats.ts';
import { bearerToken } from './door.ts';

/** Who asks. The address is Fastify's: that of the line, or what a trusted proxy says. */
export const visitorOf = ({ ip, headers }: FastifyRequest): Visitor => ({
  address: ip ?? '',
  token: bearerToken(headers.authorization),
});

/** Everything below it gives or changes what is known of patients, routes that are still to come included, but: */
const AUDITED = '/v1/';
/** What devices say, and what nurses do: the log and `acted` tell of these. */
const TOLD_ELSEWHERE = ['/v1/telemetry', '/v1/acts'];
/** A program that asks every second is told once, and each hour how often it asked. */
const REPEATS_EVERY_MS = 3_600_000;
const PATH_MOST = 500;

const bedOf = (request: FastifyRequest): string => {
  const named = [request.params, request.query].map((each) => (each as { readonly bed?: unknown } | undefined)?.bed);
  return named.find((bed): bed is string => typeof bed === 'string')?.slice(0, 64) ?? '';
};

/** Tells the audit of every answer that gave something: who asked for what. What was refused gave nothing, and is counted in /metrics. */
export const auditedAnswers = (http: FastifyInstance, audit: Pick<Audit, 'tell'>): void => {
  const repeats = makeRepeats(REPEATS_EVERY_MS);
  http.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url;
    if (route === undefined || !route.startsWith(AUDITED) || TOLD_ELSEWHERE.includes(route)) return;
    const status = reply.statusCode;
    if (status >= 400) return;
    const bed = bedOf(request);
    const who = whoOf(visitorOf(request));
    const tell = (path: string, again: number): void =>
      audit.tell(
        { case: 'asked', value: { method: request.method, path, bed, status, who, again } },
        ...(bed === '' ? [] : [bed]),
      );
    const key = [request.method, route, bed, who.address, who.token].join('\n');
    if (repeats.isNew(key, (times) => tell(route, times))) tell(request.url.slice(0, PATH_MOST), 0);
  });
};
