import * as E from 'fp-ts/lib/Either.js';
import type { Moment } from '../../../schemas/units.ts';
import { observe } from '../../../stream-models/analysis/observe.ts';
import { startObserving } from '../../../stream-models/analysis/observe-memory.ts';
import type { Observed } from '../../../stream-models/analysis/observed.ts';
import {
  noVotes,
  votedBeat,
  withJudgedSecond,
  withVotedBeat,
} from '../../../stream-models/corroboration/network-votes.ts';
import { type RecentWaves, witnessesOf } from '../../../stream-models/corroboration/recent-waves.ts';
import type { WitnessMemory } from '../../../stream-models/corroboration/witness.ts';
import { rhythmInput } from '../../../stream-models/rhythm-network/rhythm-input.ts';
import type { StepNetwork } from '../../ports/inference.ts';
import { signalMeanings } from '../../recordings/lead-codes.ts';
import { readRecord, type WfdbRecord } from '../../recordings/wfdb/record.ts';
import { framesOf, lengthUs, REPLAY_START } from '../../replay/frames.ts';
import { classifyBeats, type Verdict } from '../../stages/classify-beats.ts';
import { judgeRhythms, type RhythmJudgement } from '../../stages/judge-rhythm.ts';
import { alarmAtSeconds } from './alarm-folder.ts';

/** What was heard of a record up to its last sample, and what its header says. */
export interface HeardRecord {
  readonly name: string;
  readonly comments: readonly string[];
  /** MDC codes of its signals. */
  readonly codes: readonly number[];
  readonly witnesses: WitnessMemory;
  /** When its alarm rang: the end of the record, or before its last half minute. */
  readonly at: Moment;
  /** Seconds at the end that were not heard, since the alarm had rung before. */
  readonly unheardSeconds: number;
}

/** Frames as a monitor sends them. What is heard does not depend on it. */
const CHUNK_MS = 1_000;
/** Records whose beats go through the network in one call. */
const SIDE_BY_SIDE = 32;
const NO_LEADS_OFF: ReadonlySet<number> = new Set();

/** A record up to its alarm. */
export const upToAlarm = (record: WfdbRecord): WfdbRecord => {
  const samples = Math.round(alarmAtSeconds(record.name, lengthUs(record) / 1e6) * record.header.rateHz);
  return { ...record, signals: record.signals.map((signal) => signal.subarray(0, samples)) };
};

interface ObservedRecord {
  readonly record: WfdbRecord;
  readonly unheardSeconds: number;
  readonly seen: readonly Observed[];
  readonly recent: RecentWaves;
}

const observeRecord = (whole: WfdbRecord): ObservedRecord => {
  const record = upToAlarm(whole);
  const seen: Observed[] = [];
  let memory = startObserving;
  const options = { bed: record.name, source: 'evaluate', chunkMs: CHUNK_MS, start: REPLAY_START };
  for (const frame of framesOf(record, options)) {
    const [next, said] = observe(memory, frame);
    memory = next;
    for (const each of said) seen.push(each);
  }
  return { record, unheardSeconds: (lengthUs(whole) - lengthUs(record)) / 1e6, seen, recent: memory.recent };
};

/** What the networks said of each thing that was observed of a record. */
interface Answers {
  readonly verdicts: readonly (Verdict | undefined)[];
  readonly judgements: readonly (RhythmJudgement | undefined)[];
}

const heardRecord = (
  { record, unheardSeconds, seen, recent }: ObservedRecord,
  { verdicts, judgements }: Answers,
): HeardRecord => {
  let votes = noVotes;
  for (const [i, each] of seen.entries()) {
    if (each.tag === 'EcgProgress' && judgements[i] !== undefined)
      votes = withJudgedSecond(votes, each.at, judgements[i].probabilities);
    if (each.tag !== 'BeatToClassify') continue;
    const { class: name, probability } = verdicts[i] ?? { class: undefined, probability: 0 };
    votes = withVotedBeat(votes, votedBeat({ at: each.beat.at, class: name, probability }));
  }
  const at = recent.heardTo ?? REPLAY_START;
  return {
    name: record.name,
    comments: record.header.comments,
    codes: [...signalMeanings(record.header.signals).values()].map(({ code }) => code),
    witnesses: witnessesOf(recent, votes, NO_LEADS_OFF),
    at,
    unheardSeconds,
  };
};

export interface UnreadableRecord {
  readonly name: string;
  readonly sentence: string;
}

/** Without beats' classes what they would have told counts as usual; without the other VT is judged by the model that knows no words. */
export interface AlarmNetworks {
  /** Tells beats apart. */
  readonly beats: StepNetwork | undefined;
  /** Says of every second what rhythm it was. */
  readonly rhythm: StepNetwork | undefined;
}

/**
 * Plays records through what listens in life: the same frames, the same detector, the same networks, frame by frame, and
 * nothing after the last sample. Yields each record as it stands at its end, in the order of `names`.
 */
export async function* hearRecords(
  directory: string,
  names: readonly string[],
  { beats, rhythm }: AlarmNetworks,
): AsyncGenerator<E.Either<UnreadableRecord, HeardRecord>> {
  for (let from = 0; from < names.length; from += SIDE_BY_SIDE) {
    const group = names.slice(from, from + SIDE_BY_SIDE);
    const read = await Promise.all(group.map((name) => readRecord(directory, name)));
    const observed = read.flatMap((record) => (E.isRight(record) ? [observeRecord(record.right)] : []));
    const fresh = (network: StepNetwork | undefined) => observed.map(() => new Float32Array(network?.hidden ?? 0));
    const { verdicts } = await classifyBeats(beats, fresh(beats), observed);
    const inOrder = observed.map(({ seen }, i) => ({ memory: rhythmInput.start, seen, verdicts: verdicts[i]! }));
    const { judgements } = await judgeRhythms(rhythm, fresh(rhythm), inOrder);
    let next = 0;
    for (const [i, record] of read.entries()) {
      if (E.isLeft(record)) yield E.left({ name: group[i]!, sentence: record.left.sentence });
      else {
        yield E.right(heardRecord(observed[next]!, { verdicts: verdicts[next]!, judgements: judgements[next]! }));
        next++;
      }
    }
  }
}
