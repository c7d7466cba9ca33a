/**
 * A device gateway in small: sends frames to a Vigil through its public door, WS /v1/telemetry, and forgets a frame only
 * when Vigil says that the log has it. Lines break and come back; what was not acknowledged is sent again.
 */
import { makeQueue } from './queue.ts';

export interface SenderOptions {
  /** Of the Vigil, for example "ws://127.0.0.1:8420". */
  readonly url: string;
  readonly token?: string;
  /** Frames kept while the line is down; beyond it the oldest is lost, and counted. */
  readonly waitingMax?: number;
  readonly onNotice?: (notice: SenderNotice) => void;
}

export type SenderNotice =
  | { readonly tag: 'Connected' }
  /** The line broke or never stood; it is tried again after `retryMs`. */
  | { readonly tag: 'Disconnected'; readonly why: string; readonly retryMs: number }
  | { readonly tag: 'Refused'; readonly bed: string; readonly sequence: number; readonly sentence: string };

export interface SenderCounts {
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Lost because `waitingMax` was reached. */
  readonly lost: number;
  readonly connections: number;
  readonly waiting: number;
}

export interface FrameSender {
  readonly send: (frame: Uint8Array<ArrayBuffer>) => void;
  readonly counts: () => SenderCounts;
  /** Resolves when nothing waits any more: everything was acknowledged, refused or lost. */
  readonly settled: () => Promise<void>;
  readonly close: () => void;
}

/** An ack of Vigil's gateway: they come in the order of the messages, one for each. */
interface Ack {
  readonly ok: boolean;
  readonly bed: string;
  readonly sequence: number;
  readonly sentence?: string;
  /** Worth sending again as it is. */
  readonly again?: boolean;
}

const PROTOCOL = 'vigil.v1';
/** Frames on their way without an answer; Vigil reads no more than 512 of one socket. */
const UNANSWERED_MAX = 256;
/** Frames that are kept while there is no line; beyond it the oldest is lost and counted. */
const WAITING_MAX = 20_000;
const RETRY_FIRST_MS = 250;
/** A bed that is not heard is not watched: Vigil is knocked at twice a second. */
const RETRY_MAX_MS = 500;
/** A frame that was answered with "again" is sent once more after so long. */
const AGAIN_MS = 1_000;

/**
 * The WebSocket of browsers and Node can set no header, and a token in the address would stand in logs: it travels as a
 * second subprotocol, "token." and the token in base64url. Vigil chooses "vigil.v1".
 */
export const protocolsFor = (token: string | undefined): string[] =>
  token === undefined ? [PROTOCOL] : [PROTOCOL, `token.${Buffer.from(token, 'utf8').toString('base64url')}`];

const addressOf = (url: string): string => new URL('/v1/telemetry', url).href;

const readAck = (data: unknown): Ack | undefined => {
  try {
    const ack: unknown = JSON.parse(String(data));
    return typeof ack === 'object' && ack !== null && 'ok' in ack ? (ack as Ack) : undefined;
  } catch {
    // Not a word of this protocol: the caller closes the line.
    return undefined;
  }
};

/** Opens the line at once and keeps it open until `close`. Throws when the address is none. */
export const makeFrameSender = (options: SenderOptions): FrameSender => {
  const address = addressOf(options.url);
  const waitingMax = options.waitingMax ?? WAITING_MAX;
  const notice = options.onNotice ?? (() => undefined);
  type Frame = Uint8Array<ArrayBuffer>;
  const waiting = makeQueue<Frame>();
  const unanswered = makeQueue<Frame>();
  const count = { sent: 0, acknowledged: 0, refused: 0, lost: 0, connections: 0 };
  let socket: WebSocket | undefined;
  let retryMs = RETRY_FIRST_MS;
  let timer: NodeJS.Timeout | undefined;
  let resting = false;
  let closed = false;
  let settlers: (() => void)[] = [];

  const isSettled = (): boolean => waiting.size() === 0 && unanswered.size() === 0;
  const tellSettled = (): void => {
    if (!isSettled() && !closed) return;
    for (const settle of settlers) settle();
    settlers = [];
  };

  const flush = (): void => {
    while (socket?.readyState === WebSocket.OPEN && !resting && unanswered.size() < UNANSWERED_MAX) {
      const frame = waiting.shift();
      if (frame === undefined) return;
      unanswered.push(frame);
      socket.send(frame);
      count.sent += 1;
    }
  };

  /** Vigil cannot take it now: it is sent again after a rest, before what is newer. */
  const rest = (frame: Frame): void => {
    waiting.unshift([frame]);
    if (resting) return;
    resting = true;
    setTimeout(() => {
      resting = false;
      flush();
    }, AGAIN_MS).unref();
  };

  const answered = (data: unknown): void => {
    const ack = readAck(data);
    const frame = ack && unanswered.shift();
    if (ack === undefined || frame === undefined) {
      socket?.close(4000, 'not an ack');
      return;
    }
    if (ack.ok) count.acknowledged += 1;
    else if (ack.again === true) rest(frame);
    else {
      count.refused += 1;
      notice({ tag: 'Refused', bed: ack.bed, sequence: ack.sequence, sentence: ack.sentence ?? 'no reason was given' });
    }
    tellSettled();
    flush();
  };

  const connect = (): void => {
    const line = new WebSocket(address, protocolsFor(options.token));
    socket = line;
    line.binaryType = 'arraybuffer';
    line.onopen = () => {
      count.connections += 1;
      retryMs = RETRY_FIRST_MS;
      notice({ tag: 'Connected' });
      flush();
    };
    line.onmessage = ({ data }) => answered(data);
    // An error is always followed by a close.
    line.onerror = () => undefined;
    line.onclose = ({ code, reason }) => {
      socket = undefined;
      waiting.unshift(unanswered.takeAll());
      if (closed) return;
      notice({ tag: 'Disconnected', why: reason === '' ? `code ${code}` : `code ${code}: ${reason}`, retryMs });
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
    };
  };
  connect();

  return {
    send: (frame) => {
      if (closed) return;
      if (waiting.size() >= waitingMax) {
        waiting.shift();
        count.lost += 1;
      }
      waiting.push(frame);
      flush();
    },
    counts: () => ({ ...count, waiting: waiting.size() + unanswered.size() }),
    settled: () =>
      isSettled() || closed
        ? Promise.resolve()
        : new Promise((resolve) => {
            settlers.push(resolve);
          }),
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket?.close(1000, 'done');
      tellSettled();
    },
  };
};
