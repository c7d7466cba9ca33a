import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { RHYTHM_MODEL } from '../../services/composition/open-adapters.ts';
import { RHYTHM_CLASSES } from '../../stream-models/rhythm-network/rhythm-classes.ts';
import { RHYTHM_FEATURES } from '../../stream-models/rhythm-network/rhythm-input.ts';
import { furthestFromWhole } from '../network/model-parity.ts';

describe('the shipped network of rhythm', () => {
  it('fits the input, and is the file that its card and its figures speak of', async () => {
    const folder = join(RHYTHM_MODEL, '..');
    const inference = openOrtInference({ providers: ['cpu'] });
    const { network } = await inference.load(RHYTHM_MODEL);
    expect([network.features, network.classNames]).toEqual([RHYTHM_FEATURES, RHYTHM_CLASSES]);
    const sha256 = createHash('sha256')
      .update(await readFile(RHYTHM_MODEL))
      .digest('hex');
    expect(await readFile(join(folder, 'MODEL_CARD.md'), 'utf8')).toContain(sha256);
    const figures = JSON.parse(await readFile(join(folder, 'figures.json'), 'utf8')) as { model: { sha256: string } };
    expect(figures.model.sha256).toBe(sha256);
    await inference.close();
  });

  it('says second by second what it says to the whole sequence, within 1e-5', async () => {
    expect(await furthestFromWhole(RHYTHM_MODEL, 200)).toBeLessThan(1e-5);
  });
});
