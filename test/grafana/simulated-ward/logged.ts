/** What the log has of the played ward: the truth against which the dashboards are held. Moments are microseconds. */

import type * as E from 'fp-ts/lib/Either.js';
import { type ConditionName, conditions, type PriorityName } from '../../../schemas/conditions.ts';
import type { AlarmEvent } from '../../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { EngineReport } from '../../../schemas/generated/vigil/v1/engine_pb.ts';
import type { Finding } from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Telemetry } from '../../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeAlarmEvent, decodeEngineReport, decodeFindings } from '../../../schemas/messages.ts';
import { decodeLoggedTelemetry } from '../../../schemas/telemetry.ts';
import type { Topic } from '../../../schemas/topics.ts';
import type { EventLog } from '../../../services/ports/event-log.ts';
import { noRhythm, rhythmMarks } from '../../../services/recorder/rhythm-marks.ts';
import { allOf } from '../../gateway/log-in-a-folder.ts';
import { right } from '../../right.ts';

export interface Logged {
  readonly frames: readonly Telemetry[];
  /** By bed, in the order in which they were said. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  readonly alarms: readonly AlarmEvent[];
  readonly reports: readonly EngineReport[];
}

/** Something measured at a moment. */
export interface Measured {
  readonly atUs: number;
  readonly value: number;
}

const decoded = async <A>(
  log: EventLog,
  topic: Topic,
  decode: (bytes: Uint8Array) => E.Either<unknown, A>,
): Promise<readonly A[]> => (await allOf(log, topic)).map(({ value }) => right(decode(value)));

export const readLog = async (log: EventLog): Promise<Logged> => {
  const said = await decoded(log, 'vigil.findings', decodeFindings);
  const byBed = Map.groupBy(said, ({ bed }) => bed);
  return {
    frames: await decoded(log, 'vigil.telemetry', decodeLoggedTelemetry),
    findings: new Map([...byBed].map(([bed, each]) => [bed, each.flatMap(({ findings }) => findings)])),
    alarms: await decoded(log, 'vigil.alarms', decodeAlarmEvent),
    reports: await decoded(log, 'vigil.engine', decodeEngineReport),
  };
};

export const bedsOf = ({ findings }: Logged): readonly string[] => [...findings.keys()].toSorted();
const findingsOf = ({ findings }: Logged, bed: string): readonly Finding[] => findings.get(bed) ?? [];

/** Numbers of a signal: by the devices of the bed, or by Vigil itself. */
export const measured = (logged: Logged, bed: string, code: number, by?: 'monitor' | 'vigil'): readonly Measured[] => {
  const byDevices = logged.frames
    .filter((frame) => frame.bed === bed)
    .flatMap(({ numerics }) => numerics)
    .flatMap(({ code: of, atUs, reading }) =>
      of === code && reading.case === 'value' ? [{ atUs, value: reading.value }] : [],
    );
  const byVigil = findingsOf(logged, bed).flatMap(({ atUs, kind }) =>
    kind.case === 'derived' && kind.value.code === code ? [{ atUs, value: kind.value.value }] : [],
  );
  return [...(by === 'vigil' ? [] : byDevices), ...(by === 'monitor' ? [] : byVigil)];
};

/** The gravity of the rhythm, marked by the recorder's rule. */
export const marked = (logged: Logged, bed: string): readonly Measured[] =>
  rhythmMarks(noRhythm, bed, findingsOf(logged, bed))[1].map(({ at, value }) => ({ atUs: at, value }));

type Kind = NonNullable<Finding['kind']['case']>;
export const found = <K extends Kind>(logged: Logged, bed: string, kind: K) =>
  findingsOf(logged, bed).flatMap(({ atUs, kind: each }) =>
    each.case === kind ? [{ atUs, value: each.value as Extract<Finding['kind'], { case: K }>['value'] }] : [],
  );

/** A signal that went from one state to another. */
export interface Changed {
  readonly bed: string;
  readonly atUs: number;
  readonly condition: string;
  readonly priority: PriorityName;
  readonly event: AlarmEvent;
  readonly transition: NonNullable<AlarmEvent['transition']>;
}

export const changes = ({ alarms }: Logged): readonly Changed[] =>
  alarms.flatMap((event) => {
    const { bed, atUs, transition } = event;
    if (transition === undefined) return [];
    const { condition } = transition;
    return [{ bed, atUs, condition, priority: conditions[condition as ConditionName].priority, event, transition }];
  });
