/** Two devices of a bed whose clocks are apart, because two gateways took them in, or a gateway and who writes to the log itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { apartAfter, type FrameBehind, laidFurther, NONE_APART } from '../../stream-models/analysis/apart.ts';
import { badFrames, conditionsSaid, moved } from './hostile-bed.ts';

const RED = ['asystole', 'spo2-desaturation'];

/** The bed that fares badly, and beside it a device by a clock that is so many seconds ahead; it finds its patient well. */
const beside = (aheadS: number): Telemetry[] => {
  const well = badFrames((frame) => {
    frame.source = 'transport';
    frame.waveforms = [];
    frame.deviceTimeUs += aheadS * 1e6;
    frame.gatewayTimeUs += aheadS * 1e6;
    for (const one of frame.numerics)
      Object.assign(one, { atUs: frame.deviceTimeUs, reading: { case: 'value', value: 97 } });
  });
  return badFrames().flatMap((frame, i) => [frame, well[i]!]);
};

const SOURCE = 'monitor';
/** A frame that is heard at a second and ends at one, when the bed had been heard up to one. */
const told = ({ second, endS, reachedS }: { second: number; endS: number; reachedS: number }): FrameBehind => ({
  ...{ source: SOURCE, shiftUs: 0, atUs: second * 1e6, endUs: endS * 1e6, reachedUs: reachedS * 1e6 },
});

describe('a device that is behind another of its bed', () => {
  it.each([0, 4, 5, 7, 10, 90, 3_600])('rings red as by itself, where the other is %d s ahead', async (aheadS) => {
    expect(await conditionsSaid(beside(aheadS))).toEqual(expect.arrayContaining(RED));
  });

  it('rings red however both clocks and those of their gateways are wrong, and are set meanwhile', async () => {
    const clocks = fc.record({
      aheadS: fc.constantFrom(-90, -12, -7, -5, -3, -1, 0, 1, 3, 5, 7, 12, 90),
      gatewayS: fc.constantFrom(-90, -10, -5, 0, 0, 0, 5, 10, 90),
      setAt: fc.constantFrom(undefined, undefined, 3, 5),
      setS: fc.constantFrom(-3_600, -5, 5, 3_600),
      jitterS: fc.constantFrom(0, 0, 0.3, 0.9),
    });
    type Clocks = typeof clocks extends fc.Arbitrary<infer One> ? One : never;
    const by = ({ aheadS, gatewayS, setAt, setS, jitterS }: Clocks, frames: readonly Telemetry[]) => {
      for (const frame of frames) {
        moved(frame, (aheadS + (frame.sequence >= (setAt ?? Number.POSITIVE_INFINITY) ? setS : 0)) * 1e6);
        frame.gatewayTimeUs += Math.round((gatewayS + (((frame.sequence * 7) % 10) / 10) * jitterS) * 1e6);
      }
    };
    await fc.assert(
      fc.asyncProperty(clocks, clocks, async (monitor, transport) => {
        const frames = beside(0);
        by(
          monitor,
          frames.filter(({ source }) => source === 'monitor'),
        );
        by(
          transport,
          frames.filter(({ source }) => source === 'transport'),
        );
        expect(await conditionsSaid(frames)).toEqual(expect.arrayContaining(RED));
      }),
      { seed: 28, numRuns: 15 },
    );
  });

  it('rings red where the other writes to the log itself and its clock is set forward by an hour', async () => {
    const frames = beside(0);
    for (const frame of frames.filter(({ source, sequence }) => source === 'transport' && sequence > 5)) {
      frame.deviceTimeUs += 3_600e6;
      for (const one of frame.numerics) one.atUs += 3_600e6;
    }
    const said = await conditionsSaid(frames);
    // Nothing was set back, and nothing begins anew.
    for (const red of RED) expect(said.filter((word) => word.endsWith(red))).toEqual([red]);
  });

  it('is laid on the time of the bed within ten seconds, also where that moves in steps of ten', () => {
    const steps = (second: number): number => 10 * Math.floor(second / 10);
    for (const moves of [(second: number) => second, steps]) {
      let apart = NONE_APART;
      for (let second = 0; second <= 25; second++)
        apart = apartAfter(apart, told({ second, endS: second, reachedS: 90 + moves(second) }));
      const laidS = laidFurther(apart, SOURCE) / 1e6;
      expect(laidS).toBeGreaterThan(80);
      expect(laidS).toBeLessThanOrEqual(90);
      // It leads the bed by its own words from then on, until its clock is laid otherwise.
      for (let second = 26; second <= 60; second++)
        apart = apartAfter(apart, told({ second, endS: second, reachedS: second - 1 + laidS }));
      expect(laidFurther(apart, SOURCE) / 1e6).toBe(laidS);
      apart = apartAfter(apart, { ...told({ second: 61, endS: 151, reachedS: 151 }), shiftUs: 90e6 });
      expect(apart).toEqual([]);
    }
  });

  it('is laid no further while what a line held up comes faster than it was measured', () => {
    const held = fc.record({
      heldS: fc.integer({ min: 4, max: 60 }),
      gains: fc.double({ min: 0.1, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(held, ({ heldS, gains }) => {
        let apart = NONE_APART;
        for (let second = 0; second < 120; second++) {
          // A little faster than the tenth, for what is rounded.
          const lagS = heldS - second * (gains + 1e-6);
          apart = apartAfter(apart, told({ second, endS: second - lagS, reachedS: second }));
          expect(laidFurther(apart, SOURCE)).toBe(0);
        }
      }),
    );
  });

  it('is never laid on a time to come while another leads, however far it is behind from frame to frame', () => {
    const frames = fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 120 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(frames, fc.integer({ min: 5, max: 120 }), (story, aheadS) => {
        let [apart, second, endS] = [NONE_APART, 0, Number.NEGATIVE_INFINITY];
        for (const [pauseS, lateS] of story) {
          second += pauseS;
          endS = Math.max(endS, second - lateS);
          const lead = second + aheadS;
          apart = apartAfter(apart, told({ second, endS, reachedS: lead }));
          expect(endS + laidFurther(apart, SOURCE) / 1e6).toBeLessThanOrEqual(lead + 2);
        }
      }),
    );
  });
});

it('one word by a clock that is ahead holds what follows back for no longer than half a minute', async () => {
  const ahead = 3_600e6;
  const frames = badFrames((frame, end) => {
    if (end === 1) Object.assign(frame, { source: 'transport', deviceTimeUs: frame.deviceTimeUs + ahead });
    // By the gateway's clock, which was set forward, all that follows is of now; its device was laid before.
    if (end > 1) frame.gatewayTimeUs += ahead;
  });
  const [first] = frames;
  first!.gatewayTimeUs += ahead;
  first!.waveforms = [];
  for (const one of first!.numerics) one.atUs += ahead;
  const before = badFrames()[0]!;
  Object.assign(before, { waveforms: [], numerics: before.numerics.filter(({ code }) => code !== MDC.spo2) });
  expect(await conditionsSaid([before, ...frames])).toEqual(expect.arrayContaining(RED));
});
