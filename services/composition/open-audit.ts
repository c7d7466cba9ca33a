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

/**
 * Begins this process's chain on its log. With Kafka on a line of its own, so that no act shares a request with an entry; `log`: the one that is open
 * already, where it is a file. Rejects like openLog.
 */
export const openAudit = async (config: Config, log: EventLog, wanted: AuditWanted): Promise<Audit> => {
  const own = config.kafka === undefined ? log : await openLog(config, wanted.journal, 'vigil-audit');
  const settings = configOnRecord(config);
  const audit = makeAudit({
    ...{ log: own, now: wanted.now, journal: wanted.journal },
    ...(wanted.meters === undefined ? {} : { meters: wanted.meters }),
    begun: {
      ...{ process: wanted.process, version: VERSION, user: userName() },
      ...{ config: settings, configSha256: sha256(settings) },
    },
  });
  return {
    ...audit,
    close: async () => {
      await audit.close();
      if (own !== log) await own.close();
    },
  };
};
