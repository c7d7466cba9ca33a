import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventLog, LogError } from '../../services/ports/event-log.ts';
import { followFrom } from '../../services/runtime/follow-topic.ts';
import { append, record, text } from '../contracts/event-log-story.ts';
import { type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { until } from '../watch/seen.ts';

let place: LogInAFolder;
beforeEach(async () => {
  place = await logInAFolder();
});
afterEach(() => place.discard());

describe('a reader that follows the log', () => {
  it('goes on where it was when its tail has ended by itself, and says meanwhile that it does not hear', async () => {
    const failure: LogError = { tag: 'LogFailed', retriable: false, sentence: 'the coordinator is gone for good' };
    let end: ((error: LogError) => void) | undefined;
    let tails = 0;
    // The log, but each of its tails can be ended as a broken one ends.
    const log: EventLog = {
      ...place.log,
      tail: async (reader) => {
        tails += 1;
        const tail = await place.log.tail(reader);
        const { promise: broken, resolve } = Promise.withResolvers<LogError | undefined>();
        end = (error) => void tail.stop().then(() => resolve(error));
        return { ...tail, ended: Promise.race([tail.ended.then(() => broken), broken]) };
      },
    };
    const heard: string[] = [];
    const onRecord = (each: Parameters<typeof text>[0]): void => void heard.push(text(each));
    await append(log, [record('bed-1', 'a')]);
    const following = await followFrom({
      ...{ log, topic: 'vigil.telemetry', otherwise: 'beginning', patienceMs: 10_000 },
      onRecord,
    });
    await following.caughtUp;
    expect([heard, following.lost()]).toEqual([['a'], undefined]);
    end!(failure);
    await until('it says so', () => following.lost() === failure.sentence, 5_000);
    await append(log, [record('bed-1', 'b')]);
    await until('it hears again', () => heard.length === 2, 10_000);
    expect(heard).toEqual(['a', 'b']);
    expect([tails, following.lost()]).toEqual([2, undefined]);
    end!(failure);
    await following.stop();
  });
});
