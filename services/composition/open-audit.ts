import { userInfo } from 'node:os';
import type { Moment } from '../../schemas/units.ts';
import { type Audit, makeAudit } from '../audit/audit.ts';
import { sha256 } from '../audit/chain.ts';
import { tokenMark } from '../audit/visitor.ts';
import { type Config, redacted } from '../config.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import type { EventLog } from '../ports/event-log.ts';
import { VERSION } from '../version.ts';
import { openLog } from './open-adapters.ts';
import { openedLater } from './opened-later.ts';

/** The settings in force as they may be kept: without secrets, and with tokens by their marks, so that a changed one is seen. */
export const configOnRecord = (config: Config): string =>
  JSON.stringify({
    ...redacted(config),
    gatewayTokens: config.gatewayTokens.map(tokenMark),
    consoleTokens: config.consoleTokens.map(tokenMark),
  });

/** The user of this machine. A container's may have no name. */
export const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
};

export interface AuditWanted {
  /** What the process does: "front", "vigil hold add". */
  readonly process: string;
  readonly now: () => Moment;
  readonly journal: Journal;
  readonly meters?: Meters;
}

/** With closing its own line it takes no longer than this: a part that is told to stop has five seconds for everything. */
const CLOSED_WITHIN_MS = 1_500;

/**
 * Begins this process's chain on its log. With Kafka on a line of its own, which is opened beside everything else, so that no start waits for it and no act shares
 * a request with an entry; `log`: the one that is open already, where it is a file.
 */
export const openAudit = (config: Config, log: EventLog, wanted: AuditWanted): Audit => {
  const { process, now, journal, meters } = wanted;
  const own = config.kafka === undefined ? undefined : openedLater(() => openLog(config, journal, 'vigil-audit'));
  const settings = configOnRecord(config);
  const audit = makeAudit({
    ...{ log: own ?? log, now, journal, ...(meters === undefined ? {} : { meters }) },
    begun: { process, version: VERSION, user: userName(), config: settings, configSha256: sha256(settings) },
  });
  const closeAll = async (): Promise<void> => {
    await audit.close();
    await own?.close();
  };
  const closeInTime = async (): Promise<void> => {
    const { promise: patience, resolve } = Promise.withResolvers<void>();
    const enough = setTimeout(resolve, CLOSED_WITHIN_MS);
    await Promise.race([closeAll(), patience]);
    clearTimeout(enough);
  };
  let closing: Promise<void> | undefined;
  return {
    ...audit,
    close: () => {
      closing ??= closeInTime();
      return closing;
    },
  };
};
