/** The real stages on a log, and the recorder into a store, all in this process; whoever plays can wait for them. */

import type { Topic } from '../../../schemas/topics.ts';
import { openOrtInference } from '../../../services/adapters/onnx/ort-inference.ts';
import { alarmPolicy } from '../../../services/composition/alarm-policy.ts';
import { loadShipped } from '../../../services/composition/open-adapters.ts';
import type { EventLog } from '../../../services/ports/event-log.ts';
import type { Provider } from '../../../services/ports/inference.ts';
import type { SeriesStore } from '../../../services/ports/series-store.ts';
import { makeRecorder } from '../../../services/recorder/recorder.ts';
import { runStage, type StageNotice } from '../../../services/runtime/run-stage.ts';
import { alarmsStage } from '../../../services/stages/alarms.ts';
import { analysisStage } from '../../../services/stages/analysis.ts';
import { presets } from '../../../stream-models/presets/presets.ts';

/** Who reads what. Each has settled what those before it said, when it is its turn. */
const READERS = [
  { reader: 'vigil-analysis', reads: 'vigil.telemetry' },
  { reader: 'vigil-alarms', reads: 'vigil.alarm-inputs' },
  { reader: 'vigil-recorder-telemetry', reads: 'vigil.telemetry' },
  { reader: 'vigil-recorder-findings', reads: 'vigil.findings' },
  { reader: 'vigil-recorder-alarms', reads: 'vigil.alarms' },
  { reader: 'vigil-recorder-engine', reads: 'vigil.engine' },
] as const satisfies readonly { readonly reader: string; readonly reads: Topic }[];
type Reader = (typeof READERS)[number]['reader'];

export interface Stages {
  /** Where the network runs. */
  readonly provider: Provider;
  /** Resolves when what is on the log now has been analysed, and its alarms decided. */
  readonly decided: () => Promise<void>;
  /** And recorded. */
  readonly recorded: () => Promise<void>;
  /** Records of its topic that each reader has not settled. */
  readonly lags: () => Promise<ReadonlyMap<Reader, number>>;
  readonly stop: () => Promise<void>;
}

/** How far each reader has come, and who waits for it. */
const makeProgress = (log: EventLog) => {
  const reached = new Map<string, bigint>();
  const waiting = new Set<() => void>();
  const unsettled = async ({ reader, reads }: (typeof READERS)[number]): Promise<bigint> => {
    const extent = await log.extent(reads);
    return extent.reduce((sum, { partition, next }) => sum + next - (reached.get(`${reader}/${partition}`) ?? 0n), 0n);
  };
  const caughtUp = async ({ reader, reads }: (typeof READERS)[number]): Promise<void> => {
    const wanted = await log.extent(reads);
    const isThere = (): boolean =>
      wanted.every(({ partition, next }) => (reached.get(`${reader}/${partition}`) ?? 0n) >= next);
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (!isThere()) return;
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
    return promise;
  };
  const settled = (reader: Reader, partition: number, next: bigint): void => {
    reached.set(`${reader}/${partition}`, next);
    for (const look of waiting) look();
  };
  return { unsettled, caughtUp, settled };
};

const recorderOf = Object.fromEntries(
  READERS.filter(({ reader }) => reader.startsWith('vigil-recorder')).map(({ reader, reads }) => [reads, reader]),
) as Readonly<Partial<Record<Topic, Reader>>>;

export const startStages = async (log: EventLog, store: SeriesStore): Promise<Stages> => {
  const progress = makeProgress(log);
  const hear = (reader: Reader) => (notice: StageNotice) => {
    if (notice.tag === 'Settled') progress.settled(reader, notice.partition, notice.next);
    if (notice.tag === 'BedFailed') throw notice.cause;
  };
  const inference = openOrtInference({ providers: ['cpu'] });
  const { network, artefacts, rhythm, risk } = await loadShipped(inference);
  const analysis = await runStage(analysisStage({ preset: presets.vigil, network, artefacts, rhythm, risk }), {
    ...{ log, lingerMs: 10, onNotice: hear('vigil-analysis') },
  });
  const alarms = await runStage(alarmsStage(alarmPolicy), { log, lingerMs: 2, onNotice: hear('vigil-alarms') });
  const recorder = await makeRecorder({
    ...{ log, store },
    onNotice: (notice) => {
      if (notice.tag === 'Settled') progress.settled(recorderOf[notice.topic]!, notice.partition, notice.next);
    },
  });
  const inTurn = async (readers: readonly (typeof READERS)[number][]): Promise<void> => {
    for (const reader of readers) await progress.caughtUp(reader);
  };
  return {
    provider: network.provider,
    decided: () => inTurn(READERS.slice(0, 2)),
    recorded: () => inTurn(READERS),
    lags: async () =>
      new Map(
        await Promise.all(READERS.map(async (each) => [each.reader, Number(await progress.unsettled(each))] as const)),
      ),
    stop: async () => {
      await recorder.stop();
      await alarms.stop();
      await analysis.stop();
      await inference.close();
    },
  };
};
