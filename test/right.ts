import * as E from 'fp-ts/lib/Either.js';

const sentenceOf = (left: unknown): string =>
  typeof left === 'object' && left !== null && 'sentence' in left ? String(left.sentence) : 'left instead of right';

/** What is right. Where it is left the test fails: with its sentence if it has one, and with all of it as the cause. */
export const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(sentenceOf(either.left), { cause: either.left });
  return either.right;
};
