import type { AskedSequence } from './ask-rhythm.ts';
import { askRhythm } from './ask-rhythm.ts';
import type { RhythmData } from './rhythm-data.ts';
import { fitRhythmWithAlarms, type RhythmPlan } from './rhythm-fit.ts';

/** What a fold's network, which never saw these patients, said of their recordings as they are; not yet calibrated. */
export interface HeldOutRhythm {
  readonly asked: readonly AskedSequence[];
  readonly losses: readonly (readonly number[])[];
}

/** Patients dealt out in turn, long recordings and short ones each for themselves. */
const rhythmFolds = (data: RhythmData, folds: number): readonly ReadonlySet<string>[] =>
  Array.from({ length: folds }, (_, fold) => {
    const dealt = (patients: readonly string[]) => patients.filter((_patient, i) => i % folds === fold);
    return new Set([...dealt(data.patients), ...dealt(data.shortPatients)]);
  });

/** Each fold's patients are judged by networks that were fitted to all others, their changed copies and all judged alarms included. */
export const heldOutRhythms = async (
  plan: RhythmPlan,
  data: RhythmData,
  count: number,
  advance: (note: string) => void,
): Promise<readonly HeldOutRhythm[]> => {
  const held: HeldOutRhythm[] = [];
  for (const [number, patients] of rhythmFolds(data, count).entries()) {
    const label = `fold ${number + 1} of ${count}`;
    const training = data.sequences.filter(({ patient }) => !patients.has(patient));
    const { joined, losses } = await fitRhythmWithAlarms(plan, label, plan.seed + number, training, data.alarmed);
    const own = data.sequences.filter(({ patient, isChanged }) => patients.has(patient) && !isChanged);
    held.push({ asked: await askRhythm(joined, own), losses });
    advance(`${label}: asked`);
  }
  return held;
};
