/** One process of the command line, as a container runs it: started, broken, started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';

const root = resolve(import.meta.dirname, '../..');

export interface StageProcess {
  /** Where it listens, without the scheme; the same after a restart. */
  readonly address: string;
  readonly pid: () => number;
  /** What it logged, and what it said beside that. */
  readonly lines: () => readonly string[];
  /** Starts it, again if need be, and resolves when /healthz answers. */
  readonly start: () => Promise<void>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** How it ended. */
  readonly ended: () => Promise<readonly [number | null, NodeJS.Signals | null]>;
  /** Blocks its loop for ever, through Node's inspector: the program itself knows nothing of it. */
  readonly block: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface StageSettings {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const READY_MS_MAX = 60_000;
const STOPPED_MS_MAX = 10_000;
const INSPECTED = /Debugger listening on (ws:\S+)/;

const answers = async (address: string, child: ChildProcess, lines: readonly string[]): Promise<void> => {
  for (const until = Date.now() + READY_MS_MAX; Date.now() < until; ) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${lines.slice(-5).join('\n')}`);
    if ((await fetch(`http://${address}/healthz`).catch(() => undefined)) !== undefined) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`nothing answers at ${address} after ${READY_MS_MAX / 1e3} s`);
};

/** Says one thing to a process through its inspector, and does not wait for an answer. */
const evaluate = async (inspector: string, expression: string): Promise<void> => {
  const socket = new WebSocket(inspector);
  await new Promise<void>((opened, failed) => {
    socket.addEventListener('open', () => opened());
    socket.addEventListener('error', () => failed(new Error('the inspector does not answer')));
  });
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
};

export const stageProcess = async ({ words, env }: StageSettings): Promise<StageProcess> => {
  const address = `127.0.0.1:${await freePort()}`;
  const options = ['--inspect=127.0.0.1:0', '--disable-warning=ExperimentalWarning', 'services/main.ts'];
  let child: ChildProcess | undefined;
  let exited: Promise<unknown[]> = Promise.resolve([]);
  let lines: string[] = [];
  const endWithUs = (): void => void child?.kill('SIGKILL');
  process.once('exit', endWithUs);
  const start = async (): Promise<void> => {
    lines = [];
    const mine = spawn(process.execPath, [...options, ...words], {
      ...{ cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
      env: { ...process.env, ...env, VIGIL_PORT: address.split(':')[1]! },
    });
    child = mine;
    exited = once(mine, 'exit');
    for (const output of [mine.stdout!, mine.stderr!])
      createInterface({ input: output }).on('line', (line) => lines.push(line));
    await answers(address, mine, lines);
  };
  return {
    address,
    start,
    pid: () => child!.pid!,
    lines: () => lines,
    signal: (name) => void child?.kill(name),
    ended: async () => (await exited) as unknown as readonly [number | null, NodeJS.Signals | null],
    block: async () => {
      const inspector = lines.map((line) => INSPECTED.exec(line)?.[1]).find((found) => found !== undefined);
      if (inspector === undefined) throw new Error('the process has no inspector');
      await evaluate(inspector, 'for (;;);');
    },
    stop: async () => {
      process.off('exit', endWithUs);
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const impatient = setTimeout(() => child?.kill('SIGKILL'), STOPPED_MS_MAX);
      await exited.finally(() => clearTimeout(impatient));
    },
  };
};
