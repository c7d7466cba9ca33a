import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BEAT_MODEL } from '../../services/composition/open-adapters.ts';
import { writeAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import { labelAt } from '../../services/train/rhythm/rhythm-labels.ts';
import { trainRhythm } from '../../services/train/rhythm/train-rhythm.ts';
import { RHYTHM_CLASSES, type RhythmClass } from '../../stream-models/rhythm-network/rhythm-classes.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';

const putMade = async (folder: string, name: string, kind: 'vf' | 'vt', seed: number): Promise<void> => {
  const word = kind === 'vf' ? '(VFIB' : '(VT';
  const change = (second: number, aux: string) => ({ sample: second * 250 + 1, symbol: '+', aux });
  await put(folder, madeRhythm(name, kind, 60, seed));
  await put(folder, { [`${name}.atr`]: writeAnnotations([change(0, '(N'), change(30, word), change(50, '(N')]) });
};

describe('what a second teaches', () => {
  const spans = [
    { rhythm: 'N', fromSeconds: 0, toSeconds: 30 },
    { rhythm: 'VFL', fromSeconds: 30, toSeconds: 40 },
    { rhythm: 'AFL', fromSeconds: 40, toSeconds: 60 },
  ];
  const taught = (second: number): readonly [RhythmClass | undefined, number] => {
    const { label, weight } = labelAt(spans, second);
    return [RHYTHM_CLASSES[label], weight];
  };

  it('is the rhythm of the reference, in full away from its changes', () => {
    expect([taught(20), taught(35)]).toEqual([
      ['sinus-like', 1],
      ['vf', 1],
    ]);
    expect([taught(30.5)[0], taught(31.5)[0]]).toEqual(['sinus-like', 'vf']);
    expect(taught(31.5)[1]).toBeLessThan(1);
  });

  it('is nothing where the network has no word for it', () => {
    expect(taught(50)).toEqual([undefined, 0]);
  });
});

describe('training rhythm', () => {
  const options = { beatModel: BEAT_MODEL, seed: 3, epochs: 2, folds: 2, copies: 1 };

  it('gives the same model again, also when it was interrupted and taken up', async () => {
    await using data = await temporaryFolder();
    await using straight = await temporaryFolder();
    await using broken = await temporaryFolder();
    const long = join(data.path, 'long');
    await mkdir(long);
    await putMade(long, 'one', 'vf', 1);
    await putMade(long, 'two', 'vt', 2);
    const alarmed = join(data.path, 'alarmed');
    await mkdir(alarmed);
    await put(alarmed, madeRhythm('v101s', 'vt', 60, 3));
    await put(alarmed, { 'ALARMS.csv': 'record,alarm,true\nv101s,Ventricular_Tachycardia,1\n' });
    const once = await trainRhythm({ ...options, data: data.path, out: straight.path });
    const interruption = new AbortController();
    const half = trainRhythm({
      ...options,
      ...{ data: data.path, out: broken.path, signal: interruption.signal },
      onProgress: (_done, _total, note) => {
        if (note.startsWith('fold 2')) interruption.abort(new Error('interrupted'));
      },
    });
    await expect(half).rejects.toThrow('interrupted');
    const resumed = await trainRhythm({ ...options, data: data.path, out: broken.path, resume: true });
    expect(resumed.sha256).toBe(once.sha256);
    expect(await readFile(join(broken.path, 'figures.json'))).toEqual(
      await readFile(join(straight.path, 'figures.json')),
    );
  });

  it('names the records of a folder that have no annotations where others have: it was passed over whole', async () => {
    await using data = await temporaryFolder();
    const folder = join(data.path, 'ward');
    await mkdir(folder);
    await putMade(folder, 'whole', 'vf', 1);
    await put(folder, madeRhythm('bare', 'vt', 60, 2));
    const training = trainRhythm({ ...options, data: data.path, out: join(data.path, 'out') });
    await expect(training).rejects.toThrow(/ward: no annotations \(\.atr\) for bare; add them/);
  });

  it('says what a folder lacks', async () => {
    await using data = await temporaryFolder();
    await expect(trainRhythm({ ...options, data: data.path, out: data.path })).rejects.toThrow('.atr');
  });
});
