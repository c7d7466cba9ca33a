/** What the network of rhythm said of the seconds before an alarm speaks for or against a VT. */
import { describe, expect, it } from 'vitest';
import { moment, seconds } from '../../schemas/units.ts';
import { alarmModels } from '../../stream-models/corroboration/alarm-models.ts';
import { probabilityOf } from '../../stream-models/corroboration/alarm-probability.ts';
import { evidenceAt, hasRhythmWords } from '../../stream-models/corroboration/features.ts';
import { noVotes, withJudgedSecond } from '../../stream-models/corroboration/network-votes.ts';
import { vtModelByWords } from '../../stream-models/corroboration/vt-model-by-words.ts';
import { startWitnesses } from '../../stream-models/corroboration/witness.ts';
import { RHYTHM_CLASSES } from '../../stream-models/rhythm-network/rhythm-classes.ts';

const ALARM_S = 60;
const at = (second: number) => moment(seconds(second));
const wordOf = (red: number) =>
  Float32Array.from(RHYTHM_CLASSES, (name) => (name === 'vt' ? red : name === 'sinus-like' ? 1 - red : 0));

/** Evidence on an alarm before which the network said `redAt` of each second. */
const evidenceOf = (redAt: (second: number) => number) => {
  let votes = noVotes;
  for (let second = 1; second <= ALARM_S; second++) votes = withJudgedSecond(votes, at(second), wordOf(redAt(second)));
  return evidenceAt({ ...startWitnesses, ...votes }, at(ALARM_S));
};
const wordsIn = (evidence: Readonly<Record<string, number>>): readonly string[] =>
  Object.keys(evidence).filter((name) => name.startsWith('words.'));

describe('the words of the network of rhythm', () => {
  it('speak for a VT where they were red in the last ten seconds, and against it where they were not', () => {
    const quiet = evidenceOf(() => 0.01);
    const red = evidenceOf((second) => (second > ALARM_S - 5 ? 0.95 : 0.01));
    const unsaid = evidenceAt(startWitnesses, at(ALARM_S));
    const [less, usual, more] = [quiet, unsaid, red].map((evidence) => probabilityOf(vtModelByWords, evidence));
    expect(less).toBeLessThan(usual!);
    expect(more).toBeGreaterThan(usual!);
  });

  it('are none where the network said nothing, and VT is judged by a model that knows none', () => {
    const unsaid = evidenceAt(startWitnesses, at(ALARM_S));
    expect([wordsIn(unsaid), hasRhythmWords(unsaid)]).toEqual([[], false]);
    expect(alarmModels.vt.terms.filter((term) => term.startsWith('words.'))).toEqual([]);
  });

  it('of before the definitions look count for nothing', () => {
    expect(evidenceOf((second) => (second < ALARM_S - 11 ? 0.99 : 0.01))).toEqual(evidenceOf(() => 0.01));
  });

  it('are remembered for as long as an alarm is judged by them', () => {
    let votes = noVotes;
    for (let second = 0; second < 1_000; second++) votes = withJudgedSecond(votes, at(second), wordOf(0.5));
    expect(votes.seconds).toHaveLength(20);
  });
});
