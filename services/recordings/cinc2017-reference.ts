/** What the CinC Challenge 2017 (AF from a short recording of one lead) says of its records. */
import { rowsOf } from './table.ts';

/** Classes of the challenge: normal, atrial fibrillation, other rhythm, too noisy. */
export const CINC2017_CLASSES = ['N', 'A', 'O', '~'] as const;
export type Cinc2017Class = (typeof CINC2017_CLASSES)[number];

/** Rows of `REFERENCE.csv`: record and word, without a header. */
export const referenceRows = (text: string): readonly (readonly [record: string, word: string])[] =>
  rowsOf(text)
    .filter(([record], i) => i > 0 || record?.toLowerCase() !== 'record')
    .map(([record = '', word = '']) => [record, word] as const);

/** `REFERENCE.csv`: record,class per line. Unknown classes are left out. */
export const parseReference = (text: string): readonly (readonly [string, Cinc2017Class])[] =>
  referenceRows(text).flatMap(([record, word]) => {
    const is = CINC2017_CLASSES.find((each) => each === word);
    return is === undefined ? [] : [[record, is] as const];
  });
