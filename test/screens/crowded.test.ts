import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWebSockets } from '../../services/adapters/websocket/websocket-server.ts';
import type { SocketServer } from '../../services/ports/sockets.ts';
import { type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { openConsole, type TestConsole } from './console.ts';
import { startVigil, type VigilUnderTest } from './vigil-under-test.ts';

/** The screens behind a door with two places, and what the HTTP server gives its route beside. */
const PLACES = 2;
let place: LogInAFolder;
let vigil: VigilUnderTest;
let server: Server;
let sockets: SocketServer;
let consoles: TestConsole[] = [];

beforeEach(async () => {
  place = await logInAFolder();
  vigil = await startVigil(place.log);
  const { screens } = vigil;
  server = createServer();
  sockets = openWebSockets({
    ...{ server, pingMs: 60_000, reaped: () => undefined },
    routes: [
      {
        ...{ path: '/v1/live', protocol: 'vigil.v1', messageBytesMax: 1_000, socketsMax: PLACES },
        ...{ admit: () => undefined, makeRoom: screens.makeRoom },
        open: (socket) => screens.open(socket, true),
      },
    ],
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  consoles = [];
});
afterEach(async () => {
  await sockets.close();
  await new Promise((closed) => server.close(closed));
  await vigil.close();
  await place.discard();
});

const open = async (): Promise<TestConsole> => {
  const one = await openConsole(`127.0.0.1:${(server.address() as AddressInfo).port}/v1/live`);
  consoles.push(one);
  return one;
};
const greeted = async (): Promise<TestConsole> => {
  const one = await open();
  one.say({ type: 'hello' });
  await one.hears('snapshot');
  return one;
};

it('lets a console in where all places are taken by lines that say nothing: the oldest of these is cut', async () => {
  const silent = [await open(), await open()];
  await greeted();
  expect((await silent[0]!.closed).code).toBe(1006);
  expect(await vigil.meters.text()).toMatch(/vigil_sockets_reaped_total\{reason="gave way"\} 1/);
  await greeted();
  expect((await silent[1]!.closed).code).toBe(1006);
});

it('cuts no console that has said hello, however many knock', async () => {
  const known = [await greeted(), await greeted()];
  await expect(open()).rejects.toThrow('the console was refused');
  known[0]!.say({ type: 'received', frame: 1 });
  await vigil.screens.secondPassed();
  await Promise.all(known.map((one) => one.hears('heartbeat')));
});

it('keeps no line of one whom it refused, also where the other side does not hang up', async () => {
  const { port } = server.address() as AddressInfo;
  const stays = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const headers = ['Host: x', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  stays.write(['GET /nowhere HTTP/1.1', ...headers, '', ''].join('\r\n'));
  const [answer] = (await once(stays, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 404 /);
  await expect.poll(() => promisify(server.getConnections.bind(server))()).toBe(0);
  expect(stays.writable).toBe(true);
  stays.destroy();
});
