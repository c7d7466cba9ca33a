/**
 * npm run bench:recorder -- [--log kafka|embedded] [--beds N] [--minutes M] [--numerics K]
 *
 * How many points one recorder process writes into a real InfluxDB. The log is filled first: every bed and second a frame
 * with K numbers, two ECG leads and a pleth; then one `vigil stage recorder` is started and timed until its positions are
 * at the end of the log. Points are counted by InfluxDB itself; every one of them must be there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { create } from '@bufbuild/protobuf';
import { MDC } from '../../schemas/codes.ts';
import { NumericSchema, TelemetrySchema, WaveformSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { createTopics } from '../../services/adapters/kafka/create-topics.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/kafka-event-log.ts';
import type { EventLog, NewRecord } from '../../services/ports/event-log.ts';
import { freePort } from '../servers/free-port.ts';
import { influxQl, startInflux } from '../servers/influx.ts';
import { kafkaForTests } from '../servers/kafka.ts';
import { runVigil, startVigil, usageOf } from '../servers/vigil.ts';

const { values } = parseArgs({
  options: {
    log: { type: 'string', default: 'kafka' },
    beds: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '15' },
    numerics: { type: 'string', default: '10' },
  },
});
const [beds, lengthS, numericsPerFrame] = [Number(values.beds), Number(values.minutes) * 60, Number(values.numerics)];
const CODES = [
  ...[MDC.ecgHeartRate, MDC.pulseRate, MDC.spo2, MDC.respRate, MDC.temperature, MDC.abpSystolic, MDC.abpDiastolic],
  ...[MDC.abpMean, MDC.cvpMean, MDC.etco2, MDC.fico2, MDC.pvcRate, MDC.nibpSystolic, MDC.nibpDiastolic],
];
const UNITS = new Map<number, string>([
  ...[MDC.spo2].map((code) => [code, '%'] as const),
  ...[MDC.temperature].map((code) => [code, 'Cel'] as const),
  ...[MDC.abpSystolic, MDC.abpDiastolic, MDC.abpMean, MDC.cvpMean, MDC.etco2, MDC.fico2].map(
    (code) => [code, 'mm[Hg]'] as const,
  ),
  ...[MDC.nibpSystolic, MDC.nibpDiastolic].map((code) => [code, 'mm[Hg]'] as const),
]);
const RATE = 250;
const APPEND = 2_000;
const startUs = (Math.floor(Date.now() / 60e3) * 60 - lengthS - 60) * 1e6;

const frameOf = (bed: number, second: number): NewRecord => {
  const name = `icu-${bed}`;
  const at = startUs + second * 1e6;
  const samples = Int16Array.from({ length: RATE }, (_, i) => Math.round(400 * Math.sin((i + bed) / 20)));
  const waveforms = [MDC.ecgII, MDC.ecgI, MDC.pleth].map((code) =>
    create(WaveformSchema, {
      ...{ code, startUs: at, rateNumerator: RATE, rateDenominator: 1, gain: 0.005, offset: 0 },
      ...{ unit: code === MDC.pleth ? '1' : 'mV', samples: new Uint8Array(samples.buffer) },
    }),
  );
  const numerics = CODES.slice(0, numericsPerFrame).map((code, i) =>
    create(NumericSchema, {
      ...{ code, atUs: at, unit: UNITS.get(code) ?? '/min' },
      reading: { case: 'value', value: 60 + ((second * 7 + i * 13 + bed) % 400) / 10 },
    }),
  );
  const value = encodeTelemetry(
    create(TelemetrySchema, {
      ...{ bed: name, source: `monitor-${bed}`, sequence: second + 1, deviceTimeUs: at + 1e6, gatewayTimeUs: at + 1e6 },
      ...{ waveforms, numerics },
    }),
  );
  return { topic: 'vigil.telemetry', key: name, value };
};

const fill = async (log: EventLog): Promise<void> => {
  let batch: NewRecord[] = [];
  const flush = async (): Promise<void> => {
    const kept = await log.append(batch)();
    if (kept._tag === 'Left') throw new Error(kept.left.sentence);
    batch = [];
  };
  for (let second = 0; second < lengthS; second++)
    for (let bed = 0; bed < beds; bed++) {
      batch.push(frameOf(bed, second));
      if (batch.length === APPEND) await flush();
    }
  await flush();
};

const behind = async (log: EventLog): Promise<bigint> => {
  const positions = await log.positions('vigil-recorder-telemetry', 'vigil.telemetry');
  let sum = 0n;
  for (const { partition, next, first } of await log.extent('vigil.telemetry'))
    sum += next - (positions.get(partition) ?? first);
  return sum;
};

const data = mkdtempSync(join(tmpdir(), 'vigil-bench-'));
const kafka = values.log === 'kafka' ? await kafkaForTests() : undefined;
if (kafka !== undefined && 'skipped' in kafka) throw new Error(kafka.skipped);
const influx = await startInflux();
const env = {
  VIGIL_DATA_DIR: data,
  VIGIL_PORT: String(await freePort()),
  INFLUX_URL: influx.url,
  VIGIL_KEEP_RAW_DAYS: '0',
  ...(kafka === undefined ? {} : { KAFKA_BROKERS: kafka.brokers.join(',') }),
};
if (kafka !== undefined) await createTopics({ brokers: kafka.brokers, clientId: 'bench' });
const log =
  kafka === undefined
    ? await openSqliteEventLog({ path: join(data, 'log.db') })
    : await openKafkaEventLog({ brokers: kafka.brokers, clientId: 'bench' });
try {
  await fill(log);
  await runVigil(['series'], env);
  const began = performance.now();
  const recorder = startVigil('recorder', ['stage', 'recorder'], env);
  while ((await behind(log)) > 2n * BigInt((await log.extent('vigil.telemetry')).length))
    await new Promise((done) => setTimeout(done, 100));
  const tookS = (performance.now() - began) / 1e3;
  const { cpuS, rssMb } = usageOf(recorder.pid!);
  const influxCpuS = usageOf(influx.pid()).cpuS;
  const counted = await influxQl(influx.url, 'vigil', 'SELECT count(value) FROM "raw"."numeric"');
  const points = Number(counted[0]?.values[0]?.[1] ?? 0);
  const planned = beds * lengthS * numericsPerFrame;
  const minutes = await influxQl(influx.url, 'vigil', 'SELECT sum("count") FROM "minutes"."numeric_1m"');
  recorder.kill('SIGTERM');
  const row = (name: string, value: string): void => console.log(`${name.padEnd(34)}${value}`);
  row('machine', `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
  row('log, beds, seconds, numbers a frame', [values.log, beds, lengthS, numericsPerFrame].join(', '));
  row('points planned / in InfluxDB', `${planned} / ${points}`);
  row('of them in rolled-up minutes', String(minutes[0]?.values[0]?.[1] ?? 0));
  row('seconds', tookS.toFixed(1));
  row('points per second', (points / tookS).toFixed(0));
  row('recorder: cores, RSS MB', `${(cpuS / tookS).toFixed(2)}, ${rssMb.toFixed(0)}`);
  row('InfluxDB: cores', (influxCpuS / tookS).toFixed(2));
  if (points !== planned) process.exitCode = 1;
} finally {
  await log.close();
  await influx.stop();
  if (kafka !== undefined) await kafka.stop();
  rmSync(data, { recursive: true, force: true });
}
