import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../services/train/checkpoint.ts';
import { temporaryFolder } from '../recordings/made-record.ts';

describe('a checkpoint of training', () => {
  it('of other data or settings is named with what differs, and is not taken for none', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'fit.checkpoint');
    const settings = { seed: 1, epochs: 6, tensors: { a: 'f00' } };
    await saveCheckpoint(path, { settings: JSON.stringify(settings) });
    const asked = (other: object) => loadCheckpoint(path, JSON.stringify({ ...settings, ...other }));
    expect(await asked({})).toBeDefined();
    await expect(asked({ epochs: 1 })).rejects.toThrow(`${path} is of another training (epochs: 6 there, 1 here).`);
    await expect(asked({ seed: 2, tensors: { a: 'ba5' } })).rejects.toThrow('(seed: 1 there, 2 here; other tensors)');
  });

  it('comes back where it is of the same settings, and is named with what to do where it is damaged', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'fit.checkpoint');
    expect(await loadCheckpoint(path, 'a')).toBeUndefined();
    await saveCheckpoint(path, { settings: 'a', weights: new Float32Array(9) });
    expect(await loadCheckpoint(path, 'a')).toEqual({ settings: 'a', weights: new Float32Array(9) });
    const damages = [
      () => truncate(path, 20),
      () => truncate(path, 0),
      () => writeFile(path, Buffer.from('ff0f5f', 'hex')),
    ];
    for (const damage of damages) {
      await damage();
      await expect(loadCheckpoint(path, 'a')).rejects.toThrow(`${path} is damaged; delete it and resume again`);
    }
  });
});
