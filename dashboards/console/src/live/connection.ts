/**
 * The line to Vigil: one WebSocket to /v1/live on the page's own host. Says hello with the cursor of the last session, answers
 * heartbeats and alarms, begins anew when the line is silent or late, and never believes that it is well without hearing so.
 */
import type { ConsoleFrame, LiveFrame, ScreenTold } from '../../../../schemas/live.ts';
import { decodeLiveWave, type LiveWave } from '../../../../schemas/live-waves.ts';
import { waitBeforeAttemptMs } from '../logic/line/backoff.ts';
import { GIVE_UP_AFTER_MS, type LinkState, linkState } from '../logic/line/link.ts';
import { hearServerTime, type ServerClock, serverTimeAt } from '../logic/line/server-clock.ts';
import { type LocalClocks, sleptMs } from '../logic/line/sleep.ts';
import { everyMs } from './pace.ts';

/** Which waves are wanted, and for the audit which bed is open and who signs. */
export type Wish = Omit<Extract<ConsoleFrame, { type: 'watch' }>, 'type'>;

export interface ConnectionEvents {
  readonly frame: (frame: LiveFrame) => void;
  readonly wave: (wave: LiveWave, nowUs: number) => void;
  /** The link is another than before. */
  readonly link: (state: LinkState) => void;
}

export interface ConnectionMemory {
  readonly cursor: () => string | undefined;
  readonly keepCursor: (cursor: string, atUs: number) => void;
  readonly token: () => string | undefined;
  readonly tokenTaken: () => void;
  /** Answers whether there is another one to try. */
  readonly tokenRefused: () => boolean;
}

export interface Connection {
  /** Server time now, microseconds; undefined before the first frame. */
  readonly nowUs: () => number | undefined;
  readonly link: () => LinkState;
  readonly watch: (wish: Wish) => void;
  /** Who this screen is and what it has chosen; said again on each line. */
  readonly tellScreen: (screen: ScreenTold) => void;
  /** False: there is no line to send on. */
  readonly send: (frame: ConsoleFrame) => boolean;
  /** Frames that were numbered but never came. */
  readonly lostFrames: () => number;
  /** Knock again now, for example with a new token. */
  readonly again: () => void;
}

const TOKEN_REFUSED = 4401;
/** A token may be known again, or be given to this browser in another tab. */
const KNOCK_REFUSED_EVERY_MS = 10_000;
const CHECK_EVERY_MS = 250;
/** Answers are cumulative; more of them would only be chatter. */
const ANSWER_EVERY_MS = 50;

const localClocks = (): LocalClocks => ({ wallMs: Date.now(), monotonicMs: performance.now() });

const liveAddress = (): string => {
  const address = new URL('v1/live', new URL('.', document.baseURI));
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.hash = '';
  address.search = '';
  return address.href;
};

export const openConnection = (events: ConnectionEvents, memory: ConnectionMemory): Connection => {
  let socket: WebSocket | undefined;
  let clock: ServerClock | undefined;
  let startedMs = performance.now();
  let attemptAtMs = startedMs;
  let lastFrameMs: number | undefined;
  let attempt = 0;
  let refused = false;
  let retryTimer: number | undefined;
  let lastNumber = 0;
  let lost = 0;
  let toAnswer = 0;
  let answerTimer: number | undefined;
  let watched: Wish | undefined;
  let screen: ScreenTold | undefined;
  let state: LinkState = { tag: 'Connecting' };
  let clocks = localClocks();

  const send = (frame: ConsoleFrame): boolean => {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  };

  const answer = (frame: number): void => {
    toAnswer = frame;
    answerTimer ??= window.setTimeout(() => {
      answerTimer = undefined;
      send({ type: 'received', frame: toAnswer });
    }, ANSWER_EVERY_MS);
  };

  const count = (number: number): void => {
    if (number > lastNumber + 1) lost += number - lastNumber - 1;
    lastNumber = number;
  };

  const hearText = (text: string): void => {
    const frame = JSON.parse(text) as LiveFrame;
    const nowMs = performance.now();
    // A new session has its own way through the network: what the old one taught of delays is forgotten.
    clock = hearServerTime(frame.type === 'snapshot' ? undefined : clock, frame.serverTimeUs, nowMs * 1e3);
    lastFrameMs = nowMs;
    attempt = 0;
    refused = false;
    count(frame.frame);
    if (frame.type === 'snapshot') memory.tokenTaken();
    // A new session knows no wishes; whoever hears the frame may change them.
    if (frame.type === 'snapshot' && watched !== undefined) send({ type: 'watch', ...watched });
    if (frame.type === 'snapshot' && screen !== undefined) send({ type: 'screen', ...screen });
    events.frame(frame);
    memory.keepCursor(frame.cursor, frame.serverTimeUs);
    if (frame.type !== 'bed' && frame.type !== 'acted') answer(frame.frame);
    check();
  };

  const hearBytes = (bytes: ArrayBuffer): void => {
    const wave = decodeLiveWave(bytes);
    if (wave === undefined || clock === undefined) return;
    count(wave.frame);
    events.wave(wave, serverTimeAt(clock, performance.now() * 1e3));
  };

  const leave = (): void => {
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = undefined;
    window.clearTimeout(answerTimer);
    answerTimer = undefined;
  };

  const knockLater = (): void => {
    window.clearTimeout(retryTimer);
    const waitMs = refused ? KNOCK_REFUSED_EVERY_MS : waitBeforeAttemptMs(attempt, Math.random());
    retryTimer = window.setTimeout(knock, waitMs);
    attempt += 1;
  };

  const knock = (): void => {
    leave();
    window.clearTimeout(retryTimer);
    attemptAtMs = performance.now();
    lastNumber = 0;
    const mine = new WebSocket(liveAddress());
    socket = mine;
    mine.binaryType = 'arraybuffer';
    mine.onopen = () => {
      const since = memory.cursor();
      const token = memory.token();
      send({ type: 'hello', ...(since === undefined ? {} : { since }), ...(token === undefined ? {} : { token }) });
    };
    mine.onmessage = ({ data }) => {
      if (typeof data === 'string') hearText(data);
      else hearBytes(data as ArrayBuffer);
    };
    mine.onclose = ({ code }) => {
      leave();
      refused = code === TOKEN_REFUSED && !memory.tokenRefused();
      check();
      knockLater();
    };
  };

  /** What was heard before is older by the sleep, and the line of before is not to be trusted. */
  const wakeUp = (): void => {
    const now = localClocks();
    const slept = sleptMs(clocks, now);
    clocks = now;
    if (slept === 0) return;
    if (lastFrameMs !== undefined) lastFrameMs -= slept;
    if (clock !== undefined) clock = { ...clock, offsetUs: clock.offsetUs + slept * 1e3 };
    knock();
  };

  const check = (): void => {
    wakeUp();
    const nowMs = performance.now();
    const next = linkState({ startedMs, lastFrameMs, behindUs: clock?.behindUs ?? 0, refused }, nowMs);
    // A half-open line says nothing for ever, and a clogged one tells the past: both are begun anew.
    const silentMs = nowMs - Math.max(lastFrameMs ?? 0, attemptAtMs);
    if (
      socket !== undefined &&
      (silentMs > GIVE_UP_AFTER_MS || (next.tag === 'Behind' && nowMs - attemptAtMs > 10_000))
    ) {
      leave();
      knockLater();
    }
    const changed = next.tag !== state.tag;
    state = next;
    if (changed) events.link(next);
  };

  everyMs(CHECK_EVERY_MS, check);
  window.addEventListener('online', () => knock());
  // Not every browser says by itself that a page was closed on purpose; the others would be told that this screen is lost.
  window.addEventListener('pagehide', () => send({ type: 'goodbye' }));
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) knock();
  });
  knock();

  return {
    nowUs: () => (clock === undefined ? undefined : serverTimeAt(clock, performance.now() * 1e3)),
    link: () => state,
    watch: (wish) => {
      watched = wish;
      send({ type: 'watch', ...wish });
    },
    tellScreen: (next) => {
      screen = next;
      if (lastFrameMs !== undefined) send({ type: 'screen', ...next });
    },
    send,
    lostFrames: () => lost,
    again: () => {
      refused = false;
      attempt = 0;
      startedMs = performance.now();
      knock();
    },
  };
};
