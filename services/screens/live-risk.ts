import { type Risk, RiskState } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { LiveRisk } from '../../schemas/live.ts';

/** A state that this Vigil does not know has no number. */
const stateOf = (state: RiskState): LiveRisk['state'] =>
  state === RiskState.VALUE ? 'value' : state === RiskState.INSUFFICIENT ? 'insufficient' : 'failed';

/** A risk as a console shows it; never a number where there is none. */
export const liveRisk = (risk: Risk, atUs: number): LiveRisk => {
  const state = stateOf(risk.state);
  const { name, horizonHours, threshold, alarm, missing, inputs, probability } = risk;
  return {
    ...{ name, horizonHours, state, threshold, atUs, missing: [...missing] },
    probability: state === 'value' ? (probability ?? null) : null,
    alarm: state === 'value' && alarm,
    inputs: inputs.map((input) => ({ name: input.name, unit: input.unit, value: input.value, atUs: input.atUs })),
  };
};
