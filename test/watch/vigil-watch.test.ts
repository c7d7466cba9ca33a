/**
 * Goal: what the watch concludes lies on the log as conditions of the reserved bed, for the alarms stage and for good.
 * Method: the real watch, reporters and alarms stage on a real log; seconds pass when the test says so.
 */
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { decodeAlarmEvent, decodeAlarmInput } from '../../schemas/messages.ts';
import { moment } from '../../schemas/units.ts';
import { alarmPolicy } from '../../services/composition/alarm-policy.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { type Reporter, startReporter } from '../../services/reports/reporter.ts';
import { makeSelf } from '../../services/reports/self.ts';
import { runStage } from '../../services/runtime/run-stage.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { makeVigilWatch, type VigilWatch } from '../../services/watch/vigil-watch.ts';
import { allOf, type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { until } from './seen.ts';

const wall = () => moment(Date.now() * 1e3);
const journal = makeJournal({ level: 'silent' });
let place: LogInAFolder;
let log: EventLog;
let watch: VigilWatch;
const reporters: Reporter[] = [];

const report = (stages: Parameters<typeof makeSelf>[0]['stages'], clock = wall) => {
  const self = makeSelf({ stages, version: '1', meters: makeMeters('thread'), now: wall });
  const reporter = startReporter({ log, self, clock, everyMs: 10 });
  reporters.push(reporter);
  return { self, reporter };
};

beforeEach(async () => {
  place = await logInAFolder();
  log = place.log;
  const { self, reporter } = report(['gateway', 'screens']);
  watch = makeVigilWatch({ log, now: wall, journal, self, logPart: reporter.log, deaf: () => undefined });
  await watch.start();
});
afterEach(async () => {
  for (const each of reporters.splice(0)) await each.stop();
  await watch.close();
  await place.discard();
});

/** "condition comes" and "goes", and ticks, as they lie on vigil.alarm-inputs. */
const inputs = async (): Promise<readonly string[]> =>
  (await allOf(log, 'vigil.alarm-inputs')).map(({ key, value }) => {
    expect(key).toBe(VIGIL_BED);
    const input = decodeAlarmInput(value);
    if (E.isLeft(input)) throw new Error(input.left.sentence);
    const { input: said } = input.right;
    return said.case === 'condition'
      ? `${said.value.condition} ${said.value.present ? 'comes' : 'goes'}`
      : `${said.case}`;
  });
const heard = (process: string): Promise<number> =>
  until(
    `reports of ${process}`,
    () => watch.processes().some((each) => each.process === process && each.ageS === 0),
    10_000,
  );

describe('the watch over Vigil', () => {
  it('tells a clock that is three seconds behind the log’s, and of which process it is', async () => {
    report(['alarms']);
    report(['analysis'], () => moment(wall() - 3e6));
    await heard('analysis-idle');
    for (let second = 0; !(await inputs()).includes('clock-off comes'); second++) {
      expect(second).toBeLessThan(1_000);
      await watch.secondPassed();
    }
    expect(watch.parts()).toMatchObject([
      { name: 'clock', state: 'degraded', sentence: expect.stringMatching(/analysis-idle by 3\.0 s/) },
    ]);
  });

  it('lets time pass for the alarms of the reserved bed: a roll call at once and each minute', async () => {
    report(['alarms']);
    report(['analysis']);
    await heard('alarms-idle');
    const passMinute = async (): Promise<void> => {
      for (let second = 0; second < 60; second++) {
        await heard('alarms-idle');
        await watch.secondPassed();
      }
    };
    await passMinute();
    await passMinute();
    expect((await inputs()).filter((line) => line === 'tick').length).toBeGreaterThanOrEqual(2);
  });

  it('has the alarms stage ring, and end, like any other alarm', async () => {
    const stage = await runStage(alarmsStage(alarmPolicy), { log });
    report(['analysis']);
    report(['alarms']);
    const { self } = report(['recorder']);
    let failing = true;
    self.parts.add(() => [
      { name: 'series store', state: failing ? 'failed' : 'ok', ageS: null, sentence: 'the disk is full' },
    ]);
    const events = async (): Promise<readonly string[]> =>
      (await allOf(log, 'vigil.alarms')).flatMap(({ value }) => {
        const event = decodeAlarmEvent(value);
        if (E.isLeft(event)) throw new Error(event.left.sentence);
        const { transition } = event.right;
        return transition === undefined ? [] : [`${transition.condition} ${transition.why}`];
      });
    const pass = async (line: string): Promise<void> => {
      for (let second = 0; !(await events()).includes(line); second++) {
        expect(second).toBeLessThan(1_000);
        await watch.secondPassed();
      }
    };
    await heard('recorder-idle');
    await pass('series-away condition present');
    failing = false;
    await pass('series-away condition ended');
    await stage.stop();
  });
});
