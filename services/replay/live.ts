import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import type { WfdbRecord } from '../recordings/wfdb/record.ts';
import { makeFrameSender, type SenderCounts, type SenderNotice } from '../sender/frame-sender.ts';
import { framesOf, lengthUs } from './frames.ts';

export interface LiveOptions {
  readonly records: readonly WfdbRecord[];
  /** Of the Vigil, for example "ws://127.0.0.1:8420". */
  readonly url: string;
  readonly token?: string;
  readonly chunkMs: number;
  /** Recorded seconds per second of life. Other than 1 the devices' clocks run fast or slow, and Vigil sees steps in them. */
  readonly speed: number;
  readonly onNotice?: (notice: SenderNotice) => void;
  readonly onProgress?: (playedS: number, ofS: number) => void;
  /** Ends the play early. */
  readonly signal?: AbortSignal;
}

const TICK_MS = 25;
const clock = (): Moment => moment(Math.round((performance.timeOrigin + performance.now()) * 1e3));

interface Playing {
  readonly frames: Iterator<Telemetry, void>;
  due: Telemetry | undefined;
}

const next = (playing: Playing): void => {
  const { value, done } = playing.frames.next();
  playing.due = done === true ? undefined : value;
};

/**
 * Plays recordings side by side into a running Vigil through its public gateway, one bed each, at the pace of life (or
 * `speed` times that). Resolves when all of it was acknowledged or refused.
 */
export const playLive = async (options: LiveOptions): Promise<SenderCounts> => {
  const { records, speed, chunkMs } = options;
  const sender = makeFrameSender(options);
  const began = clock();
  const playing = records.map((record): Playing => {
    const frames = framesOf(record, {
      ...{ bed: record.name, source: 'vigil-replay', chunkMs, start: began },
      patient: `replayed-${record.name}`,
    });
    const each: Playing = { frames, due: undefined };
    next(each);
    return each;
  });
  const longestS = Math.max(...records.map(lengthUs)) / 1e6;
  const { promise: played, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    const deviceTime = began + (clock() - began) * speed;
    for (const each of playing)
      while (each.due !== undefined && each.due.deviceTimeUs <= deviceTime) {
        sender.send(encodeTelemetry(each.due));
        next(each);
      }
    options.onProgress?.(Math.min(longestS, (deviceTime - began) / 1e6), longestS);
    if (options.signal?.aborted || playing.every(({ due }) => due === undefined)) resolve();
  }, TICK_MS);
  await played;
  clearInterval(timer);
  if (!options.signal?.aborted) await sender.settled();
  sender.close();
  return sender.counts();
};
