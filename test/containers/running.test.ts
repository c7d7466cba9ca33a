/**
 * Goal: `docker compose up` alone shows the ward.
 * Method: there is no container engine here, so each service of ours runs as a process with the exact entry point, command,
 * environment and health check of Dockerfile and docker-compose.yml (as-processes.ts says what is replaced), on a real
 * Kafka that is configured by the file's own variables. Not shown here: namespaces, limits, volumes, and what the images
 * of Kafka, InfluxDB and Grafana do before they start.
 */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import type { ConsoleFrame } from '../../schemas/live.ts';
import { secretFiles } from '../../services/cli/secret-files.ts';
import { temporaryFolder } from '../recordings/made-record.ts';
import { answerHeartbeats, openConsole, type TestConsole } from '../screens/console.ts';
import { influxQl } from '../servers/influx.ts';
import { kafkaForTests } from '../servers/kafka.ts';
import { type Place, type RunningService, startServices } from './as-processes.ts';
import { type Broker, startBroker } from './broker.ts';
import { composeFile } from './compose-file.ts';
import { lastStage } from './dockerfile.ts';
import { putTogether } from './image-tree.ts';
import { type SeriesServer, startSeriesServer } from './series-server.ts';

/** The close code of a WebSocket server that is not ready. */
const TRY_AGAIN_LATER = 1013;

const file = composeFile();
/** Says by name why nothing runs where there is no Java. */
const kafka = await kafkaForTests();
const skipped = 'skipped' in kafka ? kafka.skipped : undefined;

describe.skipIf(skipped !== undefined)(`docker-compose.yml as processes${skipped ? ` (${skipped})` : ''}`, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let broker: Broker;
  let place: Place;
  let series: SeriesServer | undefined;
  let services: ReadonlyMap<string, RunningService>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const [image, secrets, data] = ['image', 'secrets', 'data'].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    for (const each of [image, secrets, data]) await mkdir(each);
    await putTogether(lastStage(), image);
    broker = await startBroker(file.services['kafka']!);
    const startInflux = async (): Promise<string> => {
      const { INFLUX_ORG: org } = file.services['series']!.environment!;
      series = await startSeriesServer(org!, await readFile(join(secrets, 'influx-token'), 'utf8'));
      return series.url;
    };
    place = { image, secrets, data, kafka: broker.address, startInflux };
    services = await startServices(file, place);
  });
  afterAll(async () => {
    if (services) await Promise.all([...services.values()].map((each) => each.terminate()));
    await broker?.stop();
    await series?.stop();
    await folder?.[Symbol.asyncDispose]();
  });

  const tokenOf = async (name: string): Promise<string> => (await readFile(join(place.secrets, name), 'utf8')).trim();

  it('makes of the variables of the service kafka the configuration that was meant', () => {
    for (const line of [
      'process.roles=broker,controller',
      'auto.create.topics.enable=false',
      'group.initial.rebalance.delay.ms=0',
      'log.flush.interval.ms=1000',
      'transaction.state.log.replication.factor=1',
    ])
      expect(broker.properties).toContain(line);
  });

  it('keeps every stage and the simulator running', () => {
    expect([...services.keys()].sort()).toEqual(['alarms', 'analysis', 'front', 'recorder', 'simulator']);
  });

  it('made its own secrets, each readable for those who need it, and told nobody', async () => {
    const said = [...services.values()].map((each) => each.said()).join();
    for (const { name, mode } of secretFiles) {
      expect((await stat(join(place.secrets, name))).mode & 0o777, name).toBe(mode);
      expect(said).not.toContain(await tokenOf(name));
    }
  });

  it('shows eight living beds and an alarm to a console that has the token, and nothing without', async () => {
    const address = `127.0.0.1:${services.get('front')!.port}/v1/live`;
    /** As every console does: while the screens still read the log of the day, it knocks again. */
    const knock = async (hello: ConsoleFrame): Promise<{ nurse?: TestConsole; refusedWith?: number }> => {
      for (;;) {
        const nurse = await openConsole(address);
        nurse.say(hello);
        const refusedWith = await Promise.race([
          nurse.hears('snapshot').then(() => 0),
          nurse.closed.then(({ code }) => code),
        ]);
        if (refusedWith === 0) return { nurse };
        if (refusedWith !== TRY_AGAIN_LATER) return { refusedWith };
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    };
    expect(await knock({ type: 'hello' })).toEqual({ refusedWith: 4401 });

    const { nurse } = await knock({ type: 'hello', token: await tokenOf('console-tokens') });
    if (nurse === undefined) throw new Error('the console was refused its own token');
    void answerHeartbeats(nurse);
    const { simulated, ward } = await nurse.hears('snapshot');
    expect({ simulated, ward }).toEqual({ simulated: true, ward: 'Simulated ward' });
    const beds = Array.from({ length: 8 }, (_, n) => `sim-0${n + 1}`);
    await Promise.all(beds.map((bed) => nurse.hears('bed', (frame) => frame.bed.bed === bed)));
    const { alarms } = await nurse.hears('alarms', (frame) => frame.alarms.length > 0);
    expect(alarms[0]).toHaveProperty('text');
    await nurse.close();
  });

  it('puts the series into InfluxDB', async () => {
    await expect
      .poll(
        async () => {
          const asked = `SELECT count("value") FROM "raw"."numeric" WHERE "bed" = 'sim-01' AND "code" = '${MDC.spo2}'`;
          const [found] = await influxQl(series!.behind, 'vigil', asked);
          return Number(found?.values[0]?.[1] ?? 0);
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
  });

  it('ends every stage within 5 s of SIGTERM, with exit code 0', async () => {
    const ended = await Promise.all(
      [...services.values()].map(async (each) => [each.name, await each.terminate()] as const),
    );
    for (const [name, { code, afterMs }] of ended) {
      expect(code, name).toBe(0);
      expect(afterMs, name).toBeLessThan(5_000);
    }
  });
});
