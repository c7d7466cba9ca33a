import { describe, expect, it } from 'vitest';
import type { EventLog } from '../../services/ports/event-log.ts';
import { askWhereGroupsStand } from '../../services/watch/lag-round.ts';
import { type GroupLag, type LagMemory, lagWatch } from '../../services/watch/lag-watch.ts';
import * as story from './event-log-story.ts';
import { append, type LogUnderTest, record } from './event-log-story.ts';
import { opensLogs } from './opened-logs.ts';

const ROUNDS_UNTIL_STILL = 4;
const PASSED_S = 2;

/** Where groups stand, on a log with everything that it leaves between records. */
export const groupLagContract = (name: string, underTest: LogUnderTest): void => {
  const open = opensLogs(underTest);
  /** Asks again and again, as if two seconds lay between. */
  const looks = async (log: EventLog, count: number, group: string): Promise<GroupLag | undefined> => {
    let memory: LagMemory = lagWatch.start;
    let lags: readonly GroupLag[] = [];
    for (let i = 0; i < count; i++) {
      const round = await askWhereGroupsStand(log);
      [memory, lags] = lagWatch.step(memory, { ...round, passedS: PASSED_S });
    }
    return lags.find((each) => each.group === group);
  };
  /** A stage that writes in transactions, and the recorder behind it; both have settled everything. */
  const copyAll = async (log: EventLog, count: number) => {
    const analysis = await story.copier(log, 'vigil-analysis');
    await story.consume(log, 'vigil-recorder-findings', count, 'vigil.findings');
    return analysis;
  };

  describe(`${name} tells where groups stand`, () => {
    it('at the end of what was written in transactions, nobody stands still', async () => {
      const log = await open();
      for (let i = 0; i < 5; i++) await append(log, [record('bed-1', `${i}`), record('bed-2', `${i}`)]);
      const analysis = await copyAll(log, 10);
      await analysis.stop();
      for (const bed of ['bed-1', 'bed-2'])
        await story.standsAtEnd(log, 'vigil-analysis', log.partitionOf('vigil.telemetry', bed));
      const recorder = await looks(log, ROUNDS_UNTIL_STILL * 2, 'vigil-recorder-findings');
      expect(recorder).toMatchObject({ still: false, begun: true });
      expect(await looks(log, ROUNDS_UNTIL_STILL * 2, 'vigil-analysis')).toMatchObject({ records: 0, still: false });
    });

    it('a group that nobody reads for stands still as soon as records wait', async () => {
      const log = await open();
      await append(log, [record('bed-1', 'a')]);
      const analysis = await copyAll(log, 1);
      await analysis.stop();
      await story.standsAtEnd(log, 'vigil-analysis', log.partitionOf('vigil.telemetry', 'bed-1'));
      await append(log, [record('bed-1', 'b'), record('bed-1', 'c'), record('bed-1', 'd')]);
      expect(await looks(log, ROUNDS_UNTIL_STILL, 'vigil-analysis')).toMatchObject({ records: 3, still: true });
    });

    it('a group that never was has everything before it', async () => {
      const log = await open();
      await append(log, [record('bed-1', 'a'), record('bed-1', 'b'), record('bed-1', 'c')]);
      expect(await looks(log, ROUNDS_UNTIL_STILL, 'vigil-analysis')).toMatchObject({
        ...{ records: 3, still: true, begun: false },
      });
    });
  });
};
