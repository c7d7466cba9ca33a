/** What people and devices see: gateway, screens and the HTTP server in front of them. */
import * as E from 'fp-ts/lib/Either.js';
import { milliseconds } from '../../schemas/units.ts';
import type { Config } from '../config.ts';
import { makeActs } from '../gateway/acts.ts';
import { makeGateway } from '../gateway/gateway.ts';
import { learnFromLog } from '../gateway/restore.ts';
import { tokenCheck } from '../http/door.ts';
import { type HealthPart, logHealth, screensHealth } from '../http/health.ts';
import { type HttpServer, openHttp } from '../http/server.ts';
import type { Journal } from '../logging/journal.ts';
import { makeMeters } from '../metrics/meters.ts';
import { makeScreens } from '../screens/screens.ts';
import { everySecond, systemClock } from './clock.ts';
import { openLog } from './open-adapters.ts';

export const frontStages = ['gateway', 'screens'] as const;
export type FrontStage = (typeof frontStages)[number];

export interface FrontOptions {
  readonly names: readonly FrontStage[];
  /** The inference provider in use, in words. */
  readonly provider: () => string;
  readonly simulated: boolean;
  /** The built console; undefined: none is served. */
  readonly consoleFolder: string | undefined;
}

export interface Front {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const QUARTER_MS = 250;

/** Rejects with a sentence when Vigil may not or cannot listen, or the log cannot be opened. */
export const openFront = async (config: Config, journal: Journal, options: FrontOptions): Promise<Front> => {
  const now = systemClock();
  const meters = makeMeters();
  const log = await openLog(config, journal, 'vigil-front');
  const act = makeActs(log, now);
  const gateway = options.names.includes('gateway')
    ? makeGateway({
        ...{ log, now, meters, journal },
        bounds: { lateAfter: milliseconds(config.limits.lateMs) },
        presence: { silentAfter: milliseconds(config.limits.silenceMs) },
        frameBytesMax: config.limits.frameBytesMax,
      })
    : undefined;
  const screens = options.names.includes('screens')
    ? makeScreens({
        ...{ log, now, meters, journal, act, ward: config.site, simulated: options.simulated },
        provider: options.provider,
        grafanaUrl: config.grafanaUrl,
        tokenIsGood: tokenCheck(config.consoleTokens),
      })
    : undefined;
  const health = (): readonly HealthPart[] => [
    ...(gateway ? [logHealth(gateway, now())] : []),
    ...(screens ? screensHealth(screens) : []),
    { name: 'inference', state: 'ok', ageS: null, sentence: options.provider() },
  ];
  // Both read the log's past; a console that knocks before the screens have is told to come again.
  const screensStarted = screens?.start();
  screensStarted?.catch(() => undefined); // awaited below, also when the gateway takes longer
  const learning = gateway === undefined ? undefined : await learnFromLog(log, gateway, now());
  const http: E.Either<string, HttpServer> = await openHttp(
    {
      ...{ host: config.host, port: config.port, consoleFolder: options.consoleFolder },
      ...{ gatewayTokens: config.gatewayTokens, consoleTokens: config.consoleTokens },
      ...{ allowedOrigins: config.allowedOrigins, frameBytesMax: config.limits.frameBytesMax },
      requestsPerMinute: config.limits.requestsPerMinute,
    },
    { ...(gateway ? { gateway } : {}), ...(screens ? { screens } : {}), act, meters, journal, health },
  );
  if (E.isLeft(http)) {
    await learning?.stop();
    await log.close();
    throw new Error(http.left);
  }
  await screensStarted;
  // A log that is slow to take Silences must not hold up the consoles' heartbeats.
  const stopSeconds = everySecond(now, () => {
    meters.provider.set(1, options.provider());
    void gateway?.secondPassed();
    void screens?.secondPassed();
  });
  const quarters = setInterval(() => screens?.quarterPassed(), QUARTER_MS);
  return {
    url: http.right.url,
    stop: async () => {
      stopSeconds();
      clearInterval(quarters);
      await http.right.close();
      await learning?.stop();
      await gateway?.close();
      await screens?.close();
      await log.close();
    },
  };
};
