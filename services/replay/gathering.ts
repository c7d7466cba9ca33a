/** Gathers what the stages say of replayed beds, and knows when all of it has been said. */
import * as E from 'fp-ts/lib/Either.js';
import type { AlarmEvent } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { Finding } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { decodeAlarmEvent, decodeFindings } from '../../schemas/messages.ts';
import type { Topic } from '../../schemas/topics.ts';
import type { EventLog, LogRecord, Subscription } from '../ports/event-log.ts';

/** What was said of one bed up to the end of its recording, in the order of the log. */
export interface Gathered {
  readonly findings: readonly Finding[];
  readonly alarms: readonly AlarmEvent[];
}

export interface GatheredBed {
  readonly bed: string;
  /** The end of the recording; what was said later was said because of the end, and is left out. */
  readonly endUs: number;
}

export interface Gathering {
  /** From now on this bed is listened to. Must come before its first frame. */
  readonly expect: (bed: GatheredBed) => void;
  /** Resolves when everything of the bed was said; it is then forgotten. Rejects when the log or the stages fail. */
  readonly whole: (bed: string) => Promise<Gathered>;
  /** Nobody waits for this bed any more. */
  readonly forget: (bed: string) => void;
  readonly close: () => Promise<void>;
}

/** Signals end and roll calls are made after the end of a recording; see the README. */
const ROUNDING_US = 1_000;
/** Only the roll call is said so long after the end: by then every alarm of the recording is on the log. */
const ROLL_CALL_AFTER_US = 30e6;

interface Listening extends GatheredBed {
  readonly findings: Finding[];
  readonly alarms: AlarmEvent[];
  findingsWhole: boolean;
  alarmsWhole: boolean;
  readonly done: PromiseWithResolvers<Gathered>;
}

/** What a replay does not write need not be kept. */
const written: ReadonlySet<Finding['kind']['case']> = new Set([
  'beat',
  'rhythm',
  'condition',
  'score',
  'verdict',
  'risk',
]);
const isWritten = ({ kind }: Finding): boolean => written.has(kind.case);

const takeFindings = (listening: Listening, record: LogRecord): void => {
  const said = decodeFindings(record.value);
  if (E.isLeft(said)) throw new Error(`unreadable findings at offset ${record.offset}: ${said.left.sentence}`);
  for (const finding of said.right.findings) {
    if (finding.saidUs > listening.endUs + ROUNDING_US) listening.findingsWhole = true;
    else if (isWritten(finding)) listening.findings.push(finding);
  }
};

const takeAlarm = (listening: Listening, record: LogRecord): void => {
  const event = decodeAlarmEvent(record.value);
  if (E.isLeft(event)) throw new Error(`unreadable alarm at offset ${record.offset}: ${event.left.sentence}`);
  const { saidUs } = event.right;
  if (saidUs > listening.endUs + ROLL_CALL_AFTER_US) listening.alarmsWhole = true;
  else if (saidUs <= listening.endUs + ROUNDING_US) listening.alarms.push(event.right);
};

/** Listens to findings and alarms of a log from now on. `stalledMs` without a word about an awaited bed is a failure. */
export const openGathering = async (log: EventLog, stalledMs: number): Promise<Gathering> => {
  const beds = new Map<string, Listening>();
  let lastHeard = performance.now();

  const failAll = (cause: Error): void => {
    for (const { done } of beds.values()) done.reject(cause);
  };

  const follow = async (
    topic: Topic,
    take: (listening: Listening, record: LogRecord) => void,
  ): Promise<Subscription> => {
    const from = new Map((await log.extent(topic)).map(({ partition, next }) => [partition, next]));
    const tail = await log.tail({
      topic,
      from,
      otherwise: 'beginning',
      onRecords: ({ records }) => {
        lastHeard = performance.now();
        for (const record of records) {
          const listening = beds.get(record.key);
          if (listening === undefined) continue;
          take(listening, record);
          if (listening.findingsWhole && listening.alarmsWhole)
            listening.done.resolve({ findings: listening.findings, alarms: listening.alarms });
        }
      },
    });
    tail.ended.then((error) =>
      failAll(new Error(`${topic} can no longer be read: ${error?.sentence ?? 'it was closed'}`)),
    );
    return tail;
  };

  const tails = [await follow('vigil.findings', takeFindings), await follow('vigil.alarms', takeAlarm)];
  const watching = setInterval(() => {
    if (beds.size > 0 && performance.now() - lastHeard > stalledMs)
      failAll(
        new Error(
          `no stage said anything for ${Math.round(stalledMs / 1e3)} s. Do the stages run? (vigil stage analysis alarms)`,
        ),
      );
  }, 1_000);

  return {
    expect: ({ bed, endUs }) => {
      lastHeard = performance.now();
      const done = Promise.withResolvers<Gathered>();
      // Somebody may fail before anybody waits.
      done.promise.catch(() => undefined);
      beds.set(bed, { bed, endUs, findings: [], alarms: [], findingsWhole: false, alarmsWhole: false, done });
    },
    whole: async (bed) => {
      const listening = beds.get(bed);
      if (listening === undefined) throw new RangeError(`bed ${bed} was not expected`);
      const gathered = await listening.done.promise;
      beds.delete(bed);
      return gathered;
    },
    forget: (bed) => {
      beds.delete(bed);
    },
    close: async () => {
      clearInterval(watching);
      await Promise.all(tails.map((tail) => tail.stop()));
    },
  };
};
