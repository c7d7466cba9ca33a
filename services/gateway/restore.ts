import * as E from 'fp-ts/lib/Either.js';
import { decodeLoggedTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { EventLog } from '../ports/event-log.ts';
import { IDLE_AFTER_USUAL } from './bed-presence.ts';
import { followSince } from './catch-up.ts';
import type { Gateway } from './gateway.ts';

/** A gateway that begins without having read it all takes frames for new that the log has: it waits rather long. */
const PATIENCE_MS = 30_000;

/**
 * Before a gateway takes its first frame: learns from the last minutes of vigil.telemetry which beds are admitted, which
 * sequence numbers the log has (so that a frame sent again after a crash is stored once) and where each clock stood.
 * Resolves with the number of frames learnt from.
 */
export const learnFromLog = async (log: EventLog, gateway: Gateway, now: Moment): Promise<number> => {
  let learnt = 0;
  const { subscription, caughtUp } = await followSince({
    log,
    topic: 'vigil.telemetry',
    since: moment(now - IDLE_AFTER_USUAL),
    patienceMs: PATIENCE_MS,
    onRecord: ({ value }) => {
      // An unreadable record was counted by the stage that decides on it; here it teaches nothing.
      const frame = decodeLoggedTelemetry(value);
      if (E.isLeft(frame)) return;
      gateway.learn(frame.right);
      learnt += 1;
    },
  });
  await caughtUp;
  await subscription.stop();
  return learnt;
};
