/**
 * npm run bench:recorder -- [--log kafka|embedded] [--beds N] [--minutes M] [--numerics K]
 *
 * How many points one recorder process writes into a real InfluxDB. The log is filled first: every bed and second a frame
 * with K numbers, two ECG leads and a pleth; then one `vigil stage recorder` is started and timed until its positions are
 * at the end of the log. Points are counted by InfluxDB itself; every one of them must be there. On Kafka each record has
 * the time at which a gateway would have appended it, as after an outage of the recorder; the embedded log cannot be told
 * a time, so all that it holds came late, and each batch has its minutes rolled up anew.
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
import { topicMessages } from '../../services/adapters/kafka/kafka-messages.ts';
import { ConfigResourceTypes, Kafka, logLevel } from '../../services/adapters/kafka/kafkajs.ts';
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
const APPEND = 400;
const startUs = (Math.floor(Date.now() / 60e3) * 60 - lengthS - 60) * 1e6;

const appendedMs = (second: number): number => startUs / 1e3 + (second + 1) * 1e3;

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

type Append = (records: readonly NewRecord[], second: number) => Promise<unknown>;

const fill = async (append: Append): Promise<void> => {
  for (let second = 0; second < lengthS; second++)
    for (let first = 0; first < beds; first += APPEND) {
      const length = Math.min(APPEND, beds - first);
      await append(
        Array.from({ length }, (_, i) => frameOf(first + i, second)),
        second,
      );
    }
};

const appendTo =
  (log: EventLog): Append =>
  async (records) => {
    const kept = await log.append(records)();
    if (kept._tag === 'Left') throw new Error(kept.left.sentence);
  };

/** Past the adapter and against the topic's rule: neither lets anybody choose a record's time. */
const fillKafka = async (brokers: string[], log: EventLog): Promise<void> => {
  const kafka = new Kafka({ brokers, clientId: 'bench', logLevel: logLevel.ERROR });
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = [{ name: 'message.timestamp.type', value: 'CreateTime' }];
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: 'vigil.telemetry', configEntries }];
  await admin.alterConfigs({ validateOnly: false, resources });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  const address = { topicName: (topic: string) => topic, partitionOf: log.partitionOf };
  await fill((records, second) => {
    const timestamp = String(appendedMs(second));
    const topicsMessages = topicMessages(records, address).map(({ topic, messages }) => ({
      topic,
      messages: messages.map((message) => ({ ...message, timestamp })),
    }));
    return producer.sendBatch({ topicMessages: topicsMessages });
  });
  await producer.disconnect();
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
  if (kafka === undefined) await fill(appendTo(log));
  else await fillKafka(kafka.brokers, log);
  await runVigil(['series'], env);
  const began = performance.now();
  const recorder = startVigil('recorder', ['stage', 'recorder'], env);
  const all = await behind(log);
  let first: { readonly at: number; readonly left: bigint } | undefined;
  for (let left = all; left > 0n; left = await behind(log)) {
    if (left < all) first ??= { at: performance.now(), left };
    await new Promise((done) => setTimeout(done, 100));
  }
  const ended = performance.now();
  const tookS = (ended - began) / 1e3;
  const sustained = (Number(first?.left ?? 0n) * numericsPerFrame * 1e3) / (ended - (first?.at ?? ended));
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
  row('points per second, with the start', (points / tookS).toFixed(0));
  row('points per second, once it writes', sustained.toFixed(0));
  row('recorder: cores, RSS MB', `${(cpuS / tookS).toFixed(2)}, ${rssMb.toFixed(0)}`);
  row('InfluxDB: cores', (influxCpuS / tookS).toFixed(2));
  if (points !== planned) process.exitCode = 1;
} finally {
  await log.close();
  await influx.stop();
  if (kafka !== undefined) await kafka.stop();
  rmSync(data, { recursive: true, force: true });
}
