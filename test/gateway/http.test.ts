import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json as jsonOf } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { toJson } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TelemetrySchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { INTENDED_USE } from '../../schemas/live.ts';
import { decodeAlarmInput } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { bindRefusal } from '../../services/http/bind-rule.ts';
import { originRefusal } from '../../services/http/door.ts';
import { makeFrameSender } from '../../services/sender/frame-sender.ts';
import { startVigil, type VigilUnderTest } from '../screens/vigil-under-test.ts';
import { frame } from './frames.ts';
import { allOf, type LogInAFolder, logInAFolder } from './log-in-a-folder.ts';

const GATEWAY_TOKEN = 'gateway-token-of-at-least-24';
const CONSOLE_TOKEN = 'console-token-of-at-least-24';

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

const post = (type: string | undefined, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`http://${vigil.address('/v1/telemetry')}`, {
    method: 'POST',
    headers: type === undefined ? headers : { 'content-type': type, ...headers },
    body,
  });
const json = (sequence: number) =>
  toJson(TelemetrySchema, frame({ sequence, device: sequence / 4, ecgMs: 250, hr: 70 }));

interface TelemetrySocket {
  readonly socket: WebSocket;
  readonly acks: (count: number) => Promise<readonly Record<string, unknown>[]>;
}

const openTelemetry = async (headers: Record<string, string> = {}): Promise<TelemetrySocket> => {
  // Node's own WebSocket takes headers; the DOM's type does not know.
  const socket = new WebSocket(`ws://${vigil.address('/v1/telemetry')}`, { headers } as unknown as string[]);
  const heard: Record<string, unknown>[] = [];
  let told: () => void = () => undefined;
  socket.addEventListener('message', ({ data }) => {
    heard.push(JSON.parse(String(data)) as Record<string, unknown>);
    told();
  });
  await new Promise<void>((opened, failed) => {
    socket.addEventListener('open', () => opened());
    socket.addEventListener('error', () => failed(new Error('the socket was refused')));
  });
  return {
    socket,
    acks: (count) =>
      new Promise((done) => {
        told = () => {
          if (heard.length >= count) done(heard);
        };
        told();
      }),
  };
};

describe('POST /v1/telemetry', () => {
  it('takes one message in JSON, several in an array, in NDJSON, and one in protobuf', async () => {
    const answers = [
      await post('application/json', JSON.stringify(json(1))),
      await post('application/json; charset=utf-8', JSON.stringify([json(2), json(3)])),
      await post('application/x-ndjson', `${JSON.stringify(json(4))}\n${JSON.stringify(json(5))}\r\n\n`),
      await post('application/x-protobuf', encodeTelemetry(frame({ sequence: 6, device: 1.5 }))),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await answers[2]!.json()).toMatchObject({
      accepted: 2,
      duplicates: 0,
      refused: [],
      intendedUse: INTENDED_USE,
    });
    expect(answers[0]!.headers.get('vigil-intended-use')).toBe(INTENDED_USE);
    expect((await allOf(place.log, 'vigil.telemetry')).length).toBe(6);
  });

  it('names the field and what to do about it, and takes the good messages beside a bad one', async () => {
    const answer = await post(
      'application/x-ndjson',
      [json(1), { ...(json(2) as object), bed: '' }, json(3)].map((one) => JSON.stringify(one)).join('\n'),
    );
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status: 400, code: 'missing-field', where: 'bed', accepted: 2 });
    expect(problem['refused']).toMatchObject([{ index: 1, code: 'missing-field', where: 'bed', again: false }]);
    expect((await allOf(place.log, 'vigil.rejected')).length).toBe(1);
  });

  it('refuses what is no JSON, of a type it does not know, or too large', async () => {
    expect((await post('application/json', '{"bed":')).status).toBe(400);
    expect((await post('text/csv', 'bed,hr')).status).toBe(415);
    expect((await post('application/x-protobuf', new Uint8Array(300_000))).status).toBe(413);
    expect((await post('application/x-ndjson', new Uint8Array(9_000_000))).status).toBe(413);
    expect((await allOf(place.log, 'vigil.rejected')).length).toBe(4);
    expect(await vigil.meters.text()).toContain('vigil_rejected_total{code="not-json"} 1');
  });

  it('says where a body is no JSON, as one with the NaN that Python writes', async () => {
    const body = '{"bed":"icu-01","numerics":[{"value":NaN}]}';
    const { detail } = (await (await post('application/json', body)).json()) as { detail: string };
    expect(detail).toContain('"value":NaN');
  });

  it('takes the good messages beside one that is nested deeper than can be written down again', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const good = [json(1), json(2), json(3), json(4)].map((one) => JSON.stringify(one));
    const answers = [
      await post('application/json', `[${good[0]},${deep},${good[1]}]`),
      await post('application/x-ndjson', `${good[2]}\n{"numerics":${deep}}\n${good[3]}`),
    ];
    for (const answer of answers)
      expect([answer.status, await answer.json()]).toMatchObject([
        400,
        { code: 'unreadable', accepted: 2, refused: [{ index: 1, again: false }] },
      ]);
    expect((await allOf(place.log, 'vigil.telemetry')).length).toBe(4);
    expect((await allOf(place.log, 'vigil.rejected')).length).toBe(2);
  });

  it('has room for so many large requests that stand still, says so to the next, and takes small ones beside them', async () => {
    const { port } = new URL(`http://${vigil.address('/')}`);
    const began = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const line = connect(Number(port), '127.0.0.1');
        const head = [
          'POST /v1/telemetry HTTP/1.1',
          'host: 127.0.0.1',
          'content-length: 8000000',
          'expect: 100-continue',
        ];
        line.write(`${head.join('\r\n')}\r\n\r\n`);
        expect(String((await once(line, 'data'))[0])).toContain('100 Continue');
        return line;
      }),
    );
    const large = (sequence: number) =>
      post('application/x-ndjson', `${JSON.stringify(json(sequence))}${'\n'.repeat(2_000_000)}`);
    const refused = await large(1);
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
      503,
      '1',
      { code: 'overloaded', refused: [{ again: true }] },
    ]);
    expect((await post('application/json', JSON.stringify(json(1)))).status).toBe(200);
    expect(await vigil.meters.text()).toContain('vigil_not_taken_total{code="overloaded"} 1');
    began[0]!.destroy();
    await expect.poll(async () => (await large(2)).status).toBe(200);
    for (const line of began) line.destroy();
  });

  it('says of what it does not unpack, of a wrong method and of what is too large what to do instead', async () => {
    const packed = await post('application/json', gzipSync(JSON.stringify(json(1))), { 'content-encoding': 'gzip' });
    expect([packed.status, await packed.json()]).toMatchObject([415, { where: 'content-encoding' }]);
    const asked = await fetch(`http://${vigil.address('/v1/telemetry')}`);
    expect([asked.status, asked.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await asked.json()).toMatchObject({
      code: 'method',
      detail: expect.stringContaining('takes POST, not GET;'),
    });
    const large = await post('application/x-ndjson', new Uint8Array(9_000_000));
    expect(await large.json()).toMatchObject({ code: 'too-large', detail: expect.stringContaining('8388608 bytes') });
    const broken = await fetch(`http://${vigil.address('/%zz')}`);
    expect([broken.status, await broken.json()]).toMatchObject([
      400,
      { code: 'bad-address', intendedUse: INTENDED_USE },
    ]);
    expect((await allOf(place.log, 'vigil.rejected')).length).toBe(2);
    const nowhere = { method: 'POST', body: new Uint8Array(20_000) };
    expect((await fetch(`http://${vigil.address('/nowhere')}`, nowhere)).status).toBe(413);
  });

  it('answers what is no request at all with a problem, and hangs up', async () => {
    const { port } = new URL(`http://${vigil.address('/')}`);
    const answerTo = async (bytes: string): Promise<string> => {
      const line = connect(Number(port), '127.0.0.1');
      line.end(Buffer.from(bytes, 'latin1'));
      let said = '';
      for await (const more of line) said += String(more);
      return said;
    };
    const toTls = await answerTo('\x16\x03\x01\x00\xa5\x01\x00\x00');
    expect(toTls).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(toTls).toContain('content-type: application/problem+json');
    expect(JSON.parse(toTls.split('\r\n\r\n')[1]!)).toMatchObject({ code: 'bad-request', intendedUse: INTENDED_USE });
    const toMany = await answerTo(`GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(JSON.parse(toMany.split('\r\n\r\n')[1]!)).toMatchObject({ status: 431, code: 'too-large' });
  });

  it('lets no foreign page speak, nor one whose name was made to point here', async () => {
    const foreign = await post('application/json', JSON.stringify(json(1)), { origin: 'http://evil.example' });
    expect(foreign.status).toBe(403);
    expect((await allOf(place.log, 'vigil.telemetry')).length).toBe(0);
    const door = { host: '127.0.0.1', allowedOrigins: ['https://wall.example'] };
    expect(originRefusal(door, 'http://evil.example:8420', 'evil.example:8420')).toContain('not called evil.example');
    expect(originRefusal(door, 'http://localhost:8420', 'localhost:8420')).toBeUndefined();
    expect(originRefusal(door, 'https://wall.example', 'wall.example')).toBeUndefined();
    expect(originRefusal(door, 'null', '127.0.0.1:8420')).toContain('Pages of null');
  });
});

describe('WS /v1/telemetry', () => {
  it('acknowledges each message once and in order, good ones and bad ones', async () => {
    const { socket, acks } = await openTelemetry();
    for (let sequence = 1; sequence <= 50; sequence++) {
      const bytes = encodeTelemetry(frame({ sequence, device: sequence / 4, ecgMs: 250 }));
      if (sequence % 10 === 0) bytes[30] = (bytes[30] ?? 0) ^ 0xff;
      socket.send(bytes);
    }
    socket.send('hello?');
    const heard = await acks(51);
    expect(heard.map(({ message }) => message)).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
    expect(heard.filter(({ ok }) => ok === true)).toHaveLength(45);
    expect(heard[9]).toMatchObject({ ok: false, again: false });
    expect(heard[50]).toMatchObject({ ok: false, code: 'unsupported-content-type' });
    expect((await allOf(place.log, 'vigil.telemetry')).length).toBe(45);
    expect((await allOf(place.log, 'vigil.rejected')).length).toBe(6);
    socket.close();
  });

  it('hangs up on a message that is larger than a frame may be, and counts it', async () => {
    const { socket } = await openTelemetry();
    const closed = new Promise<number>((done) => socket.addEventListener('close', ({ code }) => done(code)));
    socket.send(new Uint8Array(300_000));
    expect(await closed).toBe(1009);
    await expect.poll(async () => (await allOf(place.log, 'vigil.rejected')).length).toBe(1);
    expect(await vigil.meters.text()).toContain('vigil_rejected_total{code="too-large"} 1');
  });

  it('refuses a socket of a foreign page', async () => {
    await expect(openTelemetry({ origin: 'http://evil.example' })).rejects.toThrow('refused');
    const own = await openTelemetry({ origin: `http://${vigil.address('')}` });
    own.socket.close();
  });
});

describe('the door', () => {
  it('asks devices and consoles for their own tokens, when there are tokens', async () => {
    await vigil.close();
    vigil = await startVigil(place.log, { http: { gatewayTokens: [GATEWAY_TOKEN], consoleTokens: [CONSOLE_TOKEN] } });
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    const body = JSON.stringify(json(1));
    expect((await post('application/json', body)).status).toBe(401);
    expect((await post('application/json', body, bearer(CONSOLE_TOKEN))).status).toBe(401);
    expect((await post('application/json', body, bearer(GATEWAY_TOKEN))).status).toBe(200);
    await expect(openTelemetry()).rejects.toThrow('refused');
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const asked = request(`http://${vigil.address('/v1/telemetry')}`, {
      headers: { ...upgrade, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
    }).end();
    const [refusal] = (await once(asked, 'response')) as [IncomingMessage];
    expect(await jsonOf(refusal)).toMatchObject({
      ...{ status: 401, code: 'token', detail: expect.stringContaining('Authorization: Bearer') },
    });
    const { socket } = await openTelemetry(bearer(GATEWAY_TOKEN));
    socket.close();
    // A sender without headers carries its token in a subprotocol, which Vigil does not repeat.
    const sender = makeFrameSender({ url: `ws://${vigil.address('')}`, token: GATEWAY_TOKEN });
    sender.send(encodeTelemetry(frame({ sequence: 1, device: 0.25 })));
    await sender.settled();
    expect(sender.counts()).toMatchObject({ acknowledged: 1, connections: 1 });
    sender.close();
    const sources = (headers: Record<string, string>) => fetch(`http://${vigil.address('/v1/sources')}`, { headers });
    expect((await sources(bearer(GATEWAY_TOKEN))).status).toBe(401);
    expect(await (await sources(bearer(CONSOLE_TOKEN))).json()).toMatchObject({
      sources: [{ bed: 'icu-01', source: 'monitor-1', frames: 1, lost: 0 }],
    });
  });

  it('does not open on an address that others can reach without both kinds of token', () => {
    const none = { gatewayTokens: [], consoleTokens: [] };
    const both = { gatewayTokens: [GATEWAY_TOKEN], consoleTokens: [CONSOLE_TOKEN] };
    for (const host of ['0.0.0.0', '::', '10.1.2.3', 'vigil.hospital.example'])
      expect(bindRefusal({ host, ...none })).toContain('VIGIL_GATEWAY_TOKENS and VIGIL_CONSOLE_TOKENS');
    expect(bindRefusal({ host: '0.0.0.0', ...both, consoleTokens: [] })).toContain('without VIGIL_CONSOLE_TOKENS');
    expect(bindRefusal({ host: '0.0.0.0', ...both })).toBeUndefined();
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost'])
      expect(bindRefusal({ host, ...none })).toBeUndefined();
  });

  it('bounds how often one address may ask, and counts whom it sent away', async () => {
    await vigil.close();
    vigil = await startVigil(place.log, { http: { requestsPerMinute: 3 } });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await fetch(`http://${vigil.address('/metrics')}`)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(await vigil.meters.text()).toContain('vigil_door_refused_total{reason="rate"} 2');
    // Whoever restarts what does not answer asks here.
    expect((await fetch(`http://${vigil.address('/healthz')}`)).status).toBe(200);
  });

  describe('senders behind a proxy', () => {
    const ask = async (forwardedFor: string): Promise<number> =>
      (await fetch(`http://${vigil.address('/metrics')}`, { headers: { 'x-forwarded-for': forwardedFor } })).status;
    const asked = async (...from: readonly string[]): Promise<readonly number[]> => {
      const statuses: number[] = [];
      for (const each of from) statuses.push(await ask(each));
      return statuses;
    };
    const behind = async (...trustedProxies: readonly string[]): Promise<void> => {
      await vigil.close();
      vigil = await startVigil(place.log, { http: { requestsPerMinute: 2, trustedProxies } });
    };

    it('have a share each when the proxy is named', async () => {
      await behind('10.9.0.0/16', '127.0.0.0/8');
      expect(await asked('10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.2')).toEqual([200, 200, 429, 200]);
      // What a sender wrote itself stands before what the proxies added.
      expect(await asked('10.0.0.2', '10.0.0.3, 10.0.0.2', '10.0.0.4, 10.0.0.2, 10.9.1.1')).toEqual([200, 429, 429]);
    });

    it('share one when none is named, or another: a header lends nobody a share', async () => {
      for (const named of [[], ['10.1.2.3']]) {
        await behind(...named);
        expect(await asked('10.0.0.1', '10.0.0.2', '10.0.0.3')).toEqual([200, 200, 429]);
      }
    });
  });

  it('tells how every part does, and counts itself', async () => {
    await post('application/json', JSON.stringify(json(1)));
    const health = await fetch(`http://${vigil.address('/healthz')}`);
    expect(await health.json()).toMatchObject({
      parts: [{ name: 'gateway', state: 'ok' }, { name: 'analysis' }, { name: 'alarms' }, { name: 'screens' }],
    });
    const metrics = await (await fetch(`http://${vigil.address('/metrics')}`)).text();
    expect(metrics).toContain('vigil_frames_total{verdict="live"} 1');
  });

  it('tells of an alarms stage that was never heard, not even at its roll call', async () => {
    const alarms = async () => {
      const { parts } = (await (await fetch(`http://${vigil.address('/healthz')}`)).json()) as {
        readonly parts: readonly { readonly name: string }[];
      };
      return parts.find(({ name }) => name === 'alarms');
    };
    expect(await alarms()).toMatchObject({ state: 'unknown' });
    for (let second = 0; second <= 180; second++) await vigil.screens.secondPassed();
    expect(await alarms()).toMatchObject({ state: 'failed', sentence: expect.stringContaining('trust the monitors') });
    expect((await fetch(`http://${vigil.address('/healthz')}`)).status).toBe(503);
  });

  it('writes what nurses do to the alarm inputs, to the bed as its device writes it, and refuses what is no act', async () => {
    const act = (body: object) =>
      fetch(`http://${vigil.address('/v1/acts')}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await act({ id: 'a-1', kind: 'acknowledge', bed: 'icu-01', by: 'nurse R.' })).status).toBe(200);
    // A mark before the name would turn the writing of all that stands behind it on every console.
    expect((await act({ id: 'a-3', kind: 'acknowledge', bed: 'icu 1 ', by: ' \u202enurse R. ' })).status).toBe(200);
    const [, spaced] = await allOf(place.log, 'vigil.alarm-inputs');
    expect(spaced?.key).toBe('icu 1 ');
    const kept = decodeAlarmInput(spaced!.value);
    expect(E.isRight(kept) && kept.right.input.value).toMatchObject({ by: 'nurse R.' });
    const seen = [{ alarm: 'icu-01/vt/1', appearance: -1 }];
    expect((await act({ id: 'a-4', kind: 'acknowledge', bed: 'icu-01', by: 'nurse R.', seen })).status).toBe(400);
    const refused = await act({ id: 'a-2', kind: 'acknowledge', bed: 'icu-01', by: ' ' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'bad-act', where: 'by' });
    expect((await allOf(place.log, 'vigil.alarm-inputs')).length).toBe(2);
  });

  it('does not do what a nurse decided a minute before it arrived, and says so', async () => {
    const act = (id: string, decidedS: number) =>
      fetch(`http://${vigil.address('/v1/acts')}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ id, kind: 'acknowledge', bed: 'icu-01', by: 'nurse R.' },
          decidedUs: (Date.now() + decidedS * 1_000) * 1_000,
        }),
      });
    const late = await act('held-up', -60);
    expect([late.status, await late.json()]).toMatchObject([
      409,
      {
        ...{ code: 'untimely', where: 'decidedUs' },
        detail:
          'Acknowledge, bed icu-01: it came 60 s after it was decided, and was not done. Look at the alarm, then try again.',
      },
    ]);
    const strange = await act('another-clock', 3_600);
    expect([strange.status, await strange.json()]).toMatchObject([
      409,
      { detail: expect.stringContaining('decided 3600 s from now') },
    ]);
    expect((await act('at-once', -1)).status).toBe(200);
    expect((await allOf(place.log, 'vigil.alarm-inputs')).length).toBe(1);
  });

  it('says of the address of a WebSocket that it is one, and what a proxy must do', async () => {
    const answer = await fetch(`http://${vigil.address('/v1/live')}`);
    expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket']);
    const { code, detail } = (await answer.json()) as { code: string; detail: string };
    expect(code).toBe('websocket');
    expect(detail).toContain('/v1/live is the address of a WebSocket; open it as a WebSocket');
  });

  it('serves the console with its own files only, and nothing beside them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vigil-console-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<title>Vigil</title>');
    await writeFile(join(folder, 'assets', 'index-1a2b.js'), 'export {};');
    await vigil.close();
    vigil = await startVigil(place.log, { http: { consoleFolder: folder } });
    const get = (path: string, accept = 'text/html') => fetch(`http://${vigil.address(path)}`, { headers: { accept } });
    const page = await get('/');
    expect(await page.text()).toBe('<title>Vigil</title>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = await get('/assets/index-1a2b.js', '*/*');
    expect([script.headers.get('cache-control'), script.status]).toEqual(['public, max-age=31536000, immutable', 200]);
    expect((await get('/../log.db', '*/*')).status).toBe(404);
    expect((await get('/v1/nothing')).status).toBe(404);
    // Its files are named from its one page, which is found from any address below it and behind any path of a proxy.
    for (const below of ['/bed', '/bed/x', '/bed/x/', '/bed/x/y?zoom=1']) {
      const led = await fetch(`http://${vigil.address(below)}`, {
        headers: { accept: 'text/html' },
        redirect: 'manual',
      });
      expect(led.status).toBe(302);
      const way = led.headers.get('location')!;
      expect(new URL(way, `http://host/ward${below}`).href).toBe('http://host/ward/');
    }
    await rm(folder, { recursive: true });
  });

  const countsFiles = existsSync('/proc/self/fd');
  it.skipIf(!countsFiles)(
    `holds no file open for who asks for the console and does not read${countsFiles ? '' : ' (skipped: no /proc to count them by)'}`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'vigil-console-'));
      await writeFile(join(folder, 'index.html'), 'x'.repeat(4_000_000));
      await vigil.close();
      vigil = await startVigil(place.log, { http: { consoleFolder: folder } });
      const deaf = connect({ port: vigil.http.port, host: '127.0.0.1' });
      deaf.pause();
      deaf.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(50));
      // Behind the fifty on a line of its own: all of them were begun by then.
      const read = await fetch(`http://${vigil.address('/')}`);
      expect((await read.text()).length).toBe(4_000_000);
      const held = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
      expect((await Promise.all(held)).filter((file) => file.startsWith(folder))).toEqual([]);
      deaf.destroy();
      await rm(folder, { recursive: true });
    },
  );
});
