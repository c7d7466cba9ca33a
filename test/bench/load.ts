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

export interface Load {
  readonly planned: readonly PlannedAlarm[];
  readonly counts: () => SenderCounts;
  /** How late the generator itself was at worst, ms. */
  readonly lateMsMax: () => number;
  readonly finished: Promise<void>;
}

const recordTapes = (): readonly (readonly Telemetry[])[] => {
  const ward = simulatedWard({ beds: TAPES, seed: 7, start: moment(0), frameMs: FRAME_MS, episodes: false });
  return ward.map((settings) => {
    const { start, step } = simulatedBed({ ...settings, start: moment(0) });
    const [, frames] = step(start, moment(TAPE_S * 1e6));
    return frames.flatMap(({ telemetry }) => (telemetry === undefined ? [] : [telemetry]));
  });
};

interface BenchBed {
  readonly name: string;
  readonly tape: readonly Telemetry[];
  readonly firstMs: number;
  readonly eventPhaseS: number;
  readonly quietFrom: number;
  readonly sender: FrameSender;
  next: number;
}

const isDesaturated = (bed: BenchBed, frame: number): boolean => {
  const s = (frame * FRAME_MS) / 1e3 - WARM_UP_S - bed.eventPhaseS;
  // An event that would begin too late to be seen does not begin.
  return s >= 0 && s % EVENT_EVERY_S < DESATURATED_S && frame - (s % EVENT_EVERY_S) * (1e3 / FRAME_MS) < bed.quietFrom;
};

const frameOf = (bed: BenchBed, frame: number): Telemetry => {
  const taped = bed.tape[frame % bed.tape.length]!;
  const endUs = (bed.firstMs + (frame + 1) * FRAME_MS) * 1e3;
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
    ...{ bed: bed.name, source: 'bench', sequence: frame + 1, deviceTimeUs: endUs, numerics },
    waveforms: taped.waveforms.map((wave) => ({ ...wave, startUs: wave.startUs + shiftUs })),
  };
};

/** Plays `beds` beds for `lengthS` seconds. The last event begins early enough to be seen. */
export const playLoad = (beds: number, lengthS: number, url: string): Load => {
  const tapes = recordTapes();
  const frames = Math.ceil((lengthS * 1e3) / FRAME_MS);
  const quietFrom = frames - Math.ceil(5_000 / FRAME_MS);
  const startMs = Date.now() + 500;
  const senders: FrameSender[] = [];
  const ward: BenchBed[] = Array.from({ length: beds }, (_, n) => {
    if (n % BEDS_PER_LINE === 0) senders.push(makeFrameSender({ url }));
    return {
      name: `bench-${String(n).padStart(5, '0')}`,
      tape: tapes[n % TAPES]!,
      firstMs: startMs + (n * FRAME_MS) / beds,
      eventPhaseS: (((n * 7919) % 1000) / 1000) * EVENT_EVERY_S,
      quietFrom,
      sender: senders.at(-1)!,
      next: 0,
    };
  });
  const planned: PlannedAlarm[] = [];
  const { promise: finished, resolve } = Promise.withResolvers<void>();
  let lateMsMax = 0;
  const tick = setInterval(() => {
    const now = Date.now();
    let playing = false;
    for (const bed of ward) {
      for (; bed.next < frames; bed.next++) {
        const intendedMs = bed.firstMs + (bed.next + 1) * FRAME_MS;
        if (intendedMs > now) break;
        lateMsMax = Math.max(lateMsMax, now - intendedMs);
        if (isDesaturated(bed, bed.next) && !isDesaturated(bed, bed.next - 1))
          planned.push({ bed: bed.name, intendedMs });
        bed.sender.send(encodeTelemetry(frameOf(bed, bed.next)));
      }
      playing ||= bed.next < frames;
    }
    if (!playing) {
      clearInterval(tick);
      Promise.all(senders.map((sender) => sender.settled())).then(() => {
        for (const sender of senders) sender.close();
        resolve();
      });
    }
  }, TICK_MS);
  const counts = (): SenderCounts =>
    senders
      .map((sender) => sender.counts())
      .reduce((sum, each) => ({
        sent: sum.sent + each.sent,
        acknowledged: sum.acknowledged + each.acknowledged,
        refused: sum.refused + each.refused,
        lost: sum.lost + each.lost,
        connections: sum.connections + each.connections,
        waiting: sum.waiting + each.waiting,
      }));
  return { planned, counts, lateMsMax: () => lateMsMax, finished };
};
