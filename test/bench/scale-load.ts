/** The load of one stage alone, straight onto its topic: what a gateway, or analysis, would have written of so many beds. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { AlarmInputSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeAlarmInput } from '../../schemas/messages.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import type { EventLog, NewRecord } from '../../services/ports/event-log.ts';
import { bedNames, type PlannedAlarm, type Play, playFrames, WARM_UP_S } from './load.ts';

export interface ScaleLoad extends Play {
  /** Records per bed and second, to tell a backlog in seconds. */
  readonly recordsPerBedS: number;
  /** Resolves when the log has everything that was played; rejects when it refused something. */
  readonly kept: Promise<void>;
}

/** Appends what comes in one turn together. */
const writerTo = (log: EventLog) => {
  let gathered: NewRecord[] = [];
  const appends = new Set<Promise<void>>();
  let refusal: string | undefined;
  const flush = (): void => {
    const append = log
      .append(gathered)()
      .then((kept) => {
        if (E.isLeft(kept)) refusal ??= kept.left.sentence;
        appends.delete(append);
      });
    appends.add(append);
    gathered = [];
  };
  return {
    write: (record: NewRecord): void => {
      if (gathered.length === 0) setImmediate(flush);
      gathered.push(record);
    },
    done: async (): Promise<void> => {
      await new Promise((turn) => setImmediate(turn));
      await Promise.all(appends);
      if (refusal !== undefined) throw new Error(`the log did not take the load: ${refusal}`);
    },
  };
};

/** Often enough for a p99 of a short trial. */
const EVENT_EVERY_S = 13;

/** Frames of 250 ms, two ECG leads, pleth and numerics, onto vigil.telemetry. */
export const telemetryLoad = (log: EventLog, beds: number, lengthS: number): ScaleLoad => {
  const writer = writerTo(log);
  const write = (frame: Telemetry): void =>
    writer.write({ topic: 'vigil.telemetry', key: frame.bed, value: encodeTelemetry(frame) });
  const play = playFrames(beds, lengthS, write, EVENT_EVERY_S);
  return { ...play, recordsPerBedS: 4, kept: play.played.then(writer.done) };
};

const TICK_MS = 10;
const EVENT_S = 6;

/** The passing of each second, and a desaturation every 13 s a bed, onto vigil.alarm-inputs. */
export const inputsLoad = (log: EventLog, beds: number, lengthS: number): ScaleLoad => {
  const writer = writerTo(log);
  const startMs = Date.now() + 500;
  const ward = bedNames(beds).map((bed, n) => ({
    bed,
    firstMs: startMs + (n * 1e3) / beds,
    phaseS: WARM_UP_S + ((n * 7919) % EVENT_EVERY_S),
    nextS: 0,
  }));
  const planned: PlannedAlarm[] = [];
  let lateMsMax = 0;
  const say = (bed: string, atMs: number, input: MessageInitShape<typeof AlarmInputSchema>['input']): void => {
    const [atUs, saidUs] = [atMs * 1e3, atMs * 1e3];
    const value = encodeAlarmInput(create(AlarmInputSchema, { bed, atUs, saidUs, ...(input && { input }) }));
    writer.write({ topic: 'vigil.alarm-inputs', key: bed, value });
  };
  const second = (bed: string, atMs: number, inEvent: number): void => {
    const rest = { condition: 'spo2-desaturation', evidence: 'bench', preset: 'vigil' };
    if (inEvent === 0) say(bed, atMs, { case: 'condition', value: { ...rest, present: true } });
    if (inEvent === EVENT_S) say(bed, atMs, { case: 'condition', value: { ...rest, present: false } });
    say(bed, atMs, { case: 'tick', value: {} });
  };
  const { promise: played, resolve } = Promise.withResolvers<void>();
  const tick = setInterval(() => {
    const now = Date.now();
    let playing = false;
    for (const each of ward) {
      for (; each.nextS < lengthS; each.nextS++) {
        const atMs = Math.round(each.firstMs + each.nextS * 1e3);
        if (atMs > now) break;
        lateMsMax = Math.max(lateMsMax, now - atMs);
        const since = each.nextS - each.phaseS;
        const inEvent = since < 0 || each.nextS > lengthS - EVENT_S ? Number.NaN : since % EVENT_EVERY_S;
        if (inEvent === 0) planned.push({ bed: each.bed, intendedMs: atMs });
        second(each.bed, atMs, inEvent);
      }
      playing ||= each.nextS < lengthS;
    }
    if (playing) return;
    clearInterval(tick);
    resolve();
  }, TICK_MS);
  return { planned, lateMsMax: () => lateMsMax, played, recordsPerBedS: 1, kept: played.then(writer.done) };
};
