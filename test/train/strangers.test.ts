/**
 * Goal: patients of whom nothing is known teach what a network is sure of in them, and nothing else.
 * Method: made records; a network whose output says one class of every beat, whatever it sees.
 */
import { describe, expect, it } from 'vitest';
import type { BeatSequence } from '../../services/train/beat-sequences/beat-sequence.ts';
import { BEAT_NETWORK } from '../../services/train/beats/beat-network.ts';
import { heardStrangers, taughtBy } from '../../services/train/beats/patients/strangers.ts';
import { trainBeats } from '../../services/train/beats/train-beats.ts';
import { BEAT_CLASSES } from '../../stream-models/beats/beat-input.ts';
import { filledWeights } from '../../stream-models/network/description.ts';
import type { Weighted } from '../../stream-models/network/joined.ts';
import { putMadeBeats } from '../recordings/made-beats.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';

const HOW = { seed: 1, noise: [] };
const FIRST_BEATS = 8;

/** Says `name` of every beat; the greater the logit, the surer. */
const saying = (name: (typeof BEAT_CLASSES)[number], logit: number): Weighted => {
  const weights = filledWeights(BEAT_NETWORK, () => 0);
  weights.bo[BEAT_CLASSES.indexOf(name)] = logit;
  return { network: BEAT_NETWORK, weights };
};

describe('patients of whom nothing is known', () => {
  it('are heard as they are and in two changed copies, the same ones with the same seed', async () => {
    await using folder = await temporaryFolder();
    for (const [seed, name] of ['one', 'two'].entries()) await put(folder.path, madeRhythm(name, 'bigeminy', 60, seed));
    await put(folder.path, madeRhythm('of-few-beats', 'bigeminy', 12, 3));
    const once = await heardStrangers(folder.path, HOW);
    expect(once.map(({ copies }) => copies.length)).toEqual([2, 2]);
    expect(await heardStrangers(folder.path, HOW)).toEqual(once);
    expect(await heardStrangers(folder.path, { ...HOW, seed: 2 })).not.toEqual(once);
    for (const { plain } of once) expect(plain.labels.every((label) => label === -1)).toBe(true);
  });

  it('teach what a network is sure of, at the same beats of every copy, once it has seen what is usual', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, madeRhythm('one', 'bigeminy', 60, 1));
    const strangers = await heardStrangers(folder.path, HOW);
    const [plain, ...copies] = await taughtBy(saying('V', 9), strangers);
    const V = BEAT_CLASSES.indexOf('V');
    expect([...plain!.labels].slice(0, FIRST_BEATS)).toEqual(new Array(FIRST_BEATS).fill(-1));
    expect(plain!.labels.slice(FIRST_BEATS).every((label) => label === V)).toBe(true);
    for (const { labels } of copies) {
      const told = labels.filter((label) => label === V).length;
      expect(told).toBeGreaterThan(0.8 * (plain!.labels.length - FIRST_BEATS));
      expect(labels.every((label) => label === V || label === -1)).toBe(true);
    }
  });

  it('teach nothing of which the network is unsure, nor fusion and unknown beats however sure it is', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, madeRhythm('one', 'bigeminy', 60, 1));
    const strangers = await heardStrangers(folder.path, HOW);
    for (const teacher of [saying('N', 3), saying('V', 2), saying('F', 9), saying('Q', 9)])
      for (const { labels } of await taughtBy(teacher, strangers))
        expect(labels.every((label) => label === -1)).toBe(true);
  });

  it('teach of atrial fibrillation only what is normal', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, madeRhythm('one', 'af', 60, 1));
    const strangers = await heardStrangers(folder.path, HOW);
    const labelsOf = async (name: 'N' | 'S') => {
      const [{ labels, atSeconds }] = (await taughtBy(saying(name, 9), strangers)) as [BeatSequence, ...BeatSequence[]];
      const within = (from: number, to: number) => [
        ...labels.filter((_, i) => atSeconds[i]! > from && atSeconds[i]! < to),
      ];
      return { before: within(9, 14), during: within(32, 48) };
    };
    const [N, S] = [BEAT_CLASSES.indexOf('N'), BEAT_CLASSES.indexOf('S')];
    const normal = await labelsOf('N');
    const premature = await labelsOf('S');
    expect(normal.during).toEqual(normal.during.map(() => N));
    expect(premature.before).toEqual(premature.before.map(() => S));
    expect(premature.during).toEqual(premature.during.map(() => -1));
    expect(premature.during.length).toBeGreaterThan(20);
  });

  it('cannot teach networks of which none is left to say what they see', async () => {
    await using folder = await temporaryFolder();
    await putMadeBeats(folder.path, 'one', 60, 1);
    await putMadeBeats(folder.path, 'two', 60, 2);
    const how = { seed: 3, data: folder.path, out: folder.path, strangers: folder.path, members: 3 };
    await expect(trainBeats(how)).rejects.toThrow('all 3 networks would learn from strangers, and none would teach');
  });

  it('are named where one cannot be read, and a folder without any', async () => {
    await using folder = await temporaryFolder();
    await expect(heardStrangers(folder.path, HOW)).rejects.toThrow('has no record with an ECG lead and 30 beats');
    await put(folder.path, madeRhythm('whole', 'bigeminy', 60, 1));
    const { 'broken.hea': header } = Object.fromEntries(
      Object.entries(madeRhythm('broken', 'bigeminy', 60, 2)).filter(([file]) => file.endsWith('.hea')),
    );
    await put(folder.path, { 'broken.hea': header! });
    await expect(heardStrangers(folder.path, HOW)).rejects.toThrow('record broken');
  });

  it('end in the same network every time', async () => {
    await using data = await temporaryFolder();
    await using strangers = await temporaryFolder();
    await putMadeBeats(data.path, 'one', 60, 1);
    await putMadeBeats(data.path, 'two', 60, 2);
    for (let i = 0; i < 3; i++) await put(strangers.path, madeRhythm(`stranger-${i}`, 'bigeminy', 60, 10 + i));
    const trained = async (): Promise<string> => {
      await using out = await temporaryFolder();
      // The fourth network teaches.
      const how = { seed: 3, epochs: 1, folds: 2, copies: 1, members: 4 };
      return (await trainBeats({ ...how, data: data.path, out: out.path, strangers: strangers.path })).sha256;
    };
    expect(await trained()).toBe(await trained());
  });
});
