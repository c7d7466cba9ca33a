/** Vigil as its users start it: the command line in processes of its own, embedded or on a real Kafka. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './free-port.ts';

const root = resolve(import.meta.dirname, '../..');
const TICKS_PER_SECOND = 100;

/** What a process has used since it began. */
export interface Usage {
  readonly cpuS: number;
  readonly rssMb: number;
}

export interface Deployment {
  readonly url: string;
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
  readonly stop: () => Promise<void>;
}

export const usageOf = (pid: number): Usage => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, rssMb: Number(rss ?? 0) / 1024 };
};

/** Starts a command of Vigil's command line in a process of its own. */
export const startVigil = (name: string, args: readonly string[], env: Record<string, string>): ChildProcess => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'services/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, VIGIL_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  child.on('exit', (code) => {
    if (code !== 0 && code !== null) console.error(`${name} ended with ${code}`);
  });
  return child;
};

/** Runs a command to its end; rejects when it ends with another code than 0. */
export const runVigil = async (args: readonly string[], env: Record<string, string>): Promise<void> => {
  const child = startVigil(args.join(' '), args, env);
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`vigil ${args.join(' ')} ended with ${code}`);
};

const healthy = async (url: string, deadlineMs: number): Promise<void> => {
  for (const until = Date.now() + deadlineMs; Date.now() < until; ) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${url}/healthz was not well within ${deadlineMs / 1e3} s`);
};

/** SIGTERM, and SIGKILL for what is still there eight seconds later. */
export const stopAll = async (children: readonly ChildProcess[]): Promise<void> => {
  await Promise.all(
    children.map((child) => {
      if (child.exitCode !== null || child.signalCode !== null) return undefined;
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 8_000);
      return gone.finally(() => clearTimeout(killer));
    }),
  );
};

/** What does not come up is taken down: a process that is left behind takes its share of the machine from all that comes after. */
const upOrDown = async (url: string, deadlineMs: number, stop: () => Promise<void>): Promise<void> => {
  try {
    await healthy(url, deadlineMs);
  } catch (cause) {
    await stop();
    throw cause;
  }
};

export const deployEmbedded = async (more: Readonly<Record<string, string>> = {}): Promise<Deployment> => {
  const [port, data] = [await freePort(), mkdtempSync(join(tmpdir(), 'vigil-bench-'))];
  const env = { VIGIL_PORT: String(port), VIGIL_DATA_DIR: data, ...more };
  const child = startVigil('vigil', ['start', '--no-simulate'], env);
  const url = `127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await stopAll([child]);
    rmSync(data, { recursive: true, force: true });
  };
  await upOrDown(`http://${url}`, 30_000, stop);
  return { url, processes: [{ name: 'vigil', pid: child.pid! }], stop };
};

/** Three processes of ours on one real broker: the door, the deciding stages, the recorder. */
export const deployKafka = async (): Promise<Deployment> => {
  const { kafkaForTests } = await import('./kafka.ts');
  const kafka = await kafkaForTests();
  if ('skipped' in kafka) throw new Error(kafka.skipped);
  const [port, data] = [await freePort(), mkdtempSync(join(tmpdir(), 'vigil-bench-'))];
  const env = { VIGIL_PORT: String(port), VIGIL_DATA_DIR: data, KAFKA_BROKERS: kafka.brokers.join(',') };
  await runVigil(['topics'], env);
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['front', ['gateway', 'screens']],
    ['engine', ['analysis', 'alarms']],
    ['recorder', ['recorder']],
  ];
  // Every process tells how it does at a port of its own; people and devices come to the front's.
  const children = parts.map(([name, stages]) =>
    startVigil(name, ['stage', ...stages], name === 'front' ? env : { ...env, VIGIL_PORT: '0' }),
  );
  const url = `127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await stopAll(children);
    await kafka.stop();
    rmSync(data, { recursive: true, force: true });
  };
  await upOrDown(`http://${url}`, 60_000, stop);
  return { url, processes: parts.map(([name], i) => ({ name, pid: children[i]!.pid! })), stop };
};
