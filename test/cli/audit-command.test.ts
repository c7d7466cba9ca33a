import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { moment } from '../../schemas/units.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { makeAudit } from '../../services/audit/audit.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { freshDataFolder } from './data-folder.ts';
import { vigil } from './terminal.ts';

const folder = freshDataFolder();
const audit = (...words: readonly string[]) => vigil('audit', ...words, ...folder.config);
const logFile = (): string => join(folder.path, 'log.db');
const journalFile = (): string => join(folder.path, 'vigil.log');

/** A front that shows P-1 in icu-04, opened by Ada, and stops. Its journal lies in a file. */
const front = async (): Promise<void> => {
  const log = await openSqliteEventLog({ path: logFile() });
  let lines = '';
  const kept = makeAudit({
    ...{ log, now: () => moment(Date.now() * 1e3), ticks: false },
    journal: makeJournal({ level: 'info', destination: { write: (line) => (lines += line) } }),
    begun: { process: 'front', version: '0.1.0', user: 'ops', config: '{"keepAuditDays":2192}' },
  });
  kept.tell({ case: 'lies', value: { bed: 'icu-04', patient: 'P-1' } }, 'icu-04');
  kept.tell({ case: 'consoleOpened', value: { session: 1, who: { token: '0123456789ab', address: '10.1.2.3' } } });
  kept.tell(
    { case: 'lookedAt', value: { session: 1, bed: 'icu-04', patient: 'P-1', name: 'Ada \u001b[2J' } },
    'icu-04',
  );
  kept.tell({ case: 'consoleClosed', value: { session: 1 } });
  await kept.close();
  await log.close();
  await writeFile(journalFile(), `front-1  | ${lines}no JSON\n`);
};

/** What somebody does who may write to the file. */
const tamper = (sql: string): void => {
  const database = new DatabaseSync(logFile());
  const { lane } = database.prepare("SELECT lane FROM lanes WHERE topic = 'vigil.audit'").get() as { lane: number };
  database.exec(sql.replaceAll('LANE', `lane_${lane}`));
  database.close();
};

describe('vigil audit', () => {
  it('says who saw a patient, in words that move no terminal, or an object a line', async () => {
    await front();
    const { code, out } = await audit('--who-saw', 'P-1');
    expect(code).toBe(0);
    expect(
      out
        .split('\n')
        .map((line) => line.replace(/\d{4}-\S+Z/g, 'TIME'))
        .sort(),
    ).toEqual([
      'TIME … TIME  Ada \uFFFD[2J  opened the bed  icu-04 (P-1)  token 0123456789ab  10.1.2.3  front',
      'TIME … TIME  nobody had signed  had the ward on a screen  icu-04 (P-1)  token 0123456789ab  10.1.2.3  front',
    ]);
    const asJson = await audit('--who-saw', 'icu-04', '--json');
    expect(asJson.out.split('\n').map((line) => JSON.parse(line).bed)).toEqual(['icu-04', 'icu-04']);
    expect(await audit('--who-saw', 'P-1', '--to', '2020-01-01')).toMatchObject({ code: 0, out: '' });
    expect((await audit('--who-saw', 'P-2')).side).toContain('Nobody saw P-2');
  });

  it('finds that all is as it was written, and what was taken out, changed or cut off, with the first bad one', async () => {
    await front();
    const all = await audit('--verify', '--anchors', journalFile());
    expect(all).toMatchObject({ code: 0, side: expect.stringContaining('reach as far as the journal tells') });
    expect(all.out).toBe(
      '6 entries in 1 chains (0 without a last word, 0 of which something went for its age), held against 1 heads told elsewhere.',
    );
    tamper('UPDATE LANE SET value = (SELECT value FROM LANE WHERE offset = 0) WHERE offset = 1');
    const changed = await audit('--verify');
    expect([changed.code, changed.side]).toEqual([
      1,
      expect.stringMatching(/the first that is wrong: vigil\.audit\/0\/\d {2}chain [\da-f]{32}, entry 1: /),
    ]);
  });

  it('misses an end that was cut off with all its traces, where the journal has the head', async () => {
    await front();
    tamper("DELETE FROM LANE WHERE offset >= 3; UPDATE lanes SET next = 3 WHERE topic = 'vigil.audit'");
    const { code, side } = await audit('--verify', '--anchors', journalFile());
    expect([code, side]).toEqual([
      1,
      expect.stringContaining('the journal tells of entry 5, and the chain ends with 3: its end was taken away'),
    ]);
  });

  it('has holds, and what was taken out of the refused, with who did it', async () => {
    await front();
    const placed = await vigil(
      'hold',
      'add',
      '--bed',
      'icu-04',
      '--from',
      '2026-11-20T08:00Z',
      '--reason',
      'court',
      '--by',
      'M. Weber',
      ...folder.config,
    );
    expect(placed.code).toBe(0);
    expect((await audit('--who-saw', 'icu-04')).out).toMatch(
      new RegExp(`M. Weber {2}vigil hold add ${placed.out} {2}icu-04`),
    );
    expect((await audit('--verify')).code).toBe(0);
  });

  it('lists starts with their settings', async () => {
    await front();
    expect((await audit('--starts')).out).toMatch(/Z {2}front {2}Vigil 0\.1\.0 {2}user ops/);
  });

  it.each([
    [[], 2, 'Say one of --who-saw, --starts and --verify'],
    [['--verify', '--starts'], 2, 'Say one of'],
    [['--starts', '--anchors', 'x'], 2, '--anchors is for --verify'],
    [['--who-saw', ''], 2, 'must be the name of a bed or the id of a patient'],
    [['--verify'], 1, 'so nothing is known'],
  ] as const)('asked for %j ends with %d and a sentence', async (words, code, sentence) => {
    expect(await audit(...words)).toMatchObject({ code, side: expect.stringContaining(sentence) });
  });
});
