/**
 * Goal: what each member of the network of beats learns from.
 * Method: a made recording is heard with copies of one kind and of both; members are counted out.
 */
import { describe, expect, it } from 'vitest';
import { membersOf } from '../../services/train/beats/members.ts';
import { trainingRecord } from '../../services/train/beats/patients/training-records.ts';
import { raised } from '../../services/train/beats/raised.ts';
import { BEAT_CLASSES } from '../../stream-models/beats/beat-input.ts';
import { putMadeBeats } from '../recordings/made-beats.ts';
import { temporaryFolder } from '../recordings/made-record.ts';

describe('the copies that members learn from', () => {
  it('are the same whether or not copies of another kind are made as well, and only those that are asked for', async () => {
    await using folder = await temporaryFolder();
    await putMadeBeats(folder.path, 'made', 120, 5);
    const how = { copies: 1, seed: 2, noise: [] };
    const alone = await trainingRecord(folder.path, 'made', { ...how, premature: ['seldom'] });
    const both = await trainingRecord(folder.path, 'made', { ...how, premature: ['seldom', 'any-frequency'] });
    expect(both.copies.seldom).toEqual(alone.copies.seldom);
    expect(alone.copies.seldom).toHaveLength(3);
    expect(alone.copies['any-frequency']).toEqual([]);
    // The first copy keeps its own rhythm: nothing but the dice could differ.
    expect(both.copies['any-frequency'][0]).toEqual(both.copies.seldom[0]);
    expect(both.copies['any-frequency'].slice(1)).not.toEqual(both.copies.seldom.slice(1));
  });
});

describe('the members', () => {
  it('are the same ones however many are joined, and no two of one kind begin from one seed', () => {
    const six = membersOf(6);
    for (let count = 1; count < 6; count++) expect(membersOf(count)).toEqual(six.slice(0, count));
    expect(six.map(({ premature }) => premature).filter((each) => each === 'seldom')).toHaveLength(2);
    const seeds = six.map(({ premature, hasFurther, seedOffset }) => `${premature} ${hasFurther} ${seedOffset}`);
    expect(new Set(seeds).size).toBe(6);
  });

  it('that learn from further patients all see premature atrial beats of any frequency, and some learn without them', () => {
    const kinds = membersOf(6).map(({ premature, hasFurther }) => `${premature}${hasFurther ? ', further' : ''}`);
    expect(new Set(kinds)).toEqual(new Set(['seldom', 'any-frequency', 'any-frequency, further']));
  });

  it('count a premature atrial beat less where there are many of them, and all else alike', () => {
    const [seldom] = membersOf(1);
    const often = membersOf(3)[2]!;
    const changed = BEAT_CLASSES.filter((_, i) => seldom!.classWeights[i] !== often.classWeights[i]);
    expect(changed).toEqual(['S']);
    expect(often.classWeights[1]).toBeLessThan(seldom!.classWeights[1]!);
  });
});

describe('the joined network', () => {
  it('says S and V sooner than its members do, and no other class', () => {
    const lifts = raised(Float32Array.from({ length: BEAT_CLASSES.length }, () => 1)).map((value) => value - 1);
    expect(BEAT_CLASSES.filter((_, i) => lifts[i]! > 0)).toEqual(['S', 'V']);
    expect(lifts.every((lift) => lift >= 0 && lift < 1.5)).toBe(true);
  });
});
