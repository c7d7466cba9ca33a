/** What contradicts itself about a bed. A note and no alarm: a transfer looks the same for some minutes, and who is right only people know. */
import type { LiveBed } from '../../../../../schemas/live.ts';
import { sideBySide } from '../../../../../schemas/side-by-side.ts';

const devicesText = (names: readonly string[]): readonly string[] => {
  if (names.length === 0) return [];
  return [names.length === 1 ? `another device beside ${names[0]}` : `${names.length} devices: ${names.join(', ')}`];
};

/** In words, the gravest first; empty: nothing does. `others`: the other beds on the wall on which its patient is named. */
export const contradictionText = (bed: LiveBed, others: readonly string[], nowUs: number): string =>
  [
    ...(others.length === 0 ? [] : [`patient also on ${others.join(', ')}`]),
    ...devicesText(sideBySide(bed, nowUs)),
  ].join(' · ');
