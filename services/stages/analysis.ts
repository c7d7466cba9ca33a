/**
 * The analysis stage: telemetry in, findings and alarm inputs out, in three steps. Each bed observes alone (pure); all
 * beds' beats go through the network together, the bed's hidden state travelling with its memory; each bed concludes
 * alone (pure).
 */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { type AlarmInput, AlarmInputSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { type Finding, FindingSchema, FindingsSchema } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { RejectedSchema } from '../../schemas/generated/vigil/v1/log_pb.ts';
import { encodeAlarmInput, encodeFindings, encodeRejected } from '../../schemas/messages.ts';
import { decodeLoggedTelemetry } from '../../schemas/telemetry.ts';
import type { Moment } from '../../schemas/units.ts';
import { type ConcludeMemory, conclude } from '../../stream-models/analysis/conclude.ts';
import type { Fact } from '../../stream-models/analysis/fact.ts';
import { type Observed, type ObserveMemory, observe, startObserving } from '../../stream-models/analysis/observe.ts';
import { beatFinding, factAlarmInput, factFinding } from '../../stream-models/analysis/say.ts';
import type { ClassifiedBeat, Sighting } from '../../stream-models/analysis/sighting.ts';
import type { Fold } from '../../stream-models/fold.ts';
import type { Preset } from '../../stream-models/presets/preset.ts';
import type { LogRecord, NewRecord } from '../ports/event-log.ts';
import type { StepNetwork } from '../ports/inference.ts';
import type { BedBatch, BedResult, Stage } from '../runtime/stage.ts';
import { classifyBeats, type Verdict } from './classify-beats.ts';

/** Changes when the memories below change their shape or meaning. */
const MEMORY_VERSION = 'analysis-1';

export interface AnalysisMemory {
  readonly observing: ObserveMemory;
  readonly concluding: ConcludeMemory;
  /** The network's hidden state of this bed. */
  readonly state: Float32Array;
  readonly lastBeat: Moment | undefined;
  readonly modelFailed: boolean;
}

export interface AnalysisOptions {
  readonly preset: Preset;
  /** undefined: no network; the rules that need none go on, and every bed says that the model failed. */
  readonly network: StepNetwork | undefined;
  /** Told of every inference call that failed. */
  readonly onModelFailure?: (sentence: string) => void;
}

const refused = (record: LogRecord, reason: { code: string; sentence: string; where: string }): NewRecord => ({
  topic: 'vigil.rejected',
  key: record.key,
  value: encodeRejected(
    create(RejectedSchema, {
      ...{ source: record.key, stage: 'analysis', original: record.value, gatewayTimeUs: record.appendedAt },
      ...reason,
    }),
  ),
});

interface ObservedBed {
  readonly memory: ObserveMemory;
  readonly seen: readonly Observed[];
  readonly rejected: readonly NewRecord[];
}

const observeBed = (batch: BedBatch<AnalysisMemory>): ObservedBed => {
  let memory = batch.memory.observing;
  const seen: Observed[] = [];
  const rejected: NewRecord[] = [];
  for (const record of batch.records) {
    const frame = decodeLoggedTelemetry(record.value);
    if (E.isLeft(frame)) {
      rejected.push(refused(record, frame.left));
      continue;
    }
    const [next, said] = observe(memory, frame.right);
    memory = next;
    for (const each of said) seen.push(each);
  }
  return { memory, seen, rejected };
};

/** Everything said of one bed in one batch, in order. */
interface Said {
  readonly findings: Finding[];
  readonly inputs: AlarmInput[];
}

const tick = (bed: string, at: Moment, said: Moment): AlarmInput =>
  create(AlarmInputSchema, {
    ...{ bed, atUs: at, saidUs: said },
    input: { case: 'tick', value: { $typeName: 'vigil.v1.Tick' } },
  });

const patientChange = (bed: string, at: Moment, said: Moment, patient: string): AlarmInput =>
  create(AlarmInputSchema, {
    ...{ bed, atUs: at, saidUs: said },
    input: { case: 'patient', value: { $typeName: 'vigil.v1.PatientChange', patient } },
  });

class BedConclusion {
  private readonly bed: string;
  private readonly options: AnalysisOptions;
  private readonly fold: Fold<ConcludeMemory, Sighting, Fact>;
  readonly said: Said = { findings: [], inputs: [] };
  memory: ConcludeMemory;
  lastBeat: Moment | undefined;
  modelFailed: boolean;

  constructor(
    bed: string,
    before: AnalysisMemory,
    fold: Fold<ConcludeMemory, Sighting, Fact>,
    options: AnalysisOptions,
  ) {
    this.bed = bed;
    this.options = options;
    this.fold = fold;
    this.memory = before.concluding;
    this.lastBeat = before.lastBeat;
    this.modelFailed = before.modelFailed;
  }

  /** `verdict` is the network's word on a beat; undefined for everything else and when no network answered. */
  take(seen: Observed, verdict: Verdict | undefined): void {
    if (seen.tag === 'BeatToClassify') return this.beat(seen, verdict);
    if (seen.tag === 'StateReset')
      return this.fact({ tag: 'Reset', at: seen.at, said: seen.said, what: 'beats', why: seen.why });
    if (seen.tag === 'UnmappedSeen') return this.unmapped(seen);
    this.sighting(seen);
    if (seen.tag === 'SecondPassed') this.said.inputs.push(tick(this.bed, seen.at, seen.said));
    if (seen.tag === 'AssignmentSeen') this.said.inputs.push(patientChange(this.bed, seen.at, seen.said, seen.patient));
  }

  private beat({ beat }: Extract<Observed, { tag: 'BeatToClassify' }>, verdict: Verdict | undefined): void {
    const { at, said, amplitudeMv } = beat;
    this.modelIs(verdict === undefined, at, said);
    const classified: ClassifiedBeat = {
      ...{ tag: 'ClassifiedBeat', at, said, amplitudeMv },
      ...{ class: verdict?.class, probability: verdict?.probability ?? 0 },
    };
    const rrUs = this.lastBeat === undefined ? 0 : at - this.lastBeat;
    this.lastBeat = at;
    const model = this.options.network?.id ?? '';
    this.said.findings.push(beatFinding(classified, rrUs, this.options.preset.name, model));
    this.sighting(classified);
  }

  private modelIs(failed: boolean, at: Moment, said: Moment): void {
    if (failed === this.modelFailed) return;
    this.modelFailed = failed;
    const evidence = failed
      ? 'beats are not classified; rules without the network go on'
      : 'beats are classified again';
    this.fact({ tag: 'Condition', condition: 'model-failed', present: failed, evidence, at, said });
  }

  private sighting(seen: Sighting): void {
    const [memory, facts] = this.fold.step(this.memory, seen);
    this.memory = memory;
    for (const fact of facts) this.fact(fact);
  }

  private fact(fact: Fact): void {
    this.said.findings.push(factFinding(fact, this.options.preset.name));
    const input = factAlarmInput(this.bed, fact, this.options.preset.name);
    if (input) this.said.inputs.push(input);
  }

  private unmapped(seen: Extract<Observed, { tag: 'UnmappedSeen' }>): void {
    const { code, unit } = seen;
    this.said.findings.push(
      create(FindingSchema, {
        ...{ atUs: seen.at, saidUs: seen.said, preset: this.options.preset.name },
        kind: { case: 'unmapped', value: { $typeName: 'vigil.v1.Unmapped', code, unit } },
      }),
    );
  }
}

const recordsOf = (bed: string, { findings, inputs }: Said): NewRecord[] => {
  const records: NewRecord[] = inputs.map((input) => ({
    topic: 'vigil.alarm-inputs',
    key: bed,
    value: encodeAlarmInput(input),
  }));
  if (findings.length > 0)
    records.push({
      topic: 'vigil.findings',
      key: bed,
      value: encodeFindings(create(FindingsSchema, { bed, findings })),
    });
  return records;
};

/** The stage as a value. Its version names the preset and the network: memories of others are not continued. */
export const analysisStage = (options: AnalysisOptions): Stage<AnalysisMemory> => {
  const { preset, network } = options;
  const fold = conclude(preset);
  return {
    name: 'analysis',
    reads: 'vigil.telemetry',
    writes: ['vigil.findings', 'vigil.alarm-inputs', 'vigil.rejected'],
    version: `${MEMORY_VERSION}/${preset.name}/${network?.sha256.slice(0, 16) ?? 'no network'}`,
    start: () => ({
      observing: startObserving,
      concluding: fold.start,
      state: new Float32Array(network?.hidden ?? 0),
      lastBeat: undefined,
      modelFailed: false,
    }),
    step: async (beds) => {
      const observed = beds.map(observeBed);
      const states = beds.map(({ memory }) => memory.state);
      const verdicts = await classifyBeats(network, states, observed, options.onModelFailure);
      return beds.map(({ bed, memory: before }, i): BedResult<AnalysisMemory> => {
        const { memory: observing, seen, rejected } = observed[i]!;
        const conclusion = new BedConclusion(bed, before, fold, options);
        for (const [k, each] of seen.entries()) conclusion.take(each, verdicts.verdicts[i]![k]);
        const { memory: concluding, lastBeat, modelFailed } = conclusion;
        return {
          memory: { observing, concluding, state: verdicts.states[i]!, lastBeat, modelFailed },
          outputs: [...rejected, ...recordsOf(bed, conclusion.said)],
        };
      });
    },
  };
};
