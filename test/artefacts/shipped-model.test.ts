/** The network of artefacts that ships is the one that its card speaks of. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOrtInference } from '../../services/adapters/onnx/ort-inference.ts';
import { ARTEFACT_MODEL } from '../../services/composition/open-adapters.ts';
import { ARTEFACT_CLASSES } from '../../stream-models/artefacts/artefact-classes.ts';
import { BEAT_FEATURES } from '../../stream-models/beats/beat-input.ts';
import { furthestFromWhole } from '../network/model-parity.ts';

describe('the shipped network of artefacts', () => {
  it('fits the input, and is the file that its card and its figures speak of', async () => {
    const inference = openOrtInference({ providers: ['cpu'] });
    const { network } = await inference.load(ARTEFACT_MODEL);
    expect([network.features, network.classNames]).toEqual([BEAT_FEATURES, ARTEFACT_CLASSES]);
    const sha256 = createHash('sha256')
      .update(await readFile(ARTEFACT_MODEL))
      .digest('hex');
    for (const name of ['MODEL_CARD.md', 'figures.json'])
      expect(await readFile(join(ARTEFACT_MODEL, '..', name), 'utf8')).toContain(sha256);
    await inference.close();
  });

  it('says peak by peak what it says to the whole sequence, within 1e-5', async () => {
    expect(await furthestFromWhole(ARTEFACT_MODEL, 200)).toBeLessThan(1e-5);
  });
});
