/** All beds' hours through the network of deterioration together; states carried bed by bed. */
import * as E from 'fp-ts/lib/Either.js';
import type { StepNetwork } from '../ports/inference.ts';
import type { BedRisk, BedRiskMemory, RiskNetwork } from './bed-risk.ts';

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
 * One call for all turns; when that fails, each alone. Where the network gave no answer the state stays, but for numbers that are
 * none: a state that was blown up begins anew.
 */
const ask = async (
  network: StepNetwork,
  turns: readonly Turn[],
  onFailure: (sentence: string) => void,
): Promise<readonly Answer[]> => {
  const { features, hidden, classes } = network;
  const x = { rows: turns.length, width: features, values: new Float32Array(turns.length * features) };
  const state = { rows: turns.length, width: hidden, values: new Float32Array(turns.length * hidden) };
  turns.forEach((turn, row) => {
    x.values.set(turn.x, row * features);
    state.values.set(turn.state, row * hidden);
  });
  const answer = await network.step(x, state)();
  if (E.isRight(answer)) {
    const { y, next } = answer.right;
    return turns.map((_, row) => ({
      risk: y.values[row * classes + classes - 1]!,
      next: next.values.slice(row * hidden, (row + 1) * hidden),
    }));
  }
  if (turns.length > 1) {
    const alone: Answer[] = [];
    for (const turn of turns) alone.push(...(await ask(network, [turn], onFailure)));
    return alone;
  }
  const { tag, sentence } = answer.left;
  onFailure(`no risk of sepsis: ${sentence}`);
  return [{ risk: undefined, next: tag === 'NotFinite' ? new Float32Array(hidden) : turns[0]!.state }];
};

/**
 * What every bed remembers after its questions of a batch are answered, and its findings filled. The k-th question of every bed goes in
 * one call; most batches have none.
 */
export const answerRisks = async (
  risk: RiskNetwork,
  beds: readonly BedRisk[],
  onFailure: (sentence: string) => void = () => {},
): Promise<readonly BedRiskMemory[]> => {
  const states = beds.map(({ state }) => state);
  const answers: (number | undefined)[][] = beds.map(() => []);
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
    for (const [i, { bed }] of turns.entries()) {
      states[bed] = answered[i]!.next;
      answers[bed]!.push(answered[i]!.risk);
    }
  }
  return beds.map((bed, i) => bed.settle(risk, answers[i]!, states[i]!));
};
