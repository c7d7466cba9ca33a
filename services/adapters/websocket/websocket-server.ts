import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Socket, SocketRoute, SocketServer, UpgradeRefusal, UpgradeRequest } from '../../ports/sockets.ts';

export interface WebSocketOptions {
  readonly server: Server;
  readonly routes: readonly SocketRoute[];
  readonly pingMs: number;
  /** A socket was cut because it answered no ping. */
  readonly reaped: (path: string) => void;
}

const GOODBYE_MS = 2_000;
/** RFC 6455: "message too big". */
const TOO_LARGE = 1009;
const REASON_BYTES_MAX = 123;

const STATUS_WORDS: Readonly<Record<UpgradeRefusal['status'], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

const refuse = (stream: Duplex, { status, code, sentence }: UpgradeRefusal): void => {
  const body = JSON.stringify({ type: 'about:blank', status, title: STATUS_WORDS[status], detail: sentence, code });
  // Node lets go of a line that asks for an upgrade: nobody else would end it where the other side does not hang up.
  stream.once('finish', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_WORDS[status]}\r\nconnection: close\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};

const requestOf = (request: IncomingMessage): UpgradeRequest => ({
  path: (request.url ?? '/').split('?', 1)[0]!,
  address: request.socket.remoteAddress,
  forwarded: [request.headers['x-forwarded-for'] ?? []].flat().join(', ') || undefined,
  host: request.headers.host,
  origin: request.headers.origin,
  authorization: request.headers.authorization,
  protocols: (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim()),
});

const fullness = (route: SocketRoute, open: number): UpgradeRefusal | undefined =>
  open < route.socketsMax || route.makeRoom?.() === true
    ? undefined
    : { status: 503, code: 'overloaded', sentence: `All ${route.socketsMax} sockets of ${route.path} are in use.` };

const bytesOf = (data: RawData): Uint8Array =>
  Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : data;

/** Gathers what is sent in one turn into one write: thousands of acks a second would else be as many system calls. */
const gatherWrites = (stream: Duplex): (() => void) => {
  let gathering = false;
  return () => {
    if (gathering) return;
    gathering = true;
    stream.cork();
    process.nextTick(() => {
      gathering = false;
      stream.uncork();
    });
  };
};

const socketOf = (id: number, ws: WebSocket, gather: () => void): Socket => ({
  id,
  send: (data, written) => {
    if (ws.readyState === ws.OPEN) {
      gather();
      ws.send(data, () => written?.());
    } else written?.();
  },
  bufferedBytes: () => ws.bufferedAmount,
  pause: () => ws.pause(),
  resume: () => ws.resume(),
  close: (code, reason) => {
    ws.close(code, Buffer.from(reason).subarray(0, REASON_BYTES_MAX).toString());
    setTimeout(() => ws.terminate(), GOODBYE_MS).unref();
  },
  cut: () => ws.terminate(),
});

/** Answers the upgrade requests of an HTTP server; the one place that knows `ws`. */
export const openWebSockets = ({ server, routes, pingMs, reaped }: WebSocketOptions): SocketServer => {
  let lastId = 0;
  const served = routes.map((route) => ({
    route,
    wss: new WebSocketServer({
      noServer: true,
      maxPayload: route.messageBytesMax,
      // Compression costs a stream per socket and lets a small message become a large one.
      perMessageDeflate: false,
      clientTracking: true,
      // Never another one: the others may be tokens.
      handleProtocols: (asked) => (asked.has(route.protocol) ? route.protocol : false),
    }),
    answered: new WeakSet<WebSocket>(),
  }));

  const open = (
    { route, answered }: (typeof served)[number],
    asked: UpgradeRequest,
    ws: WebSocket,
    stream: Duplex,
  ): void => {
    answered.add(ws);
    lastId += 1;
    const handlers = route.open(socketOf(lastId, ws, gatherWrites(stream)), asked);
    ws.on('message', (data, isBinary) => {
      const bytes = bytesOf(data);
      handlers.message(isBinary ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
    });
    ws.on('pong', () => answered.add(ws));
    let fault: number | undefined;
    ws.on('close', (code) => {
      handlers.closed(fault ?? code);
    });
    // `ws` closes the socket after an error by itself, and then hears no answer: what it said is told in `closed`.
    ws.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') fault = TOO_LARGE;
    });
  };

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    // A line that breaks while it is being refused has nobody left to tell.
    stream.on('error', () => stream.destroy());
    const asked = requestOf(request);
    const found = served.find(({ route }) => route.path === asked.path);
    const refusal =
      found === undefined
        ? ({ status: 404, code: 'not-found', sentence: `There is no WebSocket at ${asked.path}.` } as const)
        : (found.route.admit(asked) ?? fullness(found.route, found.wss.clients.size));
    if (found === undefined || refusal !== undefined) {
      if (refusal !== undefined) refuse(stream, refusal);
      return;
    }
    found.wss.handleUpgrade(request, stream, head, (ws) => open(found, asked, ws, stream));
  };
  server.on('upgrade', upgrade);

  const pinging = setInterval(() => {
    for (const { route, wss, answered } of served) {
      for (const ws of wss.clients) {
        // A paused socket does not read its pongs: that is our doing, not the other side's.
        if (ws.isPaused) answered.add(ws);
        if (!answered.delete(ws)) {
          reaped(route.path);
          ws.terminate();
        } else if (ws.readyState === ws.OPEN) ws.ping();
      }
    }
  }, pingMs);
  pinging.unref();

  return {
    open: () => served.reduce((sum, { wss }) => sum + wss.clients.size, 0),
    close: async () => {
      clearInterval(pinging);
      server.off('upgrade', upgrade);
      await Promise.all(
        served.map(async ({ wss }) => {
          for (const ws of wss.clients) {
            ws.close(1001, 'Vigil is going away');
            setTimeout(() => ws.terminate(), GOODBYE_MS).unref();
          }
          await new Promise<void>((done) => wss.close(() => done()));
        }),
      );
    },
  };
};
