import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { INTENDED_USE } from '../../schemas/live.ts';
import { openWebSockets } from '../adapters/websocket/websocket-server.ts';
import type { Audit } from '../audit/audit.ts';
import { type Actor, addressOf } from '../audit/visitor.ts';
import type { Act, Acted } from '../gateway/acts.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { telemetrySocket } from '../gateway/telemetry-socket.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters, MetricsOfThread } from '../metrics/meters.ts';
import type { Socket, SocketHandlers, SocketRoute, UpgradeRefusal, UpgradeRequest } from '../ports/sockets.ts';
import type { Review } from '../review/review.ts';
import type { Screens } from '../screens/screens.ts';
import { actsRoute, type Guard } from './acts-route.ts';
import { askedTogether } from './asked-together.ts';
import { auditedAnswers } from './audited-answers.ts';
import { type BindOptions, bindRefusal } from './bind-rule.ts';
import { consoleFiles, PAGE_HEADERS } from './console-pages.ts';
import { bearerToken, type DoorOptions, originRefusal, SOCKET_PROTOCOL, tokenCheck, upgradeToken } from './door.ts';
import { badAddress, badRequest, faults } from './faults.ts';
import { type HealthTold, healthReport } from './health.ts';
import { notFound } from './not-found.ts';
import { PROBLEM_JSON, problem } from './problem.ts';
import { reviewRoute } from './review-route.ts';
import { telemetryRoute } from './telemetry-route.ts';

export interface HttpOptions extends BindOptions, DoorOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Largest telemetry frame. */
  readonly frameBytesMax: number;
  /** Requests per minute and sender. WebSockets are bounded by their number instead. */
  readonly requestsPerMinute: number;
  /** Addresses and networks of proxies; those behind them are told apart by X-Forwarded-For. */
  readonly trustedProxies: readonly string[];
  /** The built console (dashboards/console/dist); undefined: none is served. */
  readonly consoleFolder: string | undefined;
}

/** What this process runs; what it does not run has no address. */
export interface HttpParts {
  readonly gateway?: Gateway;
  readonly screens?: Screens;
  readonly act?: (act: Act, actor: Actor) => Promise<Acted>;
  /** Is told of what is asked and answered; absent: nobody is. */
  readonly audit?: Pick<Audit, 'tell'>;
  readonly review?: Review;
  readonly meters: Meters;
  readonly journal: Journal;
  readonly health: () => HealthTold;
  /** Figures of this process's other threads. */
  readonly threads?: () => Promise<readonly MetricsOfThread[]>;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Takes no new requests, says goodbye to the sockets, answers what is under way. */
  readonly close: () => Promise<void>;
}

/** Also of what is sent to an address that is not there. */
const ACT_BYTES_MAX = 16_384;
const CONSOLE_MESSAGE_BYTES_MAX = 262_144;
const TELEMETRY_SOCKETS_MAX = 4_096;
const CONSOLE_SOCKETS_MAX = 1_024;
const PING_MS = 15_000;
/** A line on which nothing moves for so long is cut: its other side neither reads nor sends. The log answers long before. */
const STILL_MS = 60_000;

const TOKEN_UNKNOWN = 'The token is missing or not known; send "Authorization: Bearer …".';

/** A route's guard: origin and token, before the body is read. */
const guardOf =
  (options: HttpOptions, meters: Meters, tokens: readonly string[]): Guard =>
  async (request, reply) => {
    const refusal = originRefusal(options, request.headers.origin, request.headers.host);
    if (refusal !== undefined) {
      meters.doorRefused.add(1, 'origin');
      return reply
        .code(403)
        .type(PROBLEM_JSON)
        .send(problem(403, 'origin', refusal, 'origin'));
    }
    if (tokenCheck(tokens)(bearerToken(request.headers.authorization))) return undefined;
    meters.doorRefused.add(1, 'token');
    return reply
      .code(401)
      .header('www-authenticate', 'Bearer')
      .type(PROBLEM_JSON)
      .send(problem(401, 'token', TOKEN_UNKNOWN, 'authorization'));
  };

const FIGURES_EVERY_MS = 1_000;

const ownRoutes = (http: FastifyInstance, options: HttpOptions, parts: HttpParts): void => {
  const { gateway, act, review, meters, health, threads } = parts;
  const forGateways = guardOf(options, meters, options.gatewayTokens);
  const forConsoles = guardOf(options, meters, options.consoleTokens);
  // Not bounded: a sender of the same address that asks too often must not have Vigil taken for dead and started anew.
  http.get('/healthz', { config: { rateLimit: false } }, async (_request, reply) => {
    const report = healthReport(health());
    return reply.code(report.state === 'failed' ? 503 : 200).send(report);
  });
  // Each thread is asked for its figures, also those that decide: whoever asks for them a hundred times a second must not hold alarms up.
  const figures = askedTogether(async () => meters.text(await threads?.()), FIGURES_EVERY_MS);
  http.get('/metrics', async (_request, reply) => reply.type(meters.contentType).send(await figures()));
  if (gateway !== undefined) {
    void http.register(async (scope) => {
      scope.addHook('onRequest', forGateways);
      telemetryRoute(scope, gateway, meters);
    });
    http.get('/v1/sources', { onRequest: forConsoles }, async () => ({
      sources: gateway.sources(),
      intendedUse: INTENDED_USE,
    }));
  }
  if (act !== undefined) actsRoute(http, act, forConsoles);
  if (review !== undefined)
    void http.register(async (scope) => {
      scope.addHook('onRequest', forConsoles);
      reviewRoute(scope, review);
    });
};

/** Keeps the number of open sockets of a path in the metrics. */
const counted = (meters: Meters, path: string, open: (socket: Socket) => SocketHandlers): SocketRoute['open'] => {
  let sockets = 0;
  const change = (by: number): void => {
    sockets += by;
    meters.sockets.set(sockets, path);
  };
  return (socket) => {
    const handlers = open(socket);
    change(1);
    return {
      message: handlers.message,
      closed: (code) => {
        change(-1);
        handlers.closed(code);
      },
    };
  };
};

const socketRoutes = (options: HttpOptions, parts: HttpParts): readonly SocketRoute[] => {
  const { gateway, screens, meters, journal } = parts;
  const gatewayToken = tokenCheck(options.gatewayTokens);
  const consoleToken = tokenCheck(options.consoleTokens);
  const originOf = ({ origin, host }: UpgradeRequest): UpgradeRefusal | undefined => {
    const sentence = originRefusal(options, origin, host);
    if (sentence === undefined) return undefined;
    meters.doorRefused.add(1, 'origin');
    return { status: 403, code: 'origin', sentence };
  };
  const routes: SocketRoute[] = [];
  if (gateway !== undefined)
    routes.push({
      path: '/v1/telemetry',
      protocol: SOCKET_PROTOCOL,
      messageBytesMax: options.frameBytesMax,
      socketsMax: TELEMETRY_SOCKETS_MAX,
      admit: (request) => {
        const refusal = originOf(request);
        if (refusal !== undefined || gatewayToken(upgradeToken(request))) return refusal;
        meters.doorRefused.add(1, 'token');
        return { status: 401, code: 'token', sentence: TOKEN_UNKNOWN };
      },
      open: counted(meters, '/v1/telemetry', telemetrySocket(gateway, journal)),
    });
  if (screens !== undefined)
    routes.push({
      path: '/v1/live',
      protocol: SOCKET_PROTOCOL,
      messageBytesMax: CONSOLE_MESSAGE_BYTES_MAX,
      socketsMax: CONSOLE_SOCKETS_MAX,
      // A browser cannot send a header with a socket: its token comes in `hello`.
      admit: originOf,
      open: (socket, request) => {
        const token = upgradeToken(request);
        const address = addressOf(request.address, request.forwarded, options.trustedProxies.length > 0);
        return screens.open(socket, consoleToken(token), { address, token });
      },
      makeRoom: screens.makeRoom,
    });
  return routes;
};

const build = async (
  options: HttpOptions,
  parts: HttpParts,
  sockets: readonly SocketRoute[],
): Promise<FastifyInstance> => {
  const { meters } = parts;
  const http = fastify({
    bodyLimit: ACT_BYTES_MAX,
    logger: false,
    requestTimeout: 30_000,
    connectionTimeout: STILL_MS,
    http: { connectionsCheckingInterval: 5_000 },
    keepAliveTimeout: 30_000,
    forceCloseConnections: 'idle',
    // Addresses come from the line itself, but for proxies that are named: a header that a sender wrote must not lend it another's share.
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    frameworkErrors: badAddress,
    clientErrorHandler: badRequest,
  });
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  http.addHook('onSend', async (_request, reply) => {
    reply.header('vigil-intended-use', INTENDED_USE).headers(PAGE_HEADERS);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  http.addHook('onResponse', async (request, reply) => {
    meters.httpSeconds.seen(reply.elapsedTime / 1_000, request.routeOptions.url ?? 'unknown');
  });
  faults(http, parts);
  // Who hung up before his request was read has no address any more, and waits for no answer.
  http.addHook('onRequest', async ({ ip }: { ip: string | undefined }, reply) => {
    if (ip === undefined) reply.hijack();
  });
  await http.register(rateLimit, {
    global: true,
    max: options.requestsPerMinute,
    timeWindow: 60_000,
    onExceeded: () => meters.doorRefused.add(1, 'rate'),
    errorResponseBuilder: (_request, { max, after }) =>
      Object.assign(new Error(`more than ${max} requests a minute; try again in ${after}, or use the WebSocket`), {
        statusCode: 429,
        code: 'too-many-requests',
      }),
  });
  if (parts.audit !== undefined) auditedAnswers(http, parts.audit);
  ownRoutes(http, options, parts);
  const built = await consoleFiles(http, options.consoleFolder);
  notFound(http, {
    sockets: sockets.map(({ path }) => path),
    console: parts.screens === undefined ? undefined : { built },
  });
  return http;
};

/** Why Vigil does not listen, and which setting to change. */
const refusedBy = ({ host, port }: HttpOptions, cause: unknown): string => {
  const isTaken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const why = isTaken
    ? 'another program listens there. Stages that share a machine need a port each'
    : cause instanceof Error
      ? cause.message
      : String(cause);
  return `Vigil cannot listen on ${host}:${port}: ${why}. Choose another VIGIL_PORT, for example ${(port % 65_535) + 1}; 0 is any free one.`;
};

/** One HTTP server for everything. Left: a sentence why Vigil does not listen. */
export const openHttp = async (options: HttpOptions, parts: HttpParts): Promise<E.Either<string, HttpServer>> => {
  const refusal = bindRefusal(options);
  if (refusal !== undefined) return E.left(refusal);
  const routes = socketRoutes(options, parts);
  const http = await build(options, parts, routes);
  const sockets = openWebSockets({
    server: http.server,
    routes,
    pingMs: PING_MS,
    reaped: () => parts.meters.socketsReaped.add(1, 'no pong'),
  });
  try {
    const url = await http.listen({ host: options.host, port: options.port });
    const address = http.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : options.port;
    parts.journal.info('listening', { address: options.host, port });
    return E.right({
      url,
      port,
      close: async () => {
        await sockets.close();
        await http.close();
      },
    });
  } catch (cause) {
    await sockets.close();
    await http.close();
    return E.left(refusedBy(options, cause));
  }
};
