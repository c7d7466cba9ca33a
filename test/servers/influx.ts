/**
 * A real InfluxDB for the tests: the 1.x server at VIGIL_TEST_INFLUX, else Debian's `influxd` started here, else skipped
 * by name. `node test/servers/influx.ts` starts one for people: prints its address, stays until Ctrl-C.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export interface InfluxServer {
  readonly url: string;
  /** Stops what was started here. A server that was there before stays. */
  readonly stop: () => Promise<void>;
}

/** A server started here can also be broken. */
export interface OwnInflux extends InfluxServer {
  readonly pid: () => number;
  /** SIGKILL; `start` brings it back with the same data at the same address. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** SIGSTOP, until every thread stands still: it takes connections and answers nothing. */
  readonly pause: () => Promise<void>;
  readonly resume: () => void;
  /** The folder of its data, as this process can reach it. */
  readonly disk: () => string;
}

export interface InfluxSettings {
  /** Where its data lie; absent: a folder of its own that goes when it stops. */
  readonly folder?: string;
  /** Names and passwords are asked for; the first user must be created. */
  readonly auth?: boolean;
  /** Further lines of the configuration's [http] section. */
  readonly http?: readonly string[];
  readonly data?: readonly string[];
  /** Its data lie on a disk of their own of this size; `disk` tells where. */
  readonly diskMb?: number;
}

const READY_MS_MAX = 30_000;
const PLACES = ['/usr/bin/influxd', '/usr/local/bin/influxd'];

const installed = (): string | undefined => PLACES.find((place) => existsSync(place));

/** Rejects instead of skipping where CI is set: there an InfluxDB is promised. */
export const influxForTests = async (): Promise<InfluxServer | { readonly skipped: string }> => {
  const given = process.env['VIGIL_TEST_INFLUX'];
  if (given) return { url: given, stop: async () => undefined };
  if (installed() !== undefined) return startInflux();
  return missing();
};

/** For tests that break the server: only one of their own will do. */
export const ownInfluxForTests = async (
  settings: InfluxSettings = {},
): Promise<OwnInflux | { readonly skipped: string }> => (installed() === undefined ? missing() : startInflux(settings));

const missing = (): { readonly skipped: string } => {
  const skipped = "no InfluxDB: install Debian's influxdb, or set VIGIL_TEST_INFLUX";
  if (process.env['CI']) throw new Error(skipped);
  return { skipped };
};

const configuration = (folder: string, port: number, rpcPort: number, settings: InfluxSettings): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${folder}/disk/meta"
[data]
  dir = "${folder}/disk/data"
  wal-dir = "${folder}/disk/wal"
  index-version = "tsi1"
  query-log-enabled = false
  ${(settings.data ?? []).join('\n  ')}
[http]
  bind-address = "127.0.0.1:${port}"
  auth-enabled = ${settings.auth === true}
  log-enabled = false
  ${(settings.http ?? []).join('\n  ')}
[monitor]
  store-enabled = false
[continuous_queries]
  enabled = false
`;

const answers = async (url: string, server: ChildProcess): Promise<void> => {
  for (const until = Date.now() + READY_MS_MAX; Date.now() < until; ) {
    const answer = await fetch(`${url}/ping`).catch(() => undefined);
    if (answer?.status === 204) return;
    if (server.exitCode !== null) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  server.kill('SIGKILL');
  throw new Error(`influxd did not answer at ${url} within ${READY_MS_MAX / 1e3} s`);
};

/** Stops a process. The signal is only sent when `kill` returns; a thread may still answer for a moment. */
export const standStill = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGSTOP');
  const stands = (task: string): boolean =>
    / T /.test(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8').replace(/^\d+ \(.*\)/, ''));
  while (!readdirSync(`/proc/${pid}/task`).every(stands)) await new Promise(setImmediate);
};

/** A process that holds a small disk mounted for itself and for those who enter its namespace; the disk goes with it. */
const mountedDisk = async (folder: string, sizeMb: number): Promise<ChildProcess> => {
  const mount = `mount -t tmpfs -o size=${sizeMb}m tmpfs "$0" && echo mounted && exec sleep infinity`;
  const holder = spawn('unshare', ['-Urm', 'sh', '-c', mount, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
  if (String(said).trim() !== 'mounted') throw new Error('no disk could be mounted for the test (unshare, mount)');
  return holder;
};

export const startInflux = async (settings: InfluxSettings = {}): Promise<OwnInflux> => {
  const folder = settings.folder ?? (await mkdtemp(join(tmpdir(), 'vigil-influx-')));
  const [port, rpcPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const file = join(folder, 'influxd.conf');
  const disk = join(folder, 'disk');
  await mkdir(disk, { recursive: true });
  await writeFile(file, configuration(folder, port, rpcPort, settings));
  const holder = settings.diskMb === undefined ? undefined : await mountedDisk(disk, settings.diskMb);
  let server: ChildProcess;
  const endWithUs = (): void => {
    server.kill('SIGKILL');
    holder?.kill('SIGKILL');
  };
  process.once('exit', endWithUs);
  const start = async (): Promise<void> => {
    const run = [installed() ?? 'influxd', 'run', '-config', file];
    const inside = holder === undefined ? [] : ['nsenter', '--preserve-credentials', '-U', '-m', '-t', `${holder.pid}`];
    const [program, ...rest] = [...inside, ...run];
    server = spawn(program!, rest, { stdio: 'ignore' });
    await answers(url, server);
  };
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url,
    pid: () => server.pid!,
    start,
    kill,
    pause: () => standStill(server.pid!),
    resume: () => void server.kill('SIGCONT'),
    disk: () => (settings.diskMb === undefined ? disk : `/proc/${holder!.pid}/root${disk}`),
    stop: async () => {
      process.off('exit', endWithUs);
      await kill();
      holder?.kill('SIGKILL');
      if (settings.folder === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/**
 * Asks in InfluxQL; times are microseconds, or milliseconds as Grafana has them; `user` is name:password. Rejects with the
 * server's own words.
 */
export const influxQl = async (
  url: string,
  database: string,
  query: string,
  epoch: 'u' | 'ms' = 'u',
  user?: string,
): Promise<readonly InfluxSeries[]> => {
  const answer = await fetch(`${url}/query`, {
    method: 'POST',
    headers: user === undefined ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` },
    body: new URLSearchParams({ db: database, epoch, q: query }),
  });
  const body = (await answer.json()) as {
    readonly error?: string;
    readonly results?: readonly { readonly error?: string; readonly series?: readonly InfluxSeries[] }[];
  };
  const error = body.error ?? body.results?.find((result) => result.error !== undefined)?.error;
  if (error !== undefined) throw new Error(`InfluxDB: ${error} (${query})`);
  return (body.results ?? []).flatMap(({ series }) => series ?? []);
};

export interface InfluxSeries {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | boolean | null)[])[];
}

if (import.meta.main) {
  const server = await startInflux();
  console.log(server.url);
  const stop = (): void => void server.stop().then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
}
