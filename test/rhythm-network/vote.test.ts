/** How the network of rhythm votes with the rules: it may hasten and hold back for seconds, and never takes back what stands. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inSeconds, type Moment } from '../../schemas/units.ts';
import { conclude } from '../../stream-models/analysis/conclude.ts';
import { runFold } from '../../stream-models/fold.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { castVote, type RedVote, redVoteStart, VOTE_USUAL, withWord } from '../../stream-models/rhythm/red-vote.ts';
import { RHYTHM_CLASSES, type RhythmClass } from '../../stream-models/rhythm-network/rhythm-classes.ts';
import { rhythmInput } from '../../stream-models/rhythm-network/rhythm-input.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, secondOf, shift, steady } from '../rhythm/shift.ts';

/** A word of the network: so sure of one class, the rest on another. */
const word = (name: RhythmClass, sure = 0.97, rest: RhythmClass = 'noise'): Float32Array =>
  Float32Array.from(RHYTHM_CLASSES, (each) => (each === name ? sure : each === rest ? 1 - sure : 0));

/** What stands second by second: the rule's word and the network's. */
const standing = (seconds: readonly (readonly [boolean, Float32Array | undefined])[]): readonly RedVote['stands'][] => {
  let vote = redVoteStart;
  return seconds.map(([ruled, said], second) => {
    if (said !== undefined) vote = withWord(vote, said, at(second));
    vote = castVote(vote, ruled, at(second), VOTE_USUAL);
    return vote.stands;
  });
};
const times = <Item>(count: number, item: Item): Item[] => new Array<Item>(count).fill(item);

describe('the vote on red rhythms', () => {
  it('is the rule’s own where there is no network', () => {
    expect(
      standing([
        [false, undefined],
        [true, undefined],
        [true, undefined],
        [false, undefined],
      ]),
    ).toEqual([...['nothing', 'vf', 'vf', 'nothing']]);
  });

  it('raises what both see at once, by the rule’s name for it', () => {
    expect(standing([[true, word('vf')]])).toEqual(['vf']);
    expect(standing([[true, word('vt')]])).toEqual(['vf']);
  });

  it('raises what the rule insists on within three seconds, however sure the network is of something else', () => {
    for (const other of [word('sinus-like', 0.97, 'af'), word('noise'), word('vf', VOTE_USUAL.agrees / 2)]) {
      const stands = standing(times(20, [true, other]));
      expect(stands.findIndex((each) => each !== 'undecided')).toBe(inSeconds(VOTE_USUAL.insists));
      expect(stands.at(-1)).toBe('vf');
    }
    expect(inSeconds(VOTE_USUAL.insists)).toBeLessThanOrEqual(3);
  });

  it('believes the rule alone again when the network falls silent', () => {
    expect(
      standing([...times(5, [true, word('noise')] as const), ...times(3, [true, undefined] as const)]).at(-1),
    ).toBe('vf');
  });

  it('never takes back fibrillation while the rule holds, whatever the network says', () => {
    const words = fc.array(fc.constantFrom(...RHYTHM_CLASSES), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(words, (names) => {
        const stands = standing(names.map((name) => [true, word(name)] as const));
        const first = stands.indexOf('vf');
        expect(first < 0 || stands.slice(first).every((each) => each === 'vf')).toBe(true);
      }),
    );
  });

  it('holds fibrillation that has come back for longer, so that what comes and goes is one alarm', () => {
    const burst = times(5, [true, word('vt')] as const);
    const between = times(15, [false, word('vt', 0.6)] as const);
    const stands = standing([...burst, ...between, ...burst, ...between, ...burst]);
    // After the first burst as long as before, from the second on without an end.
    expect(stands.slice(5, 20).filter((each) => each === 'vf')).toHaveLength(inSeconds(VOTE_USUAL.holds));
    expect(stands.slice(20).every((each) => each === 'vf')).toBe(true);
  });

  it('ends fibrillation that has come back, too: soon when the network sees nothing red, when the hold runs out in any case', () => {
    const back = [
      ...times(5, [true, word('vf')] as const),
      ...times(15, [false, word('vf', 0.6)] as const),
      ...times(5, [true, word('vf')] as const),
    ];
    const heldFor = (said: Float32Array | undefined): number =>
      standing([...back, ...times(60, [false, said] as const)])
        .slice(back.length)
        .indexOf('nothing');
    expect(heldFor(word('sinus-like'))).toBe(inSeconds(VOTE_USUAL.holdsLeast));
    // The last word is fresh for a second more; then the rules decide alone.
    expect(heldFor(undefined)).toBe(1);
    expect(heldFor(word('vf', 0.6))).toBe(inSeconds(VOTE_USUAL.holdsAgain));
  });

  it('ends fibrillation that was there once as soon as neither sees it', () => {
    const once = times(5, [true, word('vf')] as const);
    expect(standing([...once, ...times(3, [false, undefined] as const)]).at(-1)).toBe('nothing');
    expect(standing([...once, ...times(3, [false, word('sinus-like')] as const)]).at(-1)).toBe('nothing');
  });

  it('raises VT without a rule only when it was sure for three seconds, and ends it when it no longer sees it', () => {
    const seen = times(5, [false, word('vt', 0.99)] as const);
    const stands = standing([...seen, ...times(5, [false, word('sinus-like')] as const)]);
    expect(stands.slice(0, 3)).toEqual(['nothing', 'nothing', 'vt']);
    expect(stands.at(-1)).toBe('nothing');
  });
});

/** A shift with the network's word each second, as it is said before the stretch that ends the second. */
const judged = (sightings: readonly Sighting[], name: (second: number) => RhythmClass): readonly Sighting[] =>
  sightings.flatMap((seen): Sighting[] => {
    const second = secondOf(seen.said);
    if (seen.tag !== 'EcgProgress' || !Number.isInteger(second)) return [seen];
    return [{ tag: 'RhythmJudged', at: seen.at, said: seen.said, probabilities: word(name(second)), looks: [] }, seen];
  });
const changes = (sightings: readonly Sighting[]): readonly string[] =>
  runFold(conclude(presets.vigil), sightings)[1].flatMap((fact) =>
    fact.tag === 'Condition' ? [`${fact.present ? '+' : '−'} ${fact.condition}`] : [],
  );
const saidAt = (sightings: readonly Sighting[], condition: string): number =>
  secondOf(
    (runFold(conclude(presets.vigil), sightings)[1].find(
      (fact) => fact.tag === 'Condition' && fact.condition === condition && fact.present,
    )?.said ?? Number.NaN) as Moment,
  );

describe('a rhythm that only the network sees', () => {
  const likely = [false, word('vt', VOTE_USUAL.suddenly + 0.1)] as const;

  it('is VT after three seconds that were more likely red than not where it came suddenly', () => {
    const stands = standing([...times(20, [false, word('sinus-like', 0.97, 'vt')] as const), ...times(3, likely)]);
    expect(stands.slice(20)).toEqual(['nothing', 'nothing', 'vt']);
  });

  it('is none where the bed has looked so for long, as wide or fast hearts do', () => {
    expect(standing(times(60, likely))).not.toContain('vt');
    const often = Array.from({ length: 60 }, (_, second) =>
      second % 10 < 3 ? likely : ([false, word('noise')] as const),
    );
    expect(standing([...often, ...times(3, likely)]).slice(30)).not.toContain('vt');
  });

  it('is none at a bed that the network has only begun to hear', () => {
    expect(standing(times(3, likely))).not.toContain('vt');
  });
});

describe('rhythm with the network’s word', () => {
  const fibrillating = shift(45, steady(0.5, 25, 75), [{ from: 0 }, { from: 20, line: 'fibrillation' }]);

  it('says fibrillation within 6 s when both see it, with the network’s word as evidence', () => {
    const seen = judged(fibrillating, (second) => (second < 22 ? 'sinus-like' : 'vf'));
    expect(saidAt(seen, 'vf') - 20).toBeLessThanOrEqual(6);
    const [, facts] = runFold(conclude(presets.vigil), seen);
    const evidence = facts.flatMap((fact) =>
      fact.tag === 'Condition' && fact.condition === 'vf' ? [fact.evidence] : [],
    );
    expect(evidence[0]).toContain('network: VF 97 %');
  });

  it('says ventricular tachycardia of what the network alone is sure of, and no asystole', () => {
    const slow = shift(45, steady(0.5, 25, 75), [{ from: 0 }, { from: 20, line: 'noise' }]);
    const seen = changes(judged(slow, (second) => (second < 22 ? 'sinus-like' : 'vt')));
    expect(seen).toContain('+ vt');
    expect(seen).not.toContain('+ asystole');
  });

  it('calls a row of V beats a run while the network is sure of noise, and VT when it goes on', () => {
    const row = shift(40, [...steady(0.5, 12, 75), ...steady(10.1, 60, 150, 'V')]);
    const seen = judged(row, () => 'noise');
    expect(changes(seen)).toContain('+ v-run');
    expect(saidAt(seen, 'vt')).toBeGreaterThan(saidAt(row, 'vt'));
    expect(saidAt(seen, 'vt') - 10).toBeLessThan((60 / 150) * (VOTE_USUAL.rowBelieved + 2));
    for (const name of ['vt', 'sinus-like'] as const)
      expect(
        saidAt(
          judged(row, (second) => (second < 11 ? 'sinus-like' : name)),
          'vt',
        ),
      ).toBe(saidAt(row, 'vt'));
  });
});

describe('a red rhythm that is called by another name', () => {
  const RED: readonly string[] = ['vf', 'vt'];
  const anyWords = fc.array(fc.constantFrom<RhythmClass>('vt', 'vt', 'vf', 'sinus-like', 'noise'), {
    ...{ minLength: 12, maxLength: 12 },
  });

  it('is present under one of its names all the time, whatever the network says', () => {
    let renamed = 0;
    const lines = [{ from: 0 }, { from: 12, line: 'fibrillation' }, { from: 26, line: 'noise' }] as const;
    const made = shift(60, [...steady(0.5, 8, 75), ...steady(7, 60, 150, 'V')], lines);
    fc.assert(
      fc.property(anyWords, (names) => {
        const present = new Set<string>();
        const step = conclude(presets.vigil);
        let memory = step.start;
        for (const seen of judged(made, (second) => names[Math.floor(second / 5) % names.length]!)) {
          const before = RED.filter((name) => present.has(name));
          const [next, facts] = step.step(memory, seen);
          memory = next;
          const seenRed: boolean[] = [];
          for (const fact of facts) {
            if (fact.tag !== 'Condition') continue;
            present[fact.present ? 'add' : 'delete'](fact.condition);
            seenRed.push(RED.some((name) => present.has(name)));
          }
          const after = RED.filter((name) => present.has(name));
          if (before.length === 0 || after.length === 0) continue;
          expect(seenRed.every(Boolean), `${before} → ${after}`).toBe(true);
          if (before.join() !== after.join()) renamed++;
        }
      }),
      { numRuns: 25, seed: 20_261_126 },
    );
    // A story in which nothing is renamed would promise nothing.
    expect(renamed).toBeGreaterThan(10);
  });
});

describe('what was found in the leads’ windows', () => {
  it('serves the rule and the network alike: handed on or found again, the same is said', () => {
    const lines = [{ from: 0 }, { from: 14, line: 'fibrillation' }, { from: 30, line: 'flat' }, { from: 36 }] as const;
    const seen = shift(50, [...steady(0.5, 16, 75), ...steady(36, 16, 75)], lines);
    let memory = rhythmInput.start;
    const handedOn = (isHanded: boolean): readonly Sighting[] => {
      memory = rhythmInput.start;
      return seen.flatMap((each): Sighting[] => {
        if (each.tag !== 'EcgProgress') return [each];
        const [next, [input]] = rhythmInput.step(memory, each);
        memory = next;
        if (input === undefined) return [each];
        const { at: time, said } = each;
        const looks = isHanded ? input.looks : [];
        return [{ tag: 'RhythmJudged', at: time, said, probabilities: word('vf'), looks }, each];
      });
    };
    const [, facts] = runFold(conclude(presets.vigil), handedOn(true));
    expect(facts.some((fact) => fact.tag === 'Condition' && fact.condition === 'vf')).toBe(true);
    expect(facts).toEqual(runFold(conclude(presets.vigil), handedOn(false))[1]);
  });
});
