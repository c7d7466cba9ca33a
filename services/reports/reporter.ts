import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { REPORT_EVERY_MS } from '../../schemas/engine.ts';
import { type EngineReport, EngineReportSchema } from '../../schemas/generated/vigil/v1/engine_pb.ts';
import { encodeEngineReport } from '../../schemas/messages.ts';
import type { Moment } from '../../schemas/units.ts';
import type { EventLog } from '../ports/event-log.ts';
import { type HealthPart, partStateOf } from './part.ts';
import type { Self } from './self.ts';

export interface ReporterOptions {
  readonly log: EventLog;
  readonly self: Self;
  /** This machine's clock as it is, also when it is set back: whether it is right is for others to judge. */
  readonly clock: () => Moment;
  readonly everyMs?: number;
}

/** Says on vigil.engine, every two seconds, how this process does. Its own append is what shows how the log does. */
export interface Reporter {
  readonly log: () => HealthPart;
  /** Says `stopping`, if the log takes it soon. */
  readonly stop: () => Promise<void>;
}

/** Figures are told with every fifth report: every ten seconds. */
const READINGS_EVERY = 5;
/** An append takes milliseconds; one that waits so long holds up frames and alarms as well. */
const WAITS_LONG_S = 2;
const WAITS_TOO_LONG_S = 5;
/** Nobody waits longer than this for a process that is to stop. */
const LAST_WORD_MS = 1_000;

const WHAT_TO_DO: Readonly<Record<EventLog['kind'], string>> = {
  kafka: 'Look whether the brokers run and can be reached',
  embedded: 'Look whether the disk is full or another program holds log.db',
};

/** Reports from now on, until it is stopped. */
export const startReporter = ({ log, self, clock, everyMs = REPORT_EVERY_MS }: ReporterOptions): Reporter => {
  let said = 0;
  let waiting: { readonly sinceMs: number; readonly ended: Promise<void> } | undefined;
  let keptAtMs: number | undefined;
  let refusal: string | undefined;

  const part = (): HealthPart => {
    const ageS = keptAtMs === undefined ? null : (performance.now() - keptAtMs) / 1e3;
    const told = (state: HealthPart['state'], sentence: string): HealthPart => ({ name: 'log', state, ageS, sentence });
    const waitedS = waiting === undefined ? 0 : (performance.now() - waiting.sinceMs) / 1e3;
    const todo = WHAT_TO_DO[log.kind];
    if (waitedS > WAITS_TOO_LONG_S) return told('failed', `the log does not answer. ${todo}`);
    if (refusal !== undefined) return told('failed', `the log takes nothing (${refusal}). ${todo}`);
    if (waitedS > WAITS_LONG_S) return told('degraded', 'the log is slow to answer');
    if (ageS === null) return told('unknown', 'nothing was appended yet');
    return told('ok', 'it keeps what is said');
  };

  const reportOf = async (stopping: boolean): Promise<EngineReport> =>
    create(EngineReportSchema, {
      ...{ process: self.name(), atUs: clock(), startedUs: self.startedUs, stages: [...self.stages], stopping },
      ...{ version: self.version, provider: self.provider() },
      parts: self.parts.now().map(({ name, state, sentence, since }) => ({
        ...{ name, state: partStateOf(state), sentence, sinceUs: since },
      })),
      readings: said % READINGS_EVERY === 0 || stopping ? [...(await self.meters.readings())] : [],
    });

  const say = async (stopping: boolean): Promise<void> => {
    const report = await reportOf(stopping);
    said += 1;
    const value = encodeEngineReport(report);
    const kept = await log.append([{ topic: 'vigil.engine', key: report.process, value }])();
    refusal = E.isLeft(kept) ? kept.left.sentence : undefined;
    if (E.isRight(kept)) keptAtMs = performance.now();
  };

  const sayUnlessWaiting = (): void => {
    if (waiting !== undefined) return;
    const ended = say(false).finally(() => {
      waiting = undefined;
    });
    waiting = { sinceMs: performance.now(), ended };
  };

  self.parts.add(() => [part()]);
  sayUnlessWaiting();
  const timer = setInterval(sayUnlessWaiting, everyMs);
  return {
    log: part,
    stop: async () => {
      clearInterval(timer);
      const lastWord = Promise.resolve(waiting?.ended).then(() => say(true));
      const { promise: patience, resolve } = Promise.withResolvers<void>();
      const enough = setTimeout(resolve, LAST_WORD_MS);
      await Promise.race([lastWord, patience]);
      clearTimeout(enough);
    },
  };
};
