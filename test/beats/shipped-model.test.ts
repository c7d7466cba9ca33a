import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { BEAT_CLASSES, BEAT_FEATURES } from '../../stream-models/beats/beat-input.ts';
import { furthestFromWhole } from '../network/model-parity.ts';

describe('the shipped beat model', () => {
  const folder = join(import.meta.dirname, '../../stream-models/beats');

  it('fits the input, and is the file that its card and its figures speak of', async () => {
    const model = join(folder, 'model.onnx');
    const inference = openOrtInference({ providers: ['cpu'] });
    const { network } = await inference.load(model);
    expect([network.features, network.classNames]).toEqual([BEAT_FEATURES, BEAT_CLASSES]);
    const sha256 = createHash('sha256')
      .update(await readFile(model))
      .digest('hex');
    expect(await readFile(join(folder, 'MODEL_CARD.md'), 'utf8')).toContain(sha256);
    expect(await readFile(join(folder, 'figures.json'), 'utf8')).toContain(sha256);
    await inference.close();
  });

  it('says beat by beat what it says to the whole sequence, within 1e-5', async () => {
    expect(await furthestFromWhole(join(folder, 'model.onnx'), 100)).toBeLessThan(1e-5);
  });
});
