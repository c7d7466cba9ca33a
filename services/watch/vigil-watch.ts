import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { conditions, isCondition, priorityRank } from '../../schemas/conditions.ts';
import { isStageName, VIGIL_BED } from '../../schemas/engine.ts';
import { AlarmInputSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { LiveBed, LiveTrouble } from '../../schemas/live.ts';
import { decodeEngineReport, encodeAlarmInput } from '../../schemas/messages.ts';
import { type Moment, moment, seconds } from '../../schemas/units.ts';
import type { Journal } from '../logging/journal.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';
import { type HealthPart, healthStateOf } from '../reports/part.ts';
import type { Self } from '../reports/self.ts';
import { type Following, followFrom } from '../runtime/follow-topic.ts';
import { makeConditionWriter } from './condition-writer.ts';
import { type EngineInput, type EngineMemory, engineWatch, troublesOf } from './engine-watch.ts';
import { isSilent, keyOf, type ReportHeard } from './instances.ts';
import { askWhereGroupsStand } from './lag-round.ts';
import { type LagMemory, lagWatch } from './lag-watch.ts';
import { clocksPart, type ProcessHealth, processesHealth } from './process-health.ts';
import { tellMeters } from './tell-meters.ts';

export interface VigilWatchOptions {
  readonly log: EventLog;
  readonly now: () => Moment;
  readonly journal: Journal;
  readonly self: Self;
  /** How the log does, as this process's own reports find it. */
  readonly logPart: () => HealthPart;
  /** Why the screens do not hear the log; undefined: they do. */
  readonly deaf: () => string | undefined;
}

/** Watches Vigil itself: hears every process, asks where the groups stand, writes the conditions of the reserved bed. */
export interface VigilWatch {
  /** Reads what was said of late and follows. Resolves when it is read. */
  readonly start: () => Promise<void>;
  /** The alarms of the reserved bed, after a change, a roll call or a restart. */
  readonly picture: (bed: LiveBed) => void;
  readonly secondPassed: () => Promise<void>;
  /** What consoles must be told past the log; gravest first. */
  readonly troubles: () => readonly LiveTrouble[];
  /** The inference providers that analysis processes report, in words. */
  readonly provider: () => string;
  readonly processes: () => readonly ProcessHealth[];
  readonly parts: () => readonly HealthPart[];
  readonly close: () => Promise<void>;
}

/** Far enough back to know of a process that died before this one was started. */
const REPORTS_BACK = seconds(600);
/** A report is far behind after ten seconds of a log that stands still, whatever else holds it up. */
const PATIENCE_MS = 5_000;
const LAG_EVERY_S = 2;
/** An answer that took longer than its round says nothing about where a group stood meanwhile. */
const PASSED_MOST_S = 2 * LAG_EVERY_S;
const ROLL_CALL_EVERY_S = 60;

const heardFrom = (record: LogRecord): ReportHeard | undefined => {
  const report = decodeEngineReport(record.value);
  if (E.isLeft(report)) return undefined;
  const { process, startedUs, stages, version, provider, stopping, parts, atUs } = report.right;
  return {
    ...{ process, startedUs, version, provider, stopping, stages: stages.filter(isStageName) },
    parts: parts.map(({ name, state, sentence }) => ({ name, state: healthStateOf(state), sentence })),
    ...{ appendedUs: record.appendedAt, offsetUs: record.appendedAt - atUs },
  };
};

/** Watches from `start` on. */
export const makeVigilWatch = ({ log, now, journal, self, logPart, deaf }: VigilWatchOptions): VigilWatch => {
  const own = keyOf(self);
  const fold = engineWatch(own);
  const writer = makeConditionWriter(log, now, journal, 'in order');
  let memory: EngineMemory = fold.start;
  let lags: LagMemory = lagWatch.start;
  let asking = false;
  let askedAtMs: number | undefined;
  let following: Following | undefined;
  let beginning: Promise<unknown> = Promise.resolve();
  let sinceRollCallS = ROLL_CALL_EVERY_S;
  let pausedUntilUs: number | undefined;

  const hear = (input: EngineInput): void => {
    const [after, said] = fold.step(memory, input);
    for (const [name, count] of after.begunAnew) {
      const more = count - (memory.begunAnew.get(name) ?? 0);
      if (more > 0) self.meters.processRestarts.add(more, name);
    }
    memory = after;
    for (const { condition, present, sentence, agoS } of said)
      writer.say({ bed: VIGIL_BED, condition, present, evidence: sentence, agoS });
  };

  const askGroups = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      const round = await askWhereGroupsStand(log);
      const passedS = askedAtMs === undefined ? 0 : Math.min(PASSED_MOST_S, (performance.now() - askedAtMs) / 1e3);
      askedAtMs = performance.now();
      const [after, told] = lagWatch.step(lags, { ...round, passedS });
      lags = after;
      hear({ tag: 'Lags', lags: told });
    } catch {
      // That the log does not answer is told by the reports; how long the groups stood still is unknown then.
      lags = lagWatch.start;
      askedAtMs = undefined;
      hear({ tag: 'Lags', lags: [] });
    } finally {
      asking = false;
    }
  };

  /** The alarm machine knows no clock: a roll call each minute, and the end of a pause of sound in its second. */
  const tick = (): void => {
    sinceRollCallS += 1;
    const pauseIsOver = pausedUntilUs !== undefined && pausedUntilUs <= now();
    if (sinceRollCallS < ROLL_CALL_EVERY_S && !pauseIsOver) return;
    sinceRollCallS = 0;
    const at = now();
    const input = create(AlarmInputSchema, {
      ...{ bed: VIGIL_BED, atUs: at, saidUs: at },
      input: { case: 'tick', value: { $typeName: 'vigil.v1.Tick' } },
    });
    // A tick that the log does not take is made good by the next.
    void log.append([{ topic: 'vigil.alarm-inputs', key: VIGIL_BED, value: encodeAlarmInput(input) }])();
  };

  return {
    start: async () => {
      const begun = followFrom({
        ...{ log, topic: 'vigil.engine', otherwise: { since: moment(now() - REPORTS_BACK) }, patienceMs: PATIENCE_MS },
        onRecord: (record) => {
          const report = heardFrom(record);
          if (report === undefined) self.meters.unreadable.add(1, record.topic);
          else hear({ tag: 'Report', report });
        },
      });
      beginning = begun.catch(() => undefined);
      following = await begun;
      await following.caughtUp;
    },
    picture: ({ alarms, audioPausedUntilUs }) => {
      pausedUntilUs = audioPausedUntilUs ?? undefined;
      hear({
        tag: 'Picture',
        present: alarms
          .filter(({ present }) => present)
          .map(({ condition }) => condition)
          .filter(isCondition),
      });
    },
    secondPassed: async () => {
      const part = logPart();
      hear({ tag: 'SecondPassed', logFault: part.state === 'failed' ? part.sentence : (deaf() ?? following?.lost()) });
      tellMeters(self, memory);
      if (memory.logAwayForS === undefined) tick();
      if (memory.seconds % LAG_EVERY_S === 0) void askGroups();
      await writer.flush();
    },
    troubles: () =>
      troublesOf(memory)
        .map(({ name, sentence, forS }): LiveTrouble => {
          const { label, priority } = conditions[name];
          return { name, label, priority, sentence, sinceUs: now() - forS * 1e6 };
        })
        .sort((a, b) => priorityRank[a.priority] - priorityRank[b.priority]),
    provider: () => {
      const told = [...memory.instances.values()].filter((each) => !isSilent(each) && each.provider !== '');
      return told.length === 0
        ? 'not told by any analysis'
        : [...new Set(told.map(({ provider }) => provider))].join(', ');
    },
    processes: () => processesHealth(memory, own),
    parts: () => [clocksPart(memory)],
    close: async () => {
      await beginning; // what joins the log cannot be called off
      await following?.stop();
      await writer.flush();
    },
  };
};
