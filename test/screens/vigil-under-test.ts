import * as E from 'fp-ts/lib/Either.js';
import type { Moment } from '../../schemas/units.ts';
import { type Audit, noAudit } from '../../services/audit/audit.ts';
import { auditedActs } from '../../services/audit/audited-acts.ts';
import { makeActs } from '../../services/gateway/acts.ts';
import { type Gateway, makeGateway } from '../../services/gateway/gateway.ts';
import { gatewayHealth, screensHealth } from '../../services/http/health.ts';
import { type HttpOptions, type HttpServer, openHttp } from '../../services/http/server.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { type Meters, makeMeters } from '../../services/metrics/meters.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import type { OutboxBounds } from '../../services/screens/outbox.ts';
import { makeScreens, type Screens } from '../../services/screens/screens.ts';

export interface VigilUnderTest {
  readonly gateway: Gateway;
  readonly screens: Screens;
  readonly http: HttpServer;
  readonly meters: Meters;
  readonly address: (path: string) => string;
  readonly close: () => Promise<void>;
}

export interface Setup {
  readonly http?: Partial<HttpOptions>;
  readonly outbox?: OutboxBounds;
  readonly grafanaUrl?: string;
  readonly audit?: Pick<Audit, 'tell'>;
  /** Hears each line of the journal; absent: none is written. */
  readonly lines?: (line: string) => void;
}

export const wall = (): Moment => (Date.now() * 1_000) as Moment;

/** Gateway, screens and HTTP server on a log, without the stages between them; nothing ticks by itself. */
export const startVigil = async (log: EventLog, setup: Setup = {}): Promise<VigilUnderTest> => {
  const meters = makeMeters();
  const { lines } = setup;
  const journal = makeJournal(
    lines === undefined ? { level: 'silent' } : { level: 'info', destination: { write: lines } },
  );
  const gateway = makeGateway({ log, now: wall, meters, journal, lingerMs: 1, frameBytesMax: 262_144 });
  const { audit = noAudit } = setup;
  const act = auditedActs(makeActs(log, wall), audit, (bed) => screens.patientOf(bed));
  const screens: Screens = makeScreens({
    log,
    audit,
    now: wall,
    meters,
    journal,
    act,
    ward: 'ICU 2',
    simulated: true,
    provider: () => 'cpu',
    tokenIsGood: (token) => (setup.http?.consoleTokens ?? []).length === 0 || token === setup.http?.consoleTokens?.[0],
    grafanaUrl: setup.grafanaUrl,
    ...(setup.outbox === undefined ? {} : { outbox: setup.outbox }),
  });
  await screens.start();
  const opened = await openHttp(
    {
      host: '127.0.0.1',
      port: 0,
      gatewayTokens: [],
      consoleTokens: [],
      allowedOrigins: [],
      trustedProxies: [],
      frameBytesMax: 262_144,
      requestsPerMinute: 6_000,
      consoleFolder: undefined,
      ...setup.http,
    },
    {
      ...{ gateway, screens, act, audit, meters, journal },
      health: () => ({
        ...{ process: 'front', processes: [] },
        parts: [gatewayHealth(gateway, wall()), ...screensHealth(screens)],
      }),
    },
  );
  if (E.isLeft(opened)) throw new Error(opened.left);
  const http = opened.right;
  return {
    gateway,
    screens,
    http,
    meters,
    address: (path) => `127.0.0.1:${http.port}${path}`,
    close: async () => {
      await http.close();
      await screens.close();
      await gateway.close();
    },
  };
};
