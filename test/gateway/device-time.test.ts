import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { ADMISSION_BOUNDS_USUAL } from '../../services/gateway/admit.ts';
import { type DeviceClock, firstReading, readClock } from '../../services/gateway/device-clock.ts';
import { otherUnitByPace } from '../../services/gateway/device-pace.ts';
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
    ['milliseconds', 1e3, 'looks like milliseconds: multiply by 1,000.'],
    ['seconds', 1e6, 'looks like seconds: multiply by 1,000,000.'],
  ])(
    'in %s is refused by its pace within seconds, where the clock is years wrong as well, and taken once it is put right',
    async (_, unit, sentence) => {
      const gateway = gatewayHere();
      const told: string[] = [];
      for (let s = 0; s < 90; s++) {
        clock = at(s);
        const answer = await gateway.accept(telling(Math.floor((at(s) - 3 * YEAR_US) / unit), s + 1));
        if (!answer.ok) told.push(`${s} ${answer.sentence}`);
      }
      expect(told[0]).toMatch(/^4 /);
      expect(told[0]).toContain(sentence);
      expect(told).toHaveLength(86);
      clock = at(90);
      expect(await gateway.accept(telling(at(90) - 3 * YEAR_US, 91))).toMatchObject({ ok: true, verdict: 'live' });
      clock = at(91);
      expect(await gateway.accept(telling(at(91) - 3 * YEAR_US, 92))).toMatchObject({ ok: true, verdict: 'live' });
    },
  );

  it.each([
    ['hours fast', SHIFT_BEGINS + 5 * 3_600e6],
    ['three years slow', SHIFT_BEGINS - 3 * YEAR_US],
    ['reset to 1970 some seconds ago', 5e6],
    ['reset to 2000', 946_684_800e6],
    ['of the year 2080', SHIFT_BEGINS + 54 * YEAR_US],
  ])('is none where a clock is merely wrong: %s', async (_what, deviceTimeUs) => {
    expect(await gatewayHere().accept(telling(deviceTimeUs))).toMatchObject({ ok: true, verdict: 'live' });
  });

  it('is none of a clock that is wrong by anything and goes on, however its line stands still, and is known by its pace', () => {
    const story = fc.record({
      // From 1970 to 2100.
      begins: fc.integer({ min: 0, max: 4_000_000_000 }),
      gaps: fc.array(fc.tuple(fc.integer({ min: 20, max: 3_000 }), fc.integer({ min: 0, max: 60_000 })), {
        maxLength: 60,
      }),
    });
    fc.assert(
      fc.property(story, ({ begins, gaps }) => {
        let [device, heardAt] = [moment(begins * 1e6), SHIFT_BEGINS];
        let known = firstReading(device, heardAt, 0);
        gaps.forEach(([frameMs, stallMs], i) => {
          device = moment(device + frameMs * 1e3);
          // A line that stands still now and then delivers what it held at once.
          heardAt = moment(heardAt + (i % 3 === 2 ? frameMs + stallMs : frameMs) * 1e3);
          expect(otherUnitByPace(known.pace, device, heardAt)).toBeUndefined();
          known = readClock(known, device, heardAt, 0, ADMISSION_BOUNDS_USUAL.lateAfter).clock;
        });
      }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.constantFrom(1e3, 1e6),
        fc.integer({ min: 100, max: 5_000 }),
        (begins, unit, frameMs) => {
          const deviceAt = (i: number) => moment(Math.floor((begins * 1e6) / unit + (i * frameMs * 1e3) / unit));
          let known = firstReading(deviceAt(0), SHIFT_BEGINS, 0);
          let last: string | undefined;
          const frames = Math.ceil(15_000 / frameMs) + 4;
          for (let i = 1; i <= frames && last === undefined; i++) {
            const heardAt = moment(SHIFT_BEGINS + i * frameMs * 1e3);
            last = otherUnitByPace(known.pace, deviceAt(i), heardAt);
            known = readClock(known, deviceAt(i), heardAt, 0, ADMISSION_BOUNDS_USUAL.lateAfter).clock;
          }
          expect(last).toMatch(unit === 1e3 ? /milliseconds/ : /seconds: multiply by 1,000,000/);
        },
      ),
    );
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
