import { moment } from '../../../schemas/units.ts';
import type { Observed } from '../../../stream-models/analysis/observed.ts';
import { type BeatInputMemory, beatInput } from '../../../stream-models/beats/beat-input.ts';
import { type EcgMemory, hearEcg, startEcg } from '../../../stream-models/ecg/hear-ecg.ts';
import type { EcgChunk } from '../../../stream-models/ecg/sighting.ts';
import { RHYTHM_FEATURES, rhythmInput } from '../../../stream-models/rhythm-network/rhythm-input.ts';
import type { RhythmSpan } from '../../evaluate/rhythm/reference-rhythms.ts';
import type { StepNetwork } from '../../ports/inference.ts';
import type { EcgLead } from '../../recordings/leads.ts';
import { classifyBeats } from '../../stages/classify-beats.ts';
import { type HeardSeconds, secondsOf } from '../../stages/judge-rhythm.ts';
import { labelAt } from './rhythm-labels.ts';

/** A stretch of a recording as the network of rhythm sees it, second by second, without a break of the signal. */
export interface RhythmSequence {
  /** Recordings of one patient are never on both sides of a split. */
  readonly patient: string;
  readonly record: string;
  /** A changed copy teaches, but is not what anything is judged by. */
  readonly isChanged: boolean;
  /** The second, from the record's beginning, at whose end each row stands. */
  readonly atSeconds: Float64Array;
  /** [seconds, RHYTHM_FEATURES] */
  readonly x: Float32Array;
  /** Place in RHYTHM_CLASSES, -1: teaches nothing. */
  readonly labels: Int8Array;
  readonly weights: Float32Array;
  /** Where a second teaches more than its label: how much of each class, [seconds, classes]. */
  readonly targets?: Float32Array;
}

/** A recording to be heard: its leads, the rate that they are said to have, its reference. */
export interface Recording {
  readonly patient: string;
  readonly record: string;
  readonly isChanged: boolean;
  readonly leads: readonly EcgLead[];
  readonly rateHz: number;
  readonly spans: readonly RhythmSpan[];
}

/** Length of the pieces a recording is heard in. What is heard does not depend on it. */
const CHUNK_S = 5;

/** What analysis would observe of the leads, as far as the network of rhythm needs it; moment 0 at the first sample. */
const observed = ({ leads, rateHz }: Recording): readonly Observed[] => {
  const length = Math.max(...leads.map(({ samplesMv }) => samplesMv.length));
  const perChunk = Math.round(CHUNK_S * rateHz);
  const seen: Observed[] = [];
  let memory: EcgMemory = startEcg;
  let beats: BeatInputMemory = beatInput.start;
  for (let from = 0; from < length; from += perChunk) {
    const chunks = leads.map(
      ({ code, samplesMv }): EcgChunk => ({
        ...{ code, start: moment(Math.round((from * 1e6) / rateHz)) },
        ...{ rateNumerator: Math.round(rateHz * 1000), rateDenominator: 1000 },
        samplesMv: samplesMv.subarray(from, from + perChunk),
      }),
    );
    const [next, sightings] = hearEcg(memory, chunks, new Set());
    memory = next;
    for (const each of sightings) {
      if (each.tag === 'EcgProgress') {
        seen.push(each);
        continue;
      }
      const [after, inputs] = beatInput.step(beats, each);
      beats = after;
      for (const { beat, x } of inputs) seen.push({ tag: 'BeatToClassify', beat, x });
      if (each.tag === 'EcgBroken') seen.push({ tag: 'StateReset', at: each.at, said: each.said, why: each.why }, each);
    }
  }
  return seen;
};

const sequencesOf = (recording: Recording, heard: readonly Observed[], turns: HeardSeconds['turns']) => {
  const sequences: RhythmSequence[] = [];
  let seconds: { readonly at: number; readonly x: Float32Array }[] = [];
  const close = (): void => {
    if (seconds.length === 0) return;
    const x = new Float32Array(seconds.length * RHYTHM_FEATURES);
    const labels = new Int8Array(seconds.length);
    const weights = new Float32Array(seconds.length);
    for (const [i, second] of seconds.entries()) {
      x.set(second.x, i * RHYTHM_FEATURES);
      const { label, weight } = labelAt(recording.spans, second.at);
      labels[i] = label;
      // What has not been heard for three seconds shows little.
      weights[i] = i < 3 ? 0 : weight;
    }
    const { patient, record, isChanged } = recording;
    const atSeconds = Float64Array.from(seconds, ({ at }) => at);
    sequences.push({ patient, record, isChanged, atSeconds, x, labels, weights });
    seconds = [];
  };
  for (const turn of turns) {
    if (turn === 'reset') {
      close();
      continue;
    }
    const of = heard[turn.item]!;
    if (of.tag === 'EcgProgress') seconds.push({ at: of.at / 1e6, x: turn.x });
  }
  close();
  return sequences;
};

/** Hears recordings side by side: their beats get their classes from the shipped network, as in service. */
export const rhythmSequences = async (
  recordings: readonly Recording[],
  beats: StepNetwork,
): Promise<readonly RhythmSequence[]> => {
  const heard = recordings.map(observed);
  const states = recordings.map(() => new Float32Array(beats.hidden));
  const { verdicts } = await classifyBeats(
    beats,
    states,
    heard.map((seen) => ({ seen })),
  );
  return recordings.flatMap((recording, i) => {
    const { turns } = secondsOf({ memory: rhythmInput.start, seen: heard[i]!, verdicts: verdicts[i]! });
    return sequencesOf(recording, heard[i]!, turns);
  });
};
