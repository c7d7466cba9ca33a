import type { Episode } from '../../../stream-models/evaluation/episodes.ts';
import type { WfdbAnnotation } from '../../recordings/wfdb/annotations.ts';

/** A stretch of a reference with one rhythm, in the words of its file, without the bracket: `N`, `AFIB`, `VFL` … */
export interface RhythmSpan extends Episode {
  readonly rhythm: string;
}

/** Rhythms that are compared, by the condition that Vigil says. `AFL` is no `AFIB`: neither asked for nor an excuse. */
export const COMPARED = {
  vf: { name: 'VF, flutter', words: ['VFIB', 'VF', 'VFL'], shortestSeconds: 3 },
  vt: { name: 'VT', words: ['VT'], shortestSeconds: 3 },
  asystole: { name: 'asystole', words: ['ASYS'], shortestSeconds: 3 },
  af: { name: 'AF', words: ['AFIB'], shortestSeconds: 0 },
} as const;
export type ComparedCondition = keyof typeof COMPARED;
export const COMPARED_CONDITIONS = Object.keys(COMPARED) as readonly ComparedCondition[];

/** A rhythm lasts until the next change ("+" with its name in the aux field), the last one until the record's end. */
export const rhythmSpans = (
  annotations: readonly WfdbAnnotation[],
  rateHz: number,
  lengthSeconds: number,
): readonly RhythmSpan[] => {
  const changes = annotations.filter(({ symbol, aux }) => symbol === '+' && aux.startsWith('('));
  return changes.map(({ sample, aux }, i) => ({
    rhythm: aux.slice(1).trim(),
    fromSeconds: sample / rateHz,
    toSeconds: changes[i + 1] === undefined ? lengthSeconds : changes[i + 1]!.sample / rateHz,
  }));
};

/** Episodes of one kind. Flutter waves between "[" and "]" count as flutter too, as `epicmp` counts them. */
export const episodesOf = (
  condition: ComparedCondition,
  spans: readonly RhythmSpan[],
  annotations: readonly WfdbAnnotation[],
  rateHz: number,
  lengthSeconds: number,
): readonly Episode[] => {
  const words: readonly string[] = COMPARED[condition].words;
  const episodes: Episode[] = spans.filter(({ rhythm }) => words.includes(rhythm));
  if (condition !== 'vf') return episodes;
  let from: number | undefined;
  for (const { sample, symbol } of annotations) {
    if (symbol === '[') from ??= sample / rateHz;
    if (symbol !== ']' || from === undefined) continue;
    episodes.push({ fromSeconds: from, toSeconds: sample / rateHz });
    from = undefined;
  }
  if (from !== undefined) episodes.push({ fromSeconds: from, toSeconds: lengthSeconds });
  return episodes;
};
