import * as E from 'fp-ts/lib/Either.js';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { type AlarmEvent, SignalState } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { INTENDED_USE, type LiveBed } from '../../schemas/live.ts';
import { decodeAlarmEvent, decodeAlarmInput, decodeFindings } from '../../schemas/messages.ts';
import type { Rejection } from '../../schemas/rejection.ts';
import { isLaboratoryFrame, telemetryOf } from '../../schemas/telemetry.ts';
import { type Moment, moment, seconds } from '../../schemas/units.ts';
import type { Act, Acted } from '../gateway/acts.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';
import type { Socket, SocketHandlers } from '../ports/sockets.ts';
import { type Following, followFrom } from '../runtime/follow-topic.ts';
import type { VigilWatch } from '../watch/vigil-watch.ts';
import { makeGuard } from './guard.ts';
import { actUnmet } from './live-alarm.ts';
import type { OutboxBounds } from './outbox.ts';
import type { Important } from './sender.ts';
import { alarmBody, openSession, provenBy, type Session, type SessionWorld } from './session.ts';
import { makeWard } from './ward.ts';
import { encodeWave, type WaveFrame, wantedCodes } from './waves.ts';

export interface ScreensOptions {
  readonly log: EventLog;
  readonly now: () => Moment;
  readonly meters: Meters;
  readonly journal: Journal;
  /** Passes a nurse's act on (services/gateway/acts.ts). */
  readonly act: (act: Act) => Promise<Acted>;
  /** The ward's name. */
  readonly ward: string;
  readonly simulated: boolean;
  /** The inference provider in use, in words. */
  readonly provider: () => string;
  /** Where Grafana is, for the link from a bed; undefined: no link. */
  readonly grafanaUrl?: string | undefined;
  /** Whether a console's token is known; true for all when none is configured. */
  readonly tokenIsGood: (token: string | undefined) => boolean;
  readonly outbox?: OutboxBounds;
  /** The watch over Vigil itself; absent: nobody looks. */
  readonly watch?: VigilWatch;
}

export interface Screens {
  /**
   * Reads the past (alarms of a day, findings of ten minutes, telemetry of one) and follows the log. Resolves when the past is read, or
   * when it was closed meanwhile.
   */
  readonly start: () => Promise<void>;
  /** WS /v1/live. `authorised`: the upgrade request carried a good token already. */
  readonly open: (socket: Socket, authorised: boolean) => SocketHandlers;
  /** Every second: heartbeats, reaping, delivery and watchdog. */
  readonly secondPassed: () => Promise<void>;
  /** Four times a second: bed frames. */
  readonly quarterPassed: () => void;
  readonly consoles: () => number;
  readonly health: () => ScreensHealth;
  readonly close: () => Promise<void>;
}

export interface ScreensHealth {
  readonly started: boolean;
  /** The worst bed: how far analysis is behind the telemetry; undefined: no bed speaks. */
  readonly analysisLagS: number | undefined;
  /** Beds of which analysis has fallen silent. */
  readonly analysisSilent: number;
  /** Since the last word from the alarms stage about any bed; undefined: none yet. */
  readonly alarmsAgeS: number | undefined;
  /** For so long it has said nothing while it was listened to. */
  readonly alarmsSilentS: number;
  readonly undelivered: number;
  /** Why the log is not heard now; undefined: it is. */
  readonly deaf: string | undefined;
  /** For so long nobody has been connected. */
  readonly unwatchedS: number;
}

const ALARMS_BACK = seconds(86_400);
const FINDINGS_BACK = seconds(600);
const TELEMETRY_BACK = seconds(60);
/** Pictures go to the consoles four times a second: what waits so long for company comes no later. Alarms never wait. */
const PICTURE_LINGER_MS = 25;
/** A log that does not move for so long is shown as far as it was read. */
const PATIENCE_MS = 5_000;

/** What an `alarms` frame tells of a bed beside transitions: the pause too, which may begin while every alarm is acknowledged. */
const told = (bed: LiveBed | undefined): string => JSON.stringify([bed?.alarms ?? [], bed?.audioPausedUntilUs ?? null]);

const goesOn = ({ transition }: AlarmEvent): boolean =>
  transition?.to === SignalState.ON && transition.from !== SignalState.ON;

/** The screens service: one ward picture for many consoles, and the watch over what reaches them. */
export const makeScreens = (options: ScreensOptions): Screens => {
  const { log, now, meters, journal, watch } = options;
  const ward = makeWard();
  const sessions = new Set<Session>();
  const guard = makeGuard({ log, now, meters, journal });
  let following: readonly Following[] = [];
  let beginning: Promise<unknown> = Promise.resolve();
  let closed = false;
  let started = false;
  let lastAlarmAt: Moment | undefined;
  let unwatchedS = 0;
  let alarmsSilentS = 0;

  const world: SessionWorld = {
    ward,
    now,
    meters,
    journal,
    starting: () => !started,
    tokenIsGood: options.tokenIsGood,
    act: options.act,
    received: guard.received,
    about: () => ({
      ward: options.ward,
      simulated: options.simulated,
      intendedUse: INTENDED_USE,
      provider: options.provider(),
      ...(options.grafanaUrl === undefined ? {} : { grafana: options.grafanaUrl }),
    }),
    provider: options.provider,
    troubles: () => watch?.troubles() ?? [],
    bounds: options.outbox,
    ended: (session) => sessions.delete(session),
  };

  const readable = <Message>(record: LogRecord, decoded: E.Either<Rejection, Message>): Message | undefined => {
    if (E.isRight(decoded)) return decoded.right;
    meters.unreadable.add(1, record.topic);
    return undefined;
  };

  const sendWaves = (frame: Telemetry): void => {
    const bedTime = ward.bedTime(frame.bed, frame.source);
    const encoded = new Map<number, WaveFrame | undefined>();
    for (const session of sessions) {
      const codes = session.watches(frame.bed);
      if (codes === undefined) continue;
      for (const code of wantedCodes(frame, codes)) {
        if (!encoded.has(code)) encoded.set(code, encodeWave(frame, code, bedTime));
        const wave = encoded.get(code);
        if (wave !== undefined) session.sender.wave(wave);
      }
    }
  };

  const hearTelemetry = (record: LogRecord): void => {
    const frame = readable(record, telemetryOf(record));
    if (frame === undefined || !ward.hear(frame.bed, { tag: 'Frame', frame }) || frame.retrospective) return;
    // Analysis says nothing of a laboratory's frame until time passes, which the monitor or the gateway tells.
    if (started && !isLaboratoryFrame(frame)) guard.telemetry(frame.bed);
    if (frame.waveforms.length > 0) sendWaves(frame);
  };

  const hearFindings = (record: LogRecord): void => {
    const findings = readable(record, decodeFindings(record.value));
    if (findings === undefined) return;
    ward.hear(findings.bed, { tag: 'Findings', findings });
    if (started) guard.analysis(findings.bed);
  };

  /** Of the alarm inputs the passing of time is of interest here, proof that analysis is alive, and what consoles have received. */
  const hearInput = (record: LogRecord): void => {
    const input = readable(record, decodeAlarmInput(record.value));
    if (input?.input.case === 'received') guard.receivedSomewhere({ bed: input.bed, ...input.input.value });
    if (input?.input.case !== 'tick') return;
    ward.hear(input.bed, { tag: 'Analysed', saidUs: input.saidUs });
    if (started) guard.analysis(input.bed);
  };

  const live = (): readonly Session[] => [...sessions].filter((session) => session.live());

  const look = (bed: LiveBed): void => {
    guard.picture(bed);
    if (bed.bed === VIGIL_BED) watch?.picture(bed);
  };

  const hearAlarm = (record: LogRecord): void => {
    const event = readable(record, decodeAlarmEvent(record.value));
    if (event === undefined) return;
    lastAlarmAt = now();
    alarmsSilentS = 0;
    const { partition, offset } = record;
    const before = told(ward.bed(event.bed));
    const logged = ward.hearAlarm(partition, offset, event);
    const bed = ward.bed(event.bed);
    if (!started || bed === undefined) return;
    look(bed);
    const place = { partition, next: offset + 1n };
    // A roll call is told only when it tells something new.
    if (logged === undefined && before === told(bed)) {
      for (const { sender } of live()) sender.moved(place.partition, place.next);
      return;
    }
    const frame: Important = {
      type: 'alarms',
      body: alarmBody(bed, logged === undefined ? [] : [logged.transition]),
      proves: provenBy(bed.alarms),
      place,
      ...(goesOn(event) ? { ringsSince: event.saidUs } : {}),
    };
    for (const { sender } of live()) sender.important(frame);
    const unmet = actUnmet(event);
    if (unmet !== undefined) for (const session of live()) session.actUnmet(unmet.id, unmet.sentence);
  };

  const secondPassed = async (): Promise<void> => {
    // The watch first: what it finds goes out with the heartbeats of this second.
    const watched = started ? watch?.secondPassed() : undefined;
    for (const session of [...sessions]) session.secondPassed();
    meters.sockets.set(sessions.size, '/v1/live');
    const consoles = live().length;
    meters.consoles.set(consoles);
    unwatchedS = consoles > 0 ? 0 : unwatchedS + 1;
    alarmsSilentS += started ? 1 : 0;
    const lag = ward.analysisLagS(now());
    if (lag !== undefined) meters.stageLag.set(lag, 'analysis');
    if (started) await Promise.all([guard.secondPassed(), watched]);
  };

  return {
    start: async () => {
      const at = now();
      const follow = (topic: LogRecord['topic'], back: number, onRecord: (record: LogRecord) => void, lingerMs = 0) =>
        followFrom({
          log,
          topic,
          otherwise: { since: moment(at - back) },
          lingerMs,
          onRecord,
          patienceMs: PATIENCE_MS,
        });
      const followAll = async () => {
        const extent = await log.extent('vigil.alarms');
        following = await Promise.all([
          follow('vigil.alarms', ALARMS_BACK, hearAlarm),
          follow('vigil.findings', FINDINGS_BACK, hearFindings, PICTURE_LINGER_MS),
          follow('vigil.telemetry', TELEMETRY_BACK, hearTelemetry, PICTURE_LINGER_MS),
          follow('vigil.alarm-inputs', TELEMETRY_BACK, hearInput, PICTURE_LINGER_MS),
        ]);
        return extent;
      };
      const begun = followAll();
      beginning = begun.catch(() => undefined);
      const watching = watch?.start();
      watching?.catch(() => undefined); // awaited below
      const extent = await begun;
      await Promise.all([...following.map(({ caughtUp }) => caughtUp), watching]);
      if (closed) return;
      for (const { partition, next } of extent) ward.startAt(partition, next);
      for (const bed of ward.beds(at)) look(bed);
      started = true;
    },
    open: (socket, authorised) => {
      const session = openSession(socket, world, authorised);
      sessions.add(session);
      return { message: session.message, closed: session.closed };
    },
    secondPassed,
    quarterPassed: () => {
      const beds = ward.takeChanged();
      for (const { sender } of live()) sender.beds(beds);
    },
    consoles: () => live().length,
    health: () => ({
      started,
      analysisLagS: ward.analysisLagS(now()),
      analysisSilent: guard.silentBeds(),
      alarmsAgeS: lastAlarmAt === undefined ? undefined : (now() - lastAlarmAt) / 1e6,
      alarmsSilentS,
      undelivered: guard.undelivered(),
      deaf: following.map(({ lost }) => lost()).find((sentence) => sentence !== undefined),
      unwatchedS,
    }),
    close: async () => {
      closed = true;
      await beginning; // what joins the log cannot be called off
      await Promise.all(following.map(({ stop }) => stop()));
      await Promise.all([guard.flush(), watch?.close()]);
    },
  };
};
