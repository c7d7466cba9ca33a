/** What the networks of the folds of `vigil train rhythm` said of records that they never saw, as a bed would remember it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { type Moment, seconds } from '../../schemas/units.ts';
import { REPLAY_START } from '../../services/replay/frames.ts';
import type { AskedSequence } from '../../services/train/rhythm/ask-rhythm.ts';
import { type AtrialWords, withAtrialWord } from '../../stream-models/rhythm/atrial-words.ts';
import { RHYTHM_CLASSES } from '../../stream-models/rhythm-network/rhythm-classes.ts';

/** The words on a record's seconds from `from` that had come by `said`. */
export type WordsBy = (record: string, from: Moment, said: Moment) => AtrialWords;

/** Reads `held-out.bin` of a folder of `vigil train rhythm`. */
export const heldOutWords = async (folder: string): Promise<WordsBy> => {
  const { judged } = deserialize(await readFile(join(folder, 'held-out.bin'))) as {
    readonly judged: readonly AskedSequence[];
  };
  const width = RHYTHM_CLASSES.length;
  const said = new Map<string, { readonly at: Moment; readonly word: Float32Array }[]>();
  for (const { sequence, probabilities } of judged) {
    const words = said.get(sequence.record) ?? [];
    for (const [i, second] of sequence.atSeconds.entries())
      words.push({
        at: (REPLAY_START + seconds(second)) as Moment,
        word: probabilities.slice(i * width, (i + 1) * width),
      });
    said.set(sequence.record, words);
  }
  return (record, from, to) =>
    (said.get(record) ?? [])
      .filter(({ at }) => at >= from && at <= to)
      .sort((a, b) => a.at - b.at)
      .reduce<AtrialWords>((words, { at, word }) => withAtrialWord(words, word, at), []);
};
