/** Every second of all beds through the rhythm network together, after their beats have got their classes. */
import type { Observed } from '../../stream-models/analysis/observed.ts';
import { beatMeasures } from '../../stream-models/beats/beat-input.ts';
import type { LeadLook } from '../../stream-models/fibrillation/fibrillation.ts';
import type { RhythmProbabilities } from '../../stream-models/rhythm-network/rhythm-classes.ts';
import {
  type RhythmHeard,
  type RhythmInputMemory,
  rhythmInput,
} from '../../stream-models/rhythm-network/rhythm-input.ts';
import type { StepNetwork } from '../ports/inference.ts';
import type { Verdict } from './classify-beats.ts';
import { stepBeds, type Turn } from './step-beds.ts';

/** One bed on its way through the network. */
export interface BedSeconds {
  readonly memory: RhythmInputMemory;
  readonly seen: readonly Observed[];
  readonly verdicts: readonly (Verdict | undefined)[];
}

/** The network's word on a second, and what was found in the leads' windows that end with it. */
export interface RhythmJudgement {
  readonly probabilities: RhythmProbabilities;
  readonly looks: readonly LeadLook[];
}

export interface RhythmJudgements {
  /** Per bed and observed item: the word at the stretch of ECG that ended a second; undefined everywhere else. */
  readonly judgements: readonly (readonly (RhythmJudgement | undefined)[])[];
  /** Per bed: what the input remembers, and the network's hidden state, after the last item. */
  readonly memories: readonly RhythmInputMemory[];
  readonly states: readonly Float32Array[];
}

const heardOf = (each: Observed, verdict: Verdict | undefined): RhythmHeard | undefined => {
  switch (each.tag) {
    case 'EcgProgress':
      return each;
    case 'BeatToClassify':
      return {
        tag: 'JudgedBeat',
        at: each.beat.at,
        probabilities: verdict?.probabilities,
        measures: beatMeasures(each.x),
      };
    case 'StateReset':
      return { tag: 'Broken', patient: each.why === 'another patient' };
    default:
      return undefined;
  }
};

/** The seconds of one bed in order: the network's input, and what was found, by the number of the item that ended the second. */
export interface HeardSeconds {
  readonly memory: RhythmInputMemory;
  readonly turns: readonly Turn[];
  readonly looks: ReadonlyMap<number, readonly LeadLook[]>;
}

/** One bed's seconds as inputs for the network, and what was found in the leads' windows. */
export const secondsOf = ({ memory: before, seen, verdicts }: BedSeconds): HeardSeconds => {
  let memory = before;
  const turns: Turn[] = [];
  let found: Map<number, readonly LeadLook[]> | undefined;
  for (let item = 0; item < seen.length; item++) {
    const heard = heardOf(seen[item]!, verdicts[item]);
    if (heard === undefined) continue;
    if (heard.tag === 'Broken') turns.push('reset');
    const [next, inputs] = rhythmInput.step(memory, heard);
    memory = next;
    for (const { x, looks } of inputs) {
      turns.push({ item, x });
      found ??= new Map();
      found.set(item, looks);
    }
  }
  return { memory, turns, looks: found ?? NO_LOOKS };
};

/** Of a bed of which no second ends, as of most in most batches. */
const NO_LOOKS: ReadonlyMap<number, readonly LeadLook[]> = new Map();

/** Without a network nothing is judged, and nothing is remembered for it. */
export const judgeRhythms = async (
  network: StepNetwork | undefined,
  before: readonly Float32Array[],
  beds: readonly BedSeconds[],
  onFailure: (sentence: string) => void = () => {},
): Promise<RhythmJudgements> => {
  const judgements: (RhythmJudgement | undefined)[][] = beds.map(({ seen }) => new Array(seen.length));
  if (network === undefined) return { judgements, memories: beds.map(({ memory }) => memory), states: before };
  const inputs = beds.map(secondsOf);
  const queues = inputs.map(({ turns }) => turns);
  const { answers, states } = await stepBeds(network, before, queues, onFailure);
  for (const [bed, of] of answers.entries())
    for (const [item, y] of of)
      judgements[bed]![item] = { probabilities: y, looks: inputs[bed]!.looks.get(item) ?? [] };
  return { judgements, memories: inputs.map(({ memory }) => memory), states };
};
