import { create } from '@bufbuild/protobuf';
import { type ConditionName, conditions } from '../../schemas/conditions.ts';
import {
  type AlarmVerdict,
  AlarmVerdictSchema,
  Says,
  VerdictKind,
} from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Moment } from '../../schemas/units.ts';
import type { AlarmEvidence } from './alarm.ts';

const TESTIMONIES_MAX = 16;
const BECAUSE_MAX = 128;

/** A word that this Vigil does not know decides nothing. */
const kindOf = (verdict: VerdictKind): AlarmEvidence['kind'] =>
  verdict === VerdictKind.CONFIRMED ? 'confirmed' : verdict === VerdictKind.REFUTED ? 'refuted' : 'undecided';
const saysOf = (says: Says): AlarmEvidence['testimonies'][number]['says'] =>
  says === Says.FOR ? 'for' : says === Says.AGAINST ? 'against' : 'nothing';

/** A verdict on the wire as an alarm keeps it; bounded, because it is said with every picture of the bed. */
export const evidenceOf = ({ verdict, probability, testimonies }: AlarmVerdict, judged: Moment): AlarmEvidence => ({
  judged,
  kind: kindOf(verdict),
  probability,
  testimonies: testimonies
    .slice(0, TESTIMONIES_MAX)
    .map(({ code, says, because }) => ({ code, says: saysOf(says), because: because.slice(0, BECAUSE_MAX) })),
});

const verdictKinds: Readonly<Record<AlarmEvidence['kind'], VerdictKind>> = {
  confirmed: VerdictKind.CONFIRMED,
  refuted: VerdictKind.REFUTED,
  undecided: VerdictKind.UNDECIDED,
};
const saysKinds = { for: Says.FOR, against: Says.AGAINST, nothing: Says.NOTHING } as const;

/** The same for the wire. */
export const toVerdict = (condition: ConditionName, { kind, probability, testimonies }: AlarmEvidence): AlarmVerdict =>
  create(AlarmVerdictSchema, {
    ...{ text: conditions[condition].label, condition, own: true, verdict: verdictKinds[kind], probability },
    testimonies: testimonies.map(({ code, says, because }) => ({ code, says: saysKinds[says], because })),
  });
