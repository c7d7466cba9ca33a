import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAnnotations } from '../../services/recordings/wfdb/annotations.ts';
import { trainBeats } from '../../services/train/beats/train-beats.ts';
import { putMadeBeats } from '../recordings/made-beats.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';

describe('training beats', () => {
  // The third network learns from other copies than the first two.
  const options = { seed: 3, epochs: 4, folds: 2, copies: 1, members: 3 };

  it('gives the same model again, also when it was interrupted and taken up', async () => {
    await using data = await temporaryFolder();
    await using straight = await temporaryFolder();
    await using broken = await temporaryFolder();
    await putMadeBeats(data.path, 'one', 60, 1);
    await putMadeBeats(data.path, 'two', 60, 2);
    const notes: string[] = [];
    const once = await trainBeats({
      ...options,
      data: data.path,
      out: straight.path,
      onProgress: (done, total, note) => notes.push(`${done}/${total} ${note}`),
    });
    expect(notes[0]).toBe('1/38 heard one');
    expect(notes.at(-1)).toBe('38/38 done');
    // Two folds and the fit that ships, of three networks each.
    const plot = await readFile(join(straight.path, 'loss.svg'), 'utf8');
    expect(plot.match(/<polyline/g)).toHaveLength(9);

    const interruption = new AbortController();
    const half = trainBeats({
      ...options,
      data: data.path,
      out: broken.path,
      signal: interruption.signal,
      onProgress: (done) => {
        if (done === 9) interruption.abort(new Error('interrupted'));
      },
    });
    await expect(half).rejects.toThrow('interrupted');
    const resumed = await trainBeats({ ...options, data: data.path, out: broken.path, resume: true });
    expect(resumed.sha256).toBe(once.sha256);
    expect(await readFile(join(broken.path, 'figures.json'))).toEqual(
      await readFile(join(straight.path, 'figures.json')),
    );

    const other = trainBeats({ ...options, seed: 4, data: data.path, out: broken.path, resume: true });
    await expect(other).rejects.toThrow(
      /checkpoint is of another training \(seed: 3 there, 4 here.*leave --resume out/,
    );
  });

  it('names every recording without a usable reference before it hears any', async () => {
    await using data = await temporaryFolder();
    await putMadeBeats(data.path, 'good', 30, 1);
    await put(data.path, { ...madeRhythm('bare', 'vt', 20, 3), ...madeRhythm('rhythms', 'vt', 20, 3) });
    await put(data.path, { 'rhythms.atr': writeAnnotations([{ sample: 1, symbol: '+', aux: '(N' }]) });
    const notes: string[] = [];
    const training = trainBeats({
      ...options,
      data: data.path,
      out: data.path,
      onProgress: (...[, , note]) => notes.push(note),
    });
    await expect(training).rejects.toThrow(
      /bare: bare\.atr cannot be read.*; record rhythms: rhythms\.atr holds no beat/,
    );
    expect(notes).toEqual([]);
  });

  it('names the recording that it cannot use', async () => {
    await using data = await temporaryFolder();
    await putMadeBeats(data.path, 'good', 30, 1);
    await putMadeBeats(data.path, 'spoilt', 30, 1);
    await put(data.path, { 'spoilt.atr': Uint8Array.of(1, 2, 3) });
    await expect(trainBeats({ ...options, data: data.path, out: data.path })).rejects.toThrow('record spoilt');
  });
});
