import type { Journal, JournalFields } from '../logging/journal.ts';
import type { Terminal } from './outcome.ts';

const told = (event: string, { bed, stage, sentence, why }: JournalFields = {}, cause?: unknown): string =>
  [
    event,
    ...(stage === undefined ? [] : [`stage ${stage}`]),
    ...(bed === undefined ? [] : [`bed ${bed}`]),
    ...[sentence, why].filter((each) => each !== undefined),
    ...(cause instanceof Error ? [cause.message] : []),
  ].join(': ');

/** The journal of a command that a person waits for: warnings and errors as sentences, nothing else. */
export const terminalJournal = (terminal: Terminal): Journal => ({
  info: () => undefined,
  warn: (event, fields) => terminal.side(told(event, fields)),
  error: (event, fields, cause) => terminal.side(told(event, fields, cause)),
});
