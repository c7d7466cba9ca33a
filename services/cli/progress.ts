import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from './outcome.ts';

/** Shows how far a piece of work is, once it has taken longer than people like to wait without a word. */
export interface Progress {
  /** `done` of `total`, in any unit; `word` says what is being done. */
  readonly at: (done: number, total: number, word?: string) => void;
  readonly end: () => void;
}

const SILENT_MS = 2_000;
const LINE_EVERY_MS = 5_000;

const percent = (done: number, total: number): number => (total > 0 ? Math.min(100, (100 * done) / total) : 0);

const barProgress = (title: string): Progress => {
  const began = performance.now();
  let bar: SingleBar | undefined;
  return {
    at: (done, total, word = '') => {
      if (bar === undefined && performance.now() - began < SILENT_MS) return;
      if (bar === undefined) {
        const format = `${title} {bar} {percentage} % {word}`;
        bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: true }, Presets.rect);
        bar.start(100, 0, { word });
      }
      bar.update(Math.floor(percent(done, total)), { word });
    },
    end: () => bar?.stop(),
  };
};

const lineProgress = (title: string, terminal: Terminal): Progress => {
  const began = performance.now();
  let spoke = began;
  return {
    at: (done, total, word = '') => {
      const now = performance.now();
      if (now - began < SILENT_MS || (spoke > began && now - spoke < LINE_EVERY_MS)) return;
      spoke = now;
      terminal.side(`${title}: ${Math.floor(percent(done, total))} % ${word}`.trimEnd());
    },
    end: () => undefined,
  };
};

/** A moving bar for a person, a line every five seconds for a file; neither in the first two seconds. */
export const showProgress = (title: string, terminal: Terminal): Progress =>
  terminal.interactive ? barProgress(title) : lineProgress(title, terminal);
