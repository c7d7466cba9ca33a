/**
 * npm run noisy-bed -- [--beds 50] [--seconds 320] [--window 20]
 *
 * Whether a bed suffers from its neighbours. A distributed Vigil on a real Kafka watches a ward; in every second window one more
 * bed sends 50 times as much as a bed does (its device's clock runs wild, 200 frames a second), and a poisoned one sends what
 * cannot be read: four messages a second to the gateway, four records a second on the log. The alert latencies of
 * the other beds in calm and in noisy windows are compared: windows take turns, so that what else the machine does
 * falls into both.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { makeFrameSender } from '../../services/sender/frame-sender.ts';
import { FRAME_MS, playLoad, recordTapes, WARM_UP_S } from '../bench/load.ts';
import { percentile } from '../bench/scale-trial.ts';
import { kafkaForTests } from '../servers/kafka.ts';
import { usageOf } from '../servers/vigil.ts';
import { lateness, openWard, partNames } from './ward.ts';

const { values } = parseArgs({
  options: {
    beds: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '320' },
    window: { type: 'string', default: '20' },
  },
});
const [beds, seconds, windowS] = [Number(values.beds), Number(values.seconds), Number(values.window)];
const TIMES = 50;
const EVENT_EVERY_S = 13;
/** The first seconds of a window belong to none: what the one before left is still being worked through. */
const BETWEEN_S = 2;

const kafka = await kafkaForTests();
if ('skipped' in kafka) throw new Error(kafka.skipped);

/** The two bad neighbours; each call is a quarter second of theirs. */
const badNeighbours = (url: string, log: EventLog) => {
  const [tape] = recordTapes();
  const sender = makeFrameSender({ url });
  const beganUs = Date.now() * 1e3;
  let sequence = 0;
  let poisoned = 0;
  return {
    quarter: (): void => {
      for (let i = 0; i < TIMES; i++) {
        const taped = tape![sequence % tape!.length]!;
        sequence++;
        const endUs = beganUs + sequence * FRAME_MS * 1e3;
        const shiftUs = endUs - taped.deviceTimeUs;
        sender.send(
          encodeTelemetry({
            ...{ ...taped, bed: 'noisy', source: 'wild', sequence, deviceTimeUs: endUs },
            numerics: taped.numerics.map((numeric) => ({ ...numeric, atUs: numeric.atUs + shiftUs })),
            waveforms: taped.waveforms.map((wave) => ({ ...wave, startUs: wave.startUs + shiftUs })),
          }),
        );
      }
      poisoned++;
      const poison = Uint8Array.from({ length: 1_500 }, (_, i) => (i * 7 + poisoned) & 0xff);
      sender.send(poison);
      void log
        .append([{ topic: 'vigil.telemetry', key: 'poisoned', value: poison }])()
        .then((kept) => {
          if (E.isLeft(kept)) console.error(kept.left.sentence);
        });
    },
    counts: sender.counts,
    close: sender.close,
  };
};

const ward = await openWard(kafka.brokers);
try {
  const load = playLoad(beds, WARM_UP_S + seconds, `ws://${ward.address}`, EVENT_EVERY_S);
  const neighbours = badNeighbours(`ws://${ward.address}`, ward.log);
  const beganMs = Date.now() + WARM_UP_S * 1e3;
  /** Odd windows are noisy. Undefined: before the first, or too close to the one before. */
  const windowOf = (ms: number): 'calm' | 'noisy' | undefined => {
    const window = Math.floor((ms - beganMs) / (windowS * 1e3));
    if (window < 0 || (ms - beganMs) / 1e3 - window * windowS < BETWEEN_S) return undefined;
    return window % 2 === 0 ? 'calm' : 'noisy';
  };
  const making = setInterval(() => {
    const window = Math.floor((Date.now() - beganMs) / (windowS * 1e3));
    if (window >= 0 && window % 2 === 1) neighbours.quarter();
  }, FRAME_MS);
  await load.finished;
  clearInterval(making);
  const { planned, lost, each } = lateness(load.planned, ward);
  const late = { calm: [] as number[], noisy: [] as number[] };
  for (const { intendedMs, lateMs } of each) {
    const window = windowOf(intendedMs);
    if (window !== undefined) late[window].push(lateMs);
  }
  const row = (name: string, value: string): void => console.log(`${name.padEnd(40)}${value}`);
  row('machine', `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
  row('beds, seconds, window', `${beds}, ${seconds}, ${windowS}`);
  row('alarms planned / lost', `${planned} / ${lost}`);
  const of = (name: 'calm' | 'noisy', p: number): number =>
    percentile(
      late[name].toSorted((a, b) => a - b),
      p,
    );
  for (const name of ['calm', 'noisy'] as const)
    row(
      `${name}: alarms, p50 / p90 / p99 ms`,
      `${late[name].length}, ${[50, 90, 99].map((p) => of(name, p)).join(' / ')}`,
    );
  row(
    'noisy : calm, p50 / p90 / p99',
    [50, 90, 99].map((p) => (of('noisy', p) / of('calm', p)).toFixed(2)).join(' / '),
  );
  row('neighbours: frames sent, refused', `${neighbours.counts().sent}, ${neighbours.counts().refused}`);
  for (const part of partNames) row(`  ${part}: RSS MB`, usageOf(ward.current(part).pid).rssMb.toFixed(0));
  neighbours.close();
} finally {
  await ward.close();
  await kafka.stop();
}
