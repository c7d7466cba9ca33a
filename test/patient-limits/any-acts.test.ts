import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditions, isCondition } from '../../schemas/conditions.ts';
import { decodeAlarmEvent } from '../../schemas/messages.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import { usualBounds } from '../../stream-models/presets/bed-rules.ts';
import type { LimitName } from '../../stream-models/presets/preset.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { right } from '../right.ts';
import { type Ask, analysisOf, lasting, limitsIn, ran, recordsOf, rung, type Second, type Story } from './bedside.ts';

const defined = (given: object): object =>
  Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined));
const low = fc.constantFrom<number | 'off' | undefined>(undefined, 'off', 30, 42, 55, 88);
const high = fc.constantFrom<number | 'off' | undefined>(undefined, undefined, 125, 139, 160);
/** What stands at the unit, mostly; else hardly any act would be done. */
const seen = fc.constantFrom(
  { seenLow: 50, seenHigh: 120 },
  { seenLow: 50, seenHigh: 120 },
  { seenLow: 42, seenHigh: 120 },
);
const ask: fc.Arbitrary<Ask> = fc
  .record({
    measure: fc.constantFrom('hr', 'hr', 'spo2', ''),
    sides: fc.tuple(low, high, seen),
    durationUs: fc.constantFrom(0, 10e6, 45e6, 3_600e6),
    reason: fc.constantFrom('', 'palliative'),
    patient: fc.constantFrom(undefined, undefined, 'p1'),
  })
  .map(({ measure, sides: [low, high, known], patient, ...rest }) => {
    const limit = measure === 'hr' ? { measure, low, high, ...known } : { measure, low, seenLow: 90 };
    return { ...rest, ...defined({ patient, limit: measure === '' ? undefined : defined(limit) }) } as Ask;
  });
const second: fc.Arbitrary<Second> = fc.record(
  { hr: fc.constantFrom(35, 45, 70, 123, 130, 150), spo2: fc.constantFrom(75, 85, 89, 97) },
  { requiredKeys: [] },
);
const unnamed = new Array<undefined>(7).fill(undefined);
const stretch: fc.Arbitrary<readonly Second[]> = fc
  .tuple(fc.constantFrom(3, 12, 20), second, fc.constantFrom(...unnamed, 'p1', 'p2', ''))
  .map(([count, told, patient]) => lasting(count, { ...told, ...(patient === undefined ? {} : { patient }) }));
const story: fc.Arbitrary<Story> = fc.record({
  seconds: fc.array(stretch, { minLength: 2, maxLength: 5 }).map((all) => all.flat()),
  acts: fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), ask), { minLength: 1, maxLength: 6 }),
});

const saidOf = async (told: Story, perLife?: number) => (await ran(analysisOf(), recordsOf(told), perLife)).outputs;

/** When each red alarm began and ended, and by what. */
const redOf = (events: readonly NewRecord[]): readonly string[] =>
  events.flatMap(({ value }) => {
    const { transition, atUs } = right(decodeAlarmEvent(value));
    if (transition === undefined || !isCondition(transition.condition)) return [];
    return conditions[transition.condition].priority === 'high' ? [`${atUs} ${JSON.stringify(transition)}`] : [];
  });

describe('whatever is set for a patient', () => {
  it('red rings as it would without', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const without = { ...told, acts: [] };
        expect(redOf(await rung(await saidOf(told)))).toEqual(redOf(await rung(await saidOf(without))));
      }),
      { numRuns: 20 },
    );
  });

  it('no limit leaves the hard bounds, and none outlasts its time', async () => {
    let set = 0;
    const bounds = usualBounds(presets.vigil).adult;
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        for (const { limits, atUs } of limitsIn(await saidOf(told)))
          for (const { measure, patient: own } of limits) {
            if (own === undefined) continue;
            set += 1;
            const { low, high } = bounds[measure as LimitName];
            if (own.low !== undefined) expect(own.low >= low![0] && own.low <= low![1]).toBe(true);
            if (own.high !== undefined) expect(own.high >= high![0] && own.high <= high![1]).toBe(true);
            if (own.lowOff || own.highOff) expect(own.reason).toBe('palliative');
            expect(own.untilUs).toBeGreaterThan(atUs - 1e6);
          }
      }),
      { numRuns: 40 },
    );
    expect(set).toBeGreaterThan(0);
  });

  it('not a word depends on where analysis was begun anew', async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.integer({ min: 1, max: 9 }), async (told, perLife) => {
        const [whole, cut] = [await saidOf(told), await saidOf(told, perLife)];
        expect(limitsIn(cut)).toEqual(limitsIn(whole));
        expect(await rung(cut)).toEqual(await rung(whole));
      }),
      { numRuns: 8 },
    );
  });
});
