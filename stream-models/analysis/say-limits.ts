/** Which limits apply at a bed, in the words of the log. */
import { create } from '@bufbuild/protobuf';
import { signalOf } from '../../schemas/codes.ts';
import {
  type BedLimit,
  BedLimitSchema,
  type BedLimits,
  BedLimitsSchema,
  PatientLimitSchema,
} from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Measure } from '../limits/measures.ts';
import { measures } from '../limits/measures.ts';
import { noPatientLimits, type OwnLimit, ownOf, type PatientLimits } from '../patient-limits/patient-limits.ts';
import type { BedRules, Range } from '../presets/bed-rules.ts';
import type { Fact } from '../vocabulary/fact.ts';
import type { ConcludeMemory } from './conclude.ts';

const ownMessage = ({ low, high, by, reason, at, until }: OwnLimit) =>
  create(PatientLimitSchema, {
    ...(typeof low === 'number' ? { low } : { lowOff: low === 'off' }),
    ...(typeof high === 'number' ? { high } : { highOff: high === 'off' }),
    ...{ by, reason, atUs: at, untilUs: until },
  });

const rangeOf = (range: Range | undefined) => range && { least: range[0], most: range[1] };

const limitMessage = (
  { name, label, codes }: Measure,
  { preset, bounds }: BedRules,
  population: ConcludeMemory['population'],
  limits: PatientLimits,
): BedLimit => {
  const { low, high } = preset.populations[population].limits[name];
  const bound = bounds[population][name];
  const own = ownOf(limits, name);
  return create(BedLimitSchema, {
    ...{ measure: name, label, unit: signalOf(codes[0]!)?.ucum ?? '' },
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(bound.low === undefined ? {} : { lowRange: rangeOf(bound.low)! }),
    ...(bound.high === undefined ? {} : { highRange: rangeOf(bound.high)! }),
    mayBeOff: bound.mayBeOff,
    ...(own === undefined ? {} : { patient: ownMessage(own) }),
  });
};

/** All limits of the bed after a fact that they are to be said. */
export const limitsMessage = (
  fact: Extract<Fact, { readonly tag: 'Limits' }>,
  rules: BedRules,
  { population, patientLimits = noPatientLimits }: Pick<ConcludeMemory, 'population' | 'patientLimits'>,
): BedLimits =>
  create(BedLimitsSchema, {
    ...{ atUs: fact.said, rules: rules.label, population, act: fact.act, refused: fact.refused },
    limits: measures.map((measure) => limitMessage(measure, rules, population, patientLimits)),
  });
