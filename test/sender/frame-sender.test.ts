/** The sender against a real WebSocket server whose other side does what gateways do on bad days. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openWebSockets } from '../../services/adapters/websocket/websocket-server.ts';
import type { Socket, UpgradeRequest } from '../../services/ports/sockets.ts';
import {
  type FrameSender,
  makeFrameSender,
  protocolsFor,
  type SenderNotice,
} from '../../services/sender/frame-sender.ts';

/** What the other side does with the n-th message that it hears (from 1 on, over all lines). */
type Behaviour = (message: number, socket: Socket, bytes: Uint8Array) => void;

const ack = (socket: Socket, fields: Record<string, unknown> = {}): void =>
  socket.send(JSON.stringify({ ok: true, bed: 'b', sequence: 1, ...fields }));

const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const otherSide = async (behaviour: Behaviour) => {
  const heard: number[] = [];
  const requests: UpgradeRequest[] = [];
  const server = createServer();
  const sockets = openWebSockets({
    ...{ server, pingMs: 60_000, reaped: () => undefined },
    routes: [
      {
        ...{
          path: '/v1/telemetry',
          protocol: 'vigil.v1',
          messageBytesMax: 1000,
          socketsMax: 10,
          admit: () => undefined,
        },
        open: (socket, request) => {
          requests.push(request);
          return {
            message: (data) => {
              const bytes = data as Uint8Array;
              heard.push(bytes[0]!);
              behaviour(heard.length, socket, bytes);
            },
            closed: () => undefined,
          };
        },
      },
    ],
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  cleanUps.push(() => new Promise((closed) => server.close(closed)));
  cleanUps.push(() => sockets.close());
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, heard, requests };
};

const sending = (url: string, options: { waitingMax?: number; token?: string } = {}) => {
  const notices: SenderNotice[] = [];
  const sender: FrameSender = makeFrameSender({ url, ...options, onNotice: (notice) => notices.push(notice) });
  cleanUps.push(() => sender.close());
  return { sender, notices };
};
const frame = (n: number): Uint8Array<ArrayBuffer> => Uint8Array.of(n);
const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('the sender of frames', () => {
  it('sends in order and forgets what was acknowledged', async () => {
    const { url, heard } = await otherSide((_, socket) => ack(socket));
    const { sender } = sending(url);
    for (const n of upTo(200)) sender.send(frame(n));
    await sender.settled();
    expect(heard).toEqual(upTo(200));
    expect(sender.counts()).toEqual({ sent: 200, acknowledged: 200, refused: 0, lost: 0, connections: 1, waiting: 0 });
  });

  it('has at most 256 frames unanswered', async () => {
    let hold: (() => void)[] | undefined = [];
    const { url, heard } = await otherSide((message, socket) => {
      if (hold === undefined) return ack(socket);
      hold.push(() => ack(socket));
      if (message < 256) return;
      // Whatever else were on the way would be heard before the answer to a turn of the loop.
      setImmediate(() => {
        expect(heard).toHaveLength(256);
        for (const answer of hold ?? []) answer();
        hold = undefined;
      });
    });
    const { sender } = sending(url);
    for (const n of upTo(300)) sender.send(frame(n));
    await sender.settled();
    expect(heard).toHaveLength(300);
  });

  it('sends again what was not acknowledged when the line broke, before what is newer', async () => {
    const { url, heard } = await otherSide((message, socket) => {
      if (message <= 3) ack(socket);
      if (message === 5) socket.cut();
      if (message > 5) ack(socket);
    });
    const { sender, notices } = sending(url);
    for (const n of upTo(10)) sender.send(frame(n));
    await sender.settled();
    const again = heard.lastIndexOf(4);
    expect(again).toBeGreaterThan(3);
    expect(heard.slice(again)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    expect(sender.counts()).toMatchObject({ acknowledged: 10, connections: 2 });
    expect(notices.map(({ tag }) => tag)).toEqual(['Connected', 'Disconnected', 'Connected']);
  });

  it('sends again what Vigil could not take just then, and not what it refused', async () => {
    const { url, heard } = await otherSide((message, socket) => {
      if (message === 1) return ack(socket, { ok: false, again: true, sentence: 'overloaded' });
      if (message === 2) return ack(socket, { ok: false, bed: 'icu-4', sequence: 7, sentence: 'no unit' });
      return ack(socket);
    });
    const { sender, notices } = sending(url);
    for (const n of [1, 2]) sender.send(frame(n));
    await sender.settled();
    expect(heard).toEqual([1, 2, 1]);
    expect(sender.counts()).toMatchObject({ acknowledged: 1, refused: 1 });
    expect(notices.at(-1)).toEqual({ tag: 'Refused', bed: 'icu-4', sequence: 7, sentence: 'no unit' });
  });

  it('loses the oldest frame when too many wait, and counts it', async () => {
    const { url, heard } = await otherSide((_, socket) => ack(socket));
    const { sender } = sending(url, { waitingMax: 3 });
    // The line does not stand yet: everything waits.
    for (const n of upTo(5)) sender.send(frame(n));
    await sender.settled();
    expect(heard).toEqual([3, 4, 5]);
    expect(sender.counts()).toMatchObject({ lost: 2, acknowledged: 3 });
  });

  it('hangs up on somebody who does not speak its language', async () => {
    const { url } = await otherSide((message, socket) => (message === 1 ? socket.send('hello') : ack(socket)));
    const { sender, notices } = sending(url);
    sender.send(frame(1));
    await sender.settled();
    expect(notices.map(({ tag }) => tag)).toEqual(['Connected', 'Disconnected', 'Connected']);
    expect(notices[1]).toMatchObject({ why: 'code 4000: not an ack' });
  });

  it('carries its token as a subprotocol, never in the address', async () => {
    const { url, requests } = await otherSide((_, socket) => ack(socket));
    const { sender } = sending(url, { token: 'a/token+with=signs' });
    sender.send(frame(1));
    await sender.settled();
    expect(requests[0]!.path).toBe('/v1/telemetry');
    expect(requests[0]!.protocols).toEqual(protocolsFor('a/token+with=signs'));
    expect(protocolsFor('a/token+with=signs')[1]).toMatch(/^token\.[\w-]+$/);
    expect(protocolsFor(undefined)).toEqual(['vigil.v1']);
  });
});
