import { once } from 'node:events';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type JournalOptions, makeJournal } from '../../services/logging/journal.ts';

type Line = Readonly<Record<string, unknown>>;

/** A journal, the lines that it wrote, and the next line to come. */
const written = (options: Omit<JournalOptions, 'destination'>) => {
  const lines: Line[] = [];
  const stream = new Writable({
    write: (bytes, _, done) => {
      lines.push(JSON.parse(String(bytes)) as Line);
      stream.emit('line', lines.at(-1));
      done();
    },
  });
  return {
    journal: makeJournal({ ...options, destination: stream }),
    lines,
    next: async () => ((await once(stream, 'line')) as [Line])[0],
  };
};

describe('the journal', () => {
  it('says at once what is wrong, and at the end of the minute how often it came again', async () => {
    const { journal, lines, next } = written({ level: 'info', repeatsMs: 20 });
    for (const count of [1, 2, 3, 4]) journal.error('the store is away', { topic: 'vigil.alarms', count });
    expect(lines).toMatchObject([{ msg: 'the store is away', count: 1 }]);
    expect(await next()).toMatchObject({ msg: 'the store is away', topic: 'vigil.alarms', times: 3 });
  });

  it('says it anew when it comes back after a minute without', async () => {
    const { journal, lines } = written({ level: 'info', repeatsMs: 1 });
    journal.warn('the log has trouble', { sentence: 'its disk is full' });
    await new Promise((resolve) => setTimeout(resolve, 10));
    journal.warn('the log has trouble', { sentence: 'its disk is full' });
    expect(lines.map(({ times }) => times)).toEqual([undefined, undefined]);
  });

  it('takes nothing for a repetition that is about something else, and counts no news', () => {
    const { journal, lines } = written({ level: 'info' });
    journal.warn('a bed starts from nothing', { bed: 'icu-01' });
    journal.warn('a bed starts from nothing', { bed: 'icu-02' });
    journal.error('a request failed', { path: '/v1/acts' }, new Error('this'));
    journal.error('a request failed', { path: '/v1/acts' }, new Error('that'));
    journal.info('listening', { port: 1 });
    journal.info('listening', { port: 1 });
    expect(lines).toHaveLength(6);
  });

  it('writes every line for those who look for a fault', () => {
    const { journal, lines } = written({ level: 'debug' });
    for (const count of [1, 2, 3]) journal.error('the store is away', { count });
    expect(lines).toHaveLength(3);
  });
});
