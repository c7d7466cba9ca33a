import * as E from 'fp-ts/lib/Either.js';
import type { Meters } from '../metrics/meters.ts';
import type { InferenceError, StepNetwork } from '../ports/inference.ts';
import type { HealthPart } from './part.ts';

/** How inference does: which provider it found, and whether the network answers. */
export interface WatchedNetwork {
  readonly network: StepNetwork;
  readonly part: () => HealthPart;
}

/** Numbers of one bed that are none are that bed's fault; everything else is the network's. */
const isOfTheNetwork = ({ tag }: InferenceError): boolean => tag !== 'NotFinite';

/** Of a network whose provider is the one that was asked for, or is told by another's part. */
export const granted = (): undefined => undefined;

/**
 * @param missed why a provider that was wished for is not in use, now; `granted` where it is
 * @param lost what nobody says while it does not answer
 */
export const watchNetwork = (
  network: StepNetwork,
  missed: () => string | undefined,
  meters: Meters,
  lost = 'beats have no class',
): WatchedNetwork => {
  let failure: string | undefined;
  let answeredAtMs: number | undefined;
  const step: StepNetwork['step'] = (x, state) => async () => {
    const began = performance.now();
    const answer = await network.step(x, state)();
    meters.inferenceSeconds.seen((performance.now() - began) / 1e3);
    if (E.isRight(answer)) {
      failure = undefined;
      answeredAtMs = performance.now();
    } else {
      meters.inferenceFailures.add(1, answer.left.tag);
      if (isOfTheNetwork(answer.left)) failure = answer.left.sentence;
    }
    return answer;
  };
  return {
    network: { ...network, step },
    part: () => {
      const ageS = answeredAtMs === undefined ? null : (performance.now() - answeredAtMs) / 1e3;
      const told = (state: HealthPart['state'], sentence: string): HealthPart => ({
        ...{ name: 'inference', state, ageS, sentence },
      });
      if (failure !== undefined) return told('failed', `the network does not answer; ${lost}, rules go on: ${failure}`);
      const why = missed();
      if (why !== undefined)
        return told('degraded', `beats are classified on ${network.provider}, not on what was asked for first: ${why}`);
      return told('ok', `runs on ${network.provider}`);
    },
  };
};
