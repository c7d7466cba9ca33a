import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SaidEpisode } from '../../../stream-models/evaluation/episodes.ts';

/** A word of the rhythm, from when it holds, in seconds of the record. */
export interface RhythmWord {
  readonly atSeconds: number;
  readonly rhythm: string;
}

/** What a replay wrote of one record, as far as it is about rhythm. */
export interface SaidRhythms {
  readonly episodes: Readonly<Record<string, readonly SaidEpisode[]>>;
  readonly words: readonly RhythmWord[];
}

interface Line {
  readonly kind: string;
  readonly at: number;
  readonly said: number;
  readonly condition?: string;
  readonly present?: boolean;
  readonly rhythm?: string;
}

/** Reads `NAME.ndjson` of a replay. A condition that is present at the end lasts until `lengthSeconds`. */
export const saidRhythms = (text: string, lengthSeconds: number): SaidRhythms => {
  const episodes: Record<string, SaidEpisode[]> = {};
  const words: RhythmWord[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('{"kind":"condition"') && !line.startsWith('{"kind":"rhythm"')) continue;
    const { at, said, condition, present, rhythm } = JSON.parse(line) as Line;
    if (at >= lengthSeconds) continue;
    if (rhythm !== undefined) words.push({ atSeconds: at, rhythm });
    if (condition === undefined) continue;
    episodes[condition] ??= [];
    const of = episodes[condition];
    const last = of.at(-1);
    if (present === true) of.push({ fromSeconds: at, saidSeconds: said, toSeconds: lengthSeconds });
    else if (last !== undefined) of[of.length - 1] = { ...last, toSeconds: Math.max(last.fromSeconds, at) };
  }
  return { episodes, words };
};

/** What a replay said of a record (`NAME.ndjson`). Rejects when the file cannot be read. */
export const readSaidRhythms = async (directory: string, name: string, lengthSeconds: number): Promise<SaidRhythms> =>
  saidRhythms(await readFile(join(directory, `${name}.ndjson`), 'utf8'), lengthSeconds);

/** Seconds that each word of the rhythm held, each until the next, the last until the record's end. */
export const secondsByWord = (words: readonly RhythmWord[], lengthSeconds: number): ReadonlyMap<string, number> => {
  const seconds = new Map<string, number>();
  for (const [i, { atSeconds, rhythm }] of words.entries()) {
    const held = (words[i + 1]?.atSeconds ?? lengthSeconds) - atSeconds;
    seconds.set(rhythm, (seconds.get(rhythm) ?? 0) + Math.max(0, held));
  }
  return seconds;
};
