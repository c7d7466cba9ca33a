/** What every process answers over HTTP: how it does. Beside gateway and screens their doors; alone where neither runs. */
import * as E from 'fp-ts/lib/Either.js';
import type { Config } from '../config.ts';
import { type HttpOptions, type HttpServer, openHttp } from '../http/server.ts';
import type { Journal } from '../logging/journal.ts';
import type { Self } from '../reports/self.ts';
import { tellOwnParts } from '../watch/tell-meters.ts';

/** How the HTTP server listens, by configuration. */
export const httpOptionsOf = (config: Config, consoleFolder: string | undefined): HttpOptions => ({
  ...{ host: config.host, port: config.port, consoleFolder },
  ...{ gatewayTokens: config.gatewayTokens, consoleTokens: config.consoleTokens },
  ...{ allowedOrigins: config.allowedOrigins, frameBytesMax: config.limits.frameBytesMax },
  trustedProxies: config.trustedProxies,
  requestsPerMinute: config.limits.requestsPerMinute,
});

/** /healthz and /metrics of a process without gateway and screens. Rejects with a sentence when it may not or cannot listen. */
export const openStatusDoor = async (config: Config, journal: Journal, self: Self): Promise<HttpServer> => {
  const http = await openHttp(httpOptionsOf(config, undefined), {
    ...{ meters: self.meters, journal },
    health: () => ({ process: self.name(), parts: self.parts.now(), processes: [] }),
  });
  if (E.isLeft(http)) throw new Error(http.left);
  const timer = setInterval(() => tellOwnParts(self), 1_000);
  return {
    ...http.right,
    close: async () => {
      clearInterval(timer);
      await http.right.close();
    },
  };
};
