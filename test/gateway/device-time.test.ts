import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { ADMISSION_BOUNDS_USUAL } from '../../services/gateway/admit.ts';
import { type DeviceClock, firstReading, readClock } from '../../services/gateway/device-clock.ts';
import { deviceTimeFault } from '../../services/gateway/device-time.ts';
import { makeGateway } from '../../services/gateway/gateway.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import { at, frame, SHIFT_BEGINS } from './frames.ts';
import { allOf, type LogInAFolder, logInAFolder } from './log-in-a-folder.ts';

const YEAR_US = 31_557_600e6;

let place: LogInAFolder;
let clock: Moment;

beforeEach(async () => {
  place = await logInAFolder();
  clock = at(0);
});
afterEach(() => place.discard());

const gatewayHere = () =>
  makeGateway({
    ...{ log: place.log, now: () => clock, lingerMs: 0 },
    meters: makeMeters(),
    journal: makeJournal({ level: 'silent' }),
  });
const telling = (deviceTimeUs: number, sequence = 1) =>
  encodeTelemetry({ ...frame({ sequence, device: 0 }), deviceTimeUs });

describe('a device time in another unit', () => {
  it.each([
    ['milliseconds', SHIFT_BEGINS / 1e3, 'looks like milliseconds: multiply by 1,000.'],
    ['seconds', SHIFT_BEGINS / 1e6, 'looks like seconds: multiply by 1,000,000.'],
    ['milliseconds of a clock that is hours off', (SHIFT_BEGINS - 6 * 3_600e6) / 1e3, 'looks like milliseconds'],
  ])('is refused in %s, with what to do, and kept with its bytes', async (_unit, deviceTimeUs, sentence) => {
    const bytes = telling(deviceTimeUs);
    const answer = await gatewayHere().accept(bytes);
    expect(answer).toMatchObject({ ok: false, again: false, code: 'out-of-range', where: 'deviceTimeUs' });
    expect(answer).toHaveProperty('sentence', expect.stringContaining(sentence));
    expect(await allOf(place.log, 'vigil.telemetry')).toEqual([]);
    expect(await allOf(place.log, 'vigil.rejected')).toHaveLength(1);
  });

  it('is refused as well of a source that told microseconds before', async () => {
    const gateway = gatewayHere();
    expect(await gateway.accept(telling(at(0)))).toMatchObject({ ok: true });
    clock = at(1);
    expect(await gateway.accept(telling(at(1) / 1e3, 2))).toMatchObject({ ok: false, where: 'deviceTimeUs' });
  });

  it.each([
    ['hours fast', SHIFT_BEGINS + 5 * 3_600e6],
    ['three years slow', SHIFT_BEGINS - 3 * YEAR_US],
    ['reset to 1970 some seconds ago', 5e6],
    ['reset to 2000', 946_684_800e6],
    ['of the year 2080', SHIFT_BEGINS + 54 * YEAR_US],
  ])('is none where a clock is merely wrong: %s', async (_what, deviceTimeUs) => {
    expect(await gatewayHere().accept(telling(deviceTimeUs))).toMatchObject({ ok: true, verdict: 'live' });
  });

  it('is none of a device that counts from its start, also while its time passes where today’s lies in seconds and milliseconds', () => {
    const passing = fc.record({
      unit: fc.constantFrom(1e3, 1e6),
      // Begins up to two days of that unit before today.
      before: fc.double({ min: 1, max: 2, noNaN: true }),
      frameMs: fc.integer({ min: 100, max: 2_000 }),
    });
    fc.assert(
      fc.property(passing, ({ unit, before, frameMs }) => {
        const begins = SHIFT_BEGINS / unit - (before * 86_400e6) / unit - 10e6;
        let known: DeviceClock | undefined;
        for (let i = 0; i < 400; i++) {
          const [device, heardAt] = [moment(begins + i * frameMs * 1e3), moment(SHIFT_BEGINS + i * frameMs * 1e3)];
          const story = { ...frame({ sequence: i, device: 0 }), deviceTimeUs: device };
          expect(deviceTimeFault(story, heardAt, known)).toBeUndefined();
          known =
            known === undefined
              ? firstReading(device, heardAt, 0)
              : readClock(known, device, heardAt, 0, ADMISSION_BOUNDS_USUAL.lateAfter).clock;
        }
      }),
      { numRuns: 30 },
    );
  });
});
