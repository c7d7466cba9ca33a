/**
 * The load: open loop, one frame of 250 ms per bed at its intended moment whether or not Vigil keeps up, through the public
 * gateway. Each bed plays a tape of a quiet simulated bed; now and then its SpO₂ falls below the red limit for some seconds.
 */

import { MDC } from '../../schemas/codes.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { type FrameSender, makeFrameSender, type SenderCounts } from '../../services/sender/frame-sender.ts';
import { simulatedBed } from '../../services/simulate/simulated-bed.ts';
import { simulatedWard } from '../../services/simulate/ward.ts';

export const FRAME_MS = 250;
const TAPES = 16;
const TAPE_S = 64;
const TICK_MS = 5;
const BEDS_PER_LINE = 50;
/** Deep enough for the red limit of every preset. */
const DESATURATED_PERCENT = 70;
const DESATURATED_S = 6;
const EVENT_EVERY_S = 30;
/** The first seconds are for filters, networks and connections. */
export const WARM_UP_S = 15;

/** A desaturation that Vigil must show: its bed, and when its decisive frame should have been sent (ms since 1970). */
export interface PlannedAlarm {
  readonly bed: string;
  readonly intendedMs: number;
}

/** Frames that fall due one by one, whoever takes them. */
export interface Play {
  readonly planned: readonly PlannedAlarm[];
  /** How late the generator itself was at worst, ms. */
  readonly lateMsMax: () => number;
  /** Resolves when the last frame was handed over. */
  readonly played: Promise<void>;
}

export interface Load extends Omit<Play, 'played'> {
  readonly counts: () => SenderCounts;
  readonly finished: Promise<void>;
}

/** Frames of each bed in so many seconds. */
export const framesIn = (lengthS: number): number => Math.ceil((lengthS * 1e3) / FRAME_MS);

/** Frames of quiet beds, each from device time 0 on. */
export const recordTapes = (): readonly (readonly Telemetry[])[] => {
  const ward = simulatedWard({ beds: TAPES, seed: 7, start: moment(0), frameMs: FRAME_MS, episodes: false });
  return ward.map((settings) => {
    // Nobody came to hospital before the time of a tape, which begins at 0.
    const { person: _, ...bed } = settings;
    const { start, step } = simulatedBed({ ...bed, start: moment(0) });
    const [, frames] = step(start, moment(TAPE_S * 1e6));
    return frames.flatMap(({ telemetry }) => (telemetry === undefined ? [] : [telemetry]));
  });
};

interface BenchBed {
  readonly name: string;
  readonly tape: readonly Telemetry[];
  readonly firstMs: number;
  readonly eventPhaseS: number;
  readonly eventEveryS: number;
  readonly quietFrom: number;
  next: number;
}

const isDesaturated = ({ eventPhaseS, eventEveryS, quietFrom }: BenchBed, frame: number): boolean => {
  const s = (frame * FRAME_MS) / 1e3 - WARM_UP_S - eventPhaseS;
  const sinceS = s % eventEveryS;
  // An event that would begin too late to be seen does not begin.
  return s >= 0 && sinceS < DESATURATED_S && frame - sinceS * (1e3 / FRAME_MS) < quietFrom;
};

const frameOf = (bed: BenchBed, frame: number): Telemetry => {
  const taped = bed.tape[frame % bed.tape.length]!;
  const endUs = Math.round((bed.firstMs + (frame + 1) * FRAME_MS) * 1e3);
  const shiftUs = endUs - taped.deviceTimeUs;
  const numerics = taped.numerics
    .filter(({ code }) => code !== MDC.spo2)
    .map((numeric) => ({ ...numeric, atUs: numeric.atUs + shiftUs }));
  const value = isDesaturated(bed, frame) ? DESATURATED_PERCENT : 97;
  numerics.push({
    ...{ $typeName: 'vigil.v1.Numeric', code: MDC.spo2, unit: '%', atUs: endUs - FRAME_MS * 1e3 },
    reading: { case: 'value', value },
  });
  return {
    ...taped,
    ...{ bed: bed.name, source: 'bench', sequence: frame + 1, deviceTimeUs: endUs, gatewayTimeUs: endUs, numerics },
    waveforms: taped.waveforms.map((wave) => ({ ...wave, startUs: wave.startUs + shiftUs })),
  };
};

/** The beds' names, in order. */
export const bedNames = (beds: number): readonly string[] =>
  Array.from({ length: beds }, (_, n) => `bench-${String(n).padStart(5, '0')}`);

/** Hands over the frames of `beds` beds as they fall due, for `lengthS` seconds; `n` numbers the beds. */
export const playFrames = (
  beds: number,
  lengthS: number,
  take: (frame: Telemetry, n: number) => void,
  eventEveryS = EVENT_EVERY_S,
): Play => {
  const tapes = recordTapes();
  const frames = framesIn(lengthS);
  const startMs = Date.now() + 500;
  const ward: BenchBed[] = bedNames(beds).map((name, n) => ({
    name,
    tape: tapes[n % TAPES]!,
    firstMs: startMs + (n * FRAME_MS) / beds,
    eventPhaseS: (((n * 7919) % 1000) / 1000) * eventEveryS,
    eventEveryS,
    quietFrom: frames - Math.ceil(5_000 / FRAME_MS),
    next: 0,
  }));
  const planned: PlannedAlarm[] = [];
  const { promise: played, resolve } = Promise.withResolvers<void>();
  let lateMsMax = 0;
  const tick = setInterval(() => {
    const now = Date.now();
    let playing = false;
    for (const [n, bed] of ward.entries()) {
      for (; bed.next < frames; bed.next++) {
        const intendedMs = bed.firstMs + (bed.next + 1) * FRAME_MS;
        if (intendedMs > now) break;
        lateMsMax = Math.max(lateMsMax, now - intendedMs);
        if (isDesaturated(bed, bed.next) && !isDesaturated(bed, bed.next - 1))
          planned.push({ bed: bed.name, intendedMs });
        take(frameOf(bed, bed.next), n);
      }
      playing ||= bed.next < frames;
    }
    if (playing) return;
    clearInterval(tick);
    resolve();
  }, TICK_MS);
  return { planned, lateMsMax: () => lateMsMax, played };
};

const NOTHING_SENT: SenderCounts = { sent: 0, acknowledged: 0, refused: 0, lost: 0, connections: 0, waiting: 0 };

/** Plays `beds` beds for `lengthS` seconds into a gateway. The last event begins early enough to be seen. */
export const playLoad = (beds: number, lengthS: number, url: string, eventEveryS = EVENT_EVERY_S): Load => {
  const senders: readonly FrameSender[] = Array.from({ length: Math.ceil(beds / BEDS_PER_LINE) }, () =>
    makeFrameSender({ url }),
  );
  const send = (frame: Telemetry, n: number): void =>
    senders[Math.floor(n / BEDS_PER_LINE)]!.send(encodeTelemetry(frame));
  const { planned, lateMsMax, played } = playFrames(beds, lengthS, send, eventEveryS);
  const finished = played.then(async () => {
    await Promise.all(senders.map((sender) => sender.settled()));
    for (const sender of senders) sender.close();
  });
  const counts = (): SenderCounts =>
    senders
      .map((sender) => sender.counts())
      .reduce(
        (sum, each) => ({
          sent: sum.sent + each.sent,
          acknowledged: sum.acknowledged + each.acknowledged,
          refused: sum.refused + each.refused,
          lost: sum.lost + each.lost,
          connections: sum.connections + each.connections,
          waiting: sum.waiting + each.waiting,
        }),
        NOTHING_SENT,
      );
  return { planned, counts, lateMsMax, finished };
};
