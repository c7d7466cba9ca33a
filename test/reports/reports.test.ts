import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StageName } from '../../schemas/engine.ts';
import { type EngineReport, PartState } from '../../schemas/generated/vigil/v1/engine_pb.ts';
import { FindingsSchema } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { decodeEngineReport, encodeFindings } from '../../schemas/messages.ts';
import { moment } from '../../schemas/units.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import type { InferenceError, StepNetwork } from '../../services/ports/inference.ts';
import { processName } from '../../services/reports/process-name.ts';
import { providerWords } from '../../services/reports/provider-words.ts';
import { startReporter } from '../../services/reports/reporter.ts';
import { makeSelf, type Self } from '../../services/reports/self.ts';
import { watchedLog } from '../../services/reports/watched-log.ts';
import { granted, watchNetwork } from '../../services/reports/watched-network.ts';
import { type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { until } from '../watch/seen.ts';

const wall = () => moment(Date.now() * 1e3);
const selfOf = (stages: readonly StageName[]): Self =>
  makeSelf({ stages, version: '9.9.9', meters: makeMeters('thread'), now: wall });

describe('a process', () => {
  it.each([
    [['gateway', 'screens'], [], 'front'],
    [['gateway'], [], 'gateway'],
    [['analysis'], [2, 0, 1], 'analysis-0'],
    [['analysis'], [3, 2], 'analysis-2'],
    [['analysis', 'alarms'], [], 'analysis+alarms-idle'],
    [['gateway', 'screens', 'analysis', 'alarms', 'recorder'], [0], 'front+analysis+alarms+recorder-0'],
  ] as const)('with %j and partitions %j is called %s', (stages, partitions, _name) => {
    expect(processName([...stages], [...partitions])).toBe(_name);
  });
});

describe('the reports of a process', () => {
  let place: LogInAFolder;
  let log: EventLog;
  beforeEach(async () => {
    place = await logInAFolder();
    log = place.log;
  });
  afterEach(() => place.discard());

  const reports = async (): Promise<{ heard: EngineReport[]; stop: () => Promise<void> }> => {
    const heard: EngineReport[] = [];
    const tail = await log.tail({
      ...{ topic: 'vigil.engine', from: new Map(), otherwise: 'beginning' },
      onRecords: ({ records }) => {
        for (const { value, key } of records) {
          const report = decodeEngineReport(value);
          if (E.isLeft(report)) throw new Error(report.left.sentence);
          expect(key).toBe(report.right.process);
          heard.push(report.right);
        }
      },
    });
    return { heard, stop: tail.stop };
  };

  it('tell its parts, now and then its figures, and in the last that it was asked to stop', async () => {
    const { heard, stop } = await reports();
    const self = selfOf(['recorder']);
    self.parts.add(() => [{ name: 'series store', state: 'failed', ageS: 3, sentence: 'it takes no writes' }]);
    const reporter = startReporter({ log, self, clock: wall, everyMs: 5 });
    await until('seven reports', () => heard.length >= 7, 10_000);
    self.has(1);
    await until('a new name', () => heard.at(-1)?.process === 'recorder-1', 10_000);
    await reporter.stop();
    await until('the last word', () => heard.at(-1)?.stopping === true, 10_000);
    await stop();
    const [first] = heard;
    expect(first).toMatchObject({ process: 'recorder-idle', stages: ['recorder'], version: '9.9.9', stopping: false });
    expect(heard[3]?.parts.map(({ name, state }) => [name, state])).toEqual([
      ['series store', PartState.FAILED],
      ['log', PartState.OK],
    ]);
    expect(heard.slice(0, 6).map(({ readings }) => readings.length > 0)).toEqual([
      true,
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(new Set(heard.map(({ startedUs }) => startedUs)).size).toBe(1);
    // Since when, not how often said.
    const since = heard.map(({ parts }) => parts.find(({ name }) => name === 'series store')?.sinceUs);
    expect(new Set(since).size).toBe(1);
    expect(heard.filter(({ stopping }) => stopping)).toHaveLength(1);
  });

  it('count what a stage settles, and name the process by the partitions that it has', async () => {
    const self = selfOf(['analysis']);
    const watched = watchedLog(log, self);
    const value = encodeFindings(create(FindingsSchema, { bed: 'bed-1' }));
    const done = Promise.withResolvers<void>();
    const reader = await watched.join({
      ...{ group: 'vigil-analysis', topic: 'vigil.telemetry', startAt: 'beginning', recordsPerBatchMax: 10 },
      assigned: async () => undefined,
      revoked: () => undefined,
      react: () => TE.right({ outputs: [], settled: done.resolve }),
    });
    await log.append([1, 2, 3].map(() => ({ topic: 'vigil.telemetry', key: 'bed-1', value }) as const))();
    await done.promise;
    await until('its partitions', () => self.name() === 'analysis-0', 10_000);
    await reader.stop();
    expect(self.name()).toBe('analysis-idle');
    expect(await self.meters.text()).toContain('vigil_stage_records_total{stage="analysis"} 3');
  });
});

describe('the part called inference', () => {
  const tensor = { rows: 1, width: 1, values: new Float32Array(1) };
  const answering = (
    answer: () => E.Either<InferenceError, { y: typeof tensor; next: typeof tensor }>,
  ): StepNetwork => ({
    ...{ id: 'net', sha256: '', provider: 'cpu', features: 1, hidden: 1, classes: 1 },
    step: () => async () => answer(),
  });

  it('has failed while the network does not answer, and is well with the next answer', async () => {
    const failed: InferenceError = { tag: 'ModelFailed', sentence: 'out of memory on the device' };
    let works = false;
    const meters = makeMeters('thread');
    const watched = watchNetwork(
      answering(() => (works ? E.right({ y: tensor, next: tensor }) : E.left(failed))),
      granted,
      meters,
    );
    expect(watched.part()).toMatchObject({ state: 'ok', sentence: 'runs on cpu' });
    await watched.network.step(tensor, tensor)();
    expect(watched.part()).toMatchObject({ state: 'failed', sentence: expect.stringContaining('out of memory') });
    works = true;
    await watched.network.step(tensor, tensor)();
    expect(watched.part().state).toBe('ok');
    expect(await meters.text()).toContain('vigil_inference_failures_total{why="ModelFailed"} 1');
  });

  it('is not to blame for one bed’s numbers that are none', async () => {
    const notFinite: InferenceError = { tag: 'NotFinite', sentence: 'row 3' };
    const watched = watchNetwork(
      answering(() => E.left(notFinite)),
      granted,
      makeMeters('thread'),
    );
    await watched.network.step(tensor, tensor)();
    expect(watched.part().state).toBe('ok');
  });

  it('is degraded while a provider that was asked for first is not in use', () => {
    const network = answering(() => E.left({ tag: 'ModelFailed', sentence: '' }));
    const { part } = watchNetwork(network, () => 'cuda is not available (no library)', makeMeters('thread'));
    expect(part()).toMatchObject({ state: 'degraded', sentence: expect.stringContaining('cuda is not available') });
  });
});

describe('the provider in words', () => {
  const cuda = { wished: 'cuda', used: 'cpu', why: 'no library' } as const;
  it('is the one in use, with each that was asked for first and is not', () => {
    expect(providerWords(['cuda', 'cuda'], [])).toBe('cuda');
    expect(providerWords(['cpu', 'cpu'], [cuda, cuda])).toBe('cpu (cuda not available)');
    expect(providerWords(['cpu'], [cuda, { ...cuda, wished: 'webgpu' }])).toBe(
      'cpu (cuda not available, webgpu not available)',
    );
  });
  it('names both where some networks run elsewhere', () => {
    expect(providerWords(['cpu', 'cuda'], [cuda])).toBe('cpu and cuda (cuda not for all networks)');
  });
});
