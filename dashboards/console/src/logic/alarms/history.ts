/** The alarm history of this session, and what was missed while the screen was away. */
import type { LiveTransition } from '../../../../../schemas/live.ts';

const HISTORY_MOST = 400;

const sameTransition = (a: LiveTransition, b: LiveTransition): boolean =>
  a.alarm === b.alarm && a.atUs === b.atUs && a.to === b.to && a.from === b.from;

/** Newest last; what a resume tells twice is kept once; beyond the bound the oldest go. */
export const withTransitions = (
  history: readonly LiveTransition[],
  more: readonly LiveTransition[],
): readonly LiveTransition[] => {
  const added = more.filter((one) => !history.some((known) => sameTransition(known, one)));
  if (added.length === 0) return history;
  return [...history, ...added].sort((a, b) => a.atUs - b.atUs).slice(-HISTORY_MOST);
};

/**
 * Alarms that went on and of which this screen hears only now that it is back. They may have begun before it heard nothing: an alarm is told
 * some moments after what it is of.
 */
export const missedUntil = (
  history: readonly LiveTransition[],
  transitions: readonly LiveTransition[],
  backUs: number,
): readonly LiveTransition[] =>
  transitions
    .filter(({ from, to, atUs }) => to === 'on' && from !== 'on' && atUs <= backUs)
    .filter((one) => !history.some((known) => sameTransition(known, one)));
