/** What people and devices see: gateway, screens and the HTTP server in front of them. */
import * as E from 'fp-ts/lib/Either.js';
import { milliseconds, minutes, moment } from '../../schemas/units.ts';
import { auditedActs } from '../audit/audited-acts.ts';
import type { Config } from '../config.ts';
import { makeActs } from '../gateway/acts.ts';
import { makeGateway } from '../gateway/gateway.ts';
import { learnFromLog } from '../gateway/restore.ts';
import { tokenCheck } from '../http/door.ts';
import { gatewayHealth, screensHealth } from '../http/health.ts';
import { openHttp } from '../http/server.ts';
import type { Journal } from '../logging/journal.ts';
import type { MetricsOfThread } from '../metrics/meters.ts';
import { startReporter } from '../reports/reporter.ts';
import type { Self } from '../reports/self.ts';
import { makeReview } from '../review/review.ts';
import { makeScreens, type Screens } from '../screens/screens.ts';
import { tellOwnParts } from '../watch/tell-meters.ts';
import { makeVigilWatch } from '../watch/vigil-watch.ts';
import { everySecond, systemClock } from './clock.ts';
import { openLog, openSeries } from './open-adapters.ts';
import { openAudit } from './open-audit.ts';
import { httpOptionsOf } from './status-door.ts';

export const frontStages = ['gateway', 'screens'] as const;
export type FrontStage = (typeof frontStages)[number];

export interface FrontOptions {
  readonly names: readonly FrontStage[];
  /** The process that this is in; its reports are written from here. */
  readonly self: Self;
  readonly simulated: boolean;
  /** The built console; undefined: none is served. */
  readonly consoleFolder: string | undefined;
  /** Figures of this process's other threads. */
  readonly threads?: () => Promise<readonly MetricsOfThread[]>;
  /** Aborted when it is to stop, which may be before it has begun: it then waits for nothing that it has yet to read. */
  readonly stopping: AbortSignal;
}

export interface Front {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const QUARTER_MS = 250;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Rejects with a sentence when Vigil may not or cannot listen, or the log cannot be opened. Answers undefined, with everything closed,
 * when it was to stop before its door was open: a gateway that does not know the past must take no frame.
 */
export const openFront = async (
  config: Config,
  journal: Journal,
  options: FrontOptions,
): Promise<Front | undefined> => {
  const { names, self, stopping } = options;
  const { meters } = self;
  const now = systemClock();
  const log = await openLog(config, journal, 'vigil-front', { purgesAudit: true });
  if (stopping.aborted) {
    await log.close();
    return undefined;
  }
  const audit = openAudit(config, log, { process: self.name(), now, journal, meters });
  self.parts.add(() => [audit.part()]);
  const reporter = startReporter({ log, self, clock: () => moment(Date.now() * 1e3) });
  const gateway = names.includes('gateway')
    ? makeGateway({
        ...{ log, now, meters, journal },
        bounds: { lateAfter: milliseconds(config.limits.lateMs) },
        presence: { silentAfter: milliseconds(config.limits.silenceMs) },
        frameBytesMax: config.limits.frameBytesMax,
        bedsMax: config.limits.bedsMax,
      })
    : undefined;
  const patientOf = (bed: string): string => screens?.patientOf(bed) ?? '';
  const act = auditedActs(makeActs(log, now, gateway?.apart), audit, patientOf);
  const openScreens = (): { readonly screens: Screens; readonly watch: ReturnType<typeof makeVigilWatch> } => {
    const deaf = (): string | undefined => screens.health().deaf;
    const watch = makeVigilWatch({ log, now, journal, self, logPart: reporter.log, deaf });
    const screens = makeScreens({
      ...{ log, now, meters, journal, act, ward: config.site, simulated: options.simulated, watch, audit },
      ...(gateway ? { overhear: gateway.overhear } : {}),
      provider: watch.provider,
      grafanaUrl: config.grafanaUrl,
      nameKept: config.nameKeptMinutes === 0 ? undefined : minutes(config.nameKeptMinutes),
      tokenIsGood: tokenCheck(config.consoleTokens),
    });
    return { screens, watch };
  };
  const { screens, watch } = names.includes('screens') ? openScreens() : { screens: undefined, watch: undefined };
  // Where Kafka is the log a file of this process would hold no series: it is another process that keeps them.
  const knowsSeries = config.influx !== undefined || config.kafka === undefined;
  const review =
    screens &&
    makeReview({
      openLog: () => openLog(config, journal, 'vigil-review'),
      openSeries: knowsSeries ? () => openSeries(config) : undefined,
    });
  if (gateway) self.parts.add(() => [gatewayHealth(gateway, now())]);
  if (screens) self.parts.add(() => [...screensHealth(screens), ...watch.parts()]);
  // Both read the log's past; a console that knocks before the screens have is told to come again.
  const screensStarted = screens?.start();
  screensStarted?.catch(() => undefined); // awaited below, also when the gateway takes longer
  const learning = gateway === undefined ? undefined : await learnFromLog(log, gateway, now(), stopping);
  /** What has begun to read ends before its log does: a reader whose log goes away tries again for ever. */
  const closeLog = async (): Promise<void> => {
    const readers = async (): Promise<void> => {
      await learning?.stop();
      await gateway?.close();
      await screens?.close();
      await review?.close();
    };
    await Promise.all([readers(), audit.close()]);
    await log.close();
  };
  if (stopping.aborted) {
    await reporter.stop();
    await closeLog();
    return undefined;
  }
  const http = await openHttp(httpOptionsOf(config, options.consoleFolder), {
    ...(gateway ? { gateway } : {}),
    ...(screens ? { screens } : {}),
    ...(review ? { review } : {}),
    ...(options.threads ? { threads: options.threads } : {}),
    ...{ act, audit, meters, journal },
    health: () => ({ process: self.name(), parts: self.parts.now(), processes: watch?.processes() ?? [] }),
  });
  if (E.isLeft(http)) {
    await reporter.stop();
    await closeLog();
    throw new Error(http.left);
  }
  await Promise.race([screensStarted, aborted(stopping)]);
  // A log that is slow to take Silences must not hold up the consoles' heartbeats.
  const stopSeconds = everySecond(now, () => {
    void gateway?.secondPassed();
    void screens?.secondPassed();
    if (watch === undefined) return tellOwnParts(self);
    meters.provider.clear();
    meters.provider.set(1, watch.provider());
  });
  const quarters = setInterval(() => screens?.quarterPassed(), QUARTER_MS);
  return {
    url: http.right.url,
    stop: async () => {
      stopSeconds();
      clearInterval(quarters);
      await reporter.stop();
      await http.right.close();
      await closeLog();
    },
  };
};
