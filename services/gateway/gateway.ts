import * as E from 'fp-ts/lib/Either.js';
import { TELEMETRY_LIMITS } from '../../schemas/checked-telemetry.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { type Rejection, rejection } from '../../schemas/rejection.ts';
import { decodeTelemetry, decodeTelemetryJson } from '../../schemas/telemetry.ts';
import { elapsed, type Moment, microseconds, seconds } from '../../schemas/units.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import type { EventLog, LogError } from '../ports/event-log.ts';
import { rejectedRecord } from '../ports/rejected-record.ts';
import { ADMISSION_BOUNDS_USUAL, type AdmissionBounds, sequenceFault } from './admit.ts';
import { type Answer, closing, overloaded, type Refused } from './answer.ts';
import { makeAppendQueue } from './append-queue.ts';
import { IDLE_AFTER_USUAL, type PresenceBounds, VIGILS_OWN } from './bed-presence.ts';
import { makeCallers } from './callers.ts';
import { deviceTimeFault } from './device-time.ts';
import { bytesOfEntry, drafted, type Entry, refuseAll } from './entries.ts';
import { makeOverheard } from './overheard.ts';
import { BEDS_MAX_USUAL, makeRoom } from './room.ts';
import { makeTurns } from './turns.ts';
import { sourceKey } from './ward-draft.ts';
import { makeWardMemory, type SourceReport } from './ward-memory.ts';

export interface GatewayOptions {
  readonly log: EventLog;
  /** The gateway's clock; a virtual one in replay. */
  readonly now: () => Moment;
  readonly meters: Meters;
  readonly journal: Journal;
  readonly bounds?: Partial<AdmissionBounds>;
  readonly presence?: Partial<PresenceBounds>;
  /** Largest message that is taken in; as large as any by default (schemas/checked-telemetry.ts). */
  readonly frameBytesMax?: number;
  /** Beds that are listened for; frames of others are refused. */
  readonly bedsMax?: number;
  /** How long frames wait for company before each append; 8 ms by default, 0 for replay. */
  readonly lingerMs?: number;
  /** How long a frame waits for those before it; 200 ms by default, 0 for replay. */
  readonly turnMs?: number;
  /** Frames that may wait for the log. */
  readonly waitingMax?: number;
}

export interface Gateway {
  /** One protobuf message. Resolves after the log keeps it (or its rejection). Never rejects. */
  readonly accept: (bytes: Uint8Array) => Promise<Answer>;
  /** One message in proto3 JSON; `original` is what the sender wrote. */
  readonly acceptJson: (value: unknown, original: Uint8Array) => Promise<Answer>;
  /** Keeps what could not even be read as a message. `from` names the sender as far as it is known. */
  readonly reject: (reason: Rejection, original: Uint8Array, from?: string) => Promise<Answer>;
  /** A whole second of the gateway's clock is over: silent beds get their Silence. Resolves when the log has it. */
  readonly secondPassed: () => Promise<void>;
  /**
   * A new frame on the log, perhaps of a sender that writes to it itself, or of another front: its bed's silence is told as well, on the
   * partition where the frame lies (absent: that of the bed's name).
   */
  readonly overhear: (frame: Telemetry, partition?: number) => void;
  /** The partition of `vigil.telemetry` where what is said of the bed is heard, if that is not the one of its name. */
  readonly apart: (bed: string) => number | undefined;
  /** Learns from frames that are on the log already (after a restart). */
  readonly learn: (frame: Telemetry) => void;
  /** Learns from frames that are older than those, while new ones already come: nothing counts before `adopt`. */
  readonly learnPast: () => { readonly learn: (frame: Telemetry) => void; readonly adopt: () => void };
  readonly sources: () => readonly SourceReport[];
  readonly bedsAdmitted: () => number;
  /** Undefined: the last append succeeded. */
  readonly lastFailure: () => { readonly at: Moment; readonly sentence: string } | undefined;
  readonly lastAppend: () => Moment | undefined;
  /** Takes nothing more, and resolves when everything taken was answered. */
  readonly close: () => Promise<void>;
}

/** Company for an append, which a nurse does not notice: it costs the disk the same for two frames as for twenty. */
const LINGER_MS = 8;
/** Longer than requests that are sent side by side overtake each other by; what is lost holds the next frames up for so long. */
const TURN_MS = 200;
/** What may wait while the log does not answer: ten seconds of 500 beds with four frames a second. */
const WAITING_MAX = 20_000;
const WAITING_BYTES_MAX = 64 * 1_048_576;
const PER_APPEND_MAX = 2_000;
/** Who knocked so lately has not gone on to another front. */
const CALLS_WITHIN = seconds(10);
/** What was taken in here is heard on the log within so long; by another front's stamp it would have been taken in before the knock. */
const COMES_BACK_WITHIN = seconds(60);
/** A second that is over so long after the one before: this gateway stood still, and what it was told meanwhile waits to be read. */
const STOOD_STILL = seconds(3);
/** Within which it is read. Until then nobody is called silent. */
const READ_WITHIN_S = 2;

/** A frame that has its turn among those of its source. */
type InTurn = Omit<Extract<Entry, { readonly tag: 'Frame' }>, 'tag' | 'heardAt'> & { readonly sequence: number };

const reservedSource = (source: string): Rejection =>
  rejection('out-of-range', 'source', `source "${source}" is Vigil's own name; give the device or gateway that speaks`);
const reservedSilence = rejection(
  'out-of-range',
  'silence',
  'silence is written by Vigil only; a device that has nothing to say sends nothing',
);

const reservedOf = (frame: Telemetry): Rejection | undefined => {
  if (VIGILS_OWN.includes(frame.source)) return reservedSource(frame.source);
  return frame.silence === undefined ? undefined : reservedSilence;
};

/** The core of the gateway: what is taken in, what is refused, and when a sender may forget a frame. No sockets here. */
export const makeGateway = (options: GatewayOptions): Gateway => {
  const { log, now, meters, journal } = options;
  const wardOptions = {
    bounds: { ...ADMISSION_BOUNDS_USUAL, ...options.bounds },
    presence: { idleAfter: IDLE_AFTER_USUAL, silentAfter: microseconds(0), ...options.presence },
    meters,
    journal,
  };
  const ward = makeWardMemory(wardOptions);
  const overheard = makeOverheard(wardOptions.presence.idleAfter);
  const callers = makeCallers();
  const room = makeRoom(options.bedsMax ?? BEDS_MAX_USUAL, ward);
  /** Silences of a second, overheard, are on their way to the log: a log that takes nothing for a while must not take all of them then, as old as they are. */
  let isTelling = false;
  let secondAt: Moment | undefined;
  let readingForS = 0;
  let closed = false;
  let failure: { at: Moment; sentence: string } | undefined;
  let appendedAt: Moment | undefined;

  /**
   * Where what is said of a bed at this door is heard, if not on the partition of its name: where its frames lie, unless a device of it
   * speaks here as well. Elsewhere an analysis that knows nothing of the bed would take it for all that there is.
   */
  const apart = (bed: string): number | undefined => {
    const spokeAt = callers.measuredAt(bed);
    const speaks = spokeAt !== undefined && elapsed(spokeAt, now()) <= wardOptions.presence.idleAfter;
    return speaks ? undefined : overheard.apart(bed);
  };

  const failed = (entries: readonly Entry[], error: LogError): void => {
    // One line per outage, not per batch.
    if (failure === undefined) journal.error('the log does not take frames', { code: error.tag }, error.cause);
    failure = { at: now(), sentence: error.sentence };
    refuseAll(entries, error, meters);
  };

  /** Whether what was said of beds up to a second that is over was read. */
  const isRead = (at: Moment): boolean => {
    const stoodStill = secondAt !== undefined && elapsed(secondAt, at) > STOOD_STILL;
    if (secondAt !== undefined && stoodStill) {
      const milliseconds = Math.round(elapsed(secondAt, at) / 1e3);
      journal.warn('the gateway stood still; it reads what came meanwhile before it calls a bed silent', {
        milliseconds,
      });
    }
    readingForS = stoodStill ? READ_WITHIN_S : Math.max(0, readingForS - 1);
    secondAt = at;
    if (readingForS > 0) meters.secondsUntold.add(1, 'the gateway stood still');
    return readingForS === 0;
  };

  const queue = makeAppendQueue<Entry>({
    log,
    lingerMs: options.lingerMs ?? LINGER_MS,
    entriesMax: options.waitingMax ?? WAITING_MAX,
    bytesMax: WAITING_BYTES_MAX,
    entriesPerAppendMax: PER_APPEND_MAX,
    bytesOf: bytesOfEntry,
    appended: (seconds, records) => {
      meters.appendSeconds.seen(seconds);
      meters.appendRecords.add(records);
    },
    failed,
    plan: (entries) => {
      const draft = ward.draft();
      const { records, answers } = drafted(entries, { draft, now: now() }, meters, { ...overheard, apart });
      return {
        records,
        kept: () => {
          draft.commit();
          if (failure !== undefined) journal.info('the log takes frames again');
          failure = undefined;
          appendedAt = now();
          for (const answer of answers) answer();
        },
      };
    },
  });

  const offerNow = (entry: Exclude<Entry, { readonly tag: 'Second' }>): void => {
    if (queue.offer(entry)) return;
    meters.notTaken.add(1, 'overloaded');
    entry.answer(overloaded);
  };

  const turns = makeTurns<InTurn>({
    waitMs: options.turnMs ?? TURN_MS,
    newestOf: (key) => {
      const [bed, source] = key.split('\n') as [string, string];
      return ward.sourceOf(bed, source)?.sequences.newest;
    },
    // Taken in when its turn has come: gateway times of a source never go back.
    pass: ({ sequence: _, ...frame }) => offerNow({ tag: 'Frame', heardAt: now(), ...frame }),
  });

  const reject: Gateway['reject'] = (reason, original, from = '') => {
    const { code, sentence, where } = reason;
    const refused: Refused = { ok: false, bed: '', source: from, sequence: 0, code, sentence, where, again: false };
    const record = rejectedRecord({ ...reason, source: from, stage: 'gateway', original, gatewayTimeUs: now() });
    return new Promise((answer) => {
      if (closed) answer(closing);
      else offerNow({ tag: 'Rejected', record, refused, answer });
    });
  };

  const take = (decoded: E.Either<Rejection, Telemetry>, original: Uint8Array): Promise<Answer> => {
    if (E.isLeft(decoded)) return reject(decoded.left, original);
    const frame = decoded.right;
    const heardAt = now();
    const source = ward.sourceOf(frame.bed, frame.source);
    const refused =
      reservedOf(frame) ??
      sequenceFault(source, frame) ??
      deviceTimeFault(frame, heardAt, source?.clock) ??
      room.refusal(frame.bed);
    if (refused !== undefined) return reject(refused, original, frame.source);
    const key = sourceKey(frame.bed, frame.source);
    callers.hear(frame, heardAt);
    const answered = new Promise<Answer>((answer) => {
      if (closed) answer(closing);
      else turns.take(key, { sequence: frame.sequence, frame, bytes: original.length, answer });
    });
    room.taken(frame.bed, answered);
    return answered;
  };

  const frameBytesMax = options.frameBytesMax ?? TELEMETRY_LIMITS.frameBytes;
  const tooLarge = (bytes: number): Rejection =>
    rejection('too-large', '', `the message has ${bytes} bytes; at most ${frameBytesMax}: send shorter frames`);
  const sized = (original: Uint8Array, decode: () => E.Either<Rejection, Telemetry>): E.Either<Rejection, Telemetry> =>
    original.length > frameBytesMax ? E.left(tooLarge(original.length)) : decode();

  return {
    accept: (bytes) =>
      take(
        sized(bytes, () => decodeTelemetry(bytes)),
        bytes,
      ),
    acceptJson: (value, original) =>
      take(
        sized(original, () => decodeTelemetryJson(value)),
        original,
      ),
    reject,
    secondPassed: () =>
      new Promise((passed) => {
        // What waits for its turn was heard in the second that is over.
        turns.passAll();
        const at = now();
        if (!isRead(at)) return passed();
        const silences = overheard.secondPassed(at, ward.lastHeard);
        const done = (): void => {
          isTelling = false;
          passed();
        };
        // A full queue means that frames are flowing; the next second looks again.
        const isOffered =
          !closed && queue.offer({ tag: 'Second', now: at, overheard: isTelling ? [] : silences, done });
        if (isOffered) isTelling = true;
        else {
          meters.secondsUntold.add(1, 'too much waits for the log');
          passed();
        }
      }),
    overhear: (frame, partition) => {
      const at = now();
      const knockedAt = callers.knockedAt(frame);
      const isOwn = (knocked: Moment): boolean =>
        frame.gatewayTimeUs <= knocked && knocked - frame.gatewayTimeUs < COMES_BACK_WITHIN;
      const calls = knockedAt !== undefined && (elapsed(knockedAt, at) <= CALLS_WITHIN || isOwn(knockedAt));
      const isApart = partition !== log.partitionOf('vigil.telemetry', frame.bed);
      overheard.hear(frame, at, calls, isApart ? partition : undefined);
    },
    apart,
    learn: ward.learn,
    learnPast: () => {
      const past = makeWardMemory(wardOptions);
      return { learn: past.learn, adopt: () => ward.adopt(past) };
    },
    sources: ward.sources,
    bedsAdmitted: ward.bedsAdmitted,
    lastFailure: () => failure,
    lastAppend: () => appendedAt,
    close: async () => {
      closed = true;
      turns.passAll();
      await queue.drained();
    },
  };
};
