import { createHash } from 'node:crypto';
import type { BeatSequence } from './beat-sequence.ts';

/** Hash of what sequences say and are labelled as, those of a recording under its name. */
export const tensorsHash = (
  recordings: readonly (readonly [name: string, sequences: readonly BeatSequence[]])[],
): string => {
  const hash = createHash('sha256');
  for (const [name, sequences] of recordings) {
    hash.update(name);
    for (const { x, labels } of sequences) hash.update(x).update(labels);
  }
  return hash.digest('hex').slice(0, 16);
};
