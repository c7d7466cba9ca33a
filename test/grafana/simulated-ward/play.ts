/**
 * Plays the ward second by second through the real gateway, whose clock is the frames' own, until it has caught up with
 * the clock of the world: what the dashboards call "now" is now. A nurse goes round; processes report; some messages are
 * no frames.
 */

import { SignalState } from '../../../schemas/generated/vigil/v1/alarms_pb.ts';
import { decodeAlarmEvent } from '../../../schemas/messages.ts';
import { encodeTelemetry } from '../../../schemas/telemetry.ts';
import { after, type Moment, moment, seconds } from '../../../schemas/units.ts';
import { makeActs } from '../../../services/gateway/acts.ts';
import { makeGateway } from '../../../services/gateway/gateway.ts';
import { makeJournal } from '../../../services/logging/journal.ts';
import { makeMeters } from '../../../services/metrics/meters.ts';
import type { EventLog } from '../../../services/ports/event-log.ts';
import { right } from '../../right.ts';

import { lineFrame, simulatedMonitors } from './devices.ts';
import { reading, readingsOf, report } from './reports.ts';
import type { Stages } from './stages.ts';

/** The bed with the second device; the one whose monitor goes away. */
export const LINE_BED = 'icu-02';
export const LEAVING_BED = 'icu-08';
export const LEAVES_AT_S = 245;
/** When a nurse goes round, and to which beds: the others ring on. */
const ROUNDS_AT_S: ReadonlySet<number> = new Set([65, 170, 320]);
const NURSED = ['icu-01', 'icu-02', 'icu-06', 'icu-07'];
const PAUSED_AT_S = 45;
const PAUSED_BED = 'icu-03';
const NOISE_EVERY_S = 60;
const REPORT_EVERY_S = 10;
/** How long the consoles take for an alert, in turn: nobody looks at this ward. */
const LATENCIES_S = [0.03, 0.2, 0.7];
/** Seconds of the ward that are on the way to the log before the next one waits. */
const SECONDS_ON_THE_WAY = 8;

export interface Play {
  readonly start: Moment;
  /** Plays on to a moment; resolves when the log has all of it. */
  readonly to: (end: Moment) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export const openPlay = async (log: EventLog, stages: Stages, start: Moment): Promise<Play> => {
  let now = start;
  let second = 0;
  let framesASecond = 1;
  const front = makeMeters();
  const analysis = makeMeters();
  const gateway = makeGateway({
    ...{ log, now: () => now, meters: front, journal: makeJournal({ level: 'error' }), lingerMs: 0 },
  });
  const act = makeActs(log, () => now);
  const monitors = simulatedMonitors(start);
  let seen = 0;
  const screen = await log.tail({
    ...{ topic: 'vigil.alarms', from: new Map(), otherwise: 'beginning' },
    onRecords: ({ records }) => {
      for (const { value } of records)
        if (right(decodeAlarmEvent(value)).transition?.to === SignalState.ON)
          front.alertLatency.seen(LATENCIES_S[seen++ % LATENCIES_S.length]!);
    },
  });

  /** The alarms of this moment must be on the log before somebody can see them. */
  const nurse = async (kind: 'acknowledge' | 'pause-audio', beds: readonly string[]): Promise<void> => {
    await stages.decided();
    for (const bed of beds) await act({ id: `${kind} ${bed} ${second}`, kind, bed, by: 'Nurse Kim' });
  };

  const reports = async (): Promise<void> => {
    const lags = await stages.lags();
    front.stageLag.set(lags.get('vigil-analysis')! / framesASecond, 'analysis');
    analysis.provider.set(1, stages.provider);
    const groups = [...lags].map(([group, records]) => reading('vigil_group_lag_records', group, records));
    right(
      await log.append([
        report('front', now, start, 'log', [...readingsOf(await front.text()), ...groups]),
        report('analysis-0', now, start, 'inference', readingsOf(await analysis.text())),
      ])(),
    );
  };
  const speak = async (): Promise<void> => {
    const at = after(start, seconds(second));
    const frames = monitors(at).filter(({ bed }) => bed !== LEAVING_BED || second < LEAVES_AT_S);
    framesASecond = Math.max(1, frames.length);
    const answers = [...frames, lineFrame(LINE_BED, second, at)].map((frame) => {
      now = moment(frame.deviceTimeUs);
      return gateway.accept(encodeTelemetry(frame));
    });
    now = at;
    if (second % NOISE_EVERY_S === 0) await gateway.accept(Uint8Array.of(1, 2, 3));
    const refused = (await Promise.all(answers)).find(({ ok }) => !ok);
    if (refused !== undefined) throw new Error(`the gateway refused a frame: ${JSON.stringify(refused)}`);
  };

  return {
    start,
    to: async (end) => {
      const onTheWay: Promise<void>[] = [];
      while (after(start, seconds(second + 1)) <= end) {
        second += 1;
        onTheWay.push(speak());
        onTheWay.push(gateway.secondPassed());
        const isRound = ROUNDS_AT_S.has(second);
        if (isRound || second === PAUSED_AT_S || second % REPORT_EVERY_S === 0) await Promise.all(onTheWay.splice(0));
        if (isRound) await nurse('acknowledge', NURSED);
        if (second === PAUSED_AT_S) await nurse('pause-audio', [PAUSED_BED]);
        if (second % REPORT_EVERY_S === 0) await reports();
        while (onTheWay.length > 2 * SECONDS_ON_THE_WAY) await onTheWay.shift();
      }
      await Promise.all(onTheWay);
    },
    stop: async () => {
      await screen.stop();
      await gateway.close();
    },
  };
};
