import * as E from 'fp-ts/lib/Either.js';
import type { EventLog, NewRecord } from '../ports/event-log.ts';

/** Words of the screens to the log, of which only the newest on each matter counts. */
export interface NewestWords<Word> {
  readonly tell: (word: Word) => void;
  /** Writes what waits; called once a second. Resolves when the log has answered; never rejects. */
  readonly flush: () => Promise<void>;
}

/** Words wait until the log takes them. `matterOf`: a newer word on the same matter takes the place of one that waits. */
export const makeNewestWords = <Word>(
  log: EventLog,
  matterOf: (word: Word) => string,
  recordOf: (word: Word) => NewRecord,
): NewestWords<Word> => {
  let waiting = new Map<string, Word>();
  return {
    tell: (word) => {
      waiting.set(matterOf(word), word);
    },
    flush: async () => {
      if (waiting.size === 0) return;
      const taken = waiting;
      waiting = new Map();
      const kept = await log.append([...taken.values()].map(recordOf))();
      // What the log does not take is told again; that it takes nothing is said elsewhere.
      if (E.isLeft(kept)) waiting = new Map([...taken, ...waiting]);
    },
  };
};
