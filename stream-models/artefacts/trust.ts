/**
 * Whether the network of artefacts is believed. Even in motion as loud as the heart it called at most seven of twelve peaks
 * artefacts; where it calls more, the heart is more likely one that it does not know than none.
 */
import { isArtefact } from './artefact-classes.ts';

/** Of the newest peaks, the oldest first: whether the network called them artefacts. */
export type Refused = readonly boolean[];

const NEWEST = 12;
const REFUSED_MAX = 7;

/** After a peak: what is remembered, and the probability if the network is believed; undefined else. */
export const believed = (
  before: Refused,
  probability: number | undefined,
): readonly [refused: Refused, probability: number | undefined] => {
  const refused = [...before.slice(1 - NEWEST), isArtefact(probability)];
  let count = 0;
  for (const each of refused) if (each) count++;
  return [refused, count > REFUSED_MAX ? undefined : probability];
};
