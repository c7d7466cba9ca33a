/** A sender that writes to the log itself tells no clock epoch: where its device's clock is set back, recorder and analysis must lay it alike. */

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { telemetryOf } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import { sourceClocks } from '../../services/recorder/bed-memory.ts';
import { alignClock, clockOf, isRepeated, startClocks } from '../../stream-models/analysis/clock-alignment.ts';
import { right } from '../right.ts';
import { alarm, at, frame, frames, LEADS, openPlace, type Place, recordAll, secondsOf, span } from './ward.ts';

const BED = 'icu-01';
const HOUR_US = 3_600e6;
let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

const seconds = async (): Promise<readonly number[]> => {
  const range = { bed: BED, code: MDC.ecgHeartRate, from: moment(0), to: at(99_999) };
  return right(await place.store.numerics(range)()).map((point) => (point.at - at(0)) / 1e6);
};
const decoded = ({ key, value }: NewRecord): Telemetry => right(telemetryOf({ key, value, appendedAt: at(0) }));

describe('a device clock that is set back by an hour without a word', () => {
  it('leaves the numbers that follow behind those of before, where analysis has them', async () => {
    await place.say(...frames(BED, 0, 20), ...frames(BED, 20, 40, { deviceAheadUs: -HOUR_US }));
    await recordAll(place);
    expect(await seconds()).toEqual(span(0, 40));
  });

  it('is laid the same after restarts, for numbers and for the strip of an alarm that comes after them', async () => {
    await place.say(...frames(BED, 0, 20), ...frames(BED, 20, 30, { deviceAheadUs: -HOUR_US }));
    await recordAll(place);
    await place.say(alarm(BED, 18), ...frames(BED, 30, 40, { deviceAheadUs: -HOUR_US }));
    await recordAll(place);
    await recordAll(place);
    expect(await seconds()).toEqual(span(0, 40));
    for (const code of LEADS) expect(await secondsOf(place.store, `${BED}/vt/18`, code)).toEqual(span(8, 28));
  });
});

it('a device clock that is set forward by an hour without a word leaves its numbers at the time at which they are told', async () => {
  await place.say(...frames(BED, 0, 20), ...frames(BED, 20, 40, { deviceAheadUs: HOUR_US }));
  await recordAll(place);
  expect(await seconds()).toEqual(span(0, 40));
});

describe('the clocks of sources', () => {
  it('are set back wherever analysis lays them anew, and never by a frame that it passes over', () => {
    const told = fc.record({
      device: fc.integer({ min: -20, max: 20 }),
      sequence: fc.integer({ min: 0, max: 40 }),
      source: fc.constantFrom('a', 'b'),
      retrospective: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 60 }), (story) => {
        const clocks = sourceClocks();
        let analysed = startClocks;
        story.forEach(({ device, sequence, source, retrospective }, i) => {
          const made = frame(BED, i, { source, retrospective, deviceAheadUs: device * 1e6 });
          const heard = { ...decoded(made), sequence };
          const isHeard = !heard.retrospective && !isRepeated(analysed, heard);
          const before = clockOf(analysed, source);
          const after = isHeard ? alignClock(analysed, heard)[0] : analysed;
          const isLaidAnew = before !== undefined && clockOf(after, source)!.shiftUs !== before.shiftUs;
          const isClockSet = clocks.hear(heard);
          if (isLaidAnew) expect(isClockSet).toBe(true);
          if (!isHeard) expect(isClockSet).toBe(false);
          analysed = after;
        });
      }),
    );
  });
});
