/** Figures of a run that failed must not be those of the run before. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vigil } from '../cli/terminal.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';

const reportsOf = (name: string) => [`${name}.html`, `${name}.json`, `${name}.txt`];

describe.each([
  ['beats', '--wfdb'],
  ['rhythm', '--wfdb'],
  ['alarms', '--cinc2015'],
  ['sepsis', '--csv'],
])('vigil evaluate %s', (what, option) => {
  it('leaves no reports of an earlier run when it fails, and all of them when it was asked for wrongly', async () => {
    await using data = await temporaryFolder();
    await using out = await temporaryFolder();
    await put(out.path, Object.fromEntries([...reportsOf(what), 'mine.txt'].map((name) => [name, 'old'])));
    const evaluate = (input: string) => vigil('evaluate', what, option, input, '--out', out.path);
    expect((await evaluate(join(data.path, 'misspelt'))).code).not.toBe(0);
    expect((await readdir(out.path)).sort()).toEqual([...reportsOf(what), 'mine.txt'].sort());
    // Nothing of it can be judged: it has no reference, no alarm, no row.
    await put(data.path, { ...madeRhythm('bare', 'vt', 20, 3), 'stays.csv': 'PatientID,HR\n' });
    expect((await evaluate(what === 'sepsis' ? join(data.path, 'stays.csv') : data.path)).code).not.toBe(0);
    expect(await readdir(out.path)).toEqual(['mine.txt']);
  });
});
