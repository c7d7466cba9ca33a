import type { LiveTransition } from '../../schemas/live.ts';
import type { Cursor } from './cursor.ts';

/** One transition with its place on the log. */
export interface LoggedTransition {
  readonly partition: number;
  readonly offset: bigint;
  readonly transition: LiveTransition;
}

/** The transitions of the last hours, in the order in which they were read; what a console missed is among them. */
export interface AlarmHistory {
  readonly transitions: readonly LoggedTransition[];
  /** Per partition: the first offset of which everything is here. */
  readonly knownFrom: Cursor;
  /** Per partition: the next offset to come. */
  readonly position: Cursor;
}

export const emptyHistory: AlarmHistory = { transitions: [], knownFrom: new Map(), position: new Map() };

/** Transitions kept; beyond it the older half is let go, and consoles that were away longer get no list. */
export const TRANSITIONS_MAX = 10_000;

const upTo = (history: AlarmHistory, partition: number, offset: bigint): AlarmHistory => ({
  ...history,
  knownFrom: history.knownFrom.has(partition) ? history.knownFrom : new Map(history.knownFrom).set(partition, offset),
  position: new Map(history.position).set(partition, offset + 1n),
});

/** A partition of which nothing was read yet begins at `next`. */
export const withPartition = (history: AlarmHistory, partition: number, next: bigint): AlarmHistory =>
  history.position.has(partition)
    ? history
    : {
        ...history,
        knownFrom: new Map(history.knownFrom).set(partition, next),
        position: new Map(history.position).set(partition, next),
      };

const halved = (history: AlarmHistory): AlarmHistory => {
  const gone = history.transitions.slice(0, TRANSITIONS_MAX / 2);
  const knownFrom = new Map(history.knownFrom);
  for (const { partition, offset } of gone) knownFrom.set(partition, offset + 1n);
  return { ...history, transitions: history.transitions.slice(TRANSITIONS_MAX / 2), knownFrom };
};

/** One more record of vigil.alarms; a roll call has no transition and only moves the position. */
export const afterRecord = (
  history: AlarmHistory,
  partition: number,
  offset: bigint,
  transition: LiveTransition | undefined,
): AlarmHistory => {
  const moved = upTo(history, partition, offset);
  if (transition === undefined) return moved;
  const transitions = [...moved.transitions, { partition, offset, transition }];
  return transitions.length > TRANSITIONS_MAX ? halved({ ...moved, transitions }) : { ...moved, transitions };
};

/**
 * Everything after a cursor, once and in order. Undefined: the cursor is older than what is kept, or from another log, so
 * that nobody can say what was missed.
 */
export const missedSince = (history: AlarmHistory, cursor: Cursor): readonly LoggedTransition[] | undefined => {
  for (const [partition, next] of cursor) {
    const position = history.position.get(partition);
    if (position === undefined || next > position) return undefined;
    if (next < (history.knownFrom.get(partition) ?? 0n)) return undefined;
  }
  // A partition that the cursor does not name did not exist for that console: all of it is missed.
  return history.transitions.filter(({ partition, offset }) => offset >= (cursor.get(partition) ?? 0n));
};
