import { afterEach } from 'vitest';
import type { EventLog } from '../../services/ports/event-log.ts';
import type { LogUnderTest } from './event-log-story.ts';

/** Opens new, empty logs for the tests of a suite; each is closed after its test. */
export const opensLogs = (underTest: LogUnderTest): (() => Promise<EventLog>) => {
  const opened: EventLog[] = [];
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
  });
  return async () => {
    const log = await underTest.openAt(await underTest.newPlace());
    opened.push(log);
    return log;
  };
};
