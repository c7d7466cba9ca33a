import * as E from 'fp-ts/lib/Either.js';
import { decodeLoggedTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { EventLog } from '../ports/event-log.ts';
import { IDLE_AFTER_USUAL } from './bed-presence.ts';
import { followSince } from './catch-up.ts';
import type { Gateway } from './gateway.ts';

/**
 * Before a gateway takes its first frame: learns from the last minutes of vigil.telemetry which beds are admitted, which
 * sequence numbers the log has (so that a frame sent again after a crash is stored once) and where each clock stood.
 * Resolves with the number of frames learnt from.
 */
export const learnFromLog = async (log: EventLog, gateway: Gateway, now: Moment): Promise<number> => {
  let learnt = 0;
  const { stop, caughtUp } = await followSince({
    log,
    topic: 'vigil.telemetry',
    since: moment(now - IDLE_AFTER_USUAL),
    onRecord: ({ value }) => {
      // An unreadable record was counted by the stage that decides on it; here it teaches nothing.
      const frame = decodeLoggedTelemetry(value);
      if (E.isLeft(frame)) return;
      gateway.learn(frame.right);
      learnt += 1;
    },
  });
  await caughtUp;
  await stop();
  return learnt;
};
