/** All beds' hours through the network of deterioration together; states carried bed by bed. */
import * as E from 'fp-ts/lib/Either.js';
import type { StepNetwork } from '../ports/inference.ts';
import { askTogether } from './ask-together.ts';
import type { BedRisk, BedRiskMemory, RiskNetwork, RiskSaid } from './bed-risk.ts';
import { type HiddenTurn, risksWithout } from './risks-without.ts';

interface Turn {
  readonly bed: number;
  readonly x: Float32Array;
  readonly state: Float32Array;
}

interface Answer {
  readonly risk: number | undefined;
  readonly next: Float32Array;
}

/**
 * The answer of each turn. Where the network gave none the state stays, but for numbers that are none: a state that was blown up
 * begins anew.
 */
const ask = async (
  network: StepNetwork,
  turns: readonly Turn[],
  onFailure: (sentence: string) => void,
): Promise<readonly Answer[]> =>
  (await askTogether(network, turns)).map((answer, i) => {
    if (E.isRight(answer)) return { risk: answer.right.y.at(-1), next: answer.right.state };
    const { tag, sentence } = answer.left;
    onFailure(`no risk of sepsis: ${sentence}`);
    return { risk: undefined, next: tag === 'NotFinite' ? new Float32Array(network.hidden) : turns[i]!.state };
  });

/**
 * What every bed remembers after its questions of a batch are answered, and its findings filled. The k-th question of every bed goes in
 * one call; most batches have none. Then the hours that got a number are asked for again without each of their signals: what they lean on.
 */
export const answerRisks = async (
  risk: RiskNetwork,
  beds: readonly BedRisk[],
  onFailure: (sentence: string) => void = () => {},
): Promise<readonly BedRiskMemory[]> => {
  const states = beds.map(({ state }) => state);
  const answers: RiskSaid[][] = beds.map(() => []);
  const hiddenTurns: HiddenTurn[] = [];
  for (let k = 0; ; k++) {
    const turns: Turn[] = [];
    for (const [bed, { questions }] of beds.entries()) {
      const question = questions[k];
      if (question === undefined) continue;
      const state = question.isFirst ? new Float32Array(risk.network.hidden) : states[bed]!;
      turns.push({ bed, x: question.x, state });
    }
    if (turns.length === 0) break;
    const answered = await ask(risk.network, turns, onFailure);
    for (const [i, { bed, state }] of turns.entries()) {
      const { risk: said, next } = answered[i]!;
      states[bed] = next;
      answers[bed]!.push({ risk: said, without: [] });
      const hidden = said === undefined ? [] : beds[bed]!.questions[k]!.hidden;
      if (hidden.length > 0) hiddenTurns.push({ bed, question: k, state, hidden });
    }
  }
  for (const [i, without] of (await risksWithout(risk.network, hiddenTurns, onFailure)).entries()) {
    const { bed, question } = hiddenTurns[i]!;
    answers[bed]![question] = { ...answers[bed]![question]!, without };
  }
  return beds.map((bed, i) => bed.settle(risk, answers[i]!, states[i]!));
};
