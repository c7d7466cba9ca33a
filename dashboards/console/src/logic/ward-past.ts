/** What is remembered of the alarms of this session, and of the newest time in which the screen heard nothing. */
import type { LiveTransition } from '../../../../schemas/live.ts';
import { missedBetween, withTransitions } from './history.ts';

/** What happened while the screen was away; `complete` is false when the server could not tell all of it. */
export interface Absence {
  readonly fromUs: number;
  readonly toUs: number;
  readonly complete: boolean;
  readonly missed: readonly LiveTransition[];
}

export interface WardPast {
  readonly history: () => readonly LiveTransition[];
  readonly absence: () => Absence | undefined;
  /** Answers whether anything in it was new. */
  readonly remember: (transitions: readonly LiveTransition[]) => boolean;
  /** What the browser kept of the session before; it is news to nobody. */
  readonly recall: (history: readonly LiveTransition[]) => void;
  /** Nothing was heard between these moments. */
  readonly away: (span: Omit<Absence, 'missed'>) => void;
  readonly forgetAbsence: () => void;
}

/** A heartbeat comes every second: less than that is no absence. */
const ABSENT_AFTER_US = 1e6;

/** Of a session that begins. */
export const makeWardPast = (): WardPast => {
  let history: readonly LiveTransition[] = [];
  let absence: Absence | undefined;

  return {
    history: () => history,
    absence: () => absence,
    remember: (transitions) => {
      const next = withTransitions(history, transitions);
      if (next === history) return false;
      history = next;
      if (absence !== undefined) {
        const missed = missedBetween(transitions, absence.fromUs, absence.toUs);
        if (missed.length > 0) absence = { ...absence, missed: withTransitions(absence.missed, missed) };
      }
      return true;
    },
    recall: (recalled) => {
      history = withTransitions(history, recalled);
    },
    away: (span) => {
      if (span.toUs - span.fromUs > ABSENT_AFTER_US) absence = { ...span, missed: [] };
    },
    forgetAbsence: () => {
      absence = undefined;
    },
  };
};
