/** What was concluded, in the words of the log: findings for the record, inputs for the alarms. */
import { create } from '@bufbuild/protobuf';
import { type AlarmInput, AlarmInputSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import {
  BeatClass,
  type Finding,
  FindingSchema,
  RhythmKind,
  Says,
  VerdictKind,
} from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { AlarmVerdict } from '../corroboration/judge.ts';
import type { Testimony } from '../corroboration/testimony.ts';
import type { AlertSeen } from './device-alerts.ts';
import type { Fact, RhythmName } from './fact.ts';
import type { BeatClassName, ClassifiedBeat } from './sighting.ts';

const rhythmKinds: Readonly<Record<RhythmName, RhythmKind>> = {
  'sinus-like': RhythmKind.SINUS_LIKE,
  af: RhythmKind.AF,
  vt: RhythmKind.VT,
  vfl: RhythmKind.VFL,
  vf: RhythmKind.VF,
  asystole: RhythmKind.ASYSTOLE,
  noise: RhythmKind.NOISE,
};

const beatClasses: Readonly<Record<BeatClassName, BeatClass>> = {
  N: BeatClass.N,
  S: BeatClass.S,
  V: BeatClass.V,
  F: BeatClass.F,
  Q: BeatClass.Q,
};

/** `rrUs` is the interval to the beat before, 0 when there is none. */
export const beatFinding = (beat: ClassifiedBeat, rrUs: number, preset: string, model: string): Finding =>
  create(FindingSchema, {
    ...{ atUs: beat.at, saidUs: beat.said, preset },
    kind: {
      case: 'beat',
      value: {
        class: beat.class === undefined ? BeatClass.UNSPECIFIED : beatClasses[beat.class],
        probability: beat.probability,
        model: beat.class === undefined ? '' : model,
        rrMs: rrUs / 1e3,
        amplitudeMv: beat.amplitudeMv,
      },
    },
  });

const kindOf = (fact: Fact): Finding['kind'] => {
  switch (fact.tag) {
    case 'Condition': {
      const { condition, present, evidence } = fact;
      return { case: 'condition', value: { $typeName: 'vigil.v1.ConditionChange', condition, present, evidence } };
    }
    case 'Rhythm':
      return { case: 'rhythm', value: { $typeName: 'vigil.v1.Rhythm', rhythm: rhythmKinds[fact.rhythm] } };
    case 'Derived': {
      const { code, unit, value } = fact;
      return { case: 'derived', value: { $typeName: 'vigil.v1.Derived', code, unit, value } };
    }
    case 'Score': {
      const { name, missing, points, response, value } = fact;
      const score = {
        $typeName: 'vigil.v1.Score' as const,
        name,
        missing: [...missing],
        points: { ...points },
        response,
      };
      return { case: 'score', value: value === undefined ? score : { ...score, value } };
    }
    case 'Quality': {
      const { code, index, flat, saturated, off } = fact;
      return {
        case: 'quality',
        value: { $typeName: 'vigil.v1.SignalQuality', code, index, flat, saturated, leadOff: off },
      };
    }
    case 'Reset':
      return { case: 'reset', value: { $typeName: 'vigil.v1.MemoryReset', what: fact.what, why: fact.why } };
  }
};

export const factFinding = (fact: Fact, preset: string): Finding =>
  create(FindingSchema, { atUs: fact.at, saidUs: fact.said, preset, kind: kindOf(fact) });

const verdictKinds: Readonly<Record<AlarmVerdict['verdict'], VerdictKind>> = {
  confirmed: VerdictKind.CONFIRMED,
  refuted: VerdictKind.REFUTED,
  undecided: VerdictKind.UNDECIDED,
};
const saysKinds: Readonly<Record<Testimony['says'], Says>> = {
  for: Says.FOR,
  against: Says.AGAINST,
  nothing: Says.NOTHING,
};

/** What is held of an alarm that the monitor raised. */
export const verdictFinding = (alert: AlertSeen, judged: AlarmVerdict, preset: string): Finding =>
  create(FindingSchema, {
    ...{ atUs: Math.min(alert.at, alert.said), saidUs: alert.said, preset },
    kind: {
      case: 'verdict',
      value: {
        text: alert.text,
        code: alert.code,
        condition: alert.kind,
        verdict: verdictKinds[judged.verdict],
        probability: judged.probability,
        testimonies: judged.testimonies.map(({ code, says, because }) => ({ code, says: saysKinds[says], because })),
      },
    },
  });

/** Only conditions ring; every other fact is for the record and the screens. */
export const factAlarmInput = (bed: string, fact: Fact, preset: string): AlarmInput | undefined => {
  if (fact.tag !== 'Condition') return undefined;
  const { condition, present, evidence } = fact;
  return create(AlarmInputSchema, {
    ...{ bed, atUs: fact.at, saidUs: fact.said },
    input: {
      case: 'condition',
      value: { $typeName: 'vigil.v1.ConditionReport', condition, present, evidence, preset },
    },
  });
};
