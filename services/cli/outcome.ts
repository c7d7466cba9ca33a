/** How a command ends: 0 done, 1 it failed, 2 it was asked for wrongly (arguments or configuration). */
export type ExitCode = 0 | 1 | 2;

/** A command that cannot go on says so with sentences for the person at the keyboard: what, where, what to do. */
export class CommandFailed extends Error {
  readonly exitCode: 1 | 2;
  readonly sentences: readonly string[];
  constructor(exitCode: 1 | 2, sentences: readonly string[], cause?: unknown) {
    super(sentences.join('\n'), cause === undefined ? undefined : { cause });
    this.name = 'CommandFailed';
    this.exitCode = exitCode;
    this.sentences = sentences;
  }
}

/** The command did not succeed: exit code 1. */
export const failed = (...sentences: readonly string[]): CommandFailed => new CommandFailed(1, sentences);
/** It was asked for wrongly: exit code 2. */
export const misused = (...sentences: readonly string[]): CommandFailed => new CommandFailed(2, sentences);

/** Where a command speaks. Answers (paths, JSON) go out; everything about the work goes to the side. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly side: (line: string) => void;
  /** A person looks at the side channel: bars may move. */
  readonly interactive: boolean;
}

/** Who reads a few lines only (`| head`) hangs up before a command has said all: that is his affair and no fault. */
const letHangUp = (stream: NodeJS.WriteStream): void => {
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EPIPE') throw cause;
  });
};

/** This process's own terminal. */
export const processTerminal = (): Terminal => {
  letHangUp(process.stdout);
  letHangUp(process.stderr);
  return {
    out: (line) => {
      process.stdout.write(`${line}\n`);
    },
    side: (line) => {
      process.stderr.write(`${line}\n`);
    },
    interactive: process.stderr.isTTY === true,
  };
};
