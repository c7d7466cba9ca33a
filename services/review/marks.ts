import * as E from 'fp-ts/lib/Either.js';
import { PRIVATE } from '../../schemas/codes.ts';
import type { ReviewRhythm, ReviewStretch } from '../../schemas/review.ts';
import { rhythmGravity } from '../../schemas/series.ts';
import { earlier, type Moment, moment, seconds } from '../../schemas/units.ts';
import { BEGUN_ANEW, peakSymbol } from '../../schemas/words.ts';
import type { NumericPoint, Range, SeriesError, SeriesStore, StoredFinding } from '../ports/series-store.ts';

const wordOf = new Map(Object.values(rhythmGravity).map(({ gravity, word }) => [gravity, word]));

/**
 * Marks of the rhythm lie ten seconds apart (services/recorder/rhythm-marks.ts), in an asystole up to a minute and a bit. Further apart nobody
 * heard the bed.
 */
const HEARD_WITHIN = seconds(75);

/** Stretches of one rhythm, from its marks in the order of their moments. What lies between two marks that are too far apart is of no rhythm. */
export const rhythmsOf = (marks: readonly Pick<NumericPoint, 'at' | 'value'>[]): readonly ReviewRhythm[] => {
  const rhythms: { fromUs: number; toUs: number; word: string }[] = [];
  for (const { at, value } of marks) {
    const word = wordOf.get(value) ?? 'unknown';
    const last = rhythms.at(-1);
    const isHeard = last !== undefined && at - last.toUs <= HEARD_WITHIN;
    if (isHeard) last.toUs = at;
    if (last === undefined || !isHeard || last.word !== word) rhythms.push({ fromUs: at, toUs: at, word });
  }
  return rhythms;
};

/** Those that have a part of the range, cut to it. */
const within = (rhythms: readonly ReviewRhythm[], { from, to }: Range): readonly ReviewRhythm[] =>
  rhythms
    .filter(({ fromUs, toUs }) => toUs > from && fromUs < to)
    .map(({ fromUs, toUs, word }) => ({ fromUs: Math.max(fromUs, from), toUs: Math.min(toUs, to), word }));

/** Where the bed began anew: what lies before is of another patient or another clock. */
export const resetsOf = (findings: readonly StoredFinding[]): ReviewStretch['resets'] =>
  findings.flatMap(({ finding: { atUs, kind } }) =>
    kind.case === 'reset' && kind.value.what === BEGUN_ANEW ? [{ atUs, why: kind.value.why }] : [],
  );

/** Beats, rhythm and beginnings of a stretch. Left: why the store does not tell. */
export const marksOf = async (
  store: SeriesStore,
  range: Range,
): Promise<E.Either<SeriesError, Pick<ReviewStretch, 'beats' | 'rhythms' | 'resets'>>> => {
  const around = {
    ...{ bed: range.bed, from: earlier(range.from, HEARD_WITHIN) },
    to: moment(range.to + HEARD_WITHIN) as Moment,
  };
  const [beats, marks, resets] = await Promise.all([
    store.findings({ ...range, kind: 'beat' })(),
    store.numerics({ ...around, code: PRIVATE.rhythm })(),
    store.findings({ ...range, kind: 'reset' })(),
  ]);
  if (E.isLeft(beats)) return beats;
  if (E.isLeft(marks)) return marks;
  if (E.isLeft(resets)) return resets;
  return E.right({
    beats: beats.right.flatMap(({ finding: { atUs, kind } }) =>
      kind.case === 'beat' ? [{ atUs, symbol: peakSymbol(kind.value.class) }] : [],
    ),
    rhythms: within(rhythmsOf(marks.right), range),
    resets: resetsOf(resets.right),
  });
};
