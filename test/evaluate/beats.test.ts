/**
 * Goal: what `vigil evaluate beats` says of recordings is true, with noise and without.
 * Method: synthetic records with known beats go through the command line; noise is measured by its own definition.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { BeatEvaluation } from '../../services/evaluate/beats/evaluate-beats.ts';
import { isNoisyAt, noisePower, signalPower, withNoise } from '../../services/evaluate/beats/noise-stress.ts';
import { writeAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import { readRecordAnnotations, type WfdbRecord } from '../../services/recordings/wfdb/record.ts';
import { NO_SAMPLE } from '../../services/recordings/wfdb/signals.ts';
import { leadsOf } from '../../services/train/hear-record.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { beatFigures, delaysOf } from '../../stream-models/evaluation/beat-figures.ts';
import { compareBeats, EC57, plainPredictivity } from '../../stream-models/evaluation/ec57.ts';
import { vigil } from '../cli/terminal.ts';
import { putMadeBeats } from '../recordings/made-beats.ts';
import { format16, put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';

const RATE = 360;
const GAIN = 200;

const recordOf = (name: string, samples: Int16Array): WfdbRecord => ({
  name,
  header: {
    ...{ record: name, comments: [], rateHz: RATE, sampleCount: samples.length },
    signals: [
      {
        file: '',
        format: 212,
        byteOffset: 0,
        skew: 0,
        gain: GAIN,
        uncalibrated: false,
        baseline: 0,
        unit: 'mV',
        description: 'MLII',
      },
    ],
  },
  signals: [samples],
});

/** QRS complexes of 1.5 mV peak to peak, one a second, for ten minutes. */
const heart = (): { readonly record: WfdbRecord; readonly beats: readonly number[] } => {
  const samples = new Int16Array(600 * RATE);
  const beats = Array.from({ length: 599 }, (_, i) => (i + 1) * RATE);
  for (const at of beats) {
    samples[at] = GAIN;
    samples[at + 4] = -GAIN / 2;
  }
  return { record: recordOf('heart', samples), beats };
};

describe('noise added to a recording', () => {
  const { record, beats } = heart();
  const dice = diceFrom(4);
  const noise = recordOf(
    'noise',
    Int16Array.from({ length: 400 * RATE }, () => Math.round(20 * dice.normal())),
  );

  it.each([12, 6, 0])('is so loud that the ratio is the one asked for: %i dB', (snrDb) => {
    const noisy = withNoise(record, beats, noise, snrDb);
    const added = Float32Array.from(noisy.signals[0]!, (value, i) => (value - record.signals[0]![i]!) / GAIN);
    const clean = Float32Array.from(record.signals[0]!, (value) => value / GAIN);
    const power = noisePower(added.subarray(300 * RATE, 420 * RATE), RATE);
    expect(10 * Math.log10(signalPower(clean, beats, RATE) / power)).toBeCloseTo(snrDb, 1);
    expect(signalPower(clean, beats, RATE)).toBeCloseTo(1.5 ** 2 / 8, 3);
  });

  it.each(['uV', 'µV', 'V'])('is as loud on a lead in %s, and holes of the noise record are silent', (unit) => {
    const signals = record.header.signals.map((signal) => ({ ...signal, unit }));
    const holes = recordOf(
      'holes',
      Int16Array.from(noise.signals[0]!, (value, i) => (i % 400 < 9 ? NO_SAMPLE : value)),
    );
    const inMv = withNoise(record, beats, holes, 6);
    const inOther = withNoise({ ...record, header: { ...record.header, signals } }, beats, holes, 6);
    expect(inOther.signals).toEqual(inMv.signals);
    expect(inMv.signals[0]!.some((value, i) => value !== record.signals[0]![i])).toBe(true);
  });

  it('leaves what is no ECG as it is', () => {
    const signals = record.header.signals.map((signal) => ({ ...signal, description: 'RESP' }));
    const breaths = { ...record, header: { ...record.header, signals } };
    expect(withNoise(breaths, beats, noise, 6).signals).toEqual(record.signals);
    expect(leadsOf(breaths)).toEqual([]);
  });

  it('begins at 5:00 and comes and goes every two minutes', () => {
    const noisy = withNoise(record, beats, noise, 0);
    const changedIn = (fromS: number, toS: number): boolean =>
      noisy.signals[0]!.subarray(fromS * RATE, toS * RATE).some(
        (value, i) => value !== record.signals[0]![fromS * RATE + i],
      );
    expect(changedIn(0, 300)).toBe(false);
    expect(changedIn(300, 420)).toBe(true);
    expect(changedIn(420, 540)).toBe(false);
    expect(changedIn(540, 600)).toBe(true);
    expect([299.9, 300, 419.9, 420, 539.9, 540].map(isNoisyAt)).toEqual([false, true, true, false, false, true]);
  });
});

describe('figures over recordings', () => {
  const beat = (atSeconds: number, name: 'N' | 'V' | 'F' | 'S' | 'Q') => ({ atSeconds, class: name });
  const result = compareBeats(
    [beat(301, 'V'), beat(302, 'F'), beat(303, 'N'), beat(304, 'Q')],
    [beat(301, 'V'), beat(302, 'V'), beat(303, 'V'), beat(304, 'S')],
    EC57,
  );

  it('do not hold fusion beats against V, nor unknown ones against S, as EC57 has it; the plain share does', () => {
    const { classes } = beatFigures([result], 0);
    expect(classes.V.positivePredictivity.value).toBe(1 / 2);
    expect(plainPredictivity(result, 'V')).toBe(1 / 3);
    expect(classes.S.positivePredictivity.value).toBeNaN();
  });

  it('are intervals around gross figures, wider the more recordings differ', () => {
    const perfect = compareBeats([beat(301, 'V')], [beat(301, 'V')], EC57);
    const spread = (results: readonly (typeof result)[]) => {
      const { low, high, value } = beatFigures(results, 200).classes.V.positivePredictivity;
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
      return high - low;
    };
    expect(spread([perfect, perfect, perfect])).toBe(0);
    expect(spread([perfect, result, perfect])).toBeGreaterThan(0.1);
  });

  it('tell how long decisions took', () => {
    expect(delaysOf([0.28, 0.3, 0.3, 1.2])).toEqual({
      beats: 4,
      median: 0.3,
      p99: expect.closeTo(1.173, 3),
      most: 1.2,
      within300Ms: 0.75,
    });
  });
});

describe('vigil evaluate beats', () => {
  it('plays recordings through the live pipeline and says how right it was', async () => {
    await using data = await temporaryFolder();
    await using out = await temporaryFolder();
    await putMadeBeats(data.path, 'one', 340, 1);
    await putMadeBeats(data.path, 'two', 340, 2);
    const header = join(data.path, 'two.hea');
    await writeFile(header, `${(await readFile(header, 'utf8')).trimEnd()}\n# 69 M 1085 1629 x1\n`);
    const told = await vigil('evaluate', 'beats', '--wfdb', data.path, '--out', out.path, '--resamples', '20');
    expect(told.code, told.side).toBe(0);
    const said = JSON.parse(await readFile(join(out.path, 'beats.json'), 'utf8')) as BeatEvaluation;
    expect(said.records.map(({ record }) => record)).toEqual(['one', 'two']);
    expect(said.gross.qrs.sensitivity.value).toBeGreaterThan(0.98);
    expect(said.learnedFrom).toEqual([]);
    expect(said.delays.within300Ms).toBeGreaterThan(0.95);
    expect(told.out).toContain('QRS');
    expect(await readFile(join(out.path, 'beats.txt'), 'utf8')).toContain('Worst records');
    const names = said.subgroups.map(({ by, name, patients }) => `${by}: ${name} ${patients}`);
    expect(names).toEqual(['sex: male 1', 'sex: not told 1', 'age: 65 to 79 1', 'age: not told 1']);
    expect(told.out).toMatch(/^age: 65 to 79 +1 +\d+ +too few \(1\)/m);
    expect(await readFile(join(out.path, 'beats.html'), 'utf8')).toContain('<th scope="row">sex: male</th><td>1</td>');
  });

  it('asks nothing of beats behind the end of a recording, names them, and says the same in page, text and JSON', async () => {
    await using data = await temporaryFolder();
    await using out = await temporaryFolder();
    await putMadeBeats(data.path, 'whole', 340, 1);
    await putMadeBeats(data.path, 'ended', 330, 2);
    const known = await readRecordAnnotations(data.path, 'ended', 'atr');
    const kept = (E.isRight(known) ? known.right : []).filter(({ sample }) => sample < 315 * 250);
    const behind = [1, 2, 3].map((s) => ({ sample: (330 + s) * 250, symbol: 'N', aux: '' }));
    await put(data.path, {
      'ended.atr': writeAnnotations([{ ...kept[0]!, symbol: 'j' }, ...kept.slice(1), ...behind]),
    });
    await putMadeBeats(data.path, 'early', 330, 3);
    const early = await readRecordAnnotations(data.path, 'early', 'atr');
    const half = (E.isRight(early) ? early.right : []).filter(({ sample }) => sample < 315 * 250);
    await put(data.path, { 'early.atr': writeAnnotations(half) });
    const told = await vigil('evaluate', 'beats', '--wfdb', data.path, '--out', out.path, '--resamples', '20');
    expect(told.code, told.side).toBe(0);
    expect(told.out).toContain('after the end of the recording are in no figure: ended (3 after 5:30).');
    expect(told.out).toContain('beats said after it count as wrong, as in bxb: early (at 5:15 of 5:30).');
    const said = JSON.parse(await readFile(join(out.path, 'beats.json'), 'utf8')) as BeatEvaluation;
    const missed = said.records.map(({ record, result }) => [record, result.falseNegatives]);
    expect(Object.fromEntries(missed)).toMatchObject({ ended: 0, early: 0 });
    const html = await readFile(join(out.path, 'beats.html'), 'utf8');
    for (const note of said.notes) expect([html, told.out].every((text) => text.includes(note))).toBe(true);
    const average = (100 * said.average.qrs.positivePredictivity).toFixed(2);
    expect(told.out).toMatch(new RegExp(`average +\\d+\\.\\d+ +${average}`));
    expect(html).toContain(`<td>${average}</td>`);
    expect(html).toMatch(/<html lang="en">.*<title>Vigil: beats/s);
    expect(html).toContain('<th scope="row">ended</th>');
    expect(html).toMatch(/<h3>early: \d+ errors<\/h3>/);
    expect(html).not.toMatch(/(?:src|href)=/);
  });

  it('judges what it can where a record is broken or has no reference or ECG, names the others, and ends with 1', async () => {
    await using data = await temporaryFolder();
    await using out = await temporaryFolder();
    await putMadeBeats(data.path, 'whole', 340, 1);
    await putMadeBeats(data.path, 'short', 60, 2);
    await put(data.path, madeRhythm('bare', 'vt', 20, 3));
    const header = 'torn 1 250 9999\ntorn.dat 16 200 16 0 0 0 0 II\n';
    await put(data.path, {
      'torn.hea': header,
      'torn.dat': format16([new Int16Array(50)]),
      'torn.atr': writeAnnotations([{ sample: 1, symbol: 'N', aux: '' }]),
      'breath.hea': 'breath 1 250 80000\nbreath.dat 16 200/mV 16 0 0 0 0 RESP\n',
      'breath.dat': format16([new Int16Array(80_000)]),
      'breath.atr': writeAnnotations([{ sample: 310 * 250, symbol: 'N', aux: '' }]),
    });
    const told = await vigil('evaluate', 'beats', '--wfdb', data.path, '--out', out.path, '--resamples', '20');
    expect(told.code).toBe(1);
    expect(told.side).toMatch(
      /3 records could not be judged:\n {2}- bare: bare\.atr cannot be read.*\n {2}- torn: torn\.dat.*\n {2}- breath: no signal is an ECG/,
    );
    expect(told.out).toMatch(/NOT JUDGED, and in no figure: bare \(.*; torn \(.*; breath \(no signal is an ECG/);
    expect(told.out).toContain('no beat after 5:00, so that nothing is found or missed there, in short.');
    const said = JSON.parse(await readFile(join(out.path, 'beats.json'), 'utf8')) as BeatEvaluation;
    expect(said.records.map(({ record }) => record)).toEqual(['short', 'whole']);
    expect(said.unjudged.map(({ record }) => record)).toEqual(['bare', 'torn', 'breath']);
    expect(said.gross.qrs.sensitivity.value).toBeGreaterThan(0.98);
  });

  it('holds nothing against what a reference of rhythms alone does not tell', async () => {
    await using data = await temporaryFolder();
    await put(data.path, madeRhythm('rhythms', 'vt', 20, 3));
    await put(data.path, { 'rhythms.atr': writeAnnotations([{ sample: 1, symbol: '+', aux: '(N' }]) });
    const told = await vigil('evaluate', 'beats', '--wfdb', data.path);
    expect([told.code, told.side]).toEqual([1, expect.stringContaining('  - rhythms: rhythms.atr holds no beat')]);
  });

  it('says before anything is played that no record has a reference', async () => {
    await using data = await temporaryFolder();
    await put(data.path, madeRhythm('bare', 'vt', 20, 3));
    const told = await vigil('evaluate', 'beats', '--wfdb', data.path);
    expect(told.code).toBe(1);
    expect(told.side).toMatch(/holds no record that could be judged:\n {2}- bare: .*\nBeats are judged by a reference/);
    expect(told.side).not.toContain('records in');
  });

  it('says what is missing', async () => {
    await using data = await temporaryFolder();
    const none = await vigil('evaluate', 'beats', '--wfdb', data.path);
    expect([none.code, none.side]).toEqual([2, expect.stringContaining('holds no WFDB record')]);
  });
});
