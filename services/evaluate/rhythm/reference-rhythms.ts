import type { Episode } from '../../../stream-models/evaluation/episodes.ts';
import type { WfdbAnnotation } from '../../recordings/wfdb/annotations.ts';

/** A stretch of a reference with one rhythm, in the words of its file, without the bracket: `N`, `AFIB`, `VFL` … */
export interface RhythmSpan extends Episode {
  readonly rhythm: string;
}

/**
 * What is compared: the words of the reference, and the conditions of Vigil that answer them. `AFL` is no `AFIB`: neither asked for
 * nor an excuse. VT and VF are both red, and often one to the eye, so they are also compared as one.
 */
export const COMPARED = {
  vf: { name: 'VF, flutter', words: ['VFIB', 'VF', 'VFL'], conditions: ['vf'], shortestSeconds: 3 },
  vt: { name: 'VT', words: ['VT'], conditions: ['vt'], shortestSeconds: 3 },
  ventricular: { name: 'VT or VF', words: ['VFIB', 'VF', 'VFL', 'VT'], conditions: ['vf', 'vt'], shortestSeconds: 3 },
  asystole: { name: 'asystole', words: ['ASYS'], conditions: ['asystole'], shortestSeconds: 3 },
  af: { name: 'AF', words: ['AFIB'], conditions: ['af'], shortestSeconds: 0 },
} as const;
export type ComparedCondition = keyof typeof COMPARED;
export const COMPARED_CONDITIONS = Object.keys(COMPARED) as readonly ComparedCondition[];

const isChange = ({ symbol, aux }: WfdbAnnotation): boolean => symbol === '+' && aux.startsWith('(');

/** Whether a reference says anything of rhythm: many hold beats alone. */
export const tellsRhythm = (annotations: readonly WfdbAnnotation[]): boolean =>
  annotations.some((each) => isChange(each) || each.symbol === '[');

/**
 * A rhythm lasts until the next change ("+" with its name in the aux field), the last one until the record's end. What a reference has behind
 * that end is left out.
 */
export const rhythmSpans = (
  annotations: readonly WfdbAnnotation[],
  rateHz: number,
  lengthSeconds: number,
): readonly RhythmSpan[] => {
  const changes = annotations.filter((each) => isChange(each) && each.sample / rateHz < lengthSeconds);
  return changes.map(({ sample, aux }, i) => ({
    rhythm: aux.slice(1).trim(),
    fromSeconds: sample / rateHz,
    toSeconds: changes[i + 1] === undefined ? lengthSeconds : changes[i + 1]!.sample / rateHz,
  }));
};

/** How many changes of rhythm a reference has behind the end of its recording. */
export const changesBehind = (annotations: readonly WfdbAnnotation[], rateHz: number, lengthSeconds: number): number =>
  annotations.filter((each) => isChange(each) && each.sample / rateHz >= lengthSeconds).length;

/** Episodes of one kind. Flutter waves between "[" and "]" count as flutter too; `epicmp` knows VF by those alone. */
export const episodesOf = (
  condition: ComparedCondition,
  spans: readonly RhythmSpan[],
  annotations: readonly WfdbAnnotation[],
  rateHz: number,
  lengthSeconds: number,
): readonly Episode[] => {
  const words: readonly string[] = COMPARED[condition].words;
  const episodes: Episode[] = spans.filter(({ rhythm }) => words.includes(rhythm));
  if (!words.includes('VFL')) return episodes;
  let from: number | undefined;
  for (const { sample, symbol } of annotations.filter((each) => each.sample / rateHz < lengthSeconds)) {
    if (symbol === '[') from ??= sample / rateHz;
    if (symbol !== ']' || from === undefined) continue;
    episodes.push({ fromSeconds: from, toSeconds: sample / rateHz });
    from = undefined;
  }
  if (from !== undefined) episodes.push({ fromSeconds: from, toSeconds: lengthSeconds });
  return episodes;
};
