import { Worker } from 'node:worker_threads';
import type { Topic } from '../../../schemas/topics.ts';
import type { LogError } from '../../ports/event-log.ts';
import type { Answers, Ask, LogThreadSettings, Told } from './log-thread-messages.ts';

/** A question without its number; the union keeps its members apart. */
export type Question = Ask extends infer Each ? (Each extends Ask ? Omit<Each, 'id'> : never) : never;
type QuestionOf<K extends Ask['ask']> = Omit<Extract<Ask, { ask: K }>, 'id'>;
/** What the thread says to one reader. */
export type ReaderNews = Extract<Told, { readonly reader: number }>;

/** The log's thread as its handle sees it: questions with answers, and news for the readers. */
export interface LogThread {
  readonly partitions: ReadonlyMap<Topic, number>;
  /** Rejects with a LogError. */
  readonly ask: <K extends Ask['ask']>(question: QuestionOf<K> & { readonly ask: K }) => Promise<Answers[K]>;
  /** A fetch that can be called off; it then answers with nothing. */
  readonly fetch: (question: QuestionOf<'fetch'>, signal: AbortSignal) => Promise<Answers['fetch']>;
  readonly listen: (reader: number, listener: (news: ReaderNews) => void) => void;
  readonly forget: (reader: number) => void;
  /** Resolves with the reason when the thread has ended. */
  readonly ended: Promise<LogError>;
}

/** The answer to whoever asks after the end. */
export const CLOSED: LogError = { tag: 'Closed', retriable: false, sentence: 'the log is closed' };

/** Starts the thread and waits until the file is open. Rejects with a LogError. */
export const startLogThread = async (
  settings: LogThreadSettings,
  onTrouble: (sentence: string) => void,
): Promise<LogThread> => {
  const worker = new Worker(new URL('./log-thread.ts', import.meta.url), {
    workerData: settings,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    name: 'vigil-log',
  });
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: LogError) => void }>();
  const listeners = new Map<number, (news: ReaderNews) => void>();
  const opened = Promise.withResolvers<ReadonlyMap<Topic, number>>();
  const ended = Promise.withResolvers<LogError>();
  let over: LogError | undefined;
  let lastId = 0;

  const end = (error: LogError): void => {
    if (over !== undefined) return;
    over = error;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
    opened.reject(error);
    ended.resolve(error);
  };
  worker.on('message', (told: Told) => {
    switch (told.told) {
      case 'opened':
        return opened.resolve(told.partitions);
      case 'refused':
        return end(told.error);
      case 'answer':
        pending.get(told.id)?.resolve(told.value as never);
        pending.delete(told.id);
        return;
      case 'failed':
        pending.get(told.id)?.reject(told.error);
        pending.delete(told.id);
        return;
      case 'trouble':
        return onTrouble(told.sentence);
      default:
        return listeners.get(told.reader)?.(told);
    }
  });
  worker.on('error', (cause) =>
    end({ tag: 'LogFailed', retriable: false, sentence: `the log's thread failed: ${String(cause)}`, cause }),
  );
  worker.on('exit', () => end(CLOSED));

  const send = (question: Question, id: number): Promise<never> => {
    if (over !== undefined) return Promise.reject(over);
    const { promise, resolve, reject } = Promise.withResolvers<never>();
    pending.set(id, { resolve, reject });
    worker.postMessage({ ...question, id }, bytesOf(question));
    return promise;
  };
  const ask: LogThread['ask'] = (question) => send(question as Question, ++lastId);

  return {
    partitions: await opened.promise,
    ask,
    fetch: (question, signal) => {
      if (signal.aborted) return Promise.resolve([]);
      const id = ++lastId;
      const callOff = (): void => void ask({ ask: 'cancel', fetch: id }).catch(() => undefined); // closed: nothing waits
      signal.addEventListener('abort', callOff, { once: true });
      return send(question as Question, id).finally(() => signal.removeEventListener('abort', callOff));
    },
    listen: (reader, listener) => void listeners.set(reader, listener),
    forget: (reader) => void listeners.delete(reader),
    ended: ended.promise,
  };
};

/** The packed values are given away, not copied. */
const bytesOf = (question: Question): ArrayBuffer[] => {
  if (question.ask === 'append') return [question.records.bytes.buffer];
  if (question.ask === 'settle') return [question.outputs.bytes.buffer];
  return [];
};
