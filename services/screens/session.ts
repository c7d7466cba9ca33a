import * as E from 'fp-ts/lib/Either.js';
import type { LiveAlarm, LiveBed, LiveTransition, LiveTrouble, ScreenTold } from '../../schemas/live.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Actor, Visitor } from '../audit/visitor.ts';
import type { Act, Acted } from '../gateway/acts.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import type { Socket } from '../ports/sockets.ts';
import type { LoggedTransition } from './alarm-history.ts';
import { type ConsoleSaid, parseConsoleFrame } from './console-frame.ts';
import { parseCursor } from './cursor.ts';
import { mustBeReceived } from './delivery.ts';
import { limitsActRefused } from './live-limits.ts';
import { OUTBOX_BOUNDS_USUAL, type OutboxBounds } from './outbox.ts';
import { type Important, makeSender, type Sender } from './sender.ts';
import { standbyRefused } from './standby.ts';
import type { Viewing } from './viewing.ts';
import type { Ward } from './ward.ts';

/** What is the same for every session. */
export interface SessionWorld {
  readonly ward: Ward;
  readonly now: () => Moment;
  readonly meters: Meters;
  readonly journal: Journal;
  /** True while the log's past is still being read: nobody is told half a ward. */
  readonly starting: () => boolean;
  readonly tokenIsGood: (token: string | undefined) => boolean;
  readonly act: (act: Act, actor: Actor) => Promise<Acted>;
  readonly viewing: Viewing;
  /** Some console has received these alarms. */
  readonly received: (alarms: readonly string[]) => void;
  /** Who is at a line; and that the line is no more, whose screen was heard so many seconds before. */
  readonly screenHere: (line: number, screen: ScreenTold) => void;
  readonly screenGone: (line: number, onPurpose: boolean, quietS: number) => void;
  /** The inside of the snapshot that is about Vigil: ward, simulated, intendedUse, provider. */
  readonly about: () => Readonly<Record<string, unknown>>;
  readonly provider: () => string;
  /** What is wrong with Vigil itself and cannot come as an alarm. */
  readonly troubles: () => readonly LiveTrouble[];
  readonly bounds: OutboxBounds | undefined;
  readonly ended: (session: Session) => void;
}

export interface Session {
  readonly message: (data: string | Uint8Array) => void;
  readonly closed: (code: number) => void;
  readonly sender: Sender;
  /** The codes that this console watches at a bed; undefined: none. */
  readonly watches: (bed: string) => readonly number[] | undefined;
  readonly secondPassed: () => void;
  /** The alarms had nothing to do for this act. Told to the console that it came from; others are not told. */
  readonly actUnmet: (id: string, sentence: string) => void;
  /** Has said hello and is still there. */
  readonly live: () => boolean;
  /** Is cut, for another to have its place. */
  readonly giveWay: () => void;
}

/** Why Vigil closed a socket: the close code, what the console is told, and how it is counted. */
interface Ending {
  readonly code: number;
  readonly reason: string;
  readonly counted: string;
}

const ENDINGS = {
  binary: { code: 1003, reason: 'consoles speak JSON text', counted: 'protocol' },
  chatter: { code: 1008, reason: 'too many messages', counted: 'too many messages' },
  starting: { code: 1013, reason: 'the ward is still being read; try again in a second', counted: 'starting' },
  helloFirst: { code: 4400, reason: 'hello comes first, and once', counted: 'protocol' },
  neverSent: { code: 4400, reason: 'a frame was received that was never sent', counted: 'protocol' },
  token: { code: 4401, reason: 'the token is not known', counted: 'token' },
  noHello: { code: 4408, reason: 'no hello', counted: 'no hello' },
  noHeartbeat: { code: 4408, reason: 'no answer to the heartbeat; resume by cursor', counted: 'no heartbeat' },
  stuck: { code: 4410, reason: 'too slow for its alarms; resume by cursor', counted: 'alarms waiting' },
} as const satisfies Record<string, Ending>;

/** A page that is closed, or left for another, says one of these by itself: normal closure, and going away. */
const GOODBYES: readonly number[] = [1000, 1001];
const HEARTBEAT_ANSWERED_WITHIN_S = 5;
const HELLO_WITHIN_S = 5;
const MESSAGES_PER_SECOND_MAX = 100;
/** Acts of a console whose answer by the alarms may still come. */
const ACTS_REMEMBERED = 64;

const insideOf = (value: object): string => JSON.stringify(value).slice(1, -1);

/** The inside of an alarms frame. */
export const alarmBody = (bed: LiveBed, transitions: readonly LiveTransition[]): string => {
  const { bed: name, alarms, audioPausedUntilUs, chosenBy = [], missed = [] } = bed;
  return insideOf({ bed: name, alarms, audioPausedUntilUs, chosenBy, missed, transitions });
};

/** Which alarms a console has received when it has received this picture. */
export const provenBy = (alarms: readonly LiveAlarm[]): readonly string[] =>
  alarms.filter(mustBeReceived).map(({ alarm }) => alarm);

/** On a slow line a frame must have come before either side gives the other up, which takes five seconds. */
const MISSED_PER_FRAME_MAX = 100;

const slicesOf = <One>(all: readonly One[]): readonly (readonly One[])[] =>
  Array.from({ length: Math.ceil(all.length / MISSED_PER_FRAME_MAX) }, (_, i) =>
    all.slice(i * MISSED_PER_FRAME_MAX, (i + 1) * MISSED_PER_FRAME_MAX),
  );

/**
 * Few frames a bed, so that a console that was away for long is not too slow for what it missed. The beds of one partition follow each other,
 * and the last frame carries the place: who drops out before it asks for all of the partition again.
 */
const missedFrames = (ward: Ward, missed: readonly LoggedTransition[]): readonly Important[] =>
  [...Map.groupBy(missed, ({ partition }) => partition)].flatMap(([partition, all]) => {
    const next = all.at(-1)!.offset + 1n;
    const frames = [...Map.groupBy(all, ({ transition }) => transition.bed)].flatMap(([name, ofBed]) => {
      const bed = ward.bed(name);
      if (bed === undefined) return [];
      const bodies = slicesOf(ofBed.map(({ transition }) => transition)).map((some) => alarmBody(bed, some));
      return bodies.map((body) => ({ type: 'alarms' as const, body, proves: [] }));
    });
    return frames.map((frame, i) => (i < frames.length - 1 ? frame : { ...frame, place: { partition, next } }));
  });

/** Snapshot first, then what was missed since the cursor, if that can be told. */
const greet = (sender: Sender, world: SessionWorld, since: string | undefined): void => {
  const { ward } = world;
  const given = since === undefined ? undefined : parseCursor(since);
  const missed = given === undefined ? undefined : ward.missed(given);
  const beds = ward.beds(world.now());
  // Until the missed transitions are told, a console that drops out again must ask for them again.
  sender.startAt(missed === undefined || given === undefined ? ward.position() : given);
  sender.important({
    type: 'snapshot',
    body: insideOf({ ...world.about(), resumed: missed !== undefined, beds }),
    proves: provenBy(beds.flatMap(({ alarms }) => alarms)),
  });
  for (const frame of missedFrames(ward, missed ?? [])) sender.important(frame);
};

/** One console: hello, snapshot, then numbered frames as fast as it takes them, until it stops answering. */
export const openSession = (
  socket: Socket,
  world: SessionWorld,
  authorised: boolean,
  { address, token: upgradeToken }: Visitor,
): Session => {
  const viewer = world.viewing.viewer(socket.id);
  let visitor: Visitor = { address, token: upgradeToken };
  let greeted = false;
  let over = false;
  let secondsUnanswered = 0;
  let saidGoodbye = false;
  let receivedTo = 0;
  let messagesThisSecond = 0;
  let watched: ReadonlyMap<string, readonly number[]> = new Map();
  /** By id, in the order in which they were done: whether the alarms had nothing to do. */
  const acts = new Map<string, 'passed on' | 'unmet'>();

  const leave = (onPurpose = false): void => {
    over = true;
    viewer.closed();
    sender.stop();
    world.screenGone(socket.id, onPurpose || saidGoodbye, secondsUnanswered);
    world.ended(session);
  };
  const end = ({ code, reason, counted }: Ending): void => {
    if (over) return;
    world.meters.socketsReaped.add(1, counted);
    world.journal.info('a console was closed', { session: socket.id, code, why: counted });
    leave();
    socket.close(code, reason);
  };
  const sender = makeSender({
    socket,
    now: world.now,
    meters: world.meters,
    bounds: world.bounds ?? OUTBOX_BOUNDS_USUAL,
    bedJson: world.ward.bedJson,
    stuck: () => end(ENDINGS.stuck),
  });

  const hello = (since: string | undefined, token: string | undefined): void => {
    if (world.starting()) end(ENDINGS.starting);
    else if (authorised || world.tokenIsGood(token)) {
      greeted = true;
      secondsUnanswered = 0;
      visitor = { address, token: authorised ? upgradeToken : token };
      viewer.opened(visitor);
      greet(sender, world, since);
    } else {
      world.meters.doorRefused.add(1, 'token');
      end(ENDINGS.token);
    }
  };

  const received = (frame: number): void => {
    if (frame > sender.sent()) end(ENDINGS.neverSent);
    else {
      // Only what is new: one that says the same for ever takes nothing, and what it has not taken is remembered.
      if (frame > receivedTo) secondsUnanswered = 0;
      receivedTo = Math.max(receivedTo, frame);
      const proven = sender.proven(frame);
      if (proven.length > 0) world.received(proven);
    }
  };

  const acted = (id: string, { ok, sentence }: Acted): void =>
    sender.important({ type: 'acted', body: insideOf({ id, ok, sentence }), proves: [] });

  const act = async (done: Act): Promise<void> => {
    acts.set(done.id, 'passed on');
    for (const [oldest] of acts) if (acts.size > ACTS_REMEMBERED) acts.delete(oldest);
    const bed = world.ward.bed(done.bed);
    const answer =
      standbyRefused(done, bed, world.now()) ??
      limitsActRefused(done, bed) ??
      (await world.act(done, { session: socket.id, visitor }));
    // The alarms may be faster than the log's answer; their word is the last one.
    if (acts.get(done.id) !== 'unmet') acted(done.id, answer);
  };

  const hear = (said: ConsoleSaid): void => {
    if ((said.tag === 'Hello') === greeted) end(ENDINGS.helloFirst);
    else if (said.tag === 'Hello') hello(said.since, said.token);
    else if (said.tag === 'Received') received(said.frame);
    else if (said.tag === 'Act') void act(said.act);
    else if (said.tag === 'BadAct') acted(said.id, { ok: false, sentence: said.refusal.sentence });
    else if (said.tag === 'Screen') world.screenHere(socket.id, said.screen);
    else if (said.tag === 'Goodbye') saidGoodbye = true;
    else if (said.tag === 'Watch') {
      watched = new Map(said.waves.map(({ bed, codes }) => [bed, codes]));
      sender.keepWavesOf((bed) => watched.has(bed));
      viewer.looksAt(said.opened, said.by);
    }
  };

  const session: Session = {
    sender,
    message: (data) => {
      if (over) return;
      messagesThisSecond += 1;
      if (messagesThisSecond > MESSAGES_PER_SECOND_MAX) end(ENDINGS.chatter);
      else if (typeof data !== 'string') end(ENDINGS.binary);
      else {
        const said = parseConsoleFrame(data);
        if (E.isLeft(said)) end({ code: 1007, reason: said.left, counted: 'protocol' });
        else hear(said.right);
      }
    },
    closed: (code) => {
      if (!over) leave(GOODBYES.includes(code));
    },
    watches: (bed) => watched.get(bed),
    secondPassed: () => {
      messagesThisSecond = 0;
      secondsUnanswered += 1;
      if (!greeted && secondsUnanswered > HELLO_WITHIN_S) end(ENDINGS.noHello);
      else if (secondsUnanswered > HEARTBEAT_ANSWERED_WITHIN_S) end(ENDINGS.noHeartbeat);
      else if (greeted) sender.heartbeat(world.provider(), world.troubles());
    },
    actUnmet: (id, sentence) => {
      if (!acts.has(id)) return;
      acts.set(id, 'unmet');
      acted(id, { ok: false, sentence });
    },
    live: () => greeted && !over,
    giveWay: () => {
      world.meters.socketsReaped.add(1, 'gave way');
      leave();
      socket.cut();
    },
  };
  return session;
};
