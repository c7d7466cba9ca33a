/** The clinical engineer's first morning: what Vigil says when something is not there yet, or set wrongly. */
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INTENDED_USE } from '../../schemas/live.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { freePort } from '../servers/free-port.ts';
import { runVigil, startVigil } from './vigil-process.ts';

const TOKEN = 'a-token-that-nobody-may-see';

describe('the first start', () => {
  it('needs nothing but one command, and says where the page is, what plays there and what Vigil is not', async () => {
    await using folder = await temporaryFolder();
    const port = String(await freePort());
    const vigil = startVigil(['start'], { VIGIL_PORT: port, VIGIL_DATA_DIR: join(folder.path, 'not/there/yet') });
    await vigil.says(new RegExp(`Vigil is at http://127\\.0\\.0\\.1:${port}\n`));
    await vigil.says(/A simulated ward of 8 beds plays; --no-simulate leaves it out\./);
    await vigil.says(new RegExp(INTENDED_USE.replaceAll('.', '\\.')));
    expect((await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/html' } })).status).toBe(200);
    expect(await vigil.stop()).toBe(0);
    expect(vigil.said()).not.toMatch(/\[object|undefined|\n\s+at .*\.ts:/);
  });

  it.each(['start', 'stage analysis', 'stage gateway screens', 'topics'])(
    'lists every wrong setting at once, with what to do, and does not begin: vigil %s',
    async (words) => {
      const { code, said } = await runVigil(words.split(' '), {
        ...{ VIGIL_PORT: 'eighty', VIGIL_PRESET: 'adults', VIGIL_PROT: '1', VIGIL_HOST: '0.0.0.0' },
        ...{ KAFKA_BROKERS: 'kafka', VIGIL_GATEWAY_TOKENS: 'short', VIGIL_CONSOLE_TOKENS: 'file:/nowhere/token' },
      });
      expect(code).toBe(2);
      expect(said).toMatch(/^The configuration has 6 mistakes:\n(?: {2}- .*\n){6}$/);
      expect(said).toContain('VIGIL_PORT is "eighty"; must be a whole number from 0 to 65535. Choose a free port');
      expect(said).toContain('VIGIL_PROT in the environment is no setting; did you mean VIGIL_PORT?');
      expect(said).toContain('KAFKA_BROKERS is "kafka"; must be host:port');
      expect(said).toContain('Make one with: openssl rand -hex 24');
      expect(said).toContain('VIGIL_CONSOLE_TOKENS names a file that cannot be read');
    },
  );

  // At the same time: most of it is waiting for a broker that does not come.
  it.concurrent.each(['topics', 'stage gateway screens', 'stage analysis', 'stage recorder'])(
    'says that Kafka is not there, where it was looked for and what to do: vigil %s',
    async (words) => {
      const brokers = `127.0.0.1:${await freePort()}`;
      const { code, said } = await runVigil(words.split(' '), {
        VIGIL_PORT: '0',
        KAFKA_BROKERS: brokers,
        VIGIL_LOG_LEVEL: 'error',
      });
      expect(code).toBe(1);
      expect(said).toContain(`KAFKA_BROKERS is ${brokers}: Kafka does not answer: `);
      expect(said).toContain('Start it, or correct KAFKA_BROKERS; then start this again');
      expect(said).not.toMatch(/\[object|\n\s+at .*\.ts:/);
    },
  );

  it('says that another program has the port, and which setting to change', async () => {
    await using folder = await temporaryFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      for (const words of [['start'], ['stage', 'gateway', 'screens', 'analysis']]) {
        const { code, said } = await runVigil(words, { VIGIL_PORT: String(port), VIGIL_DATA_DIR: folder.path });
        expect(code).toBe(1);
        expect(said).toMatch(new RegExp(`Vigil cannot listen on 127\\.0\\.0\\.1:${port}: .*Choose another VIGIL_PORT`));
      }
    } finally {
      other.close();
    }
  });

  it('says that its folder cannot be made, and which setting names it', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, { file: '' });
    const data = join(folder.path, 'file/data');
    for (const words of [['start'], ['stage', 'alarms']]) {
      const { code, said } = await runVigil(words, { VIGIL_DATA_DIR: data, VIGIL_PORT: '0' });
      expect(code).toBe(1);
      expect(said).toContain(`VIGIL_DATA_DIR is ${data}, which cannot be made: ENOTDIR`);
      expect(said).toContain('Give it to the user that runs Vigil, or choose another folder.');
    }
  });

  it('refuses a data folder in which another Vigil works, and says which and since when; a killed one is in no way', async () => {
    await using folder = await temporaryFolder();
    const env = { VIGIL_DATA_DIR: folder.path, VIGIL_PORT: '0', VIGIL_ANALYSIS_THREADS: '1', VIGIL_LOG_LEVEL: 'error' };
    const first = startVigil(['start', '--no-simulate'], env);
    await first.says(/Vigil is at/);
    const second = await runVigil(['start', '--no-simulate'], env);
    expect(second.code).toBe(1);
    expect(second.said).toMatch(
      new RegExp(
        `^VIGIL_DATA_DIR is ${folder.path}, and another Vigil works there \\(process ${first.pid} on ${hostname()}, since \\d{4}-.*Z\\)\\. Stop that one, or give this one a folder of its own \\(VIGIL_DATA_DIR\\) and a port`,
      ),
    );
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const third = startVigil(['start', '--no-simulate'], env);
    await third.says(/Vigil is at/);
    expect(await third.stop()).toBe(0);
    const fourth = startVigil(['start', '--no-simulate'], env);
    await fourth.says(/Vigil is at/);
    expect(await fourth.stop()).toBe(0);
  });

  it.each(['log.db', 'series.db'])('says of a damaged %s which file it is and what to do', async (name) => {
    await using folder = await temporaryFolder();
    await put(folder.path, { [name]: 'this was a disk once'.repeat(500) });
    const { code, said } = await runVigil(['start'], { VIGIL_DATA_DIR: folder.path, VIGIL_PORT: '0' });
    expect(code).toBe(1);
    expect(said).toContain(join(folder.path, name));
    expect(said).toContain('It is damaged: move it away with its -wal and -shm and put back a backup');
  });

  it('stops in order when its terminal is closed', async () => {
    await using place = await temporaryFolder();
    const vigil = startVigil(['start', '--no-simulate'], { VIGIL_DATA_DIR: place.path, VIGIL_PORT: '0' });
    await vigil.says(/Vigil is at/);
    process.kill(vigil.pid, 'SIGHUP');
    expect([await vigil.ended, vigil.said()]).toEqual([0, expect.stringContaining('Stopping;')]);
  });

  it('tells another program from a Vigil when it asks for its health', async () => {
    const other = createHttpServer((_request, response) => response.end('<!DOCTYPE html>')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const { code, said } = await runVigil(['health', '--url', url], {});
    other.close();
    expect([code, said]).toEqual([1, `${url}/healthz is no Vigil's: it answers 200 without parts. Check --url.\n`]);
  });

  it('names the stages that there are when it is asked for another', async () => {
    const { code, said } = await runVigil(['stage', 'analyses'], {});
    expect(code).toBe(2);
    expect(said).toBe('There is no stage analyses; there are gateway, screens, analysis, alarms, recorder.\n');
  });

  it('makes its secrets once, tells none, and overwrites none', async () => {
    await using folder = await temporaryFolder();
    const out = join(folder.path, 'secrets');
    const names = 'gateway-tokens, console-tokens, influx-token, influx-password, grafana-password';
    expect(await runVigil(['secrets', '--out', out], {})).toEqual({ code: 0, said: `Made in ${out}: ${names}\n` });
    await put(out, { 'console-tokens': `${TOKEN}\n` });
    const again = await runVigil(['secrets', '--out', out], {});
    expect(again).toEqual({ code: 0, said: `There already, left as they are: ${names}\n` });

    const link = await runVigil(['console-link', '--url', 'https://vigil.example/'], {
      VIGIL_CONSOLE_TOKENS: `file:${out}/console-tokens`,
    });
    expect(link.code).toBe(0);
    expect(link.said).toContain(`https://vigil.example/#token=${TOKEN}\n`);
  });

  it('lets tokens be changed without a moment in which none is good', async () => {
    await using folder = await temporaryFolder();
    const secrets = (...words: readonly string[]) => runVigil(['secrets', '--out', folder.path, ...words], {});
    const tokens = async (): Promise<readonly string[]> =>
      (await readFile(join(folder.path, 'gateway-tokens'), 'utf8')).trimEnd().split('\n');
    await secrets();
    const [old] = await tokens();
    expect((await secrets('--add', 'gateway-tokens')).said).toBe(
      `${folder.path}/gateway-tokens holds 2 secrets, the newest first. It takes effect when what reads it is started again.\n`,
    );
    const [fresh, ...others] = await tokens();
    expect(others).toEqual([old]);
    await secrets('--retire', 'gateway-tokens');
    expect(await tokens()).toEqual([fresh]);
    expect((await stat(join(folder.path, 'gateway-tokens'))).mode & 0o777).toBe(0o600);

    const wrong = await secrets('--add', 'influx-token');
    expect(wrong).toMatchObject({ code: 2, said: expect.stringContaining('change it there, then give it with --set') });
  });

  it('does not start with a secret that anybody could guess, and does not put another in its place', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, { 'influx-token': 'admin' });
    const { code, said } = await runVigil(['secrets', '--out', folder.path], {});
    expect(code).toBe(1);
    expect(said).toContain(
      'Too short to be a secret, and not overwritten: influx-token. Remove the file to have one made',
    );
  });
});
