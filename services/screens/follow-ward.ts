import { days, type Moment, moment, seconds } from '../../schemas/units.ts';
import type { EventLog, LogRecord } from '../ports/event-log.ts';
import { type Following, followFrom } from '../runtime/follow-topic.ts';
import type { HearLog } from './hear-log.ts';

/** How much of the past of each topic is read first: as far back as a picture of now needs it. */
const ALARMS_BACK = days(1);
const FINDINGS_BACK = seconds(600);
const TELEMETRY_BACK = seconds(60);
/** Pictures go to the consoles four times a second: what waits so long for company comes no later. Alarms never wait. */
const PICTURE_LINGER_MS = 25;
/** A log that does not move for so long is shown as far as it was read. */
const PATIENCE_MS = 5_000;

/** Follows the four topics that the screens hear, from before `at` on. Rejects when the log cannot be joined. */
export const followWard = (log: EventLog, at: Moment, hears: HearLog): Promise<readonly Following[]> => {
  const follow = (topic: LogRecord['topic'], back: number, onRecord: (record: LogRecord) => void, lingerMs = 0) =>
    followFrom({
      log,
      topic,
      otherwise: { since: moment(at - back) },
      lingerMs,
      onRecord,
      patienceMs: PATIENCE_MS,
    });
  return Promise.all([
    follow('vigil.alarms', ALARMS_BACK, hears.alarm),
    follow('vigil.findings', FINDINGS_BACK, hears.findings, PICTURE_LINGER_MS),
    follow('vigil.telemetry', TELEMETRY_BACK, hears.telemetry, PICTURE_LINGER_MS),
    follow('vigil.alarm-inputs', TELEMETRY_BACK, hears.alarmInput, PICTURE_LINGER_MS),
  ]);
};
