/** What was concluded, in the words of the log: findings for the record, inputs for the alarms. */
import { create } from '@bufbuild/protobuf';
import { conditions } from '../../schemas/conditions.ts';
import { type AlarmInput, AlarmInputSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import {
  AlarmVerdictSchema,
  BeatClass,
  type Finding,
  FindingSchema,
  type AlarmVerdict as VerdictMessage,
} from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Microseconds, Moment } from '../../schemas/units.ts';
import { beatClasses, rhythms, verdicts, testimonies as words } from '../../schemas/words.ts';
import { isArtefact } from '../artefacts/artefact-classes.ts';
import type { AlarmKind } from '../corroboration/claim.ts';
import type { AlarmVerdict } from '../corroboration/judge.ts';
import type { RaisedAlarm } from '../corroboration/own-alarms.ts';
import type { Fact } from '../vocabulary/fact.ts';
import type { ClassifiedBeat, UnmappedSeen } from '../vocabulary/sighting.ts';
import type { AlertSeen } from './device-alerts.ts';

/** Written out: a bed says some ten a second, and `create` looks at every field anew. */
const findingOf = (atUs: number, saidUs: number, preset: string, kind: Finding['kind']): Finding => ({
  $typeName: 'vigil.v1.Finding',
  atUs,
  saidUs,
  preset,
  kind,
});

/** The networks that speak of beats, by their ids. */
export interface BeatModels {
  readonly beats: string | undefined;
  readonly artefacts: string | undefined;
}

const classOf = ({ class: name, artefact }: ClassifiedBeat): BeatClass => {
  if (isArtefact(artefact)) return BeatClass.ARTEFACT;
  return name === undefined ? BeatClass.UNSPECIFIED : beatClasses[name];
};

const modelOf = ({ class: name, artefact }: ClassifiedBeat, { beats, artefacts }: BeatModels): string | undefined => {
  if (isArtefact(artefact)) return artefacts;
  return name === undefined ? undefined : beats;
};

/** `rrUs` is the interval to the beat before, 0 when there is none, and for an artefact. */
export const beatFinding = (beat: ClassifiedBeat, rrUs: number, preset: string, models: BeatModels): Finding =>
  findingOf(beat.at, beat.said, preset, {
    case: 'beat',
    value: {
      $typeName: 'vigil.v1.Beat',
      class: classOf(beat),
      probability: isArtefact(beat.artefact) ? beat.artefact : beat.probability,
      model: modelOf(beat, models) ?? '',
      rrMs: rrUs / 1e3,
      amplitudeMv: beat.amplitudeMv,
      ...(beat.artefact === undefined ? {} : { artefact: beat.artefact }),
    },
  });

const kindOf = (fact: RecordedFact): Finding['kind'] => {
  switch (fact.tag) {
    case 'Condition': {
      const { condition, present, evidence } = fact;
      return { case: 'condition', value: { $typeName: 'vigil.v1.ConditionChange', condition, present, evidence } };
    }
    case 'Rhythm':
      return { case: 'rhythm', value: { $typeName: 'vigil.v1.Rhythm', rhythm: rhythms[fact.rhythm] } };
    case 'Derived': {
      const { code, unit, value } = fact;
      return { case: 'derived', value: { $typeName: 'vigil.v1.Derived', code, unit, value } };
    }
    case 'Score': {
      const { name, missing, points, response, spo2Scale, value } = fact;
      const score = {
        $typeName: 'vigil.v1.Score' as const,
        name,
        missing: [...missing],
        points: { ...points },
        response,
        spo2Scale,
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

/** That a condition is worse is said to the alarms alone, where it stands beside the condition; limits are said beside the findings. */
export type RecordedFact = Exclude<Fact, { readonly tag: 'Worse' | 'Limits' }>;

/** A fact as a finding for the log. */
export const factFinding = (fact: RecordedFact, preset: string): Finding =>
  findingOf(fact.at, fact.said, preset, kindOf(fact));

const verdictOf = (
  { verdict, probability, testimonies }: AlarmVerdict,
  alarm: { readonly text: string; readonly code: number; readonly condition: AlarmKind; readonly own: boolean },
): VerdictMessage =>
  create(AlarmVerdictSchema, {
    ...alarm,
    verdict: verdicts[verdict],
    probability,
    testimonies: testimonies.map(({ code, says, because }) => ({ code, says: words[says], because })),
  });

/** A number came under a code of which Vigil knows nothing. */
export const unmappedFinding = ({ at, said, code, unit }: UnmappedSeen, preset: string): Finding =>
  create(FindingSchema, {
    ...{ atUs: at, saidUs: said, preset },
    kind: { case: 'unmapped', value: { $typeName: 'vigil.v1.Unmapped', code, unit } },
  });

/** What is held of an alarm that the monitor raised. */
export const verdictFinding = (alert: AlertSeen, judged: AlarmVerdict, preset: string): Finding => {
  const { text, code, kind } = alert;
  const value = verdictOf(judged, { text, code, condition: kind, own: false });
  const times = { atUs: Math.min(alert.at, alert.said), saidUs: alert.said };
  return create(FindingSchema, { ...times, preset, kind: { case: 'verdict', value } });
};

/** What is held of an alarm of Vigil's own, judged by what was heard up to `alarm.at`: for the record, and for the alarm. */
export const ownVerdict = (
  bed: string,
  { kind, at }: RaisedAlarm,
  judged: AlarmVerdict,
  said: Moment,
  preset: string,
): { readonly finding: Finding; readonly input: AlarmInput } => {
  const value = verdictOf(judged, { text: conditions[kind].label, code: 0, condition: kind, own: true });
  const times = { atUs: at, saidUs: said };
  return {
    finding: create(FindingSchema, { ...times, preset, kind: { case: 'verdict', value } }),
    input: create(AlarmInputSchema, { bed, ...times, input: { case: 'verdict', value } }),
  };
};

/**
 * Only of conditions alarms hear; every other fact is for the record and the screens. `delay`: of rules that no preset has by that name;
 * undefined: the alarms know it by the name.
 */
export const factAlarmInput = (
  bed: string,
  fact: Fact,
  preset: string,
  delay?: Microseconds,
): AlarmInput | undefined => {
  if (fact.tag !== 'Condition' && fact.tag !== 'Worse') return undefined;
  const { condition, evidence } = fact;
  const worse = fact.tag === 'Worse';
  const present = worse || fact.present;
  const { by = '', mayBeTakenOff = false } = worse ? {} : fact;
  return create(AlarmInputSchema, {
    ...{ bed, atUs: fact.at, saidUs: fact.said },
    input: {
      case: 'condition',
      value: {
        $typeName: 'vigil.v1.ConditionReport',
        ...{ condition, present, evidence, preset, worse, by, mayBeTakenOff },
        ...(delay === undefined ? {} : { delayUs: delay }),
      },
    },
  });
};

/** A second of the bed is over: delays run out by it. */
export const tick = (bed: string, at: Moment, said: Moment): AlarmInput => ({
  $typeName: 'vigil.v1.AlarmInput',
  bed,
  atUs: at,
  saidUs: said,
  input: { case: 'tick', value: { $typeName: 'vigil.v1.Tick' } },
});

/** Another patient lies in the bed; '': nobody. */
export const patientChange = (bed: string, at: Moment, said: Moment, patient: string): AlarmInput =>
  create(AlarmInputSchema, {
    ...{ bed, atUs: at, saidUs: said },
    input: { case: 'patient', value: { $typeName: 'vigil.v1.PatientChange', patient } },
  });
