import * as E from 'fp-ts/lib/Either.js';
import type { ProviderNotice } from '../../ports/inference.ts';
import type { NamedStepNetwork } from './step-network.ts';

/**
 * A network whose device may fail while it runs (a GPU that falls off its bus answers nothing ever again). What it does not
 * answer the spare is asked; where that can, the device is to blame: it is told once, and the spare answers from then on. The
 * state of a bed comes with the question, so no bed loses its own. What neither answers is the question's fault.
 */
export const withSpare = (
  first: NamedStepNetwork,
  spare: NamedStepNetwork,
  onLost: (notice: ProviderNotice) => void,
): NamedStepNetwork => {
  let inUse = first;
  const step: NamedStepNetwork['step'] = (x, state) => async () => {
    // Others may be asking beside this one, and find out first that the device is lost.
    const asked = inUse;
    const answer = await asked.step(x, state)();
    if (E.isRight(answer) || asked === spare) return answer;
    const again = await spare.step(x, state)();
    if (E.isLeft(again) || inUse === spare) return again;
    inUse = spare;
    onLost({ wished: first.provider, used: spare.provider, why: answer.left.sentence });
    return again;
  };
  return {
    ...first,
    step,
    get provider() {
      return inUse.provider;
    },
  };
};
