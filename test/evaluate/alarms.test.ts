import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alarmAtSeconds } from '../../services/evaluate/alarms/alarm-folder.ts';
import { upToAlarm } from '../../services/evaluate/alarms/hear-records.ts';
import type { WfdbRecord } from '../../services/recordings/wfdb/record.ts';
import { vigil } from '../cli/terminal.ts';
import { beatsAt, noiseAt, steady } from '../ecg/synthetic-ecg.ts';
import { pressureAt } from '../pulse/synthetic-pulse.ts';
import { format16, put, temporaryFolder } from '../recordings/made-record.ts';

const RATE_HZ = 250;
const SECONDS = 60;

/** A record of two leads and an arterial line that ends where an alarm rings; `comments` as in CinC 2015. */
const madeAlarm = (
  name: string,
  beats: readonly number[],
  comments: readonly string[] = [],
): Readonly<Record<string, Uint8Array | string>> => {
  const ecg = beatsAt(beats);
  const pressure = pressureAt(beats.map((at) => at + 0.25));
  const signal = (value: (s: number) => number, gain: number): Int16Array =>
    Int16Array.from({ length: SECONDS * RATE_HZ }, (_, i) => Math.round(gain * value(i / RATE_HZ)));
  const signals = [
    signal((s) => ecg(s) + 0.01 * noiseAt(s), 400),
    signal((s) => 0.7 * ecg(s) + 0.01 * noiseAt(s, 2), 400),
    signal(pressure, 20),
  ];
  const header = [
    `${name} 3 ${RATE_HZ} ${SECONDS * RATE_HZ}`,
    ...['II', 'V'].map((lead) => `${name}.dat 16 400(0)/mV 12 0 0 0 0 ${lead}`),
    `${name}.dat 16 20(0)/mmHg 12 0 0 0 0 ABP`,
    ...comments.map((comment) => `#${comment}`),
    '',
  ];
  return { [`${name}.hea`]: header.join('\n'), [`${name}.dat`]: format16(signals) };
};

const living = steady(80, 0.4, SECONDS);
const stopped = living.filter((at) => at < SECONDS - 7);
const records = (labels: boolean) => ({
  ...madeAlarm('a1', living, ['Asystole', ...(labels ? ['False alarm'] : [])]),
  ...madeAlarm('a2', stopped, ['Asystole', ...(labels ? ['True alarm'] : [])]),
});

describe('vigil evaluate alarms', () => {
  it('says how right it was where the headers say what was true', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, records(true));
    const out = join(folder.path, 'out');
    const { code, out: text } = await vigil('evaluate', 'alarms', '--cinc2015', folder.path, '--out', out);
    expect(code).toBe(0);
    expect(text).toMatch(/^asystole\s+2\s+1\s+0\s+0\s+1\s+100\.0/m);
    const report = JSON.parse(await readFile(join(out, 'alarms.json'), 'utf8'));
    expect(report.overall.counts).toEqual({
      ...{ truePositives: 1, falsePositives: 0, falseNegatives: 0, trueNegatives: 1 },
    });
    expect(report.subgroups).toMatchObject([{ name: 'ABP', alarms: 2, trueAlarms: 1, sensitivity: { tooFew: 1 } }]);
    expect(text).toMatch(/^ABP +2 +1 +too few \(2\) +too few \(1\)/m);
    expect(await readFile(join(out, 'alarms.txt'), 'utf8')).toContain('Worst records:');
    const html = await readFile(join(out, 'alarms.html'), 'utf8');
    expect(html).toContain('<th scope="row">ABP</th><td>2</td><td>1</td><td>too few (2)</td>');
    expect(html).not.toMatch(/src=|href=|url\(/);
  });

  it('gives the same verdicts without labels, and scores nothing', async () => {
    await using labelled = await temporaryFolder();
    await using bare = await temporaryFolder();
    await put(labelled.path, records(true));
    await put(bare.path, records(false));
    const csvOf = async (folder: string): Promise<string> => {
      const file = join(folder, 'verdicts.csv');
      expect((await vigil('evaluate', 'alarms', '--cinc2015', folder, '--verdicts', file)).code).toBe(0);
      return readFile(file, 'utf8');
    };
    const csv = await csvOf(bare.path);
    expect(csv).toBe(await csvOf(labelled.path));
    expect(csv).toMatch(/^record,verdict,probability\na1,refuted,0\.\d{6}\na2,(confirmed|undecided),0\.\d{6}\n$/);
    const { out } = await vigil('evaluate', 'alarms', '--cinc2015', bare.path);
    expect(out).toBe('');
  });

  it('knows the kind of an alarm from ALARMS.csv, and from the name of a record of CinC 2015', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, {
      ...madeAlarm('x1', living),
      ...madeAlarm('a9', living),
      'ALARMS.csv': 'record,alarm,true\nx1,Asystole,0\n',
    });
    const { code, out } = await vigil('evaluate', 'alarms', '--cinc2015', folder.path);
    expect(code).toBe(0);
    expect(out).toMatch(/^asystole\s+1\s+0\s+0\s+0\s+1/m);
    expect(out).toContain('1 alarms have no label');
  });

  it.each([
    ['without a header', 'x1,Asystole,0\nx2,Asystole,1\n'],
    ['with its columns in another order', 'true,note,record,alarm\n0,,x1,Asystole\n1,,x2,Asystole\n'],
    [
      'with a byte order mark, quotes and words',
      '\uFEFF"Record","Type","True"\r\n"x1","Asystole","false"\r\n"x2","Asystole","TRUE"\r\n',
    ],
    ['with tabs', 'record\talarm\ttrue\nx1\tAsystole\t0\nx2\tAsystole\t1\n'],
  ])('reads an ALARMS.csv %s', async (_, list) => {
    await using folder = await temporaryFolder();
    await put(folder.path, { ...madeAlarm('x1', living), ...madeAlarm('x2', stopped), 'ALARMS.csv': list });
    const { code, out, side } = await vigil('evaluate', 'alarms', '--cinc2015', folder.path);
    expect(code, side).toBe(0);
    expect(out).toMatch(/^asystole\s+2\s+1\s+0\s+0\s+1\s+100\.0/m);
  });

  it('keeps the alarm of a record that only ALARMS.csv knows, names it, and ends with 1', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, {
      ...madeAlarm('x1', living),
      'ALARMS.csv': 'record,alarm,true\nx1,Asystole,0\nx7,Asystole,1\n',
    });
    const file = join(folder.path, 'verdicts.csv');
    const { code, side } = await vigil('evaluate', 'alarms', '--cinc2015', folder.path, '--verdicts', file);
    expect(code).toBe(1);
    expect(side).toContain('x7: ALARMS.csv names it, and there is no x7.hea');
    expect(await readFile(file, 'utf8')).toContain('\nx7,undecided,0.500000\n');
  });

  it('leaves no figures of an earlier folder beside the verdicts of one without labels', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, madeAlarm('a1', living));
    const out = join(folder.path, 'out');
    await mkdir(out);
    await put(out, { 'alarms.txt': 'old', 'alarms.json': '{}', 'alarms.html': 'old' });
    expect((await vigil('evaluate', 'alarms', '--cinc2015', folder.path, '--out', out)).code).toBe(0);
    expect(await readdir(out)).toEqual(['verdicts.json']);
  });

  it('takes no word for a claim where only the first letter of a name is one: such a record has no alarm', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, {
      ...madeAlarm('apple', living),
      ...madeAlarm('vfdb_418', living),
      ...madeAlarm('a103l', living),
    });
    const file = join(folder.path, 'verdicts.csv');
    const told = await vigil('evaluate', 'alarms', '--cinc2015', folder.path, '--verdicts', file);
    expect(told.code).toBe(1);
    for (const name of ['apple', 'vfdb_418'])
      expect(told.side).toContain(`${name}: it has no alarm of a kind that Vigil judges`);
    expect(await readFile(file, 'utf8')).toMatch(/\na103l,refuted,.*\napple,undecided,0\.500000\nvfdb_418,undecided/);
  });

  it("hears the challenge's recordings of 5:30 up to their alarm at 5:00, and others to their end", async () => {
    expect(['a103l', 'a103s', 'x103l'].map((name) => alarmAtSeconds(name, 330))).toEqual([300, 330, 330]);
    expect(alarmAtSeconds('a103l', 120)).toBe(120);
    const whole = { name: 'a103l', header: { rateHz: 2 }, signals: [new Int16Array(660)] } as unknown as WfdbRecord;
    expect(upToAlarm(whole).signals[0]).toHaveLength(600);
  });

  it('names in the report what is in no figure and what header and list say otherwise, and shows the worst', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, {
      ...madeAlarm('a1', living, ['Asystole', 'True alarm']),
      ...madeAlarm('a2', stopped, ['Asystole', 'True alarm']),
      ...madeAlarm('a3', living, ['Asystole', 'False alarm']),
      ...madeAlarm('a4', living),
      'ALARMS.csv': 'record,alarm,true\na3,Asystole,1\nx7,Asystole,1\n',
    });
    const out = join(folder.path, 'out');
    const told = await vigil('evaluate', 'alarms', '--cinc2015', folder.path, '--out', out);
    expect(told.code).toBe(1);
    const html = (await readFile(join(out, 'alarms.html'), 'utf8')).replaceAll('&quot;', '"');
    for (const said of [
      'NOT JUDGED, and in no figure: x7 (ALARMS.csv names it, and there is no x7.hea).',
      '1 alarms have no label and are not counted: a4.',
      'a3: its header says "False alarm" and ALARMS.csv the opposite; the header counts.',
      'a1 Asystole: true alarm refuted',
    ])
      expect([told.out.includes(said), html.includes(said)]).toEqual([true, true]);
    expect(html).toContain('a1: the 12 s before the alarm');
    expect(html).toContain('ABP, bar');
    const { overall } = JSON.parse(await readFile(join(out, 'alarms.json'), 'utf8')) as {
      overall: { auroc: { value: number }; counts: { falseNegatives: number } };
    };
    expect(html).toContain(`<td>${overall.auroc.value.toFixed(3)} (`);
    expect(overall.counts.falseNegatives).toBe(1);
  });

  it('names a record whose header gives no gain, and judges it', async () => {
    await using folder = await temporaryFolder();
    const made = madeAlarm('a1', living);
    await put(folder.path, { ...made, 'a1.hea': String(made['a1.hea']).replace('400(0)/mV', '0(0)/mV') });
    const told = await vigil('evaluate', 'alarms', '--cinc2015', folder.path);
    expect(told.code).toBe(0);
    expect(told.side).toContain('a1: uncalibrated: its header gives no gain for signal 1 (II, mV); 200 per unit is');
  });

  it('names what it cannot judge and ends with 1, or with 2 where there is no such folder', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, { ...madeAlarm('x1', living), ...madeAlarm('a1', living) });
    const told = await vigil('evaluate', 'alarms', '--cinc2015', folder.path);
    expect(told.code).toBe(1);
    expect(told.side).toContain('x1: it has no alarm of a kind that Vigil judges');
    expect((await vigil('evaluate', 'alarms', '--cinc2015', '/nowhere')).code).toBe(2);
  });
});
