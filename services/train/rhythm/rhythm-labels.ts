import { RHYTHM_CLASSES, type RhythmClass } from '../../../stream-models/rhythm-network/rhythm-classes.ts';
import type { RhythmSpan } from '../../evaluate/rhythm/reference-rhythms.ts';

/** What a second teaches: the place of its class, -1 for nothing, and how much it counts. */
export interface SecondLabel {
  readonly label: number;
  readonly weight: number;
}

const CLASS_OF: Readonly<Record<string, RhythmClass>> = {
  ...{ AFIB: 'af', VT: 'vt', VF: 'vf', VFIB: 'vf', VFL: 'vf', ASYS: 'asystole', NOISE: 'noise' },
};
/** Neither sinus-like nor anything that the network has a word for. */
const NOT_TAUGHT = ['AFL', 'VER', '', 'MISS'];

const NOTHING: SecondLabel = { label: -1, weight: 0 };
/** A second is what the heart did this long ago: nothing can be seen at once. */
const SEEN_AFTER_S = 1;
/** So far back a second must have been the same to count in full … */
const SETTLED_S = 2.5;
/** … and for AF, which only many beats show. */
const SETTLED_AF_S = 12;
/** What a second near a change counts. */
const UNSETTLED_WEIGHT = 0.3;

const rhythmAt = (spans: readonly RhythmSpan[], seconds: number): RhythmSpan | undefined =>
  spans.findLast(({ fromSeconds, toSeconds }) => fromSeconds <= seconds && seconds < toSeconds);

/** The word of the reference as one of the network's classes; undefined where it teaches nothing. */
const classOfWord = (word: string): RhythmClass | undefined =>
  NOT_TAUGHT.includes(word) ? undefined : (CLASS_OF[word] ?? 'sinus-like');

/** The label of the second that ends at `seconds`. Spans may overlap: the later one counts. */
export const labelAt = (spans: readonly RhythmSpan[], seconds: number): SecondLabel => {
  const span = rhythmAt(spans, Math.max(0, seconds - SEEN_AFTER_S));
  if (span === undefined) return NOTHING;
  const name = classOfWord(span.rhythm);
  if (name === undefined) return NOTHING;
  const now = rhythmAt(spans, seconds);
  const before = rhythmAt(spans, Math.max(0, seconds - (name === 'af' ? SETTLED_AF_S : SETTLED_S)));
  const same = (other: RhythmSpan | undefined): boolean => other !== undefined && classOfWord(other.rhythm) === name;
  return { label: RHYTHM_CLASSES.indexOf(name), weight: same(now) && same(before) ? 1 : UNSETTLED_WEIGHT };
};
