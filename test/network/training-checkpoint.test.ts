import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../services/train/checkpoint.ts';
import { temporaryFolder } from '../recordings/made-record.ts';

describe('a checkpoint of training', () => {
  it('comes back where it is of the same settings, and is named with what to do where it is damaged', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'fit.checkpoint');
    expect(await loadCheckpoint(path, 'a')).toBeUndefined();
    await saveCheckpoint(path, { settings: 'a', weights: new Float32Array(9) });
    expect(await loadCheckpoint(path, 'a')).toEqual({ settings: 'a', weights: new Float32Array(9) });
    expect(await loadCheckpoint(path, 'b')).toBeUndefined();
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
