/**
 * Patients of whom only the rhythm is known, as further teachers of what is normal. Few people have beat-by-beat annotations;
 * records of CinC 2017 say of hundreds that they are in sinus rhythm or in atrial fibrillation, and there a beat that looks
 * like most others of its record is normal (N), however uneven it comes. Ventricular and premature atrial beats are made of them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { BEAT_CLASSES } from '../../../../stream-models/beats/beat-input.ts';
import { type Dice, diceFrom } from '../../../../stream-models/dice.ts';
import type { BeatSeen } from '../../../../stream-models/ecg/sighting.ts';
import type { TimedBeat } from '../../../../stream-models/evaluation/ec57.ts';
import { type Cinc2017Class, parseReference } from '../../../recordings/cinc2017-reference.ts';
import type { EcgLead } from '../../../recordings/leads.ts';
import { readRecord } from '../../../recordings/wfdb/record.ts';
import { type BeatSequence, beatSequence, type Reference } from '../../beat-sequences/beat-sequence.ts';
import { hearBeats, leadsOf } from '../../hear-record.ts';
import { nameSeed } from '../../name-seed.ts';
import type { NoiseChannels } from '../../noise-channels.ts';
import { changedCopy } from '../copies/augment.ts';
import { retimed, withVentricular } from '../copies/retimed.ts';
import { playedAgain } from './played-again.ts';
import { atRate } from './training-records.ts';
import { usualBeats } from './usual-beats.ts';

/** How patients without annotated beats are heard: the seed of their changed copies, and noise for these (mV). */
export interface UnannotatedWanted {
  readonly seed: number;
  readonly noise: NoiseChannels;
  readonly signal?: AbortSignal | undefined;
}

/** Fewer beats in a record tell too little of what is usual in it. */
const BEATS_LEAST = 12;
const PLAYED_S = 120;
/** So many beats of a copy teach nothing: there is no usual one yet. */
const FIRST_BEATS = 5;
/**
 * Patients count together like so many long recordings, each of some twenty of them: alone, hundreds of records of a minute
 * would outweigh the annotated ones (`beatWeights`).
 */
const GROUPS = 40;
/** Most electrocardiographs give two leads; so do most copies. */
const SECOND_LEAD_CHANCE = 0.6;
const OTHER_RHYTHM_CHANCE = 0.8;
const VENTRICULAR_CHANCE = 0.75;
const FOCI_MAX = 3;
/** The label of a beat that looks unlike the others: it teaches nothing. */
const UNKNOWN = BEAT_CLASSES.indexOf('Q');

/**
 * One changed copy each of the records of a folder that its `REFERENCE.csv` calls N (sinus rhythm) or A (atrial fibrillation),
 * with premature atrial beats of any frequency in the former; other records, and those with fewer than twelve beats, are left
 * out. The same folder and seed give the same copies. Throws an Error that names the record or file that cannot be read, or the
 * folder that has no such patient.
 */
export const furtherPatients = async (
  directory: string,
  { seed, noise, signal }: UnannotatedWanted,
): Promise<readonly BeatSequence[]> => {
  const reference = parseReference(await readFile(join(directory, 'REFERENCE.csv'), 'utf8'));
  const copies: BeatSequence[] = [];
  for (const [name, is] of reference) {
    if (is !== 'N' && is !== 'A') continue;
    signal?.throwIfAborted();
    const patient = await shortPatient(directory, name, is);
    if (patient === undefined) continue;
    const dice = diceFrom(nameSeed(seed, name));
    copies.push(copyOf(patient, `further patients ${copies.length % GROUPS}`, dice, noise));
  }
  if (copies.length === 0)
    throw new Error(`${directory} has no record that its REFERENCE.csv calls N or A and that has ${BEATS_LEAST} beats`);
  return copies;
};

interface ShortPatient {
  readonly is: Cinc2017Class;
  readonly leads: readonly EcgLead[];
  readonly rateHz: number;
  readonly reference: Reference;
}

/** One record with the beats that were found in it: N, or Q where they teach nothing. Undefined if there are too few. */
const shortPatient = async (directory: string, name: string, is: Cinc2017Class): Promise<ShortPatient | undefined> => {
  const record = await readRecord(directory, name);
  if (E.isLeft(record)) throw new Error(`record ${name}: ${record.left.sentence}`);
  const { rateHz } = record.right.header;
  const leads = leadsOf(record.right).slice(0, 1);
  if (leads.length === 0) return undefined;
  const seen = hearBeats(leads, rateHz).filter((each): each is BeatSeen => each.tag === 'BeatSeen');
  if (seen.length < BEATS_LEAST) return undefined;
  // In sinus rhythm what looks odd is noise, and nothing to be called a beat of another kind either.
  const usual = is === 'A' ? usualBeats(seen) : seen.map(() => true);
  const found = seen.map(({ at }, i): TimedBeat => ({ atSeconds: at / 1e6, class: usual[i] ? 'N' : 'Q' }));
  const { leads: played, beats } = playedAgain(leads, rateHz, found, PLAYED_S);
  return { is, leads: played, rateHz, reference: { beats, excluded: [] } };
};

const copyOf = (
  { is, leads, rateHz, reference }: ShortPatient,
  group: string,
  dice: Dice,
  noise: NoiseChannels,
): BeatSequence => {
  const both = dice.unit() < SECOND_LEAD_CHANCE ? [...leads, madeLead(leads[0]!, rateHz, dice)] : leads;
  let other = { leads: both, reference };
  if (is === 'A' && dice.unit() < VENTRICULAR_CHANCE)
    other = withVentricular(both, rateHz, reference, dice, 1 + dice.below(FOCI_MAX));
  if (is === 'N' && dice.unit() < OTHER_RHYTHM_CHANCE) {
    const foci = dice.below(FOCI_MAX + 1);
    other = retimed(both, rateHz, reference, dice, { foci, premature: 'any-frequency' });
  }
  const changed = changedCopy(other.leads, rateHz, dice, noise);
  const sequence = beatSequence(
    group,
    hearBeats(changed.leads, changed.rateHz),
    atRate(other.reference, rateHz / changed.rateHz),
  );
  return {
    ...sequence,
    labels: sequence.labels.map((label, i) => (i < FIRST_BEATS || label === UNKNOWN ? -1 : label)),
  };
};

/** How far apart the four samples lie of which a sample of the made lead is mixed. */
const TAP_S = 0.008;
const TAPS = 4;

/** A second lead: the same heart by another filter, so that its waves have other heights and forms. */
const madeLead = ({ code, samplesMv }: EcgLead, rateHz: number, dice: Dice): EcgLead => {
  const shares = Array.from({ length: TAPS }, () => dice.normal());
  const norm = Math.hypot(...shares);
  const gap = Math.max(1, Math.round(TAP_S * rateHz));
  const made = Float32Array.from(samplesMv, (_, i) => {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++) sum += shares[tap]! * samplesMv[Math.max(0, i - (tap - 1) * gap)]!;
    return sum / norm;
  });
  return { code: code + 1, samplesMv: made };
};
