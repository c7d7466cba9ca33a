import * as E from 'fp-ts/lib/Either.js';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { type AlarmEvent, SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import type { LiveBed } from '../../schemas/live.ts';
import { decodeAlarmEvent, decodeAlarmInput, decodeFindings } from '../../schemas/messages.ts';
import type { Rejection } from '../../schemas/rejection.ts';
import { isLaboratoryFrame, telemetryOf } from '../../schemas/telemetry.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Meters } from '../metrics/meters.ts';
import type { LogRecord } from '../ports/event-log.ts';
import type { VigilWatch } from '../watch/vigil-watch.ts';
import type { Guard } from './guard.ts';
import { actUnmet } from './live-alarm.ts';
import { limitsRefused } from './live-limits.ts';
import type { Placement } from './placement.ts';
import type { ScreenReports } from './screen-reports.ts';
import { makeWaveSending } from './send-waves.ts';
import type { Important } from './sender.ts';
import { alarmBody, provenBy, type Session } from './session.ts';
import type { Ward } from './ward.ts';

export interface HearLogOptions {
  readonly ward: Ward;
  readonly guard: Guard;
  readonly placement: Placement;
  readonly reports: Pick<ScreenReports, 'hear'>;
  readonly watch: VigilWatch | undefined;
  readonly meters: Meters;
  readonly now: () => Moment;
  /** Whoever is connected, greeted or not. */
  readonly sessions: ReadonlySet<Session>;
  /** False while the past is read: the ward learns from it, and nobody is told. */
  readonly isStarted: () => boolean;
  /** Is told each new frame; absent: nobody else listens. */
  readonly overhear: ((frame: Telemetry, partition: number) => void) | undefined;
}

/** What the screens hear from the log, topic by topic: the ward's picture, the watches, and the consoles that are told. */
export interface HearLog {
  readonly telemetry: (record: LogRecord) => void;
  readonly findings: (record: LogRecord) => void;
  readonly alarmInput: (record: LogRecord) => void;
  readonly alarm: (record: LogRecord) => void;
  /** The picture of a bed for both watches. */
  readonly look: (bed: LiveBed) => void;
  /** When the alarms stage said something last; undefined: nothing yet. */
  readonly lastAlarmAt: () => Moment | undefined;
}

/** What an `alarms` frame tells of a bed beside transitions: the pause too, which may begin while every alarm is acknowledged, and whose bed it is. */
const told = (bed: LiveBed | undefined): string =>
  JSON.stringify([bed?.alarms ?? [], bed?.audioPausedUntilUs ?? null, bed?.chosenBy ?? [], bed?.missed ?? []]);

const goesOn = ({ transition }: AlarmEvent): boolean =>
  transition?.to === SignalState.ON && transition.from !== SignalState.ON;

/** Sessions whose console has said hello. */
export const liveOf = (sessions: ReadonlySet<Session>): readonly Session[] =>
  [...sessions].filter((session) => session.live());

/** Hears from now on. */
export const hearLog = (options: HearLogOptions): HearLog => {
  const { ward, guard, placement, reports, watch, meters, now, sessions, isStarted, overhear } = options;
  const sendWaves = makeWaveSending(ward, sessions);
  let lastAlarmAt: Moment | undefined;

  const readable = <Message>(record: LogRecord, decoded: E.Either<Rejection, Message>): Message | undefined => {
    if (E.isRight(decoded)) return decoded.right;
    meters.unreadable.add(1, record.topic);
    return undefined;
  };

  const hearTelemetry = (record: LogRecord): void => {
    const frame = readable(record, telemetryOf(record));
    if (frame !== undefined && isStarted()) placement.hear(record, frame);
    if (frame === undefined || !ward.hear(frame.bed, { tag: 'Frame', frame }) || frame.retrospective) return;
    // Analysis says nothing of a laboratory's frame until time passes, which the monitor or the gateway tells.
    if (isStarted() && !isLaboratoryFrame(frame)) guard.telemetry(frame.bed);
    if (isStarted()) overhear?.(frame, record.partition);
    if (frame.waveforms.length > 0) sendWaves(frame, record.appendedAt);
  };

  const hearFindings = (record: LogRecord): void => {
    const findings = readable(record, decodeFindings(record.value));
    if (findings === undefined) return;
    ward.hear(findings.bed, { tag: 'Findings', findings });
    for (const { id, sentence } of limitsRefused(findings))
      for (const session of liveOf(sessions)) session.actUnmet(id, sentence);
    if (isStarted()) guard.analysis(findings.bed);
  };

  /** Of the alarm inputs the passing of time is of interest here, proof that analysis is alive, and what consoles have received. */
  const hearInput = (record: LogRecord): void => {
    const input = readable(record, decodeAlarmInput(record.value));
    if (input?.input.case === 'received') guard.receivedSomewhere({ bed: input.bed, ...input.input.value });
    if (input?.input.case === 'screen' && isStarted()) reports.hear(input.input.value);
    if (input?.input.case !== 'tick') return;
    ward.hear(input.bed, { tag: 'Analysed', saidUs: input.saidUs });
    if (isStarted()) guard.analysis(input.bed);
  };

  const look = (bed: LiveBed): void => {
    guard.picture(bed);
    if (bed.bed === VIGIL_BED) watch?.picture(bed);
  };

  const hearAlarm = (record: LogRecord): void => {
    const event = readable(record, decodeAlarmEvent(record.value));
    if (event === undefined) return;
    lastAlarmAt = now();
    const { partition, offset } = record;
    const before = told(ward.bed(event.bed));
    const logged = ward.hearAlarm(partition, offset, event);
    const bed = ward.bed(event.bed);
    if (!isStarted() || bed === undefined) return;
    look(bed);
    const place = { partition, next: offset + 1n };
    // A roll call is told only when it tells something new.
    if (logged === undefined && before === told(bed)) {
      for (const { sender } of liveOf(sessions)) sender.moved(place.partition, place.next);
      return;
    }
    const frame: Important = {
      type: 'alarms',
      body: alarmBody(bed, logged === undefined ? [] : [logged.transition]),
      proves: provenBy(bed.alarms),
      place,
      ...(goesOn(event) ? { ringsSince: event.saidUs } : {}),
    };
    for (const { sender } of liveOf(sessions)) sender.important(frame);
    const unmet = actUnmet(event);
    if (unmet !== undefined) for (const session of liveOf(sessions)) session.actUnmet(unmet.id, unmet.sentence);
  };

  return {
    telemetry: hearTelemetry,
    findings: hearFindings,
    alarmInput: hearInput,
    alarm: hearAlarm,
    look,
    lastAlarmAt: () => lastAlarmAt,
  };
};
