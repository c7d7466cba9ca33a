import * as E from 'fp-ts/lib/Either.js';
import type { EventLog, LogError } from '../ports/event-log.ts';
import { sentenceOf } from '../ports/log-error.ts';

/** A log for whoever may wait: nobody's start waits until it is open. */
export interface OpenedLater extends Pick<EventLog, 'append' | 'extent' | 'tail'> {
  /** Closes it if it was ever opened. */
  readonly close: () => Promise<void>;
}

/** Opens a log when it is first asked for something, and again when it is asked after it could not be opened. */
export const openedLater = (open: () => Promise<EventLog>): OpenedLater => {
  let opening: Promise<EventLog> | undefined;
  const opened = (): Promise<EventLog> => {
    opening ??= open().catch((cause: unknown) => {
      opening = undefined;
      throw cause;
    });
    return opening;
  };
  const away = (cause: unknown): LogError => ({
    ...{ tag: 'LogUnavailable', retriable: true, sentence: sentenceOf(cause), cause },
  });
  return {
    append: (records) => async () => {
      try {
        return await (await opened()).append(records)();
      } catch (cause) {
        return E.left(away(cause));
      }
    },
    extent: async (topic) => (await opened()).extent(topic),
    tail: async (reader) => (await opened()).tail(reader),
    close: async () => {
      const log = await opening?.catch(() => undefined);
      await log?.close();
    },
  };
};
