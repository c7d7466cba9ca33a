/** A risk in the words of the log. */
import { create } from '@bufbuild/protobuf';
import { labelOf } from '../../schemas/codes.ts';
import { type Risk, RiskSchema, RiskState } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Moment } from '../../schemas/units.ts';
import { LAB_CODES } from './lab-sources.ts';
import { HORIZON_HOURS } from './network.ts';
import { PARAMETERS, VITALS } from './parameters.ts';
import type { RiskBasis } from './risk-basis.ts';
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
}

const TOO_EARLY = 'a whole hour of vital signs';

/** What is said of a bed that has not been heard for a whole hour. */
export const tooEarly = (at: Moment): RiskAnswer => ({
  ...{ at, state: 'insufficient', probability: undefined, missing: [TOO_EARLY], basis: [] },
});

/** `probability` is the network's; undefined: it did not answer. A number is never made of insufficient data, whatever it says. */
export const answerTo = (
  { at, isSufficient, missing, basis }: RiskToJudge,
  probability: number | undefined,
): RiskAnswer => {
  if (!isSufficient) return { at, state: 'insufficient', probability: undefined, missing, basis };
  const state = probability === undefined ? 'failed' : 'value';
  return { at, state, probability, missing, basis };
};

const states: Readonly<Record<RiskAnswer['state'], RiskState>> = {
  value: RiskState.VALUE,
  insufficient: RiskState.INSUFFICIENT,
  failed: RiskState.MODEL_FAILED,
};

/** As the ward writes it. */
const LABELS: Readonly<Record<string, string>> = { O2Sat: 'SpO₂', Temp: 'TEMP', Resp: 'RR' };
const nameOf = (place: number): string => {
  const code = LAB_CODES[place - VITALS.length];
  const { name } = PARAMETERS[place]!;
  return code === undefined ? (LABELS[name] ?? name) : labelOf(code);
};
const unitOf = (place: number): string => PARAMETERS[place]!.unit.replace(/^1$/, '');

export const riskMessage = (
  { state, probability, missing, basis }: RiskAnswer,
  { threshold, model }: { readonly threshold: number; readonly model: string },
  labs: readonly LabNow[] = [],
): Risk =>
  create(RiskSchema, {
    ...{ name: 'sepsis', horizonHours: HORIZON_HOURS, state: states[state], threshold, model, missing: [...missing] },
    ...(probability === undefined ? {} : { probability }),
    alarm: probability !== undefined && probability >= threshold,
    inputs: basis.map(({ place, value, at }) => ({ name: nameOf(place), unit: unitOf(place), value, atUs: at })),
    laboratory: labs.map(({ code, value, at }) => ({ code, value, atUs: at })),
  });
