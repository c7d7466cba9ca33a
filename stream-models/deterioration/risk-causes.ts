/** What a risk has by each signal: the number less what the same network says of the same hour without it. */
import { create } from '@bufbuild/protobuf';
import { type RiskCause as RiskCauseMessage, RiskCauseSchema } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Moment } from '../../schemas/units.ts';
import { CAUSES, type Cause, type HiddenInput } from './hidden-inputs.ts';
import { nameOf, unitOf } from './parameter-words.ts';

/** One signal of one hour; plain data. */
export interface RiskCause {
  /** Place in CAUSES. */
  readonly cause: number;
  /** Probability: above 0 the signal raises the risk, below 0 it lowers it. */
  readonly weight: number;
  /** NaN: there is no one value, or time. */
  readonly value: number;
  readonly at: Moment;
}

/** Weights that are kept and said: the others together are a rest that nobody could act on. */
const CAUSES_MAX = 8;
/** A twentieth of a percentage point: less would be shown as 0.0. */
const WEIGHT_MIN = 0.0005;

/** The strongest first. `without`: what the network says without each of the hidden signals. */
export const causesOf = (
  probability: number,
  hidden: readonly HiddenInput[],
  without: readonly number[],
): readonly RiskCause[] =>
  hidden
    .slice(0, without.length)
    .map(({ cause, value, at }, i) => ({ cause, weight: probability - without[i]!, value, at }))
    .filter(({ weight }) => Math.abs(weight) >= WEIGHT_MIN)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, CAUSES_MAX);

const PATIENT: Readonly<Record<(Cause & { readonly tag: 'Patient' })['what'], readonly [name: string, unit: string]>> =
  {
    ageYears: ['age', 'years'],
    isMale: ['sex', ''],
    hoursInHospitalBefore: ['hospital before the ICU', 'h'],
  };

const wordsOf = (cause: Cause): readonly [name: string, unit: string] => {
  switch (cause.tag) {
    case 'Measured': {
      const [place] = cause.places;
      return [cause.places.length > 1 ? 'blood pressure' : nameOf(place!), unitOf(place!)];
    }
    case 'Patient':
      return PATIENT[cause.what];
    case 'Charting':
      return ['how often values are charted', ''];
    case 'Time':
      return ['time in the ICU', 'h'];
  }
};

/** In the words of the log. */
export const causeMessage = ({ cause, weight, value, at }: RiskCause): RiskCauseMessage => {
  const [name, unit] = wordsOf(CAUSES[cause]!);
  // A sex is no number.
  const hasValue = !Number.isNaN(value) && name !== PATIENT.isMale[0];
  return create(RiskCauseSchema, {
    ...{ name, weight },
    ...(hasValue ? { unit, value } : {}),
    ...(Number.isNaN(at) ? {} : { atUs: at }),
  });
};
