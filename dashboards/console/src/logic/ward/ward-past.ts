/** What is remembered of the alarms of this session, and of the newest time in which the screen heard nothing. */
import type { LiveTransition } from '../../../../../schemas/live.ts';
import { missedUntil, withTransitions } from '../alarms/history.ts';

/** What happened while the screen was away, once or several times; `complete` is false when the server could not tell all of it. */
export interface Absence {
  readonly fromUs: number;
  readonly toUs: number;
  /** For how long in all nothing was heard. */
  readonly awayUs: number;
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
  readonly away: (span: Omit<Absence, 'missed' | 'awayUs'>) => void;
  readonly forgetAbsence: () => void;
}

/** A heartbeat comes every second: less than that is no absence. */
const ABSENT_AFTER_US = 1e6;

/** What was missed before and nobody has closed stays told. */
const also = (before: Absence | undefined, { fromUs, toUs, complete }: Omit<Absence, 'missed' | 'awayUs'>): Absence => {
  const awayUs = toUs - fromUs;
  if (before === undefined || (before.complete && before.missed.length === 0))
    return { fromUs, toUs, awayUs, complete, missed: [] };
  return { ...before, toUs, awayUs: before.awayUs + awayUs, complete: before.complete && complete };
};

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
      if (absence !== undefined) {
        const missed = missedUntil(history, transitions, absence.toUs);
        if (missed.length > 0) absence = { ...absence, missed: withTransitions(absence.missed, missed) };
      }
      history = next;
      return true;
    },
    recall: (recalled) => {
      history = withTransitions(history, recalled);
    },
    away: (span) => {
      if (span.toUs - span.fromUs > ABSENT_AFTER_US) absence = also(absence, span);
    },
    forgetAbsence: () => {
      absence = undefined;
    },
  };
};
