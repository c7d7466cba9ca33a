/** Which alarms a screen reader has to be told of: each beginning of a signal once, also the second one of an alarm that latched and came back. */
import type { LiveAlarm } from '../../../../../schemas/live.ts';
import { isShown } from './alarm-look.ts';

/** One beginning of one alarm: `sinceUs` is new whenever the signal begins, and stays while sound is paused or resumed. */
const beginning = ({ alarm, sinceUs }: LiveAlarm): string => `${alarm} ${sinceUs}`;

const rings = ({ state }: LiveAlarm): boolean => state === 'on' || state === 'paused';

/** What is in the room at this look, to be given back at the next; what is hidden is told of when it comes forward. */
export const beginningsOf = (alarms: readonly LiveAlarm[]): ReadonlySet<string> =>
  new Set(alarms.filter(isShown).map(beginning));

/** Alarms that ring and were not in the room at the last look. */
export const begunSince = (known: ReadonlySet<string>, alarms: readonly LiveAlarm[]): readonly LiveAlarm[] =>
  alarms.filter((alarm) => rings(alarm) && !known.has(beginning(alarm)));
