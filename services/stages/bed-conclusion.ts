/** What one bed concludes from what was observed and what the network said, in the words of the log. */
import * as E from 'fp-ts/lib/Either.js';
import type { AlarmInput } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { BedLimits, Finding } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Moment } from '../../schemas/units.ts';
import type { ConcludeMemory } from '../../stream-models/analysis/conclude.ts';
import type { AlertSeen } from '../../stream-models/analysis/device-alerts.ts';
import type { Observed, WavesHeard } from '../../stream-models/analysis/observed.ts';
import {
  beatFinding,
  factAlarmInput,
  factFinding,
  ownVerdict,
  patientChange,
  tick,
  unmappedFinding,
  verdictFinding,
} from '../../stream-models/analysis/say.ts';
import { limitsMessage } from '../../stream-models/analysis/say-limits.ts';
import { isArtefact } from '../../stream-models/artefacts/artefact-classes.ts';
import { believed, type Refused } from '../../stream-models/artefacts/trust.ts';
import { type AlarmVerdict, judgeAlarm } from '../../stream-models/corroboration/judge.ts';
import {
  type JudgedSecond,
  type NetworkVotes,
  noVotes,
  type VotedBeat,
  votedBeat,
  withJudgedSecond,
  withVotedBeat,
} from '../../stream-models/corroboration/network-votes.ts';
import {
  dueBy,
  type OwnAlarms,
  ofOwnAlarm,
  type RaisedAlarm,
  withRaised,
} from '../../stream-models/corroboration/own-alarms.ts';
import { witnessesAt } from '../../stream-models/corroboration/recent-waves.ts';
import { type BeatSeen, SHAPE_BEFORE } from '../../stream-models/ecg/sighting.ts';
import type { Fold } from '../../stream-models/fold.ts';
import { ONE_SIGNAL } from '../../stream-models/limits/hear-values.ts';
import { type FactRule, factRule } from '../../stream-models/patient-limits/fact-rule.ts';
import type { BedRules } from '../../stream-models/presets/bed-rules.ts';
import type { Fact } from '../../stream-models/vocabulary/fact.ts';
import type { ClassifiedBeat, Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { makeAlertAnswers } from './answer-alerts.ts';
import { BedRisk, type BedRiskMemory } from './bed-risk.ts';
import type { Verdict } from './classify-beats.ts';
import { conditionsOfAnalysis } from './conditions-of-analysis.ts';
import type { RhythmJudgement } from './judge-rhythm.ts';

/** What a bed's conclusions remember beyond the rules' own memory. */
export interface ConclusionMemory {
  readonly concluding: ConcludeMemory;
  readonly lastBeat: Moment | undefined;
  readonly modelFailed: boolean;
  readonly refused: Refused;
  /** The newest beats: what all leads say of an alarm. */
  readonly votes: readonly VotedBeat[];
  /** What the network of rhythm said of the newest seconds; absent: nothing, or remembered from before this was kept. */
  readonly judgedSeconds?: readonly JudgedSecond[];
  readonly own: OwnAlarms;
  readonly risk: BedRiskMemory;
}

/** What the bed had been heard of before the batch. */
export type HeardBefore = Pick<WavesHeard, 'recent' | 'leadsOff'>;

export interface ConclusionOptions {
  readonly rules: BedRules;
  /** The id of the network whose verdicts come; undefined: there is none. */
  readonly network: { readonly id: string } | undefined;
  /** The network that tells artefacts from beats; undefined: there is none. */
  readonly artefacts?: { readonly id: string } | undefined;
  /** Whether the risk of sepsis is asked for. */
  readonly risk?: unknown;
  /** Told of what could not be answered. */
  readonly onModelFailure?: (sentence: string) => void;
  /** Told that more devices of a bed tell one signal than are judged. */
  readonly onCrowd?: (bed: string, why: string) => void;
}

/** What is said of one bed in one batch, in order. */
export interface SaidOfBed {
  readonly findings: Finding[];
  readonly inputs: AlarmInput[];
  readonly limits: BedLimits[];
}

/** One bed's conclusions from one batch: takes what was observed in order, keeps what is said. */
export class BedConclusion {
  private readonly bed: string;
  private readonly options: ConclusionOptions;
  private readonly fold: Fold<ConcludeMemory, Sighting, Fact>;
  readonly said: SaidOfBed = { findings: [], inputs: [], limits: [] };
  memory: ConcludeMemory;
  lastBeat: Moment | undefined;
  modelFailed: boolean;
  refused: Refused;
  votes: NetworkVotes;
  own: OwnAlarms;
  readonly risk: BedRisk;
  /** An alarm was judged: some 20 ms of CPU. */
  hasJudged = false;
  private heard: HeardBefore;
  private readonly answerAlert = makeAlertAnswers();

  constructor(
    bed: string,
    before: ConclusionMemory,
    heard: HeardBefore,
    fold: Fold<ConcludeMemory, Sighting, Fact>,
    options: ConclusionOptions,
  ) {
    this.bed = bed;
    this.options = options;
    this.fold = fold;
    this.memory = before.concluding;
    this.lastBeat = before.lastBeat;
    this.modelFailed = before.modelFailed;
    this.refused = before.refused;
    this.votes = { beats: before.votes, seconds: before.judgedSeconds ?? [] };
    this.own = before.own;
    this.heard = heard;
    this.risk = new BedRisk(before.risk, options.rules.label);
  }

  /**
   * `verdict` is the network's word on a beat, `judgement` the other network's on the second that ends here; undefined for
   * everything else and when no network answered. `artefact`: how probable it is that a peak is no beat.
   */
  take(seen: Observed, verdict: Verdict | undefined, judgement?: RhythmJudgement, artefact?: number): void {
    if (seen.tag === 'WavesHeard') {
      this.heard = seen;
      return;
    }
    this.judgeOwn(seen.tag === 'BeatToClassify' ? seen.beat.said : seen.said);
    switch (seen.tag) {
      case 'EcgProgress': {
        const { at, said } = seen;
        if (judgement !== undefined) {
          this.votes = withJudgedSecond(this.votes, at, judgement.probabilities);
          this.sighting({ tag: 'RhythmJudged', at, said, ...judgement });
        }
        this.sighting(seen);
        break;
      }
      case 'BeatToClassify':
        this.beat(seen.beat, verdict, artefact);
        break;
      case 'StateReset':
        this.fact({ tag: 'Reset', at: seen.at, said: seen.said, what: 'beats', why: seen.why });
        break;
      case 'UnmappedSeen':
        this.unmapped(seen);
        break;
      case 'AlertSeen':
        this.alert(seen);
        break;
      case 'PatientContested':
        this.fact({ ...seen, tag: 'Condition', condition: 'two-patients' });
        break;
      case 'AssignmentSeen':
        // First the old patient's signals end; what the same moment says of the new one may ring.
        this.said.inputs.push(patientChange(this.bed, seen.at, seen.said, seen.patient));
        this.votes = noVotes;
        this.refused = [];
        this.own = { waiting: [], since: seen.said };
        this.sighting(seen);
        break;
      case 'ClockSetBack':
        this.said.inputs.push(tick(this.bed, seen.at, seen.said)); // what ends and begins anew is of the new time
        [this.lastBeat, this.votes] = [undefined, noVotes];
        this.own = { waiting: [], since: seen.said };
        this.sighting(seen);
        break;
      case 'SecondPassed':
        this.sighting(seen);
        this.said.inputs.push(tick(this.bed, seen.at, seen.said));
        break;
      default:
        this.sighting(seen);
    }
  }

  /**
   * A bed without memory (new, or its memory was discarded) cannot know what it said before: at the first that is seen of it, it takes
   * everything back once, so that no condition stays present for ever. The alarm machine ignores what it does not know. Whether that was done.
   */
  begin(first: Observed): boolean {
    if (first.tag === 'WavesHeard') return false;
    const { at, said } = first.tag === 'BeatToClassify' ? first.beat : first;
    const evidence = 'analysis began without memory of this bed';
    for (const condition of conditionsOfAnalysis)
      this.toAlarms({ tag: 'Condition', condition, present: false, evidence, at, said });
    return true;
  }

  private beat(beat: BeatSeen, verdict: Verdict | undefined, called: number | undefined): void {
    const { at, said, amplitudeMv, lead, shapes } = beat;
    const beforeMv = shapes[0]?.slice(0, SHAPE_BEFORE);
    this.modelIs(verdict === undefined, at, said);
    const [refused, artefact] = believed(this.refused, called);
    this.refused = refused;
    const classified: ClassifiedBeat = {
      ...{ tag: 'ClassifiedBeat', at, said, amplitudeMv },
      ...{ class: verdict?.class, probability: verdict?.probability ?? 0 },
      ...(beforeMv === undefined ? {} : { lead, beforeMv }),
      ...(artefact === undefined ? {} : { artefact }),
    };
    const isBeat = !isArtefact(artefact);
    const rrUs = isBeat && this.lastBeat !== undefined ? at - this.lastBeat : 0;
    if (isBeat) this.lastBeat = at;
    this.votes = withVotedBeat(this.votes, votedBeat(classified));
    const { network, artefacts, rules } = this.options;
    const models = { beats: network?.id, artefacts: artefacts?.id };
    this.said.findings.push(beatFinding(classified, rrUs, rules.label, models));
    this.sighting(classified);
  }

  /** The monitor raised an alarm: what all signals together say of it, at once. */
  private alert(seen: AlertSeen): void {
    this.hasJudged = true;
    this.said.findings.push(verdictFinding(seen, this.answerAlert(seen, this.votes), this.options.rules.label));
  }

  /** Alarms of Vigil's own whose time has come. They ring already: nothing that goes wrong here may reach them. */
  private judgeOwn(said: Moment): void {
    const [own, due] = dueBy(this.own, said);
    this.own = own;
    for (const alarm of due) {
      this.hasJudged = true;
      const judged = E.tryCatch(() => this.judge(alarm, own.since), String);
      if (E.isLeft(judged)) {
        this.options.onModelFailure?.(`no verdict on ${alarm.kind} of bed "${this.bed}": ${judged.left}`);
        continue;
      }
      const { finding, input } = ownVerdict(this.bed, alarm, judged.right, said, this.options.rules.label);
      this.said.findings.push(finding);
      this.said.inputs.push(input);
    }
  }

  private judge({ kind, at }: RaisedAlarm, since: Moment | undefined): AlarmVerdict {
    // It rang by the rhythm network's words, or before they could come: they are no evidence on it.
    const votes = { ...this.votes, seconds: [] };
    const witnesses = witnessesAt(this.heard.recent, at, votes, new Set(this.heard.leadsOff), since);
    return ofOwnAlarm(kind, judgeAlarm(witnesses, kind, at));
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
    if (this.options.risk === undefined) return;
    for (const finding of this.risk.hear(seen, facts, memory.population)) this.said.findings.push(finding);
  }

  private fact(fact: Fact): void {
    if (fact.tag === 'Limits') {
      this.said.limits.push(limitsMessage(fact, this.options.rules, this.memory));
      return;
    }
    if (fact.tag !== 'Worse') this.said.findings.push(factFinding(fact, this.ruleOf(fact).label));
    if (fact.tag === 'Reset' && fact.what === ONE_SIGNAL) this.options.onCrowd?.(this.bed, fact.why);
    this.toAlarms(fact);
    // The definitions that the verdict knows are those of adults.
    if (fact.tag === 'Condition' && fact.present && this.memory.population === 'adult')
      this.own = withRaised(this.own, fact.condition, fact.said);
  }

  private ruleOf = (fact: Fact): FactRule => factRule(this.options.rules, this.memory.patientLimits, fact);

  private toAlarms(fact: Fact): void {
    const { label, delay } = this.ruleOf(fact);
    const input = factAlarmInput(this.bed, fact, label, delay);
    if (input) this.said.inputs.push(input);
  }

  private unmapped(seen: Extract<Observed, { tag: 'UnmappedSeen' }>): void {
    this.said.findings.push(unmappedFinding(seen, this.options.rules.label));
  }
}
