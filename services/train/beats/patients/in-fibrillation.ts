import { createHash } from 'node:crypto';
import { microseconds } from '../../../../schemas/units.ts';
import type { BeatClassName } from '../../../../schemas/words.ts';
import { type BeatSeen, type EcgBroken, SHAPE_BEFORE } from '../../../../stream-models/ecg/sighting.ts';
import { ATRIAL_BEATS_KEPT, atrialBeatsStart, withAtrialBeat } from '../../../../stream-models/rhythm/atrial-beats.ts';
import { atrialFeatures } from '../../../../stream-models/rhythm/atrial-features.ts';
import { atrialLogit } from '../../../../stream-models/rhythm/atrial-rule.ts';
import type { ClassifiedBeat } from '../../../../stream-models/vocabulary/sighting.ts';
import { strangersRule } from './strangers-rule.ts';

/** How often the rule looks, in beats, as in service; and how many beats it must see. */
const LOOK_EVERY = 4;
const BEATS_LEAST = 24;

/**
 * The beats that lie in atrial fibrillation: those that a look of the rule has seen (`irregular.ts`: the newest
 * 48 beats, every four, here from 24 on) whose log odds are above 0. `classOf` says what is known of a beat's class.
 */
export const beatsInFibrillation = (
  heard: readonly (BeatSeen | EcgBroken)[],
  classOf: (beat: BeatSeen) => BeatClassName | undefined,
): ReadonlySet<BeatSeen> => {
  const found = new Set<BeatSeen>();
  let memory = atrialBeatsStart;
  let seen: readonly BeatSeen[] = [];
  let unseen = 0;
  for (const each of heard) {
    if (each.tag === 'EcgBroken') {
      memory = atrialBeatsStart;
      seen = [];
      unseen = 0;
      continue;
    }
    const before = seen.at(-1);
    memory = withAtrialBeat(memory, classified(each, classOf(each)), before && microseconds(each.at - before.at));
    seen = [...seen.slice(1 - ATRIAL_BEATS_KEPT), each];
    if (++unseen < LOOK_EVERY) continue;
    unseen = 0;
    const features = seen.length < BEATS_LEAST ? undefined : atrialFeatures(memory);
    if (features !== undefined && atrialLogit(features, strangersRule) > 0) for (const beat of seen) found.add(beat);
  }
  return found;
};

/** Of the rule's weights: what strangers teach depends on them. */
export const fibrillationRuleHash = (): string =>
  createHash('sha256').update(JSON.stringify(strangersRule)).digest('hex').slice(0, 16);

const classified = (beat: BeatSeen, name: BeatClassName | undefined): ClassifiedBeat => {
  const { at, said, amplitudeMv, lead, shapes } = beat;
  const beforeMv = shapes[0]?.slice(0, SHAPE_BEFORE);
  const known = { tag: 'ClassifiedBeat', at, said, amplitudeMv, class: name, probability: 1 } as const;
  return beforeMv === undefined ? known : { ...known, lead, beforeMv };
};
