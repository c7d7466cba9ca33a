/** Vigil as an engineer starts it: the command line in a process of its own, and what it says there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
/** The words that start the command line. */
export const VIGIL = [process.execPath, '--disable-warning=ExperimentalWarning', `${root}/services/main.ts`] as const;

/** A line of the log that an operator reads. */
export interface JournalLine {
  readonly level: number;
  readonly msg: string;
  readonly sentence?: string;
  readonly [field: string]: unknown;
}

export interface VigilProcess {
  readonly pid: number;
  /** Everything that it said so far, to both channels. */
  readonly said: () => string;
  /** Lines of its log at warning level and above whose event is this. */
  readonly troubles: (event: string) => readonly JournalLine[];
  /** Resolves with the words when they are said; rejects when it ends without them. */
  readonly says: (words: RegExp) => Promise<RegExpExecArray>;
  readonly ended: Promise<number | null>;
  /** SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
}

const journalLines = (said: string): readonly JournalLine[] =>
  said
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as JournalLine];
      } catch {
        return []; // the line is not complete yet
      }
    });

export const follow = (child: ChildProcess): VigilProcess => {
  let said = '';
  const listeners = new Set<() => void>();
  const heard = (bytes: unknown): void => {
    said += String(bytes);
    for (const listener of listeners) listener();
  };
  child.stdout?.on('data', heard);
  child.stderr?.on('data', heard);
  let over = false;
  const ended = once(child, 'close').then(([code]) => {
    over = true;
    for (const listener of listeners) listener();
    return code as number | null;
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void ended.then(() => process.off('exit', endWithUs));
  return {
    pid: child.pid!,
    said: () => said,
    troubles: (event) => journalLines(said).filter(({ level, msg }) => level >= 40 && msg === event),
    says: (words) =>
      new Promise((found, failed) => {
        const look = (): void => {
          const match = words.exec(said);
          if (match === null && !over) return;
          listeners.delete(look);
          if (match !== null) found(match);
          else failed(new Error(`it ended without saying ${words}:\n${said}`));
        };
        listeners.add(look);
        look();
      }),
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
};

type Variables = Readonly<Record<string, string>>;

/** Starts it with these variables and no others of Vigil's. */
export const startVigil = (words: readonly string[], env: Variables): VigilProcess => {
  const [node, ...rest] = VIGIL;
  const { PATH = '' } = process.env;
  return follow(
    spawn(node, [...rest, ...words], { cwd: root, env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
};

/** Runs it to its end. */
export const runVigil = async (
  words: readonly string[],
  env: Variables,
): Promise<{ readonly code: number | null; readonly said: string }> => {
  const vigil = startVigil(words, env);
  const code = await vigil.ended;
  return { code, said: vigil.said() };
};
