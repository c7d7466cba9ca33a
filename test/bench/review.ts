/**
 * npm run bench:review -- [--beds N] [--hours H]
 *
 * How long looking back takes. The embedded log is filled with H hours of N beds that share one partition (a ward of four times as many):
 * 250 ms frames, two ECG leads and a pleth at 250 Hz. The store has what the recorder would have written of one of them. Then a review is
 * opened as a front opens it, and asked for 10 s and 60 s at chance moments, for a day and for its events. The log takes no time from its writer, so
 * its records are given theirs afterwards.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { create } from '@bufbuild/protobuf';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import {
  type AlarmEvent,
  AlarmEventSchema,
  Priority,
  SignalState,
} from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { BeatClass, FindingSchema } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { TelemetrySchema, WaveformSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import type { NumericPoint } from '../../services/ports/series-store.ts';
import { makeReview } from '../../services/review/review.ts';
import { bedCheckpoint, partitionCheckpoint } from '../../services/runtime/checkpoints.ts';
import { right } from '../right.ts';

const { values } = parseArgs({
  options: { beds: { type: 'string', default: '4' }, hours: { type: 'string', default: '24' } },
});
const [beds, hours] = [Number(values.beds), Number(values.hours)];
const FRAME_US = 250_000;
const RATE = 250;
const startUs = Math.floor(Date.now() / 60e3 - hours * 60) * 60e6;
const endUs = startUs + hours * 3_600e6;

const folder = mkdtempSync(join(tmpdir(), 'vigil-bench-'));
const [logPath, seriesPath] = [join(folder, 'log.db'), join(folder, 'series.db')];
const log = await openSqliteEventLog({ path: logPath });
const names = Array.from({ length: 1_000 }, (_, i) => `icu-${i}`);
const partition = log.partitionOf('vigil.telemetry', names[0]!);
const ward = names.filter((name) => log.partitionOf('vigil.telemetry', name) === partition).slice(0, beds);
const [bed] = ward as [string];

/** A tenth of a second of noise on a slow wave: it packs as an ECG does not, but nothing here packs it. */
const samples = new Uint8Array(
  Int16Array.from({ length: (RATE * FRAME_US) / 1e6 }, (_, i) => 200 * Math.sin(i / 9)).buffer,
);
const frameOf = (name: string, atUs: number): NewRecord => ({
  topic: 'vigil.telemetry',
  key: name,
  value: encodeTelemetry(
    create(TelemetrySchema, {
      ...{ bed: name, source: 'monitor', sequence: 1, deviceTimeUs: atUs + FRAME_US, gatewayTimeUs: atUs + FRAME_US },
      waveforms: [MDC.ecgII, MDC.ecgV1, MDC.pleth].map((code) =>
        create(WaveformSchema, {
          ...{ code, startUs: atUs, rateNumerator: RATE, rateDenominator: 1, gain: 0.005, offset: 0, samples },
          unit: code === MDC.pleth ? '1' : 'mV',
        }),
      ),
    }),
  ),
});

const PER_APPEND_US = 60e6;
for (let from = startUs; from < endUs; from += PER_APPEND_US) {
  const records: NewRecord[] = [];
  for (let atUs = from; atUs < from + PER_APPEND_US; atUs += FRAME_US)
    for (const name of ward) records.push(frameOf(name, atUs));
  right(await log.append(records)());
}
const of = { stage: 'recorder-telemetry', version: '1', partition };
const memory = { shifts: { 'monitor/0': 0 }, devices: [undefined, { source: 'monitor', heardAt: startUs }] };
right(await log.append([...ward.map((name) => bedCheckpoint(of, name, 0n, memory)), partitionCheckpoint(of, 0n)])());
await log.close();
const file = new DatabaseSync(logPath);
const { lane } = file
  .prepare("SELECT lane FROM lanes WHERE topic = 'vigil.telemetry' AND partition = ?")
  .get(partition) as { lane: number };
file.exec(`UPDATE lane_${lane} SET at_us = ${startUs} + CAST(offset / ${ward.length} AS INTEGER) * ${FRAME_US}`);
file.close();

const store = await openSqliteSeriesStore({ path: seriesPath });
const HOUR_US = 3_600e6;
const numbers = (
  code: number,
  device: number,
  from: number,
  stepUs: number,
  value: (s: number) => number,
): NumericPoint[] =>
  Array.from({ length: HOUR_US / stepUs }, (_, i) => {
    const unit = code === PRIVATE.rhythm ? '1' : code === MDC.ecgHeartRate ? '/min' : 'mV';
    return { bed, device, source: 'monitor', code, unit, at: moment(from + i * stepUs), value: value(i) };
  });
const alarmAt = (atUs: number): AlarmEvent =>
  create(AlarmEventSchema, {
    ...{ bed, atUs, saidUs: atUs },
    transition: {
      alarm: `${bed}/vt/${atUs}`,
      condition: 'vt',
      from: SignalState.OFF,
      to: SignalState.ON,
      by: 'vigil',
      why: '',
    },
    signals: [
      {
        alarm: `${bed}/vt/${atUs}`,
        condition: 'vt',
        priority: Priority.HIGH,
        state: SignalState.ON,
        onsetUs: atUs,
        sinceUs: atUs,
      },
    ],
  });
let place = 0n;
for (let from = startUs; from < endUs; from += HOUR_US) {
  const beats = Array.from({ length: 4_500 }, (_, i) =>
    create(FindingSchema, {
      atUs: from + i * 800e3,
      saidUs: from + i * 800e3,
      kind: { case: 'beat', value: { class: BeatClass.N } },
    }),
  );
  const numerics = [
    ...[0, 1].flatMap((device) => numbers(MDC.ecgHeartRate, device, from, 1e6, (i) => 60 + (i % 30))),
    ...[PRIVATE.ecgLeast, PRIVATE.ecgMost].flatMap((code) => numbers(code, 1, from, 10e6, (i) => Math.sin(i))),
    ...numbers(PRIVATE.rhythm, 0, from, 10e6, (i) => (i % 60 === 0 ? 4 : 1)),
  ];
  const findings = beats.map((finding) => ({ bed, finding }));
  const alarms = Array.from({ length: 60 }, (_, i) => ({ event: alarmAt(from + i * 60e6), place: place++ }));
  right(await store.write({ numerics, findings, alarms, strips: [], engine: [] })());
  right(await store.rollUp({ from: moment(from), to: moment(from + HOUR_US) })());
}
await store.close();
console.log(`${ward.length} beds of one partition, ${hours} h, log ${(statSync(logPath).size / 1e9).toFixed(2)} GB`);

const review = makeReview({
  openLog: () => openSqliteEventLog({ path: logPath }),
  openSeries: () => openSqliteSeriesStore({ path: seriesPath }),
});
const timed = async (what: string, times: number, ask: (i: number) => Promise<object>): Promise<void> => {
  const took: number[] = [];
  let bytes = 0;
  for (let i = 0; i < times; i++) {
    const before = performance.now();
    bytes = JSON.stringify(await ask(i)).length;
    took.push(performance.now() - before);
  }
  const sorted = took.toSorted((a, b) => a - b).map(Math.round);
  console.log(
    `${what}: first ${Math.round(took[0]!)} ms, median ${sorted[times >> 1]} ms, longest ${sorted.at(-1)} ms, ${(bytes / 1e3).toFixed(0)} kB of JSON`,
  );
};
const chance = (i: number): number => startUs + ((i * 0.618 + 0.1) % 0.98) * (endUs - startUs);
const around = (us: number, halfUs: number) => ({
  bed,
  from: moment(Math.round(us - halfUs)),
  to: moment(Math.round(us + halfUs)),
});
const day = { bed, from: moment(startUs), to: moment(endUs) };
await timed('10 s', 20, (i) => review.stretch(around(chance(i), 5e6)));
await timed('60 s', 20, (i) => review.stretch(around(chance(i), 30e6)));
await timed('the whole time in 1,200 columns', 5, () => review.overview(day, 1_200));
await timed('its events', 5, () => review.events(day));
await review.close();
rmSync(folder, { recursive: true });
