import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { INTENDED_USE } from '../../schemas/live.ts';
import type { Microseconds, Moment } from '../../schemas/units.ts';
import { type Audit, noAudit } from '../audit/audit.ts';
import type { Actor, Visitor } from '../audit/visitor.ts';
import type { Act, Acted } from '../gateway/acts.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Socket, SocketHandlers } from '../ports/sockets.ts';
import type { Following } from '../runtime/follow-topic.ts';
import type { VigilWatch } from '../watch/vigil-watch.ts';
import { followWard } from './follow-ward.ts';
import { makeGuard } from './guard.ts';
import { hearLog, liveOf } from './hear-log.ts';
import type { OutboxBounds } from './outbox.ts';
import { makePlacement } from './placement.ts';
import { makeScreenReports } from './screen-reports.ts';
import { openSession, type Session, type SessionWorld } from './session.ts';
import { makeViewing } from './viewing.ts';
import { makeWard } from './ward.ts';

export interface ScreensOptions {
  readonly log: EventLog;
  readonly now: () => Moment;
  readonly meters: Meters;
  readonly journal: Journal;
  /** Passes a nurse's act on (services/gateway/acts.ts). */
  readonly act: (act: Act, actor: Actor) => Promise<Acted>;
  /** Is told who sees what; absent: nobody is. */
  readonly audit?: Pick<Audit, 'tell'>;
  /** The ward's name. */
  readonly ward: string;
  readonly simulated: boolean;
  /** The inference provider in use, in words. */
  readonly provider: () => string;
  /** Where Grafana is, for the link from a bed; undefined: no link. */
  readonly grafanaUrl?: string | undefined;
  /** How long a console keeps a nurse's name after the last act in it; absent: as long as its page. */
  readonly nameKept?: Microseconds | undefined;
  /** Whether a console's token is known; true for all when none is configured. */
  readonly tokenIsGood: (token: string | undefined) => boolean;
  readonly outbox?: OutboxBounds;
  /** Is told each new frame of the log; absent: nobody else listens. */
  readonly overhear?: (frame: Telemetry, partition: number) => void;
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
  readonly open: (socket: Socket, authorised: boolean, visitor?: Visitor) => SocketHandlers;
  /**
   * Cuts the oldest line that has not said hello, and answers whether there was one. Whoever reaches Vigil may open lines and say nothing:
   * they must not keep the ward's screens out.
   */
  readonly makeRoom: () => boolean;
  /** Every second: heartbeats, reaping, delivery and watchdog. */
  readonly secondPassed: () => Promise<void>;
  /** Four times a second: bed frames. */
  readonly quarterPassed: () => void;
  readonly consoles: () => number;
  /** Who lies in a bed, as consoles are shown; empty: nobody is known. */
  readonly patientOf: (bed: string) => string;
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
  /** For so long it was listened to and never said anything; 0: it has spoken. */
  readonly alarmsSilentS: number;
  readonly undelivered: number;
  /** Beds of which frames lie on another partition than that of their name. */
  readonly misplacedBeds: number;
  /** Why the log is not heard now; undefined: it is. */
  readonly deaf: string | undefined;
  /** For so long nobody has been connected. */
  readonly unwatchedS: number;
}

/** The screens service: one ward picture for many consoles, and the watch over what reaches them. */
export const makeScreens = (options: ScreensOptions): Screens => {
  const { log, now, meters, journal, watch } = options;
  const ward = makeWard();
  const sessions = new Set<Session>();
  const guard = makeGuard({ log, now, meters, journal });
  const viewing = makeViewing(options.audit ?? noAudit, ward.bed);
  const placement = makePlacement({ log, now, meters, journal });
  const reports = makeScreenReports({ log, now, journal, isBed: (bed) => ward.bed(bed) !== undefined });
  let following: readonly Following[] = [];
  let beginning: Promise<unknown> = Promise.resolve();
  let closed = false;
  let started = false;
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
    viewing,
    received: guard.received,
    screenHere: reports.here,
    screenGone: reports.gone,
    about: () => ({
      ward: options.ward,
      simulated: options.simulated,
      intendedUse: INTENDED_USE,
      provider: options.provider(),
      ...(options.grafanaUrl === undefined ? {} : { grafana: options.grafanaUrl }),
      ...(options.nameKept === undefined ? {} : { nameKeptUs: options.nameKept }),
    }),
    provider: options.provider,
    troubles: () => watch?.troubles() ?? [],
    bounds: options.outbox,
    ended: (session) => sessions.delete(session),
  };

  const { overhear } = options;
  const hears = hearLog({
    ...{ ward, guard, placement, reports, watch, meters, now, sessions, overhear },
    isStarted: () => started,
  });
  const live = (): readonly Session[] => liveOf(sessions);

  const secondPassed = async (): Promise<void> => {
    // The watch first: what it finds goes out with the heartbeats of this second.
    const watched = started ? watch?.secondPassed() : undefined;
    for (const session of [...sessions]) session.secondPassed();
    meters.sockets.set(sessions.size, '/v1/live');
    const consoles = live().length;
    meters.consoles.set(consoles);
    unwatchedS = consoles > 0 ? 0 : unwatchedS + 1;
    if (started) alarmsSilentS = hears.lastAlarmAt() === undefined ? alarmsSilentS + 1 : 0;
    const lag = ward.analysisLagS(now());
    if (lag !== undefined) meters.stageLag.set(lag, 'analysis');
    const { patientTwice, severalDevices } = ward.contradicted(now());
    meters.bedsContradicted.set(patientTwice, 'patient');
    meters.bedsContradicted.set(severalDevices, 'devices');
    if (started) await Promise.all([guard.secondPassed(), reports.secondPassed(), watched]);
  };

  const alarmsAgeS = (): number | undefined => {
    const at = hears.lastAlarmAt();
    return at === undefined ? undefined : (now() - at) / 1e6;
  };

  return {
    start: async () => {
      const at = now();
      const followAll = async () => {
        const extent = await log.extent('vigil.alarms');
        following = await followWard(log, at, hears);
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
      for (const bed of ward.beds(at)) hears.look(bed);
      viewing.changed(ward.beds(at).map(({ bed }) => bed));
      started = true;
    },
    open: (socket, authorised, visitor = { address: '', token: undefined }) => {
      const session = openSession(socket, world, authorised, visitor);
      sessions.add(session);
      return { message: session.message, closed: session.closed };
    },
    makeRoom: () => {
      const silent = [...sessions].find((session) => !session.live());
      silent?.giveWay();
      return silent !== undefined;
    },
    secondPassed,
    quarterPassed: () => {
      const beds = ward.takeChanged();
      // Not what the past told on the way to now: nobody was shown that.
      if (started) viewing.changed(beds);
      for (const { sender } of live()) sender.beds(beds);
    },
    consoles: () => live().length,
    patientOf: (bed) => ward.bed(bed)?.patient ?? '',
    health: () => ({
      started,
      analysisLagS: ward.analysisLagS(now()),
      analysisSilent: guard.silentBeds(),
      alarmsAgeS: alarmsAgeS(),
      alarmsSilentS,
      undelivered: guard.undelivered(),
      misplacedBeds: placement.misplacedBeds(),
      deaf: following.map(({ lost }) => lost()).find((sentence) => sentence !== undefined),
      unwatchedS,
    }),
    close: async () => {
      closed = true;
      await beginning; // what joins the log cannot be called off
      await Promise.all(following.map(({ stop }) => stop()));
      await Promise.all([guard.flush(), reports.flush(), watch?.close()]);
    },
  };
};
