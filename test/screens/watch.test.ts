import { describe, expect, it } from 'vitest';
import type { LiveAlarm } from '../../schemas/live.ts';
import { type DeliveryInput, delivery } from '../../services/screens/delivery.ts';
import { type WatchInput, watchdog } from '../../services/screens/watchdog.ts';
import { runFold } from '../../stream-models/fold.ts';

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
const picture = (bed: string, ...alarms: readonly LiveAlarm[]): DeliveryInput => ({ tag: 'Picture', bed, alarms });
const received = (...alarms: readonly string[]): DeliveryInput => ({ tag: 'Received', alarms });
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
    return said.map(({ bed, present }) => `${second}s ${bed} ${present ? 'not delivered' : 'delivered'}`);
  });
};

describe('an alarm that no screen has received', () => {
  it('is itself an alarm after ten seconds, until a screen has received it', () => {
    expect(deliveryStory(picture('icu-01', alarm('a')), seconds(12), received('a'), seconds(5))).toEqual([
      '10s icu-01 not delivered',
      '12s icu-01 delivered',
    ]);
  });

  it('is nothing when a screen received it in time', () => {
    expect(deliveryStory(picture('icu-01', alarm('a')), seconds(9), received('a'), seconds(30))).toEqual([]);
  });

  it('waits for each alarm of the bed, and also for one that latched unseen', () => {
    expect(
      deliveryStory(
        picture('icu-01', alarm('a')),
        seconds(5),
        picture('icu-01', alarm('a', { state: 'latched', present: false }), alarm('b')),
        seconds(6),
        received('b'),
        seconds(3),
        received('a'),
      ),
    ).toEqual(['10s icu-01 not delivered', '14s icu-01 delivered']);
  });

  it('ends with the alarm, and does not start for lower priorities or for itself', () => {
    expect(
      deliveryStory(
        picture('icu-01', alarm('a')),
        seconds(11),
        picture('icu-01'),
        picture(
          'icu-02',
          alarm('b', { priority: 'medium' }),
          alarm('c', { condition: 'not-delivered', present: false }),
        ),
        seconds(30),
      ),
    ).toEqual(['10s icu-01 not delivered', '11s icu-01 delivered']);
  });

  it('must be received again when it rings again', () => {
    expect(
      deliveryStory(
        picture('icu-01', alarm('a')),
        received('a'),
        picture('icu-01', alarm('a', { state: 'acknowledged' })),
        picture('icu-01', alarm('a')),
        seconds(10),
      ),
    ).toEqual(['10s icu-01 not delivered']);
  });

  it('stays said over a restart of the screens until it is received', () => {
    const said = alarm('n', { condition: 'not-delivered', origin: 'technical' });
    expect(deliveryStory(picture('icu-01', alarm('a'), said), seconds(3), received('a'))).toEqual([
      '3s icu-01 delivered',
    ]);
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
