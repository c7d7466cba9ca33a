/**
 * Where each bed stands on the ward. The rule: the gravest shown alarm first (high, high but ended and unseen, medium, low, none), then the
 * bed's name, "bed 2" before "bed 10": nobody is to look for a fibrillation that goes on below those that are over. A bed rises at once
 * and sinks only after ten calm seconds, so tiles do not jump to and fro with every couplet.
 */
import type { LiveAlarm } from '../../../../../schemas/live.ts';
import { isShown } from '../alarms/alarm-look.ts';

const CALM_BEFORE_SINKING_US = 10e6;
const RANKS = { high: 0, medium: 2, low: 3 } as const;
const HIGH_BUT_ENDED = 1;
const NO_ALARM = 4;

export interface Standing {
  readonly rank: number;
  /** Since when the bed has been calmer than its rank; undefined: it is not. */
  readonly calmSinceUs: number | undefined;
}
export type Standings = ReadonlyMap<string, Standing>;

/**
 * 0 high, 1 high that has ended and that nobody has seen, 2 medium, 3 low, 4 none. Acknowledged alarms count: the patient is no
 * better for having been seen.
 */
export const rankOf = (alarms: readonly LiveAlarm[]): number => {
  let rank = NO_ALARM;
  for (const alarm of alarms) {
    if (!isShown(alarm)) continue;
    const isOver = alarm.state === 'latched' && alarm.priority === 'high';
    rank = Math.min(rank, isOver ? HIGH_BUT_ENDED : RANKS[alarm.priority]);
  }
  return rank;
};

export const restand = (before: Standing | undefined, rank: number, nowUs: number): Standing => {
  if (before === undefined || rank <= before.rank) return { rank, calmSinceUs: undefined };
  const calmSinceUs = before.calmSinceUs ?? nowUs;
  return nowUs - calmSinceUs >= CALM_BEFORE_SINKING_US ? { rank, calmSinceUs: undefined } : { ...before, calmSinceUs };
};

const byNumberedName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
export const byBedName = (a: string, b: string): number => byNumberedName.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);

export const bedsInOrder = (standings: Standings): readonly string[] =>
  [...standings.keys()].sort((a, b) => standings.get(a)!.rank - standings.get(b)!.rank || byBedName(a, b));
