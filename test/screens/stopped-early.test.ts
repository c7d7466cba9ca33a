/**
 * Goal: who is told to stop while it still reads the past does not read on: an orchestrator waits five seconds, a past may be long.
 * Method: a log that says that it holds more than it ever hands over, as one whose broker is slow looks to its readers.
 */
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../services/config.ts';
import { makeActs } from '../../services/gateway/acts.ts';
import { makeGateway } from '../../services/gateway/gateway.ts';
import { learnFromLog } from '../../services/gateway/restore.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { startReporter } from '../../services/reports/reporter.ts';
import { makeSelf } from '../../services/reports/self.ts';
import { makeScreens } from '../../services/screens/screens.ts';
import { runStages } from '../../services/start.ts';
import { makeVigilWatch } from '../../services/watch/vigil-watch.ts';
import { type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { temporaryFolder } from '../recordings/made-record.ts';
import { wall } from './vigil-under-test.ts';

let place: LogInAFolder;
let log: EventLog;
/** Tails that were begun and not stopped. */
let tails: number;
/** Resolves when so many tails have begun. */
let followed: (count: number) => Promise<void>;

beforeEach(async () => {
  place = await logInAFolder();
  tails = 0;
  let told = (): void => undefined;
  followed = (count) =>
    new Promise((done) => {
      told = () => (tails >= count ? done() : undefined);
      told();
    });
  log = {
    ...place.log,
    extent: async (topic) => (await place.log.extent(topic)).map((each) => ({ ...each, next: each.next + 1n })),
    tail: async (reader) => {
      const tail = await place.log.tail(reader);
      tails += 1;
      void tail.ended.then(() => {
        tails -= 1;
      });
      told();
      return tail;
    },
  };
});
afterEach(() => place.discard());

const [meters, journal] = [makeMeters(), makeJournal({ level: 'silent' })];

describe('a start that is called off while the past is read', () => {
  // Half as long as a gateway is patient with a log that does not move.
  it('leaves a gateway without its past, and reads no further', { timeout: 15_000 }, async () => {
    const gateway = makeGateway({ log, now: wall, meters, journal, lingerMs: 1 });
    const stopping = new AbortController();
    const learning = learnFromLog(log, gateway, wall(), stopping.signal);
    await followed(1);
    stopping.abort();
    expect((await learning).frames).toBe(0);
    expect(tails).toBe(0);
    await gateway.close();
  });

  it('ends the screens and the watch, whatever they had yet to read', async () => {
    const self = makeSelf({ stages: ['screens'], version: '1', meters, now: wall });
    const reporter = startReporter({ log, self, clock: wall });
    const watch = makeVigilWatch({ log, now: wall, journal, self, logPart: reporter.log, deaf: () => undefined });
    const screens = makeScreens({
      ...{ log, now: wall, meters, journal, watch, act: makeActs(log, wall) },
      ...{ ward: 'ICU 2', simulated: true, provider: () => 'cpu', tokenIsGood: () => true },
    });
    const started = screens.start();
    await followed(1);
    await screens.close();
    await started;
    expect([tails, screens.health().started]).toEqual([0, false]);
    await reporter.stop();
  });

  it('opens no door', async () => {
    await using folder = await temporaryFolder();
    const config = readConfig({ VIGIL_DATA_DIR: folder.path, VIGIL_PORT: '0', VIGIL_LOG_LEVEL: 'silent' });
    if (E.isLeft(config)) throw new Error(config.left.join());
    expect(await runStages(config.right, ['gateway', 'screens'], AbortSignal.abort())).toBeUndefined();
  });
});
