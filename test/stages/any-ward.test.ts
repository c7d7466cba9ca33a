/**
 * Goal: whatever a shift was like, no alarm is left over from it and none is kept from ringing by it, however clocks are set and whichever
 * way frames come.
 * Method: a random shift of the ward of `ward-world.ts`, and after it two minutes in which the devices of the bed, or one of them, tell
 * everything second by second. What stands then is what stands at a bed that has seen those two minutes alone.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterShift, type Clock, type Doing, type Stretch, standing, type Way, type Word } from './ward-world.ts';

/** The same shifts every time: whoever changes something hears of it, and nobody else. To look for new ones leave it out and raise the runs. */
const SEED = 28;

const word = fc.constantFrom<Word>(97, 85, 75, 'missing', 'left out');
const doing: fc.Arbitrary<Doing> = fc.option(
  fc.record({
    told: fc.tuple(word, fc.constantFrom<Word>(70, 150, 'left out'), fc.constantFrom<Word>(14, 40)),
    line: fc.constantFrom<'up' | 'down'>('up', 'up', 'up', 'down'),
  }),
  { nil: undefined },
);
const way = fc.constantFrom<Way | undefined>(undefined, undefined, undefined, 'front 0', 'front 1', 'log');
const clock = fc.record({
  whose: fc.constantFrom<Clock>('monitor', 'transport', 'front 0', 'front 1', 'log', 'Vigil'),
  byS: fc.constantFrom(-3_600, -90, -30, -3, 3, 30, 90, 3_600),
});
const stretch: fc.Arbitrary<Stretch> = fc.record({
  seconds: fc.constantFrom(1, 2, 5, 11, 16, 40),
  devices: fc.tuple(doing, doing),
  ways: fc.tuple(way, way),
  patient: fc.constantFrom(undefined, undefined, undefined, 'p1', 'p2', ''),
  clock: fc.option(clock, { nil: undefined, freq: 2 }),
  act: fc.constantFrom(
    undefined,
    undefined,
    undefined,
    'acknowledge' as const,
    'pause-audio' as const,
    'standby' as const,
  ),
});
const shift = fc.array(stretch, { maxLength: 5 });

const usual = (spo2: Word): Doing => ({ told: [spo2, 70, 14], line: 'up' });
const silent: Stretch = { seconds: 1, devices: [undefined, undefined] };
const monitor = (spo2: Word, more: Partial<Stretch> = {}): Stretch => ({
  ...{ seconds: 1, devices: [usual(spo2), undefined] },
  ...more,
});
const transport = (spo2: Word, more: Partial<Stretch> = {}): Stretch => ({
  ...{ seconds: 1, devices: [undefined, usual(spo2)] },
  ...more,
});

/** What stands at a bed that has seen only how it ends. */
const alone = new Map<string, readonly string[]>();
const standingAfter = async (end: Stretch): Promise<readonly string[]> => {
  const key = JSON.stringify(end);
  const known = alone.get(key) ?? standing(await afterShift([end]));
  alone.set(key, known);
  return known;
};

const hour = (whose: Clock) => ({ clock: { whose, byS: 3_600 } });
/** Each found by the property, and mended. */
const found: [Stretch[], Word, Word][] = [
  // A device that writes to the log itself is set forward, and the other's numbers are of an hour ago.
  [[{ ...silent, ways: ['log', undefined] }, monitor(97), transport(75, hour('monitor'))], 97, 85],
  // One goes on through a front that does not know it, after all clocks were set forward.
  [[transport(97), { ...silent, ways: [undefined, 'front 1'], clock: { whose: 'Vigil', byS: 90 } }], 97, 85],
  // The fronts' clocks are half a minute behind the log's.
  [[{ ...silent, ways: [undefined, 'log'], clock: { whose: 'front 0', byS: -30 } }], 85, 97],
  // One word of a register by a clock that is ahead.
  [
    [
      monitor(97, { ways: ['log', undefined] }),
      transport(97, hour('front 0')),
      { ...silent, ways: ['front 0', 'front 1'], patient: 'p1' },
    ],
    85,
    97,
  ],
  [
    [
      monitor(97),
      transport(97, { ways: ['log', undefined] }),
      { ...silent, ...hour('Vigil') },
      { ...silent, patient: 'p1' },
    ],
    85,
    97,
  ],
  // Three seconds apart, the score took the other device's saturation.
  [[transport(97, { ways: ['log', undefined], clock: { whose: 'front 0', byS: 3 } })], 75, 97],
  // Kept frames that are written to the log at once: the first would lay the device's clock ahead by as much as it is late.
  [[{ seconds: 40, devices: [undefined, { told: [97, 70, 14], line: 'down' }], ways: [undefined, 'log'] }], 97, 85],
];

describe('after any shift of a ward with two fronts', () => {
  it('what stands is what is so', async () => {
    await fc.assert(
      fc.asyncProperty(
        shift,
        fc.constantFrom<Word>(97, 85, 75),
        fc.constantFrom<Word>(97, 85),
        async (before, one, other) => {
          const end: Stretch = { seconds: 120, devices: [usual(one), usual(other)] };
          expect(standing(await afterShift([...before, end]))).toEqual(await standingAfter(end));
        },
      ),
      { seed: SEED, numRuns: 8, examples: found },
    );
  });

  it('one of two devices rings as if it were alone, and only the other is missed', async () => {
    await fc.assert(
      fc.asyncProperty(shift, fc.constantFrom<Word>(97, 85, 75), fc.boolean(), async (before, spo2, isFirst) => {
        const end = { ...(isFirst ? monitor(spo2) : transport(spo2)), seconds: 120 };
        const stands = standing(await afterShift([...before, end])).filter(
          (condition) => condition !== 'value-lost' && condition !== 'not-measured',
        );
        expect(stands).toEqual(await standingAfter(end));
      }),
      {
        seed: SEED,
        numRuns: 8,
        // Nothing was judged for an hour behind one word of a clock that was ahead.
        examples: [
          [
            [
              monitor(97),
              { ...silent, ...hour('Vigil') },
              { seconds: 1, devices: [undefined, { told: [97, 70, 40], line: 'up' }], ways: ['log', undefined] },
            ],
            97,
            true,
          ],
        ],
      },
    );
  });
});
