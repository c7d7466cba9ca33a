import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket as WebSocketClient } from 'ws';
import { startVigil, type VigilUnderTest } from '../screens/vigil-under-test.ts';
import { type LogInAFolder, logInAFolder } from './log-in-a-folder.ts';

let place: LogInAFolder;
let vigil: VigilUnderTest;
beforeEach(async () => {
  place = await logInAFolder();
  vigil = await startVigil(place.log);
});
afterEach(async () => {
  await vigil.close();
  await place.discard();
});

const nested = (depth: number, inner = '1'): string => `${'[{"a":'.repeat(depth)}${inner}${'}]'.repeat(depth)}`;
const post = (path: string, body: string) =>
  fetch(`http://${vigil.address(path)}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
const isAlive = async (): Promise<boolean> => (await fetch(`http://${vigil.address('/metrics')}`)).status === 200;

/** Sends chunks for ever; answers what came back, and how many bytes were taken until the line was cut. */
const endless = async (path: string): Promise<{ readonly answer: string; readonly sent: number }> => {
  const [, port] = vigil.address('').split(':');
  const line = connect(Number(port), '127.0.0.1');
  await once(line, 'connect');
  const chunk = `10000\r\n${'['.repeat(0x10000)}\r\n`;
  let answer = '';
  let sent = 0;
  let over = false;
  line.on('data', (bytes) => {
    answer += bytes.toString();
  });
  line.on('error', () => undefined); // it is cut while we send
  line.on('close', () => {
    over = true;
  });
  line.write(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
  );
  while (!over && answer === '') {
    sent += chunk.length;
    line.write(chunk);
    await new Promise(setImmediate);
    while (!over && answer === '' && line.writableNeedDrain) await new Promise(setImmediate);
  }
  line.destroy();
  return { answer, sent };
};

describe('a bomb', () => {
  it.each([
    ['/v1/telemetry', 8 * 1024 ** 2],
    ['/v1/acts', 16_384],
  ])('of a body that never ends is cut off at its bound: %s', async (path, bytesMax) => {
    const { answer, sent } = await endless(path);
    // Whoever goes on writing may lose the answer with the line.
    expect(answer === '' || answer.startsWith('HTTP/1.1 413')).toBe(true);
    // Beyond the bound only what lay in the buffers of the line.
    expect(sent).toBeLessThan(bytesMax + 16 * 1024 ** 2);
    expect(await isAlive()).toBe(true);
  });

  it('of JSON that is nested a hundred thousand deep is refused like any other that is no message', async () => {
    for (const body of [nested(100_000), `{"bed":${nested(100_000)}}`, '['.repeat(1_000_000)])
      expect([400, 413]).toContain((await post('/v1/telemetry', body)).status);
    expect((await post('/v1/telemetry', nested(20_000))).status).toBe(400);
    expect((await post('/v1/acts', nested(1_000))).status).toBe(400);
    expect((await post('/v1/acts', nested(100_000))).status).toBe(413);
    expect(await isAlive()).toBe(true);
  });

  it('that a console says is hung up on, and other consoles do not notice', async () => {
    for (const said of [
      nested(20_000),
      `{"type":"watch","waves":${nested(10_000)}}`,
      `{"type":"act","id":${nested(10_000)}}`,
    ]) {
      const socket = new WebSocketClient(`ws://${vigil.address('/v1/live')}`);
      await once(socket, 'open');
      socket.send('{"type":"hello"}');
      await once(socket, 'message');
      socket.send(said);
      socket.close();
      await once(socket, 'close');
    }
    expect(await isAlive()).toBe(true);
  });
});
