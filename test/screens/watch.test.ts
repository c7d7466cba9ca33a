import { describe, expect, it } from 'vitest';
import type { LiveAlarm } from '../../schemas/live.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import { emptyPicture } from '../../services/screens/bed-picture.ts';
import { type DeliveryInput, delivery } from '../../services/screens/delivery.ts';
import { makeGuard } from '../../services/screens/guard.ts';
import { type WatchInput, watchdog } from '../../services/screens/watchdog.ts';
import { runFold } from '../../stream-models/fold.ts';
import { logInAFolder } from '../gateway/log-in-a-folder.ts';
import { wall } from './vigil-under-test.ts';

const alarm = (id: string, changes: Partial<LiveAlarm> = {}): LiveAlarm => ({
  alarm: id,
  condition: 'vf',
  label: 'VFIB/VFLUTTER',
  text: '',
  priority: 'high',
  origin: 'physiological',
  state: 'on',
  present: true,
  onsetUs: 0,
  sinceUs: 0,
  preset: 'adult',
  ...changes,
});
const picture = (...alarms: readonly LiveAlarm[]): DeliveryInput => ({ tag: 'Picture', alarms });
const received = (id: string): DeliveryInput => ({ tag: 'Received', alarm: id });
const seconds = (count: number): readonly DeliveryInput[] =>
  Array.from({ length: count }, () => ({ tag: 'SecondPassed' }));

/** What was said, with the second in which it was. */
const deliveryStory = (...inputs: readonly (DeliveryInput | readonly DeliveryInput[])[]): readonly string[] => {
  let second = 0;
  let memory = delivery.start;
  return inputs.flat().flatMap((input) => {
    if (input.tag === 'SecondPassed') second += 1;
    const [after, said] = delivery.step(memory, input);
    memory = after;
    return said.map((present) => `${second}s ${present ? 'not delivered' : 'delivered'}`);
  });
};

describe('an alarm that no screen has received', () => {
  it('is itself an alarm after ten seconds, until a screen has received it', () => {
    expect(deliveryStory(picture(alarm('a')), seconds(12), received('a'), seconds(5))).toEqual([
      '10s not delivered',
      '12s delivered',
    ]);
  });

  it('is nothing when a screen received it in time', () => {
    expect(deliveryStory(picture(alarm('a')), seconds(9), received('a'), seconds(30))).toEqual([]);
  });

  it('waits for each alarm of the bed, and also for one that latched unseen', () => {
    expect(
      deliveryStory(
        picture(alarm('a')),
        seconds(5),
        picture(alarm('a', { state: 'latched', present: false }), alarm('b')),
        seconds(6),
        received('b'),
        seconds(3),
        received('a'),
      ),
    ).toEqual(['10s not delivered', '14s delivered']);
  });

  it('ends with the alarm, and does not start for lower priorities or for itself', () => {
    expect(
      deliveryStory(
        picture(alarm('a')),
        seconds(11),
        picture(),
        picture(alarm('b', { priority: 'medium' }), alarm('c', { condition: 'not-delivered', present: false })),
        seconds(30),
      ),
    ).toEqual(['10s not delivered', '11s delivered']);
  });

  it('is received by a console of another front only in the beginning that it has', () => {
    const elsewhere = (sinceUs: number): DeliveryInput => ({ tag: 'Received', alarm: 'a', sinceUs });
    expect(deliveryStory(picture(alarm('a', { sinceUs: 7 })), elsewhere(7), seconds(12))).toEqual([]);
    expect(deliveryStory(picture(alarm('a', { sinceUs: 9 })), elsewhere(7), seconds(12))).toEqual([
      '10s not delivered',
    ]);
  });

  it('of another front may be heard of before the alarm itself', async () => {
    const place = await logInAFolder();
    const guard = makeGuard({
      log: place.log,
      now: wall,
      meters: makeMeters(),
      journal: makeJournal({ level: 'silent' }),
    });
    const bed = { ...emptyPicture('icu-01').bed, alarms: [alarm('a', { sinceUs: 7 })] };
    guard.receivedSomewhere({ bed: 'icu-01', alarm: 'a', sinceUs: 7 });
    guard.picture(bed);
    expect(guard.undelivered()).toBe(0);
    guard.picture({ ...bed, alarms: [alarm('a', { sinceUs: 9 })] });
    expect(guard.undelivered()).toBe(1);
    await place.discard();
  });

  it('must be received again when it rings again', () => {
    expect(
      deliveryStory(
        picture(alarm('a')),
        received('a'),
        picture(alarm('a', { state: 'acknowledged' })),
        picture(alarm('a')),
        seconds(10),
      ),
    ).toEqual(['10s not delivered']);
  });

  it('must be received again when it had latched and comes back', () => {
    expect(
      deliveryStory(
        picture(alarm('a')),
        received('a'),
        picture(alarm('a', { state: 'latched', present: false })),
        seconds(20),
        picture(alarm('a', { sinceUs: 20e6 })),
        seconds(10),
      ),
    ).toEqual(['30s not delivered']);
  });

  it('stays said over a restart of the screens until it is received', () => {
    const said = alarm('n', { condition: 'not-delivered', origin: 'technical' });
    expect(deliveryStory(picture(alarm('a'), said), seconds(3), received('a'))).toEqual(['3s delivered']);
  });
});

describe('analysis that falls silent', () => {
  const second = (...said: readonly ('telemetry' | 'analysis')[]): readonly WatchInput[] => [
    ...said.map((who): WatchInput => ({ tag: who === 'telemetry' ? 'Telemetry' : 'Analysis' })),
    { tag: 'SecondPassed' },
  ];
  const times = (count: number, inputs: readonly WatchInput[]) => Array.from({ length: count }, () => inputs).flat();
  const story = (...inputs: readonly (readonly WatchInput[])[]) => runFold(watchdog, inputs.flat())[1];

  it('is noticed after five seconds of telemetry, and when it speaks again', () => {
    const alive = second('telemetry', 'analysis');
    expect(story(times(60, alive), times(4, second('telemetry')))).toEqual([]);
    expect(story(times(60, alive), times(5, second('telemetry')))).toEqual([true]);
    expect(story(times(60, alive), times(9, second('telemetry')), times(9, alive))).toEqual([true, false]);
  });

  it('is not silent when there is nothing to analyse', () => {
    expect(story(times(3, second('telemetry', 'analysis')), times(600, second()))).toEqual([]);
  });

  it('is taken back after a restart of the screens, which remember from the alarms that they had said it', () => {
    expect(story([{ tag: 'ReportedBefore' }], times(3, second('telemetry')), second('analysis'))).toEqual([false]);
  });
});

describe('the watch over a hospital in which everything rings', () => {
  it('takes the words on 5,000 beds in the time of a few, so that its loop still turns', async () => {
    const place = await logInAFolder();
    const guard = makeGuard({
      log: place.log,
      now: wall,
      meters: makeMeters(),
      journal: makeJournal({ level: 'silent' }),
    });
    const beds = Array.from({ length: 5_000 }, (_, i) => ({
      ...emptyPicture(`icu-${i}`).bed,
      alarms: [alarm(`${i}`)],
    }));
    const began = performance.now();
    for (let turn = 0; turn < 3; turn++) beds.forEach(guard.picture);
    expect(guard.undelivered()).toBe(5_000);
    guard.received(beds.map((_, i) => `${i}`));
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(guard.undelivered()).toBe(0);
    await guard.flush();
    await place.discard();
  });
});
