import { rejection } from '../../schemas/rejection.ts';
import type { Journal } from '../logging/journal.ts';
import type { Socket, SocketHandlers } from '../ports/sockets.ts';
import type { Answer } from './answer.ts';
import type { Gateway } from './gateway.ts';

/** Answered messages of one socket are answered in the order in which they came, one JSON text each. */
export interface TelemetryAck {
  /** Counts the messages of the socket from 1 on, also those that could not be read. */
  readonly message: number;
  readonly ok: boolean;
  readonly bed: string;
  readonly sequence: number;
  readonly verdict?: string;
  readonly code?: string;
  readonly sentence?: string;
  readonly where?: string;
  /** Worth sending again as it is. */
  readonly again?: boolean;
}

/** Messages of one socket that may wait for the log; beyond it the socket is not read, so that the sender waits too. */
const UNANSWERED_MAX = 512;
/** Acks that a sender does not read may fill so much of our memory. */
const BUFFERED_BYTES_MAX = 1_048_576;

/** WebSocket close code "message too big" (RFC 6455). */
const TOO_LARGE_CODE = 1009;
const tooLarge = rejection('too-large', '', 'a WebSocket message was larger than a frame may be; send shorter frames');
const textSent = rejection(
  'unsupported-content-type',
  '',
  'text on /v1/telemetry; send vigil.v1.Telemetry as binary protobuf, or JSON by HTTP POST',
);

const ackOf = (message: number, answer: Answer): TelemetryAck => {
  const { ok, bed, sequence } = answer;
  if (answer.ok) return { message, ok, bed, sequence, verdict: answer.verdict };
  const { code, sentence, where, again } = answer;
  return { message, ok, bed, sequence, code, sentence, where, again };
};

/** WS /v1/telemetry: one protobuf message per binary frame in, one ack per message out, only after the log has it. */
export const telemetrySocket =
  (gateway: Gateway, journal: Journal) =>
  (socket: Socket): SocketHandlers => {
    let messages = 0;
    let unanswered = 0;
    let paused = false;
    // Acks leave in the order of the messages although refusals are known sooner than appends.
    let before: Promise<void> = Promise.resolve();

    const acknowledge = (message: number, answer: Answer): void => {
      unanswered -= 1;
      socket.send(JSON.stringify(ackOf(message, answer)));
      if (socket.bufferedBytes() > BUFFERED_BYTES_MAX) {
        journal.warn('a sender does not read its acks', { session: socket.id });
        socket.close(1008, 'read your acks');
      } else if (paused && unanswered <= UNANSWERED_MAX / 2) {
        paused = false;
        socket.resume();
      }
    };

    return {
      message: (data) => {
        messages += 1;
        const message = messages;
        unanswered += 1;
        if (unanswered >= UNANSWERED_MAX && !paused) {
          paused = true;
          socket.pause();
        }
        const answered =
          typeof data === 'string' ? gateway.reject(textSent, new TextEncoder().encode(data)) : gateway.accept(data);
        before = before.then(async () => acknowledge(message, await answered));
      },
      closed: (code) => {
        // The rest of the message was never read, so there are no bytes to keep.
        if (code === TOO_LARGE_CODE) void gateway.reject(tooLarge, new Uint8Array());
      },
    };
  };
