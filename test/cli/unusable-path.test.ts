import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runVigil } from '../operations/vigil-process.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { vigil } from './terminal.ts';

/** There, and takes no folders, whoever asks: Node's own recursive mkdir tries for ever. */
const NO_FOLDER = '/proc/x';

describe('a path that cannot be written', () => {
  it.each([
    [
      'start',
      { VIGIL_DATA_DIR: NO_FOLDER, VIGIL_PORT: '0' },
      /^VIGIL_DATA_DIR is \/proc\/x, which cannot be made: ENOENT/,
    ],
    [
      'stage alarms',
      { VIGIL_DATA_DIR: NO_FOLDER, VIGIL_PORT: '0' },
      /VIGIL_DATA_DIR is \/proc\/x, which cannot be made/,
    ],
    ['secrets --out /proc/x', {}, /The secrets in \/proc\/x cannot be written: .*Give the folder to the user/],
  ])('is said by vigil %s, which ends', async (words, env, sentence) => {
    const { code, said } = await runVigil(words.split(' '), env);
    expect(code).toBe(1);
    expect(said).toMatch(sentence);
  });

  it('is said before the work begins, with what to do', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, { file: 'x', 'stays.csv': 'x' });
    await mkdir(`${folder.path}/records`);
    await put(`${folder.path}/records`, { 'a.hea': 'not looked at' });
    const records = ['--wfdb', `${folder.path}/records`];
    const cases: readonly (readonly [readonly string[], string])[] = [
      [
        ['replay', ...records, '--out', `${folder.path}/file`],
        `${folder.path}/file cannot be made: something else has that name (EEXIST). Choose another path`,
      ],
      [
        ['replay', ...records, '--out', `${folder.path}/file/out`],
        `${folder.path}/file/out cannot be made: a part of the path is a file, not a folder (ENOTDIR)`,
      ],
      [
        ['replay', ...records, '--out', NO_FOLDER],
        '/proc/x cannot be made: it, or a folder above it, is not there and cannot be made (ENOENT)',
      ],
      [['evaluate', 'rhythm', ...records, '--out', `${folder.path}/file`], 'something else has that name'],
      [['evaluate', 'beats', ...records, '--out', `${folder.path}/file`], 'something else has that name'],
      [
        ['evaluate', 'alarms', '--cinc2015', folder.path, '--verdicts', '/nowhere/v.csv'],
        '--verdicts: there is no folder /nowhere for /nowhere/v.csv; make it',
      ],
      [
        ['evaluate', 'sepsis', '--csv', `${folder.path}/stays.csv`, '--out', `${folder.path}/file`],
        'something else has that name',
      ],
      [
        ['score-stays', '--csv', `${folder.path}/stays.csv`, '--out', '/nowhere/out.csv'],
        '--out: there is no folder /nowhere for /nowhere/out.csv; make it, or choose another.',
      ],
      [
        ['score-stays', '--csv', `${folder.path}/stays.csv`, '--out', folder.path],
        `--out: ${folder.path} is a folder; name a file in it.`,
      ],
    ];
    for (const [words, sentence] of cases) {
      const { code, side } = await vigil(...words);
      expect([words[0], code, side]).toEqual([words[0], 2, expect.stringContaining(sentence)]);
    }
    expect(existsSync('/nowhere')).toBe(false);
  });
});
