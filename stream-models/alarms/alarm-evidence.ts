import { create } from '@bufbuild/protobuf';
import { type ConditionName, conditions } from '../../schemas/conditions.ts';
import { type AlarmVerdict, AlarmVerdictSchema } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Moment } from '../../schemas/units.ts';
import { testimonyWord, verdicts, verdictWord, testimonies as words } from '../../schemas/words.ts';
import type { AlarmEvidence } from './alarm.ts';

const TESTIMONIES_MAX = 16;
const BECAUSE_MAX = 128;

/** A verdict on the wire as an alarm keeps it; bounded, because it is said with every picture of the bed. */
export const evidenceOf = ({ verdict, probability, testimonies }: AlarmVerdict, judged: Moment): AlarmEvidence => ({
  judged,
  kind: verdictWord(verdict),
  probability,
  testimonies: testimonies
    .slice(0, TESTIMONIES_MAX)
    .map(({ code, says, because }) => ({ code, says: testimonyWord(says), because: because.slice(0, BECAUSE_MAX) })),
});

/** The same for the wire. */
export const toVerdict = (condition: ConditionName, { kind, probability, testimonies }: AlarmEvidence): AlarmVerdict =>
  create(AlarmVerdictSchema, {
    ...{ text: conditions[condition].label, condition, own: true, verdict: verdicts[kind], probability },
    testimonies: testimonies.map(({ code, says, because }) => ({ code, says: words[says], because })),
  });
