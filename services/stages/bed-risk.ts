/** What one bed says of the risk of sepsis in one batch: places among its findings, filled when the network has answered for all beds. */
import { create } from '@bufbuild/protobuf';
import { type Finding, FindingSchema } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { RiskLevel } from '../../stream-models/deterioration/risk-interval.ts';
import { answerTo, type RiskAnswer, riskMessage, tooEarly } from '../../stream-models/deterioration/say-risk.ts';
import {
  type LabNow,
  type RiskMemory,
  type RiskToJudge,
  type RiskWord,
  riskStart,
  watchRisk,
} from '../../stream-models/deterioration/watch-risk.ts';
import type { Population } from '../../stream-models/presets/preset.ts';
import type { Fact } from '../../stream-models/vocabulary/fact.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import type { StepNetwork } from '../ports/inference.ts';

/** The network of deterioration, and from which risk on its card says that an alarm is worth more than silence. */
export interface RiskNetwork {
  readonly network: StepNetwork;
  readonly threshold: number;
  /** How often sepsis came where this network said so much, on wards that it had never seen; absent: that was not measured of it. */
  readonly levels?: readonly RiskLevel[] | undefined;
}

export interface BedRiskMemory {
  readonly watching: RiskMemory;
  /** The network's hidden state of this bed. */
  readonly state: Float32Array;
  /** What was said last; undefined: nothing yet. */
  readonly last: RiskAnswer | undefined;
}

/** A bed of which nothing was heard; without a network no question is ever asked. */
export const startBedRisk = (network: RiskNetwork | undefined): BedRiskMemory => ({
  watching: riskStart,
  state: new Float32Array(network?.network.hidden ?? 0),
  last: undefined,
});

/** What the network said to one question. */
export interface RiskSaid {
  /** Undefined: it did not answer. */
  readonly risk: number | undefined;
  /** Without each hidden signal, in their order; empty: it was not asked, or did not answer. */
  readonly without: readonly number[];
}

/** Said now, or what the network will answer to a question of this batch. */
type Word = RiskAnswer | { readonly question: number };

const NO_FINDINGS: readonly Finding[] = [];

export class BedRisk {
  private watching: RiskMemory;
  private last: Word | undefined;
  private readonly before: BedRiskMemory;
  private readonly preset: string;
  private readonly places: { readonly finding: Finding; readonly word: Word; readonly labs: readonly LabNow[] }[] = [];
  readonly questions: RiskToJudge[] = [];

  constructor(before: BedRiskMemory, preset: string) {
    this.before = before;
    this.watching = before.watching;
    this.last = before.last;
    this.preset = preset;
  }

  get state(): Float32Array {
    return this.before.state;
  }

  /** The places of what is said of this sighting, in order; empty findings until `settle`. */
  hear(seen: Sighting, ownRates: readonly Fact[], population: Population): readonly Finding[] {
    const [watching, words] = watchRisk(this.watching, seen, ownRates, population);
    this.watching = watching;
    if (seen.tag === 'AssignmentSeen' && watching.since === undefined) this.last = undefined;
    if (words.length === 0) return NO_FINDINGS;
    return words.flatMap((word) => {
      if (word.tag === 'RiskToJudge') this.last = { question: this.questions.push(word) - 1 };
      if (word.tag === 'RiskTooEarly') this.last = tooEarly(word.at);
      return this.last === undefined ? [] : [this.place(this.last, word)];
    });
  }

  /**
   * Fills the places. `answers`: per question what the network said; `state`: the hidden state after them.
   */
  settle(
    { network, threshold, levels }: RiskNetwork,
    answers: readonly RiskSaid[],
    state: Float32Array,
  ): BedRiskMemory {
    const answered = this.questions.map((question, i) => answerTo(question, answers[i]?.risk, answers[i]?.without));
    const answerOf = (word: Word): RiskAnswer => ('question' in word ? answered[word.question]! : word);
    for (const { finding, word, labs } of this.places) {
      const answer = answerOf(word);
      finding.atUs = answer.at;
      finding.kind = { case: 'risk', value: riskMessage(answer, { threshold, model: network.id, levels }, labs) };
    }
    return { watching: this.watching, state, last: this.last && answerOf(this.last) };
  }

  private place(word: Word, { said, labs }: Pick<RiskWord, 'said' | 'labs'>): Finding {
    const finding = create(FindingSchema, { saidUs: said, preset: this.preset });
    this.places.push({ finding, word, labs });
    return finding;
  }
}
