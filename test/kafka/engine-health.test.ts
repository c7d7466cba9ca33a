/**
 * Goal: whatever breaks of a distributed Vigil shows in /healthz, in a metric and on a console within ten seconds, and clears by
 * itself on recovery.
 * Method: one process per stage on a real broker of its own, as containers run them, with a simulated ward; then the broker is
 * stopped, killed and brought back, each process is killed, and one has its loop blocked through Node's inspector.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { PARTITIONS_USUAL } from '../../schemas/topics.ts';
import { Kafka, logLevel } from '../../services/adapters/kafka/kafkajs.ts';
import { partitionOfKey } from '../../services/ports/key-partition.ts';
import { type PlayingWard, playWard } from '../../services/simulate/play-ward.ts';
import { type OwnKafka, ownKafkaForTests } from '../servers/kafka.ts';
import { type StageProcess, stageProcess } from '../servers/stage-process.ts';
import {
  goneEverywhere,
  healthOf,
  openWatcher,
  type Seen,
  SHOWN_WITHIN_MS,
  type Sought,
  sampleOf,
  seenEverywhere,
  stateOf,
  until,
  type Watcher,
} from '../watch/seen.ts';

const STAGES = ['gateway', 'screens', 'analysis', 'alarms', 'recorder'] as const;
type StageName = (typeof STAGES)[number];
const BEDS = 4;
const CLEARED_WITHIN_MS = 60_000;
const root = resolve(import.meta.dirname, '../..');

const own = await ownKafkaForTests();

const tell = (what: string, seen: Seen, goneMs: number): void =>
  console.log(`${what}: ${JSON.stringify(seen)}, gone after ${goneMs} ms`);

const story = (kafka: OwnKafka): void => {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-health-'));
  const env = { KAFKA_BROKERS: kafka.brokers.join(), VIGIL_DATA_DIR: folder, VIGIL_LOG_LEVEL: 'warn' };
  const processes = new Map<StageName, StageProcess>();
  /** Beside them, where a story needs one more. */
  const stray: StageProcess[] = [];
  const of = (name: StageName): StageProcess => processes.get(name)!;
  let ward: PlayingWard;
  let watcher: Watcher;
  let address: string;

  const sought = (condition: string, part: string, states: Sought['states'] = ['failed']): Sought => ({
    ...{ address, watcher, condition, part, states },
  });
  const allWell = (): Promise<number> =>
    until(
      'everything is well',
      async () => {
        const states = ['log', 'clock', 'gateway', 'analysis-0', 'alarms-0', 'recorder-0'];
        const answers = await Promise.all(states.map((part) => stateOf(address, part)));
        return answers.every((state) => state === 'ok');
      },
      CLEARED_WITHIN_MS,
    );

  beforeAll(async () => {
    const topics = ['--disable-warning=ExperimentalWarning', 'services/main.ts', 'topics'];
    execFileSync(process.execPath, topics, { cwd: root, env: { ...process.env, ...env }, stdio: 'ignore' });
    for (const name of STAGES) processes.set(name, await stageProcess({ words: ['stage', name], env }));
    await Promise.all(STAGES.map((name) => of(name).start()));
    ward = playWard({ beds: BEDS, url: `ws://${of('gateway').address}`, episodes: false });
    ({ address } = of('screens'));
    await until('the screens have read the past', async () => (await stateOf(address, 'clock')) === 'ok', 60_000);
    watcher = await openWatcher(address);
    await allWell();
  }, 180_000);

  afterAll(async () => {
    await watcher?.close();
    await ward?.stop();
    await Promise.all([...processes.values(), ...stray].map((each) => each.stop()));
    await kafka.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('has every process answer for itself, also those without gateway and screens', async () => {
    for (const name of STAGES) {
      expect(await stateOf(of(name).address, 'log'), name).toBe('ok');
      expect(await sampleOf(of(name).address, 'process_resident_memory_bytes'), name).toBeGreaterThan(0);
    }
    const counts: readonly (readonly [StageName, string])[] = [
      ['analysis', 'vigil_stage_batches_total{stage="analysis"}'],
      ['recorder', 'vigil_series_points_total{kind="numerics"}'],
      ['screens', 'vigil_group_lag_records{group="vigil-analysis"}'],
    ];
    for (const [name, sample] of counts)
      await until(sample, async () => (await sampleOf(of(name).address, sample)) !== undefined, CLEARED_WITHIN_MS);
    expect(watcher.provider()).toBe('cpu');
    const page = await fetch(`http://${of('alarms').address}/`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(404);
  });

  it('shows of gateway, analysis and recorder, which were killed at once, that each of them was', async () => {
    const killed = [
      ['gateway', sought('gateway-silent', 'gateway')],
      ['analysis', sought('analysis-silent', 'analysis-0')],
      ['recorder', sought('recorder-silent', 'recorder-0')],
    ] as const;
    for (const [name] of killed) of(name).signal('SIGKILL');
    let seen: readonly Seen[];
    try {
      seen = await Promise.all(killed.map(([, lost]) => seenEverywhere(lost)));
      for (const [, { condition, part }] of killed) {
        // Past the log it is told when a transaction that was open holds the alarm back.
        const told = watcher.alarm(condition)?.text ?? watcher.trouble(condition)?.sentence;
        expect(told).toContain(`${part} has said nothing for 8 s`);
      }
    } finally {
      await Promise.all(killed.map(([name]) => of(name).start())); // the stories after this one need them
    }
    for (const [i, [name, lost]] of killed.entries()) {
      tell(`${name} killed`, seen[i]!, await goneEverywhere(lost, CLEARED_WITHIN_MS));
      expect(await sampleOf(address, `vigil_process_restarts_total{process="${lost.part}"}`)).toBe(1);
    }
    await allWell();
  });

  it('shows past the log that analysis was killed, where a transaction that is left open holds the alarm of it back', async () => {
    const lost = sought('analysis-silent', 'analysis-0');
    const topic = 'vigil.alarm-inputs';
    const client = new Kafka({ brokers: [...kafka.brokers], clientId: 'left open', logLevel: logLevel.NOTHING });
    const producer = client.producer({ ...{ idempotent: true, maxInFlightRequests: 1 }, transactionalId: 'left open' });
    await producer.connect();
    of('analysis').signal('SIGKILL');
    const open = await producer.transaction();
    const partition = partitionOfKey(topic, VIGIL_BED, PARTITIONS_USUAL);
    await open.send({ topic, messages: [{ key: VIGIL_BED, value: 'never committed', partition }] });
    let seen: Seen;
    try {
      seen = await seenEverywhere(lost);
      expect(watcher.alarm('analysis-silent')).toBeUndefined();
      expect(watcher.trouble('analysis-silent')).toMatchObject({ priority: 'high' });
    } finally {
      await open.abort();
      await producer.disconnect();
      await of('analysis').start();
    }
    tell('analysis killed, its word held back', seen, await goneEverywhere(lost, CLEARED_WITHIN_MS));
    await allWell();
  });

  it('tells two processes of one stage apart, and that one of them was killed', async () => {
    const second = await stageProcess({ words: ['stage', 'analysis'], env });
    stray.push(second);
    await second.start();
    const names = async (): Promise<readonly string[]> =>
      (await healthOf(address)).processes
        .filter(({ stages, state }) => stages.includes('analysis') && state === 'ok')
        .map((each) => each.process)
        .toSorted();
    const isTwo = async (): Promise<boolean> => /^analysis-0,analysis-[123]$/.test((await names()).join());
    await until('two names with a partition each', isTwo, CLEARED_WITHIN_MS);
    second.signal('SIGKILL');
    await until('one is told as silent', () => watcher.alarm('analysis-silent') !== undefined, SHOWN_WITHIN_MS);
    await second.start();
    await until('it is well again', () => watcher.alarm('analysis-silent') === undefined, CLEARED_WITHIN_MS);
    await until('two names again', isTwo, CLEARED_WITHIN_MS);
    await second.stop();
    await until('one has all', async () => (await names()).join() === 'analysis-0', CLEARED_WITHIN_MS);
    await allWell();
  });

  it('shows past the log that the alarms process was killed, and afterwards keeps it in the history', async () => {
    const lost = sought('alarms-silent', 'alarms-0');
    of('alarms').signal('SIGKILL');
    const seen = await seenEverywhere(lost);
    expect(watcher.trouble('alarms-silent')).toMatchObject({ priority: 'high' });
    await of('alarms').start();
    tell('alarms killed', seen, await goneEverywhere(lost, CLEARED_WITHIN_MS));
    const told = (): string => watcher.transitions().join();
    await until('it is in the history', () => /alarms-silent off → on.*alarms-silent on → off/.test(told()), 30_000);
    await allWell();
  });

  it('shows that the loop of the analysis process stands still, which ends itself, and says nothing of a recorder that was asked to stop', async () => {
    const saidBefore = watcher.transitions().length;
    await of('recorder').stop();
    const stoppedAt = performance.now();
    const lost = sought('analysis-silent', 'analysis-0');
    const began = performance.now();
    await of('analysis').block();
    const seen = await seenEverywhere(lost);
    expect(await of('analysis').ended()).toEqual([null, 'SIGKILL']);
    const endedMs = Math.round(performance.now() - began);
    expect(endedMs).toBeLessThan(25_000);
    expect(of('analysis').lines().join('\n')).toMatch(/the loop of this process stands still/);
    await of('analysis').start();
    tell(`analysis blocked, ended after ${endedMs} ms`, seen, await goneEverywhere(lost, CLEARED_WITHIN_MS));
    // That nothing is said of the recorder only time can show. It has passed.
    expect(performance.now() - stoppedAt).toBeGreaterThan(SHOWN_WITHIN_MS);
    const said = watcher.transitions().slice(saidBefore);
    expect(said.filter((line) => line.startsWith('recorder-silent'))).toEqual([]);
    expect(watcher.trouble('recorder-silent')).toBeUndefined();
    await of('recorder').start();
    await allWell();
  });

  /** An outage is told over the log when it is over; until then the next story would take that for its own. */
  const outagesTold = (): number => watcher.transitions().filter((line) => line === 'log-away on → off').length;
  const outageIsTold = (before: number): Promise<number> =>
    until('the outage is in the history', () => outagesTold() > before, CLEARED_WITHIN_MS);

  it('shows past the log that the broker answers nothing', async () => {
    const lost = sought('log-away', 'log');
    const before = outagesTold();
    kafka.pause();
    const seen = await seenEverywhere(lost).finally(kafka.resume);
    tell('broker stopped', seen, await goneEverywhere(lost, CLEARED_WITHIN_MS));
    await outageIsTold(before);
    await allWell();
  });

  it('shows past the log that the broker is gone, and goes on when it is back', async () => {
    const lost = sought('log-away', 'log');
    const before = outagesTold();
    await kafka.kill();
    const seen = await seenEverywhere(lost).finally(kafka.start);
    tell('broker killed', seen, await goneEverywhere(lost, CLEARED_WITHIN_MS));
    await outageIsTold(before);
    await allWell();
    await until(
      'the ward is analysed again',
      async () => (await stateOf(address, 'analysis')) === 'ok',
      CLEARED_WITHIN_MS,
    );
  });

  it('neither loses nor repeats an alarm when the screens are begun anew', async () => {
    of('recorder').signal('SIGKILL');
    await until('it is told', () => watcher.alarm('recorder-silent') !== undefined, SHOWN_WITHIN_MS);
    const { alarm } = watcher.alarm('recorder-silent')!;
    await watcher.close();
    await of('screens').stop();
    await of('screens').start();
    await until('the screens have read the past', async () => (await stateOf(address, 'clock')) === 'ok', 60_000);
    watcher = await openWatcher(address);
    expect(watcher.alarm('recorder-silent')?.alarm).toBe(alarm);
    await new Promise((done) => setTimeout(done, SHOWN_WITHIN_MS)); // that nothing is said, only time can show
    expect(watcher.alarm('recorder-silent')?.alarm).toBe(alarm);
    expect(watcher.transitions().filter((line) => line.startsWith('recorder-silent'))).toEqual([]);
    await of('recorder').start();
    await until('it is taken back', () => watcher.alarm('recorder-silent') === undefined, CLEARED_WITHIN_MS);
  });
};

if ('skipped' in own) {
  describe.skip(`a distributed Vigil tells how it does (${own.skipped})`, () =>
    it('shows what breaks within ten seconds', () => undefined));
} else {
  describe('a distributed Vigil', () => story(own));
}
