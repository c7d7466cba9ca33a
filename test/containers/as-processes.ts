/**
 * docker-compose.yml's own services as processes of this machine: entry point and variables of the Dockerfile, command,
 * environment and health check of each service as they stand, in the folder that the image has, started in the order of
 * depends_on. Nothing of this machine's environment is given to them. Replaced are, and only are:
 *
 *   kafka:9092, http://influxdb:8086, front:8420   the addresses of the servers of this test
 *   /run/secrets, /var/lib/vigil                   folders of this test
 *   node                                           the Node that runs this test
 *   VIGIL_PORT                                     added: containers have an address each, processes only a port
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../servers/free-port.ts';
import { type ComposeFile, ourServices, type Service } from './compose-file.ts';
import { execForm, lastStage, restsOf } from './dockerfile.ts';

export interface Place {
  /** The image's folder. */
  readonly image: string;
  readonly secrets: string;
  readonly data: string;
  readonly kafka: string;
  /** Starts the series' server, once the secrets are made; answers its address. */
  readonly startInflux: () => Promise<string>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly afterMs: number;
}

export interface RunningService {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly said: () => string;
  readonly ended: Promise<Ended>;
  /** SIGTERM, as Docker sends it. */
  readonly terminate: () => Promise<Ended>;
}

const HEALTHY_MS_MAX = 90_000;

interface Words {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Addresses {
  readonly ports: ReadonlyMap<string, number>;
  readonly influx: string;
}

const wordsOf = (name: string, service: Service, place: Place, { ports, influx }: Addresses): Words => {
  const here = (text: string): string =>
    text
      .replaceAll('kafka:9092', place.kafka)
      .replaceAll('http://influxdb:8086', influx)
      .replaceAll('front:8420', `127.0.0.1:${ports.get('front')}`)
      .replaceAll('/run/secrets', place.secrets)
      .replaceAll('/var/lib/vigil', `${place.data}/${name}`);
  const image = lastStage();
  const ofImage = restsOf(image, 'ENV').map((rest) => rest.split(/=(.*)/s, 2) as [string, string]);
  const given = { ...Object.fromEntries(ofImage), ...service.environment };
  return {
    words: [...execForm(image, 'ENTRYPOINT'), ...(service.command ?? execForm(image, 'CMD'))].map(here),
    env: {
      ...Object.fromEntries(Object.entries(given).map(([key, value]) => [key, here(value)])),
      VIGIL_PORT: `${ports.get(name)}`,
    },
  };
};

const start = ({ words: [first, ...rest], env }: Words, image: string): ChildProcess =>
  spawn(first === 'node' ? process.execPath : first!, rest, { cwd: image, env, stdio: ['ignore', 'pipe', 'pipe'] });

const follow = (name: string, child: ChildProcess, port: number): RunningService => {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (said += String(bytes)));
  let terminatedAt = 0;
  const ended = once(child, 'close').then(([code, signal]) => ({
    ...{ code: code as number | null, signal: signal as NodeJS.Signals | null },
    afterMs: performance.now() - terminatedAt,
  }));
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void ended.then(() => process.off('exit', endWithUs));
  return {
    ...{ name, pid: child.pid!, port, said: () => said, ended },
    terminate: () => {
      terminatedAt = performance.now();
      child.kill('SIGTERM');
      return ended;
    },
  };
};

/** The service's health check, as it is written, until it says yes; a service that ends instead is an error. */
const healthy = async (service: Service, running: RunningService, env: Words['env'], image: string): Promise<void> => {
  const [kind, ...words] = service.healthcheck!.test!;
  if (kind !== 'CMD') throw new Error(`${running.name} is asked through a shell`);
  let over: Ended | undefined;
  void running.ended.then((ended) => (over = ended));
  for (const until = performance.now() + HEALTHY_MS_MAX; performance.now() < until; ) {
    if (over !== undefined) throw new Error(`${running.name} ended with ${over.code}:\n${running.said()}`);
    const [code] = (await once(start({ words, env }, image), 'close')) as [number];
    if (code === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${running.name} was not well within ${HEALTHY_MS_MAX / 1e3} s:\n${running.said()}`);
};

/** Starts every service of ours, each when what it waits for is well or done. Answers those that keep running. */
export const startServices = async (file: ComposeFile, place: Place): Promise<ReadonlyMap<string, RunningService>> => {
  const ours = new Map(ourServices(file));
  const ports = new Map<string, number>();
  for (const name of ours.keys()) ports.set(name, await freePort());
  let influx = 'http://influxdb:8086';
  const running = new Map<string, RunningService>();
  const ready = new Map<string, Promise<void>>();
  const bringUp = async (name: string, service: Service): Promise<void> => {
    for (const other of Object.keys(service.depends_on ?? {})) await up(other);
    const words = wordsOf(name, service, place, { ports, influx });
    const process = follow(name, start(words, place.image), ports.get(name)!);
    if (service.restart === 'no') {
      const { code } = await process.ended;
      if (code !== 0) throw new Error(`${name} ended with ${code}:\n${process.said()}`);
      return;
    }
    running.set(name, process);
    if (service.healthcheck?.test !== undefined) await healthy(service, process, words.env, place.image);
  };
  /** Kafka is up before; InfluxDB needs its token first. Nobody here waits for Grafana. */
  const bringUpOther = async (name: string): Promise<void> => {
    for (const other of Object.keys(file.services[name]?.depends_on ?? {})) await up(other);
    if (name === 'influxdb') influx = await place.startInflux();
  };
  const up = (name: string): Promise<void> => {
    const service = ours.get(name);
    const begun = ready.get(name) ?? (service === undefined ? bringUpOther(name) : bringUp(name, service));
    ready.set(name, begun);
    return begun;
  };
  try {
    await Promise.all([...ours.keys()].map(up));
  } catch (cause) {
    for (const each of running.values()) each.terminate();
    throw cause;
  }
  return running;
};
