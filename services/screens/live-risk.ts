import {
  type Risk,
  type RiskCause,
  type RiskInterval,
  RiskState,
} from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { LiveRisk, LiveRiskCause } from '../../schemas/live-risk.ts';

/** A state that this Vigil does not know has no number. */
const stateOf = (state: RiskState): LiveRisk['state'] =>
  state === RiskState.VALUE ? 'value' : state === RiskState.INSUFFICIENT ? 'insufficient' : 'failed';

/** An interval that does not hold its number is none. */
const isAround = (interval: RiskInterval | undefined, probability: number): interval is RiskInterval =>
  interval !== undefined && interval.low <= probability && probability <= interval.high;

const liveCause = ({ name, weight, unit, value, atUs }: RiskCause): LiveRiskCause => ({
  ...{ name, weight, unit, value: value ?? null, atUs: atUs ?? null },
});

/** A risk as a console shows it; never a number where there is none. */
export const liveRisk = (risk: Risk, atUs: number): LiveRisk => {
  const state = stateOf(risk.state);
  const { name, horizonHours, threshold, alarm, missing, inputs, probability, interval, causes } = risk;
  const hasNumber = state === 'value' && probability !== undefined;
  return {
    ...{ name, horizonHours, state, threshold, atUs, missing: [...missing] },
    probability: hasNumber ? probability : null,
    ...(hasNumber && isAround(interval, probability) ? { interval: { low: interval.low, high: interval.high } } : {}),
    ...(hasNumber && causes.length > 0 ? { causes: causes.map(liveCause) } : {}),
    alarm: state === 'value' && alarm,
    inputs: inputs.map((input) => ({ name: input.name, unit: input.unit, value: input.value, atUs: input.atUs })),
  };
};
