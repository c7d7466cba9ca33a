import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainDeterioration } from '../../services/train/deterioration/train-deterioration.ts';
import { vigil } from '../cli/terminal.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { type Cells, COLUMNS, csvOf, madeRows } from './made-stays.ts';

/** A small network of this test's own: what is promised here holds for any. */
let model = '';
let home: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  home = await temporaryFolder();
  await put(home.path, { 'train.csv': csvOf(madeRows(60, 1)) });
  await mkdir(join(home.path, 'out'));
  const data = join(home.path, 'train.csv');
  ({ model } = await trainDeterioration({
    data,
    out: join(home.path, 'out'),
    seed: 1,
    epochs: 1,
    folds: 2,
    members: 1,
  }));
  return () => home[Symbol.asyncDispose]();
});

/** Scores rows through the command line; the lines of the output. */
const scored = async (rows: readonly Cells[], columns?: readonly string[]): Promise<readonly string[]> => {
  await using folder = await temporaryFolder();
  await put(folder.path, { 'in.csv': csvOf(rows, columns) });
  const out = join(folder.path, 'out.csv');
  const told = await vigil('score-stays', '--csv', join(folder.path, 'in.csv'), '--out', out, '--model', model);
  expect(told.code, told.side).toBe(0);
  return (await readFile(out, 'utf8')).trimEnd().split('\n');
};

/** What is said of a file that cannot be used. */
const refused = async (text: string | Uint8Array): Promise<string> => {
  await using folder = await temporaryFolder();
  await put(folder.path, { 'in.csv': text });
  const out = join(folder.path, 'out.csv');
  const told = await vigil('score-stays', '--csv', join(folder.path, 'in.csv'), '--out', out, '--model', model);
  expect(told.code).toBe(2);
  await expect(readFile(out)).rejects.toThrow('ENOENT');
  return told.side.replaceAll(`${folder.path}/`, '');
};

describe('vigil score-stays', () => {
  it('writes one line per row, in the order of the file: a probability or nothing, and 0 or 1', async () => {
    const rows = madeRows(9, 2);
    const [header, ...lines] = await scored(rows);
    expect(header).toBe('PatientID,ICULOS,risk,alarm');
    expect(lines.map((line) => line.split(',').slice(0, 2))).toEqual(
      rows.map((row) => [row['PatientID']!, row['ICULOS']!]),
    );
    for (const line of lines) expect(line).toMatch(/^m\d+,\d+,((0|1)\.\d{5},[01]|,0)$/);
  });

  it('uses a row and earlier ones only, and no other stay', async () => {
    const rows = madeRows(5, 3);
    const all = await scored(rows);
    const cut = await scored(rows.filter((row) => Number(row['ICULOS']) <= 9));
    expect(all.filter((line) => Number(line.split(',')[1]) <= 9 || line.startsWith('Pat'))).toEqual(cut);
    const alone = await scored(rows.filter((row) => row['PatientID'] === 'm3'));
    expect(all.filter((line) => line.startsWith('m3,'))).toEqual(alone.slice(1));
  });

  it('goes by the names of the columns, whatever their order, and needs no label', async () => {
    const rows = madeRows(3, 4);
    const others = [...COLUMNS].reverse().filter((name) => name !== 'SepsisLabel');
    expect(await scored(rows, [...others, 'Ward'])).toEqual(await scored(rows));
  });

  it('gives no number out of missing inputs', async () => {
    const hours = Array.from({ length: 40 }, (_, i) => i + 1);
    const rows = hours.map(
      (hour): Cells => ({
        PatientID: 'a',
        ICULOS: String(hour),
        ...(hour === 3 ? { HR: '80', Resp: '14' } : {}),
      }),
    );
    const lines = (await scored(rows)).slice(1);
    const said = lines.map((line) => line.split(',')[2] !== '');
    expect(said).toEqual(hours.map((hour) => hour >= 3 && hour <= 27));
  });

  it('reads line ends of Windows, a byte order mark, NaN and blanks where nothing was measured', async () => {
    const rows = madeRows(2, 5);
    await using folder = await temporaryFolder();
    const text = csvOf(
      rows.map((row) => ({ ...row, EtCO2: 'NaN', Hgb: 'NaN', BaseExcess: ' ', Bilirubin_total: '  ' })),
    );
    await put(folder.path, { 'in.csv': `\uFEFF${text.replaceAll('\n', '\r\n')}` });
    const out = join(folder.path, 'out.csv');
    await vigil('score-stays', '--csv', join(folder.path, 'in.csv'), '--out', out, '--model', model);
    expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toEqual(await scored(rows));
  });

  it.each([
    ['quoted cells', (text: string) => text.replaceAll(/[^,\n]+/g, '"$&"')],
    ['semicolons', (text: string) => text.replaceAll(',', ';')],
    ['tabs', (text: string) => text.replaceAll(',', '\t')],
    ['the bars of the challenge', (text: string) => text.replaceAll(',', '|')],
    ['a header in lower case', (text: string) => text.replace(/^.*/, (header) => header.toLowerCase())],
    ['NA, as R writes it', (text: string) => text.replaceAll(/(?<=,)(?=,)/g, 'NA')],
    ['nan and null', (text: string) => text.replaceAll(/(?<=,)(?=,)/g, 'nan').replace(',nan,', ',null,')],
  ])('reads %s', async (_, written) => {
    const rows = madeRows(2, 5);
    await using folder = await temporaryFolder();
    await put(folder.path, { 'in.csv': written(csvOf(rows)) });
    const out = join(folder.path, 'out.csv');
    const told = await vigil('score-stays', '--csv', join(folder.path, 'in.csv'), '--out', out, '--model', model);
    expect(told.code, told.side).toBe(0);
    expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toEqual(await scored(rows));
  });

  it('writes a name with a comma so that it stays one cell', async () => {
    const name = '"Bed 4, ""window"""';
    const [, line] = await scored([{ ...madeRows(1, 5)[0]!, PatientID: name }]);
    expect(line?.startsWith(`${name},1,`)).toBe(true);
  });

  it('says what is wrong with a file, where, and what to do', async () => {
    const rows = madeRows(2, 6);
    const whole = csvOf(rows);
    const columns = COLUMNS.filter((name) => name !== 'HR' && name !== 'WBC');
    expect(await refused(csvOf(rows, columns))).toContain(
      'in.csv, line 1: the header lacks HR, WBC. Add what is missing; a column that nobody measured may be empty.',
    );
    expect(await refused('1,2,3\n')).toContain('in.csv, line 1: this is no header of a file of stays');
    expect(await refused('')).toContain('in.csv is empty');
    expect(await refused(gzipSync(whole))).toContain('in.csv is no text in UTF-8. Unpack it if it is compressed');
    expect(await refused(Buffer.from(whole, 'utf16le'))).toContain('in.csv is no text in UTF-8');
    expect(await refused(whole.replaceAll('\n', '\r'))).toContain('in.csv has line ends of carriage returns alone');
    expect(await refused(csvOf([{ ...rows[0]!, ICULOS: 'first' }]))).toContain(
      'in.csv, line 2: ICULOS is "first", which is no number',
    );
    expect(await refused(csvOf([{ ...rows[0]!, SepsisLabel: 'yes' }]))).toContain('line 2: SepsisLabel is "yes"');
    expect(await refused(whole.replace(/\n(m0,[^\n]*)\n/, '\n$1,\n'))).toContain(
      'line 2: 43 cells where the header has 42',
    );
    expect(await refused(csvOf([...rows, rows[0]!]))).toMatch(/rows of m0 were already seen.*Sort the file/);
    expect(await refused(csvOf([rows[1]!, rows[0]!]))).toMatch(/line 3: ICULOS of m0 does not grow/);
    expect(await refused(csvOf([{ ...rows[0]!, ICULOS: '' }]))).toContain('line 2: there is no ICULOS');
    const told = await vigil('score-stays', '--csv', '/nowhere.csv', '--out', '/tmp/none.csv', '--model', model);
    expect(told.side).toContain('/nowhere.csv cannot be read');
  });

  it('takes a measurement that is no number for not measured, names it and counts it', async () => {
    const rows = madeRows(2, 6);
    const spoilt = (HR: string, Lactate: string, Age: string): readonly Cells[] =>
      rows.map((row, i) => (i === 4 ? { ...row, HR } : i === 7 ? { ...row, Lactate, Age } : row));
    await using folder = await temporaryFolder();
    await put(folder.path, { 'in.csv': csvOf(spoilt('fast', '<0.3', '0x50')) });
    const [csv, out] = ['in.csv', 'out.csv'].map((name) => join(folder.path, name)) as [string, string];
    const told = await vigil('score-stays', '--csv', csv, '--out', out, '--model', model);
    expect(told.code, told.side).toBe(0);
    expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toEqual(await scored(spoilt('', '', '')));
    const side = told.side.replaceAll(`${folder.path}/`, '');
    expect(side).toContain('in.csv, line 6: HR is "fast", which is no number. It counts as not measured.');
    expect(side).toContain('in.csv, line 9: Lactate is "<0.3", which is no number.');
    expect(side).toContain('3 cells are no numbers and count as not measured: HR 1, Lactate 1, Age 1.');
  });

  it('names twenty unreadable cells of a file and counts the others', async () => {
    const rows = madeRows(4, 6).map((row, i) =>
      i % 2 === 0 && i < 60 ? { ...row, Temp: '?' } : { ...row, Temp: '37' },
    );
    await using folder = await temporaryFolder();
    await put(folder.path, { 'in.csv': csvOf(rows) });
    const csv = join(folder.path, 'in.csv');
    const told = await vigil('score-stays', '--csv', csv, '--out', join(folder.path, 'o.csv'), '--model', model);
    expect(told.side.match(/Temp is "\?"/g)).toHaveLength(20);
    expect(told.side).toContain('10 more are not named.');
    expect(told.side).toContain('30 cells are no numbers and count as not measured: Temp 30.');
  });

  it('refuses a file where most of a column is no number, and says how numbers are written', async () => {
    const rows = madeRows(2, 6);
    const text = csvOf(rows.map((row) => ({ ...row, Temp: 'TEMP' })))
      .replaceAll(',', ';')
      .replaceAll('TEMP', '36,5');
    expect(await refused(text)).toContain(
      `in.csv: ${rows.length} of ${rows.length} cells of Temp are no numbers. Write numbers alone, decimals with a point`,
    );
  });

  it('does not write over the file of stays', async () => {
    await using folder = await temporaryFolder();
    const text = csvOf(madeRows(2, 6));
    await put(folder.path, { 'in.csv': text });
    const csv = join(folder.path, 'in.csv');
    const told = await vigil('score-stays', '--csv', csv, '--out', join(folder.path, '.', 'in.csv'), '--model', model);
    expect(told.code).toBe(2);
    expect(told.side).toContain('in.csv is the file of stays itself, which would be lost. Write to another file.');
    expect(await readFile(csv, 'utf8')).toBe(text);
  });

  it('says what is wrong with a network', async () => {
    const told = await vigil('score-stays', '--csv', 'x', '--out', 'y', '--model', '/nowhere.onnx');
    expect(told.code).toBe(1);
    expect(told.side).toContain('no model at /nowhere.onnx');
  });
});

describe('vigil evaluate sepsis', () => {
  it('sets the network beside scores and fitted models on the same stays, as text and JSON', async () => {
    await put(home.path, { 'judge.csv': csvOf(madeRows(40, 7)) });
    const csv = join(home.path, 'judge.csv');
    const told = await vigil(
      'evaluate',
      'sepsis',
      '--csv',
      csv,
      '--out',
      home.path,
      '--model',
      model,
      '--resamples',
      '20',
    );
    expect(told.code, told.side).toBe(0);
    expect(told.out).toContain('40 stays, 14 with sepsis');
    for (const name of [
      'network, all inputs',
      'network, vital signs only',
      'NEWS2',
      'qSOFA',
      'hours in the ICU alone',
      'decision tree',
      'linear SVM',
      'logistic regression',
    ])
      expect(told.out).toMatch(new RegExp(`\\n${name.replace(/[()]/g, '\\$&')}.*\\d\\.\\d{3} \\[`));
    expect(told.out).not.toContain('LEARNED FROM THESE STAYS');
    const html = await readFile(join(home.path, 'sepsis.html'), 'utf8');
    expect(html.match(/<svg /g)).toHaveLength(3);
    expect(html).not.toMatch(/NaN|undefined|(src|href)=/);
    expect(told.out).toMatch(/^sex: female +20 +7 +too few \(7\)/m);
    expect(html).toMatch(/<th scope="row">age: 65 to 79<\/th><td>15<\/td><td>5<\/td><td>too few \(5\)/);
    const { scores, subgroups } = JSON.parse(await readFile(join(home.path, 'sepsis.json'), 'utf8')) as {
      subgroups: { by: string; name: string; stays: number }[];
      scores: { name: string; figures: { auroc: { value: number } } }[];
    };
    const auroc = (name: string) => scores.find((score) => score.name === name)!.figures.auroc.value;
    expect(auroc('logistic regression')).toBeGreaterThan(0.85);
    expect(auroc('linear SVM')).toBeGreaterThan(0.85);
    expect(auroc('decision tree')).toBeGreaterThan(0.75);
    expect(subgroups.map(({ by, name, stays }) => `${by} ${name} ${stays}`)).toEqual([
      ...['sex female 20', 'sex male 20', 'age 18 to 44 5', 'age 45 to 64 20', 'age 65 to 79 15', 'unit none named 40'],
    ]);
  });

  it('warns of a network that has learned from these very stays', async () => {
    const csv = join(home.path, 'train.csv');
    const told = await vigil(
      'evaluate',
      'sepsis',
      '--csv',
      csv,
      '--model',
      model,
      '--network-only',
      '--resamples',
      '5',
    );
    expect(told.out).toContain('LEARNED FROM THESE STAYS');
  });

  it('judges the network alone, and says so, where too few fall ill to learn from the other half', async () => {
    await using folder = await temporaryFolder();
    const isSeptic = (row: Cells): boolean => row['SepsisLabel'] === '1';
    const rows = madeRows(20, 7);
    const septic = rows.find(isSeptic)!['PatientID'];
    const others = rows.filter((row) => !rows.some((r) => r['PatientID'] === row['PatientID'] && isSeptic(r)));
    const one = rows.filter((row) => row['PatientID'] === septic);
    await put(folder.path, { 'in.csv': csvOf([...one, ...others]) });
    const csv = join(folder.path, 'in.csv');
    const told = await vigil('evaluate', 'sepsis', '--csv', csv, '--model', model, '--resamples', '5');
    expect(told.code, told.side).toBe(0);
    expect(told.out).toContain('Nothing stands beside the network. They learn');
    expect(told.out).toMatch(/^network, all inputs/m);
    expect(told.out).not.toContain('qSOFA');
  });

  it('says in the report which cells were no numbers, and that a row is an hour where hours are left out', async () => {
    await using folder = await temporaryFolder();
    const rows = madeRows(20, 7);
    const patient = rows[0]!['PatientID'];
    await put(folder.path, {
      'in.csv': csvOf([{ ...rows[0]!, HR: 'fast' }, ...rows.slice(1).filter((_, i) => i !== 2)]),
    });
    const csv = join(folder.path, 'in.csv');
    const words = ['--csv', csv, '--model', model, '--network-only', '--resamples', '5', '--out', folder.path];
    const told = await vigil('evaluate', 'sepsis', ...words);
    expect(told.code, told.side).toBe(0);
    expect(told.side).toContain('1 cell is no number and counts as not measured: HR 1.');
    const text = await readFile(join(folder.path, 'sepsis.txt'), 'utf8');
    const html = await readFile(join(folder.path, 'sepsis.html'), 'utf8');
    for (const said of [
      'Cells that are no numbers counted as not measured: HR 1.',
      `ICULOS leaps over hours in 1 stays (${patient}): a row counts as an hour all the same`,
    ])
      expect([text.includes(said), html.includes(said)]).toEqual([true, true]);
  });

  it('needs a file, and rows in it', async () => {
    const folder = await vigil('evaluate', 'sepsis', '--csv', home.path, '--model', model);
    expect([folder.code, folder.side]).toEqual([
      2,
      expect.stringContaining('is a folder. Name one file with all stays'),
    ]);
    await put(home.path, { 'header.csv': csvOf([]) });
    const csv = join(home.path, 'header.csv');
    const told = await vigil('evaluate', 'sepsis', '--csv', csv, '--model', model);
    expect([told.code, told.side]).toEqual([2, expect.stringContaining('has no row below its header.')]);
    const scored = await vigil('score-stays', '--csv', csv, '--out', join(home.path, 'none.csv'), '--model', model);
    expect([scored.code, scored.side]).toEqual([2, expect.stringContaining('has no row below its header.')]);
  });

  it('needs the truth', async () => {
    await put(home.path, {
      'bare.csv': csvOf(
        madeRows(2, 1),
        COLUMNS.filter((name) => name !== 'SepsisLabel'),
      ),
    });
    const told = await vigil('evaluate', 'sepsis', '--csv', join(home.path, 'bare.csv'), '--model', model);
    expect(told.code).toBe(2);
    expect(told.side).toContain('m0 has rows without a SepsisLabel');
  });
});
