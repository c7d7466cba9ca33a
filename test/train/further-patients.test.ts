/**
 * Goal: patients of whom only the rhythm is known teach what is normal, and nothing that nobody said.
 * Method: made records with broad beats in a folder with REFERENCE.csv, each word in turn; short lines with known peaks.
 */
import { describe, expect, it } from 'vitest';
import { withVentricular } from '../../services/train/beats/copies/retimed.ts';
import { furtherPatients } from '../../services/train/beats/patients/further-patients.ts';
import { playedAgain } from '../../services/train/beats/patients/played-again.ts';
import { usualBeats } from '../../services/train/beats/patients/usual-beats.ts';
import { hearBeats, leadsOf } from '../../services/train/hear-record.ts';
import { BEAT_CLASSES } from '../../stream-models/beats/beat-input.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { putMadeBeats, readMade } from '../recordings/made-beats.ts';
import { put, temporaryFolder } from '../recordings/made-record.ts';
import { madeRhythm } from '../recordings/made-rhythms.ts';

const HOW = { seed: 1, noise: [] };
const labelled = (labels: Int8Array, name: (typeof BEAT_CLASSES)[number]): number =>
  labels.filter((label) => label === BEAT_CLASSES.indexOf(name)).length;

// Episodes of made records begin at 30 s: shorter ones are in sinus rhythm throughout.
describe('patients of whom only the rhythm is known', () => {
  it('are those in sinus rhythm and in atrial fibrillation, the same ones with the same seed', async () => {
    await using folder = await temporaryFolder();
    for (const name of ['normal', 'fibrillating', 'other', 'noisy'])
      await put(folder.path, madeRhythm(name, 'af', 28, 3));
    await put(folder.path, { 'REFERENCE.csv': 'normal,N\nfibrillating,A\nother,O\nnoisy,~\n' });
    const once = await furtherPatients(folder.path, HOW);
    expect(once).toHaveLength(2);
    expect(await furtherPatients(folder.path, HOW)).toEqual(once);
    expect(await furtherPatients(folder.path, { ...HOW, seed: 2 })).not.toEqual(once);
  });

  it('teach nothing by beats that look unlike the others of their fibrillation, and call no beat what it was not made', async () => {
    await using folder = await temporaryFolder();
    await putMadeBeats(folder.path, 'bigeminal', 60, 3);
    await put(folder.path, { 'REFERENCE.csv': 'bigeminal,A\n' });
    const [copy] = await furtherPatients(folder.path, HOW);
    const { labels } = copy!;
    expect(labelled(labels, 'N')).toBeGreaterThan(20);
    expect(labels.filter((label) => label === -1).length).toBeGreaterThan(labels.length / 8);
    for (const name of ['S', 'F', 'Q'] as const) expect(labelled(labels, name)).toBe(0);
  });

  it('names the record that cannot be read', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, { 'REFERENCE.csv': 'missing,N\n' });
    await expect(furtherPatients(folder.path, HOW)).rejects.toThrow('record missing');
  });

  it('are missing in a folder of other rhythms and noise, which is said and not passed over', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, { 'REFERENCE.csv': 'other,O\nnoisy,~\n' });
    await expect(furtherPatients(folder.path, HOW)).rejects.toThrow('calls N or A');
  });
});

describe('the usual beats of a record', () => {
  it('are the narrow ones where every third is broad', async () => {
    await using folder = await temporaryFolder();
    await put(folder.path, madeRhythm('some', 'bigeminy', 28, 3));
    await put(folder.path, madeRhythm('odd', 'bigeminy', 40, 3));
    const beatsOf = async (name: string) =>
      hearBeats(leadsOf(await readMade(folder.path, name)), 250).filter((each) => each.tag === 'BeatSeen');
    const [some, odd] = [await beatsOf('some'), await beatsOf('odd')];
    expect(usualBeats(some).every(Boolean)).toBe(true);
    const usual = usualBeats(odd);
    expect(usual.some(Boolean) && usual.some((is) => !is)).toBe(true);
  });
});

/** Uneven beats, each a narrow peak of 1 mV on a flat line, at 250 Hz. */
const unevenHeart = (seed: number) => {
  const dice = diceFrom(seed);
  const samplesMv = new Float32Array(60 * 250);
  const beats: { atSeconds: number; class: 'N' }[] = [];
  for (let at = 1; at < 58; at += 0.5 + 0.6 * dice.unit()) {
    const sample = Math.round(at * 250);
    beats.push({ atSeconds: sample / 250, class: 'N' });
    for (let k = -6; k <= 6; k++) samplesMv[sample + k] = 1 - Math.abs(k) / 7;
  }
  return { leads: [{ code: 131329, samplesMv }], beats };
};

describe('a short record played again', () => {
  it('has a peak wherever it says a beat is, for as long as was asked', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { leads, beats } = unevenHeart(seed);
      const played = playedAgain(leads, 250, beats, 150);
      expect(played.leads[0]!.samplesMv.length).toBeGreaterThanOrEqual(150 * 250);
      for (const { atSeconds } of played.beats)
        expect(played.leads[0]!.samplesMv[Math.round(atSeconds * 250)]).toBeGreaterThan(0.99);
      expect(played.leads[0]!.samplesMv.some(Number.isNaN)).toBe(false);
    }
  });
});

describe('ventricular beats anywhere', () => {
  it('come in an uneven rhythm too, and every beat stands where the reference has it', () => {
    const { leads, beats } = unevenHeart(2);
    const reference = { beats, excluded: [] };
    let made = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const other = withVentricular(leads, 250, reference, diceFrom(seed), 2);
      expect(other.reference.beats).toHaveLength(beats.length);
      made += other.reference.beats.filter(({ class: name }) => name === 'V').length;
      for (const { atSeconds, class: name } of other.reference.beats)
        if (name === 'N') expect(other.leads[0]!.samplesMv[Math.round(atSeconds * 250)]).toBeGreaterThan(0.9);
    }
    expect(made).toBeGreaterThan(10);
  });
});
