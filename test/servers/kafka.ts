/**
 * A real Apache Kafka for the tests: the one at VIGIL_TEST_KAFKA, else one broker started here by Java, with jars that
 * Maven brings. `node test/servers/kafka.ts` starts one for people: prints the bootstrap list, stays until Ctrl-C.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

export interface KafkaServer {
  readonly brokers: string[];
  /** Stops what was started here. A broker that was there before stays. */
  readonly stop: () => Promise<void>;
}

/** A broker started here can also be broken. */
export interface OwnKafka extends KafkaServer {
  /** SIGSTOP: it takes connections and answers nothing. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** SIGKILL; `start` brings it back with the same data at the same address. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

const KAFKA_VERSION = '4.3.0';
const READY_MS_MAX = 90_000;
const STARTS_MAX = 3;
/** A broker lives for a minute or two here: what Java's second compiler would gain in a day costs half a core of that. */
const SHORT_LIFE = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const run = promisify(execFile);

/** Rejects instead of skipping where CI is set: there a Kafka is promised. */
export const kafkaForTests = async (): Promise<KafkaServer | { readonly skipped: string }> => {
  const given = process.env['VIGIL_TEST_KAFKA'];
  if (given) return { brokers: given.split(','), stop: async () => undefined };
  if (await hasJavaAndMaven()) return startKafka();
  return missing('no Kafka: Java 17 and Maven are needed, or set VIGIL_TEST_KAFKA');
};

/** For tests that break the broker: only one of their own will do. */
export const ownKafkaForTests = async (): Promise<OwnKafka | { readonly skipped: string }> =>
  (await hasJavaAndMaven()) ? startKafka() : missing('no Kafka that may be disturbed: Java 17 and Maven are needed');

const missing = (skipped: string): { readonly skipped: string } => {
  if (process.env['CI']) throw new Error(skipped);
  return { skipped };
};

const hasJavaAndMaven = async (): Promise<boolean> => {
  try {
    const { stderr, stdout } = await run('java', ['-version']);
    const major = Number(/version "(\d+)/.exec(stderr + stdout)?.[1] ?? 0);
    await run('mvn', ['-version']);
    return major >= 17;
  } catch {
    return false; // not installed
  }
};

/** One KRaft broker on free ports of the loopback, with a folder of its own that goes when it stops. */
export const startKafka = async (): Promise<OwnKafka> => {
  const jars = join(await jarsFolder(), '*');
  const folder = await mkdtemp(join(tmpdir(), 'vigil-kafka-run-'));
  const properties = join(folder, 'broker.properties');
  let port = 0;
  const choosePorts = async (): Promise<void> => {
    port = await freePort();
    await writeFile(properties, brokerProperties(port, await freePort(), join(folder, 'data')));
  };
  await choosePorts();
  const { stdout } = await run('java', ['-cp', jars, 'kafka.tools.StorageTool', 'random-uuid']);
  const cluster = stdout.trim().split('\n').at(-1)!;
  await run('java', ['-cp', jars, 'kafka.tools.StorageTool', 'format', '-t', cluster, '-c', properties]);

  const logFile = join(folder, 'broker.log');
  const options = [
    '-Xmx512m',
    ...SHORT_LIFE,
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-cp',
    jars,
    'kafka.Kafka',
    properties,
  ];
  let broker: ChildProcess;
  const start = async (): Promise<void> => {
    const output = openSync(logFile, 'a');
    broker = spawn('java', options, { stdio: ['ignore', output, output] });
    closeSync(output);
    await answers(broker, port, logFile);
  };
  const kill = async (): Promise<void> => {
    if (broker.exitCode !== null || broker.signalCode !== null) return;
    const exited = new Promise((resolve) => broker.once('exit', resolve));
    if (broker.kill('SIGKILL')) await exited;
  };
  const endWithUs = (): void => void broker.kill('SIGKILL');
  process.once('exit', endWithUs);
  // Between the choice and the start of Java somebody else may have taken a port.
  for (let tries = 1; ; tries++) {
    try {
      await start();
      break;
    } catch (cause) {
      if (tries === STARTS_MAX || !String(cause).includes('Address already in use')) throw cause;
      await choosePorts();
    }
  }
  return {
    brokers: [`127.0.0.1:${port}`],
    ...{ start, kill },
    pause: () => void broker.kill('SIGSTOP'),
    resume: () => void broker.kill('SIGCONT'),
    stop: async () => {
      process.off('exit', endWithUs);
      // Its data goes with it, so nothing is lost by ending it at once.
      await kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** The broker's jars, brought once per machine. Two test runs may come at once: the folder appears whole or not at all. */
export const jarsFolder = async (): Promise<string> => {
  const cache = process.env['VIGIL_KAFKA_DIR'] || join(tmpdir(), 'vigil-kafka');
  const folder = join(cache, `kafka-${KAFKA_VERSION}`);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'fetching-'));
  const pom = fileURLToPath(new URL('./kafka/pom.xml', import.meta.url));
  const goals = ['dependency:copy-dependencies', `-DoutputDirectory=${fresh}`, '-DincludeScope=runtime'];
  await run('mvn', ['-q', '-B', '-f', pom, ...goals], { maxBuffer: 16 * 1024 * 1024 });
  try {
    await rename(fresh, folder);
  } catch (cause) {
    if (!(await exists(folder))) throw cause;
    await rm(fresh, { recursive: true, force: true }); // another run was quicker
  }
  return folder;
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const brokerProperties = (port: number, controllerPort: number, data: string): string => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs=${data}
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
`;

/** Waits until the broker takes connections; rejects with the end of its log when it ends before. */
const answers = async (broker: ChildProcess, port: number, logFile: string): Promise<void> => {
  const until = Date.now() + READY_MS_MAX;
  while (!(await connects(port))) {
    if (broker.exitCode !== null || Date.now() > until) {
      broker.kill('SIGKILL');
      const log = await readFile(logFile, 'utf8');
      throw new Error(`Kafka did not start within ${READY_MS_MAX / 1e3} s:\n${log.split('\n').slice(-20).join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

const connects = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const answer = (yes: boolean) => () => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });

if (import.meta.main) {
  const server = await startKafka();
  console.log(server.brokers.join(','));
  const stop = (): void => void server.stop().then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
}
