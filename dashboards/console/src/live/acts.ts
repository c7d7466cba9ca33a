/** What a nurse does, and whether Vigil confirmed it. An act without an answer is said to be unconfirmed, never taken for done. */
import type { ConsoleFrame } from '../../../../schemas/live.ts';
import { newId } from './new-id.ts';

export type Act = Omit<Extract<ConsoleFrame, { type: 'act' }>, 'type' | 'id' | 'decidedUs'>;

export interface Notice {
  readonly id: string;
  readonly good: boolean;
  readonly sentence: string;
}

export interface Acts {
  readonly do: (act: Act) => void;
  readonly answered: (id: string, ok: boolean, sentence: string) => void;
  /** Something about what was pressed that is no answer of Vigil. */
  readonly say: (sentence: string) => void;
  readonly notices: () => readonly Notice[];
  readonly dismiss: (id: string) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

const ANSWER_WITHIN_MS = 4_000;
const GOOD_NOTICE_MS = 4_000;
const NOTICES_MOST = 4;

const words: Readonly<Record<Act['kind'], string>> = {
  acknowledge: 'Acknowledge',
  'pause-audio': 'Pause audio',
  'resume-audio': 'Resume audio',
  reset: 'Reset',
  standby: 'Monitor taken away',
  'set-limits': 'Limits',
  'show-limits': 'Show limits',
  'cannot-come': 'I cannot come',
};

/** `nowUs`: server time, undefined before the first frame. */
export const makeActs = (send: (frame: ConsoleFrame) => boolean, nowUs: () => number | undefined): Acts => {
  const listeners = new Set<() => void>();
  const waiting = new Map<string, number>();
  let notices: readonly Notice[] = [];

  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const dismiss = (id: string): void => {
    notices = notices.filter((notice) => notice.id !== id);
    tell();
  };
  const withdraw = (one: Notice): void => {
    notices = notices.filter((notice) => notice !== one);
    tell();
  };
  const notice = (one: Notice): void => {
    // The last word on an act replaces what was said of it before.
    const others = notices.filter(({ id, sentence }) => id !== one.id && sentence !== one.sentence);
    notices = [...others, one].slice(-NOTICES_MOST);
    if (one.good) window.setTimeout(() => withdraw(one), GOOD_NOTICE_MS);
    tell();
  };

  return {
    do: (act) => {
      const id = newId();
      const what = `${words[act.kind]}, bed ${act.bed}`;
      const decidedUs = nowUs();
      if (!send({ type: 'act', id, ...act, ...(decidedUs === undefined ? {} : { decidedUs }) })) {
        notice({ id, good: false, sentence: `${what}: not sent. There is no connection to Vigil.` });
        return;
      }
      const timer = window.setTimeout(() => {
        waiting.delete(id);
        notice({
          id,
          good: false,
          sentence: `${what}: Vigil has not confirmed it. Look at the alarm, then try again.`,
        });
      }, ANSWER_WITHIN_MS);
      waiting.set(id, timer);
    },
    answered: (id, good, sentence) => {
      const timer = waiting.get(id);
      window.clearTimeout(timer);
      waiting.delete(id);
      notice({ id, good, sentence });
    },
    say: (sentence) => notice({ id: newId(), good: true, sentence }),
    notices: () => notices,
    dismiss,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
