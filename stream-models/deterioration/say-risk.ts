/** A risk in the words of the log. */
import { create } from '@bufbuild/protobuf';
import { type Risk, RiskSchema, RiskState } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Moment } from '../../schemas/units.ts';
import { HORIZON_HOURS } from './network.ts';
import { nameOf, unitOf } from './parameter-words.ts';
import type { RiskBasis } from './risk-basis.ts';
import { causeMessage, causesOf, type RiskCause } from './risk-causes.ts';
import { intervalAt, type RiskLevel } from './risk-interval.ts';
import type { LabNow, RiskToJudge } from './watch-risk.ts';

/** What was answered of one hour; plain data, kept so that it can be said again. */
export interface RiskAnswer {
  /** The end of the hour. */
  readonly at: Moment;
  readonly state: 'value' | 'insufficient' | 'failed';
  /** Calibrated, 0 … 1; only of a value. */
  readonly probability: number | undefined;
  readonly missing: readonly string[];
  readonly basis: readonly RiskBasis[];
  /** Strongest first; absent: none, or kept by a Vigil that did not ask for them. */
  readonly causes?: readonly RiskCause[];
}

const TOO_EARLY = 'a whole hour of vital signs';

/** What is said of a bed that has not been heard for a whole hour. */
export const tooEarly = (at: Moment): RiskAnswer => ({
  ...{ at, state: 'insufficient', probability: undefined, missing: [TOO_EARLY], basis: [] },
});

/**
 * `probability` is the network's; undefined: it did not answer. `without`: what it says without each of the hidden signals, in their order;
 * empty: it was not asked, or did not answer. A number is never made of insufficient data, whatever it says.
 */
export const answerTo = (
  { at, isSufficient, missing, basis, hidden }: RiskToJudge,
  probability: number | undefined,
  without: readonly number[] = [],
): RiskAnswer => {
  if (!isSufficient) return { at, state: 'insufficient', probability: undefined, missing, basis };
  const state = probability === undefined ? 'failed' : 'value';
  const causes = probability === undefined ? [] : causesOf(probability, hidden, without);
  return { at, state, probability, missing, basis, causes };
};

const states: Readonly<Record<RiskAnswer['state'], RiskState>> = {
  value: RiskState.VALUE,
  insufficient: RiskState.INSUFFICIENT,
  failed: RiskState.MODEL_FAILED,
};

/** The network that a risk is of. */
export interface RiskTeller {
  /** Its name. */
  readonly model: string;
  readonly threshold: number;
  /** What was measured of it on wards that it had never seen; absent: nothing, and then no interval is said. */
  readonly levels?: readonly RiskLevel[] | undefined;
}

export const riskMessage = (
  { state, probability, missing, basis, causes = [] }: RiskAnswer,
  { threshold, model, levels }: RiskTeller,
  labs: readonly LabNow[] = [],
): Risk =>
  create(RiskSchema, {
    ...{ name: 'sepsis', horizonHours: HORIZON_HOURS, state: states[state], threshold, model, missing: [...missing] },
    ...(probability === undefined ? {} : { probability }),
    ...(probability === undefined || levels === undefined ? {} : { interval: intervalAt(levels, probability) }),
    alarm: probability !== undefined && probability >= threshold,
    inputs: basis.map(({ place, value, at }) => ({ name: nameOf(place), unit: unitOf(place), value, atUs: at })),
    causes: causes.map(causeMessage),
    laboratory: labs.map(({ code, value, at }) => ({ code, value, atUs: at })),
  });
