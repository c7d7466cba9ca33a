/** A stage of a distributed Vigil in a process of its own, as a container runs it: `vigil stage NAME…`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');

/** A line of a process's journal: its event, and the fields that the event has. */
export interface JournalLine {
  readonly msg: string;
  readonly level: number;
  readonly stage?: string;
  readonly topic?: string;
  readonly partition?: number;
  readonly count?: number;
  readonly sentence?: string;
  /** When it was heard here, ms since 1970. */
  readonly atMs: number;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal that was sent last to the end. */
  readonly tookMs: number;
}

export interface StageProcess {
  readonly name: string;
  readonly pid: number;
  readonly startedMs: number;
  readonly journal: readonly JournalLine[];
  /** The first line of the journal, said or to be said, of which this is true. Rejects when the process ends before. */
  readonly says: (which: (line: JournalLine) => boolean) => Promise<JournalLine>;
  /** Resolves when its stages run. */
  readonly running: () => Promise<void>;
  readonly send: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
  /** SIGTERM, as an orchestrator stops a container. */
  readonly stop: () => Promise<Ended>;
  /** SIGKILL, as the kernel does when memory is short. */
  readonly kill: () => Promise<Ended>;
}

/** What runs now; whatever a test or script forgets ends with it. */
const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** INFO in pino's numbers is 30; warnings and errors are shown to whoever watches the test. */
const WARN = 40;

/** Unless `env` says otherwise it listens on any free port. */
export const startStage = (stages: readonly string[], env: Readonly<Record<string, string>>): StageProcess => {
  const name = stages.join('+');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'services/main.ts', 'stage', ...stages],
    {
      cwd: root,
      env: { ...process.env, VIGIL_LOG_LEVEL: 'info', VIGIL_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  alive.add(child);
  const startedMs = Date.now();
  const journal: JournalLine[] = [];
  const words: string[] = [];
  const listeners = new Set<() => void>();
  const told = (): void => {
    for (const listener of [...listeners]) listener();
  };
  createInterface({ input: child.stdout! }).on('line', (text) => {
    const line = { ...(JSON.parse(text) as JournalLine), atMs: Date.now() };
    journal.push(line);
    if (line.level >= WARN && process.env['VIGIL_TEST_VERBOSE']) console.error(`${name} ${child.pid}: ${text}`);
    told();
  });
  createInterface({ input: child.stderr! }).on('line', (line) => {
    words.push(line);
    told();
  });
  let signalledMs = startedMs;
  const ended = once(child, 'exit').then(([code, signal]) => {
    alive.delete(child);
    told();
    return { code, signal, tookMs: Date.now() - signalledMs } as Ended;
  });
  const first = <A>(look: () => A | undefined, wanted: string): Promise<A> => {
    const { promise, resolve: found, reject } = Promise.withResolvers<A>();
    const listener = (): void => {
      const it = look();
      if (it !== undefined) found(it);
      else if (child.exitCode !== null || child.signalCode !== null)
        reject(new Error(`${name} ended before ${wanted}: ${words.slice(-5).join(' | ')}`));
      else return;
      listeners.delete(listener);
    };
    listeners.add(listener);
    listener();
    return promise;
  };
  const send = (signal: NodeJS.Signals): void => {
    signalledMs = Date.now();
    child.kill(signal);
  };
  return {
    ...{ name, pid: child.pid!, startedMs, journal, send, ended },
    says: (which) => first(() => journal.find(which), 'it said what was waited for'),
    running: () => first(() => (words.some((word) => word.startsWith('Running:')) ? true : undefined), 'it ran').then(),
    stop: () => {
      send('SIGTERM');
      return ended;
    },
    kill: () => {
      send('SIGKILL');
      return ended;
    },
  };
};

/** A partition was given to the stage of that name. */
export const isGiven =
  (stage: string) =>
  (line: JournalLine): boolean =>
    line.msg === 'a partition was given to a stage' && line.stage === stage;
