import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { type Dice, diceFrom } from '../../../../stream-models/dice.ts';
import { aamiClass, flutterEpisodes, referenceBeats } from '../../../../stream-models/evaluation/ec57.ts';
import type { EcgLead } from '../../../recordings/leads.ts';
import { patientOf } from '../../../recordings/patient.ts';
import { readRecordAnnotations } from '../../../recordings/wfdb/record.ts';
import { type BeatSequence, beatSequence, type Reference } from '../../beat-sequences/beat-sequence.ts';
import { hearBeats, leadsOf } from '../../hear-record.ts';
import type { NoiseChannels } from '../../noise-channels.ts';
import { openedRecord } from '../../recording-folders.ts';
import { changedCopy } from '../copies/augment.ts';
import type { PrematureBeats } from '../copies/ectopy.ts';
import { retimed } from '../copies/retimed.ts';

/** One recording of the training set. */
export interface TrainingRecord {
  readonly name: string;
  /** Recordings of one patient are never on both sides of a split. */
  readonly patient: string;
  readonly reference: Reference;
  readonly sequence: BeatSequence;
  /** The same recording as other monitors, rooms and hearts might have given it, by how often premature atrial beats come. */
  readonly copies: Readonly<Record<PrematureBeats, readonly BeatSequence[]>>;
}

/** Reads all references, before anything that takes long. Rejects with an Error that names every record whose beats nobody has annotated. */
export const referencesOrThrow = async (directory: string, names: readonly string[]): Promise<void> => {
  const troubles: string[] = [];
  for (const name of names) {
    const annotations = await readRecordAnnotations(directory, name, 'atr');
    if (E.isLeft(annotations)) troubles.push(`record ${name}: ${annotations.left.sentence}`);
    else if (!annotations.right.some(({ symbol }) => aamiClass(symbol) !== undefined))
      troubles.push(`record ${name}: ${name}.atr holds no beat`);
  }
  if (troubles.length > 0)
    throw new Error(
      `${troubles.join('; ')}. Training needs beats in NAME.atr of every record: add them, or take the record out of ${directory}`,
    );
};

/** Times of a reference at a clock that says another rate: `share` is the old rate over the new. */
export const atRate = ({ beats, excluded }: Reference, share: number): Reference => ({
  beats: beats.map(({ atSeconds, class: name }) => ({ atSeconds: atSeconds * share, class: name })),
  excluded: excluded.map(({ fromSeconds, toSeconds }) => ({
    fromSeconds: fromSeconds * share,
    toSeconds: toSeconds * share,
  })),
});

/** Which copies of a recording are made. */
export interface CopiesWanted {
  /** So many of each kind. */
  readonly copies: number;
  readonly seed: number;
  readonly noise: NoiseChannels;
  readonly premature: readonly PrematureBeats[];
}

/** Kinds of ventricular beats that a copy is given, at most. */
const FOCI_MAX = 3;

/**
 * Reads a recording with its reference (`.atr`) and hears it, and `copies` changed copies of each kind: with its own rhythm,
 * with others, and with others and ventricular beats. All that once for each of `premature`, from the same dice; of what is
 * not asked for there are no copies. Throws with its name.
 */
export const trainingRecord = async (
  directory: string,
  name: string,
  { copies, seed, noise, premature }: CopiesWanted,
): Promise<TrainingRecord> => {
  const record = await openedRecord(directory, name);
  const annotations = await readRecordAnnotations(directory, name, 'atr');
  if (E.isLeft(annotations))
    throw new Error(`record ${name}: ${annotations.left.sentence}; training needs ${join(directory, `${name}.atr`)}`);
  const rateHz = record.header.rateHz;
  const leads = leadsOf(record);
  if (leads.length === 0) throw new Error(`record ${name}: it has no ECG lead in mV, uV or V`);
  const reference: Reference = {
    beats: referenceBeats(annotations.right, rateHz),
    excluded: flutterEpisodes(annotations.right, rateHz),
  };
  const copyOf = (of: readonly EcgLead[], known: Reference, dice: Dice): BeatSequence => {
    const changed = changedCopy(of, rateHz, dice, noise);
    return beatSequence(name, hearBeats(changed.leads, changed.rateHz), atRate(known, rateHz / changed.rateHz));
  };
  const otherRhythm = (often: PrematureBeats, foci: number, dice: Dice): BeatSequence => {
    const other = retimed(leads, rateHz, reference, dice, { foci, premature: often });
    return copyOf(other.leads, other.reference, dice);
  };
  const each = <Copy>(make: () => Copy): Copy[] => Array.from({ length: copies }, make);
  const copiesOf = (often: PrematureBeats): readonly BeatSequence[] => {
    if (!premature.includes(often)) return [];
    const dice = diceFrom(seed * 31 + [...name].reduce((sum, letter) => sum * 33 + letter.charCodeAt(0), 7));
    return [
      ...each(() => copyOf(leads, reference, dice)),
      ...each(() => otherRhythm(often, 0, dice)),
      ...each(() => otherRhythm(often, 1 + dice.below(FOCI_MAX), dice)),
    ];
  };
  return {
    name,
    patient: patientOf(name),
    reference,
    sequence: beatSequence(name, hearBeats(leads, rateHz), reference),
    copies: { seldom: copiesOf('seldom'), 'any-frequency': copiesOf('any-frequency') },
  };
};
