import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { moment } from '../../schemas/units.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import { right } from '../right.ts';
import { freshDataFolder } from './data-folder.ts';
import { vigil } from './terminal.ts';

const folder = freshDataFolder();

const hold = (...words: readonly string[]) => vigil('hold', ...words, ...folder.config);
const SPAN = ['--from', '2026-11-20T08:00+01:00', '--to', '2026-11-21T08:00Z'] as const;

describe('vigil hold', () => {
  it('places a hold, lists it with who and why, and releases it', async () => {
    const placed = await hold('add', '--bed', 'icu-04', ...SPAN, '--reason', 'court, file 12/34', '--by', 'M. Weber');
    expect(placed.code).toBe(0);
    expect(placed.out).toMatch(/^h-[0-9a-f]{8}$/);
    const id = placed.out;
    expect(placed.side).toContain(`Held: bed icu-04, 2026-11-20T07:00:00Z … 2026-11-21T08:00:00Z`);
    const listed = await hold('list');
    expect(listed.out).toMatch(
      new RegExp(`^${id} {2}icu-04 {2}2026-11-20T07:00:00Z … 2026-11-21T08:00:00Z\n {4}placed .*Z by M. Weber: court`),
    );
    const over = await hold('release', id, '--reason', 'the case is closed', '--by', 'A. Klein');
    expect([over.code, over.side]).toEqual([0, expect.stringContaining('Released: bed icu-04')]);
    expect(await hold('list')).toEqual({ code: 0, out: '', side: 'No hold stands.' });
    const all = await hold('list', '--all');
    expect(all.out).toMatch(
      /placed .*Z by M. Weber: court, file 12\/34\n {4}released .*Z by A. Klein: the case is closed/,
    );
  });

  it('does not say that no hold stands where no series ever were, and makes no file by asking', async () => {
    const { code, side } = await hold('list');
    expect([code, side]).toEqual([
      1,
      expect.stringMatching(/There is no .*series\.db, so no holds are known\. Is VIGIL_DATA_DIR/),
    ]);
    expect(existsSync(`${folder.path}/series.db`)).toBe(false);
  });

  it('says which zone it took where none was written, and nothing of zones where one was', async () => {
    const rest = ['--reason', 'study'];
    const { code, side } = await hold('add', '--bed', 'b', '--from', '2026-11-20T08:00', '--to', '2026-11-21', ...rest);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const as = (text: string): string => new Date(text).toISOString().replace('.000Z', 'Z');
    expect(code).toBe(0);
    expect(side).toContain(
      `No zone was given, so this machine's was taken (${zone}): ${as('2026-11-20T08:00')} and ${as('2026-11-21T00:00')}. If`,
    );
    expect((await hold('add', '--bed', 'b', ...SPAN, ...rest)).side).not.toContain('zone');
  });

  it('says that nothing is kept of a bed whose name is misspelt, and holds it all the same', async () => {
    const store = await openSqliteSeriesStore({ path: `${folder.path}/series.db` });
    const at = moment(Date.UTC(2026, 10, 20, 12) * 1e3);
    const numerics = [{ bed: 'icu-04', device: 1, source: 'm', code: MDC.spo2, unit: '%', at, value: 97 }];
    right(await store.write({ numerics, findings: [], alarms: [], strips: [], engine: [] })());
    right(await store.rollUp({ from: at, to: moment(at + 60e6) })());
    await store.close();
    const rest = [...SPAN, '--reason', 'study'];
    expect((await hold('add', '--bed', 'icu-04', ...rest)).side).not.toMatch(/spelt/);
    const { code, side } = await hold('add', '--bed', 'icu-4', ...rest);
    expect([code, side]).toEqual([0, expect.stringContaining('is the bed spelt as its series have it?')]);
  });

  it.each([
    [['add', '--bed', 'icu-04', '--from', 'soon', '--reason', 'x'], 2, /must be a time such as/],
    [['add', '--bed', ' ', '--from', '2026-11-20', '--reason', 'x'], 2, /must not be empty/],
    [
      ['add', '--bed', 'b', '--from', '2026-11-20', '--to', '2026-11-19', '--reason', 'x'],
      2,
      /--to is not after --from/,
    ],
    [['add', '--bed', 'b', '--from', '2026-11-20'], 2, /required option '--reason <words>' not specified/],
    [['release', 'h-00000000'], 1, /No hold h-00000000 stands; vigil hold list names those that do/],
  ] as const)('asked for %j ends with %d and a sentence', async (words, code, sentence) => {
    const told = await hold(...words);
    expect([told.code, told.side]).toEqual([code, expect.stringMatching(sentence)]);
  });
});
