/**
 * A nurse console without a screen that comes back: knocks again as the real one does (the same pauses), resumes by its
 * cursor, proves what it received, and keeps every transition that it was told with the moment of its arrival.
 */
import { waitBeforeAttemptMs } from '../../dashboards/console/src/logic/line/backoff.ts';
import type { ConsoleFrame, LiveFrame, LiveTransition } from '../../schemas/live.ts';

export interface HeardTransition extends LiveTransition {
  readonly arrivedMs: number;
}

export interface ResumingConsole {
  /** Every transition, in the order of arrival. */
  readonly heard: readonly HeardTransition[];
  /** Sessions that began with a snapshot. */
  readonly sessions: () => number;
  /** Sessions to which Vigil could not say what was missed. */
  readonly unresumed: () => number;
  /** Resolves when the first session has begun. */
  readonly greeted: Promise<void>;
  /** Resolves when enough was heard. */
  readonly hears: (enough: (heard: readonly HeardTransition[]) => boolean) => Promise<void>;
  readonly close: () => void;
}

const ANSWER_EVERY_MS = 50;

/** `url` such as ws://127.0.0.1:8420. */
export const openResumingConsole = (url: string): ResumingConsole => {
  const heard: HeardTransition[] = [];
  const waiting = new Set<() => void>();
  const { promise: greeted, resolve: greet } = Promise.withResolvers<void>();
  let [sessions, unresumed, attempt] = [0, 0, 0];
  let cursor: string | undefined;
  let socket: WebSocket | undefined;
  let closed = false;
  let toAnswer: number | undefined;

  const hear = (frame: LiveFrame): void => {
    attempt = 0;
    cursor = frame.cursor;
    if (frame.type === 'snapshot') {
      if (sessions > 0 && !frame.resumed) unresumed++;
      sessions++;
      greet();
    }
    if (frame.type === 'alarms') {
      for (const transition of frame.transitions) heard.push({ ...transition, arrivedMs: Date.now() });
      for (const look of [...waiting]) look();
    }
  };

  const knock = (): void => {
    const mine = new WebSocket(`${url}/v1/live`);
    socket = mine;
    const say = (frame: ConsoleFrame): void => {
      if (mine.readyState === WebSocket.OPEN) mine.send(JSON.stringify(frame));
    };
    mine.binaryType = 'arraybuffer';
    mine.onopen = () => say({ type: 'hello', ...(cursor === undefined ? {} : { since: cursor }) });
    mine.onmessage = ({ data }) => {
      if (typeof data !== 'string') return;
      const frame = JSON.parse(data) as LiveFrame;
      hear(frame);
      if (frame.type === 'bed' || frame.type === 'acted') return;
      if (toAnswer === undefined)
        setTimeout(() => {
          const frameNumber = toAnswer!;
          toAnswer = undefined;
          if (socket === mine) say({ type: 'received', frame: frameNumber });
        }, ANSWER_EVERY_MS);
      toAnswer = frame.frame;
    };
    mine.onclose = () => {
      if (closed) return;
      setTimeout(knock, waitBeforeAttemptMs(attempt, Math.random()));
      attempt++;
    };
  };
  knock();

  return {
    heard,
    greeted,
    sessions: () => sessions,
    unresumed: () => unresumed,
    hears: (enough) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = (): void => {
        if (!enough(heard)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      return promise;
    },
    close: () => {
      closed = true;
      socket?.close();
    },
  };
};
