/** What an act tells of what was shown when it was decided, so that it takes nothing that came back while it was under way. */
import type { ConsoleFrame, LiveAlarm } from '../../../../../schemas/live.ts';

type Seen = Pick<Extract<ConsoleFrame, { type: 'act' }>, 'seen'>;

/** All but what still waits out its delay, which nobody saw. A Vigil that does not count appearances is told nothing. */
export const seenOf = (alarms: readonly LiveAlarm[]): Seen => {
  const shown = alarms.filter(({ state }) => state !== 'waiting');
  const seen = shown.flatMap(({ alarm, appearance }) => (appearance === undefined ? [] : [{ alarm, appearance }]));
  return seen.length === shown.length ? { seen } : {};
};
