/**
 * The broker of docker-compose.yml without its container: the image's own wrapper (`KafkaDockerWrapper`, which is in Kafka's
 * jar) makes the configuration from the service's environment, formats the folder, and the broker starts with it. The
 * image's start scripts and its log4j files are not here; a plain one stands in for those.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../servers/free-port.ts';
import { jarsFolder } from '../servers/kafka.ts';
import type { Service } from './compose-file.ts';

export interface Broker {
  /** Where "kafka:9092" is here. */
  readonly address: string;
  /** What the wrapper made of the environment. */
  readonly properties: string;
  /** Where it keeps its partitions. */
  readonly data: string;
  readonly stop: () => Promise<void>;
}

const READY_MS_MAX = 90_000;
const LOG4J = `
Configuration:
  Appenders: { Console: { name: STDOUT, PatternLayout: { pattern: "%d %p %m%n" } } }
  Loggers: { Root: { level: WARN, AppenderRef: [{ ref: STDOUT }] } }
`;
const run = promisify(execFile);

/** Names and paths of the container, and what stands for them here. */
const replaced = async (environment: Readonly<Record<string, string>>, data: string) => {
  const [port, controllerPort] = [await freePort(), await freePort()];
  const here = (value: string): string =>
    value
      .replace('PLAINTEXT://:9092,CONTROLLER://:9093', `PLAINTEXT://:${port},CONTROLLER://:${controllerPort}`)
      .replace('kafka:9092', `127.0.0.1:${port}`)
      .replace('kafka:9093', `127.0.0.1:${controllerPort}`)
      .replace('/var/lib/kafka/data', data);
  return { port, environment: Object.fromEntries(Object.entries(environment).map(([k, v]) => [k, here(v)])) };
};

const answers = async (broker: ChildProcess, port: number, logFile: string): Promise<void> => {
  for (const until = Date.now() + READY_MS_MAX; ; ) {
    const connected = await new Promise<boolean>((done) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.once('connect', () => done(true)).once('error', () => done(false));
      socket.once('connect', () => socket.destroy());
    });
    if (connected) return;
    if (broker.exitCode !== null || Date.now() > until)
      throw new Error(`the broker did not start:\n${(await readFile(logFile, 'utf8')).slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

export const startBroker = async (service: Service): Promise<Broker> => {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-compose-kafka-'));
  const [usual, mounted, final] = ['usual', 'mounted', 'final'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [usual, mounted, final]) await mkdir(each);
  for (const name of ['log4j2.yaml', 'tools-log4j2.yaml']) await writeFile(join(usual, name), LOG4J);
  const data = join(folder, 'data');
  const { port, environment } = await replaced(service.environment ?? {}, data);
  const classes = ['-cp', join(await jarsFolder(), '*')];
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const setUp = [
    'setup',
    '--default-configs-dir',
    usual,
    '--mounted-configs-dir',
    mounted,
    '--final-configs-dir',
    final,
  ];
  await run('java', [...classes, 'kafka.docker.KafkaDockerWrapper', ...setUp], { env, maxBuffer: 16 * 1024 * 1024 });

  const file = join(final, 'server.properties');
  const logFile = join(folder, 'broker.log');
  const output = openSync(logFile, 'w');
  const log4j = `-Dlog4j2.configurationFile=${join(final, 'log4j2.yaml')}`;
  const heap = (environment['KAFKA_HEAP_OPTS'] ?? '').split(' ');
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
  const broker = spawn('java', [...heap, log4j, quiet, ...classes, 'kafka.Kafka', file], {
    env,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const endWithUs = (): void => void broker.kill('SIGKILL');
  process.once('exit', endWithUs);
  await answers(broker, port, logFile);
  return {
    ...{ address: `127.0.0.1:${port}`, data },
    properties: await readFile(file, 'utf8'),
    stop: async () => {
      process.off('exit', endWithUs);
      const gone = new Promise((done) => broker.once('exit', done));
      if (broker.kill('SIGKILL')) await gone;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
