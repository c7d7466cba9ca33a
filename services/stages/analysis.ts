/**
 * The analysis stage: telemetry in, findings and alarm inputs out, in three steps. Each bed observes alone (pure); all
 * beds' beats, then their seconds, go through the networks together, the bed's hidden states travelling with its memory;
 * each bed concludes alone (pure).
 */
import { setImmediate as immediately } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { AlarmInput } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { encodeAlarmInput, encodeFindings } from '../../schemas/messages.ts';
import type { Rejection } from '../../schemas/rejection.ts';
import { telemetryOf } from '../../schemas/telemetry.ts';
import { conclude, rescued } from '../../stream-models/analysis/conclude.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { type ObserveMemory, startObserving } from '../../stream-models/analysis/observe-memory.ts';
import type { Observed } from '../../stream-models/analysis/observed.ts';
import { startOwnAlarms } from '../../stream-models/corroboration/own-alarms.ts';
import { type BedRules, rulesOfPreset } from '../../stream-models/presets/bed-rules.ts';
import type { Preset } from '../../stream-models/presets/preset.ts';
import { VOTE_USUAL } from '../../stream-models/rhythm/red-vote.ts';
import { type RhythmInputMemory, rhythmInput } from '../../stream-models/rhythm-network/rhythm-input.ts';
import type { LogRecord, NewRecord } from '../ports/event-log.ts';
import type { StepNetwork } from '../ports/inference.ts';
import { rejectedRecord } from '../ports/rejected-record.ts';
import type { BedBatch, BedResult, Stage } from '../runtime/stage.ts';
import { answerRisks } from './answer-risks.ts';
import { BedConclusion, type ConclusionMemory, type ConclusionOptions, type SaidOfBed } from './bed-conclusion.ts';
import { type RiskNetwork, startBedRisk } from './bed-risk.ts';
import { classifyBeats } from './classify-beats.ts';
import { findArtefacts } from './find-artefacts.ts';
import { judgeRhythms } from './judge-rhythm.ts';
import { type Late, type LateJudge, lateAfter, nothingLate } from './late-frames.ts';

/** Changes when the memories below change their shape or meaning. */
const MEMORY_VERSION = 'analysis-12';

export interface AnalysisMemory extends ConclusionMemory {
  /** False until the bed has said something for the first time. */
  readonly begun: boolean;
  readonly observing: ObserveMemory;
  /** What came too late to ring and is being judged by itself; absent: nothing. */
  readonly late?: Late;
  /** The beat network's hidden state of this bed. */
  readonly state: Float32Array;
  /** The artefact network's. */
  readonly artefactState: Float32Array;
  /** What the rhythm network's input remembers of this bed, and its hidden state. */
  readonly seconds: RhythmInputMemory;
  readonly secondsState: Float32Array;
}

export interface AnalysisOptions extends Pick<ConclusionOptions, 'onModelFailure' | 'onCrowd'> {
  readonly preset: Preset;
  /** The rules of each bed where the site has its own; absent: the preset's for all. Beds that share rules get the same object. */
  readonly site?: { readonly hash: string; readonly rulesOf: (bed: string) => BedRules } | undefined;
  /** undefined: no network; the rules that need none go on, and every bed says that the model failed. */
  readonly network: StepNetwork | undefined;
  /** Tells artefacts from beats; undefined: every peak counts as a beat. */
  readonly artefacts?: StepNetwork | undefined;
  /** The network of rhythm; undefined: the rules decide alone. */
  readonly rhythm?: StepNetwork | undefined;
  /** Told of a Silence that a line to the log had held up: it is of then, and nothing follows from it. `behindS`: behind what had been heard of the bed, seconds. */
  readonly onLateSilence?: (bed: string, behindS: number) => void;
  /** Says the risk of sepsis once an hour; undefined: nothing is said of it. */
  readonly risk?: RiskNetwork | undefined;
}

const refused = (record: LogRecord, why: Rejection): NewRecord =>
  rejectedRecord({
    ...{ source: record.key, stage: 'analysis', original: record.value, gatewayTimeUs: record.appendedAt },
    ...why,
  });

const inputRecord = (bed: string, input: AlarmInput): NewRecord => ({
  ...{ topic: 'vigil.alarm-inputs', key: bed, value: encodeAlarmInput(input) },
});

interface ObservedBed {
  readonly memory: ObserveMemory;
  readonly late: Late;
  /** What was missed while a line was down, and before which of `seen` it is told: the same wherever a batch ends. */
  readonly missed: readonly { readonly before: number; readonly list: AlarmInput }[];
  readonly seen: readonly Observed[];
  readonly rejected: readonly NewRecord[];
}

const observeBed = (
  batch: BedBatch<AnalysisMemory>,
  { onLateSilence }: AnalysisOptions,
  judge: LateJudge,
): ObservedBed => {
  let memory = batch.memory.observing;
  let late = batch.memory.late ?? nothingLate;
  const missed: { readonly before: number; readonly list: AlarmInput }[] = [];
  const seen: Observed[] = [];
  const rejected: NewRecord[] = [];
  for (const record of batch.records) {
    const frame = telemetryOf(record);
    if (E.isLeft(frame)) {
      rejected.push(refused(record, frame.left));
      continue;
    }
    const [lateNow, lists] = lateAfter(late, frame.right, memory, judge);
    late = lateNow;
    for (const list of lists) missed.push({ before: seen.length, list });
    const [next, said] = observe(memory, frame.right);
    const { heard, silenceOfThen } = next;
    if (frame.right.silence !== undefined && heard !== undefined && silenceOfThen !== undefined && next !== memory)
      onLateSilence?.(batch.bed, Math.round((heard - silenceOfThen) / 1e6));
    memory = next;
    for (const each of said) seen.push(each);
  }
  return { memory, late, missed, seen, rejected };
};

const recordsOf = (bed: string, { findings, inputs, limits }: SaidOfBed): NewRecord[] => {
  const records: NewRecord[] = inputs.map((input) => inputRecord(bed, input));
  if (findings.length + limits.length > 0)
    records.push({
      topic: 'vigil.findings',
      key: bed,
      value: encodeFindings({ $typeName: 'vigil.v1.Findings', bed, findings, limits }),
    });
  return records;
};

const shaOf = (network: StepNetwork | undefined): string => network?.sha256.slice(0, 16) ?? 'no network';

/** How the beds of one unit are concluded. */
interface Concluding {
  readonly fold: ReturnType<typeof conclude>;
  readonly options: ConclusionOptions;
}

/** Made once for each unit. */
const makeConcludingOf = (options: AnalysisOptions): ((bed: string) => Concluding) => {
  const made = new Map<BedRules, Concluding>();
  const { preset, site } = options;
  return (bed) => {
    const rules = site?.rulesOf(bed) ?? rulesOfPreset(preset);
    const known = made.get(rules);
    if (known !== undefined) return known;
    const fold = conclude(rules.preset, VOTE_USUAL, rules.bounds);
    const one: Concluding = { fold, options: { ...options, rules } };
    made.set(rules, one);
    return one;
  };
};

/** The stage as a value. Its version names the rules and the networks: memories of others are not continued. */
export const analysisStage = (options: AnalysisOptions): Stage<AnalysisMemory> => {
  const { preset, site, network, artefacts, rhythm, risk } = options;
  const concludingOf = makeConcludingOf(options);
  const rulesVersion = site === undefined ? preset.name : `${preset.name}@${site.hash}`;
  const start = (bed: string): AnalysisMemory => ({
    begun: false,
    observing: startObserving,
    concluding: concludingOf(bed).fold.start,
    state: new Float32Array(network?.hidden ?? 0),
    artefactState: new Float32Array(artefacts?.hidden ?? 0),
    seconds: rhythmInput.start,
    secondsState: new Float32Array(rhythm?.hidden ?? 0),
    lastBeat: undefined,
    modelFailed: false,
    refused: [],
    votes: [],
    own: startOwnAlarms,
    risk: startBedRisk(risk),
  });
  return {
    name: 'analysis',
    reads: 'vigil.telemetry',
    writes: ['vigil.findings', 'vigil.alarm-inputs', 'vigil.rejected'],
    version: `${MEMORY_VERSION}/${rulesVersion}/${[network, artefacts, rhythm, risk?.network].map(shaOf).join('/')}`,
    start,
    rescue: (bed, memory) => {
      const concluding = rescued(memory);
      return concluding && { ...start(bed), concluding };
    },
    step: async (beds) => {
      const observed = beds.map((batch) => {
        const { fold, options: ofUnit } = concludingOf(batch.bed);
        return observeBed(batch, options, { bed: batch.bed, rules: ofUnit.rules, fold });
      });
      const states = beds.map(({ memory }) => memory.state);
      const artefactStates = beds.map(({ memory }) => memory.artefactState);
      const [verdicts, found] = await Promise.all([
        classifyBeats(network, states, observed, options.onModelFailure),
        findArtefacts(artefacts, artefactStates, observed, options.onModelFailure),
      ]);
      const judged = await judgeRhythms(
        rhythm,
        beds.map(({ memory }) => memory.secondsState),
        beds.map(({ memory }, i) => ({
          memory: memory.seconds,
          seen: observed[i]!.seen,
          verdicts: verdicts.verdicts[i]!,
        })),
        options.onModelFailure,
      );
      const conclusions: { readonly conclusion: BedConclusion; readonly begun: boolean }[] = [];
      for (const [i, { bed, memory: before }] of beds.entries()) {
        const { seen, missed } = observed[i]!;
        const { fold, options: ofUnit } = concludingOf(bed);
        const conclusion = new BedConclusion(bed, before, before.observing, fold, ofUnit);
        const [classes, artefact, words] = [verdicts.verdicts[i]!, found.artefacts[i]!, judged.judgements[i]!];
        let { begun } = before;
        let told = 0;
        for (let k = 0; k <= seen.length; k++) {
          for (; missed[told]?.before === k; told++) conclusion.said.inputs.push(missed[told]!.list);
          const each = seen[k];
          if (each === undefined) break;
          if (!begun) begun = conclusion.begin(each);
          conclusion.take(each, classes[k], words[k], artefact[k]);
        }
        conclusions.push({ conclusion, begun });
        // A storm of alarms must not hold up other partitions, nor the alarms themselves, which go through this thread.
        if (conclusion.hasJudged) await immediately();
      }
      const bedRisks = conclusions.map(({ conclusion }) => conclusion.risk);
      const risks = risk && (await answerRisks(risk, bedRisks, options.onModelFailure));
      return beds.map(({ bed, memory: before }, i): BedResult<AnalysisMemory> => {
        const { memory: observing, rejected, late } = observed[i]!;
        const { conclusion, begun } = conclusions[i]!;
        const { memory: concluding, lastBeat, modelFailed, refused, own } = conclusion;
        const { beats: votes, seconds: judgedSeconds } = conclusion.votes;
        const [state, artefactState] = [verdicts.states[i]!, found.states[i]!];
        const [seconds, secondsState] = [judged.memories[i]!, judged.states[i]!];
        const bedRisk = risks?.[i] ?? before.risk;
        const lateHeard = late.length === 0 ? {} : { late };
        const heard = { begun, observing, state, artefactState, seconds, secondsState, ...lateHeard };
        return {
          memory: { ...heard, concluding, lastBeat, modelFailed, refused, votes, judgedSeconds, own, risk: bedRisk },
          outputs: [...rejected, ...recordsOf(bed, conclusion.said)],
        };
      });
    },
  };
};
