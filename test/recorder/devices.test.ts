import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEVICES_PER_BED_MAX, VIGIL_DEVICE } from '../../schemas/series.ts';
import { after, type Moment, minutes, moment } from '../../schemas/units.ts';
import { type BedMemory, deviceOf, newBed } from '../../services/recorder/bed-memory.ts';

const at = (minute: number): Moment => moment(1_700_000_000e6 + minute * 60e6);

/** Devices that speak one after the other; answers their numbers. */
const speaks = (told: readonly (readonly [source: string, minute: number])[], from: BedMemory = newBed) => {
  let bed = from;
  const numbers = told.map(([source, minute]) => {
    const [next, number] = deviceOf(bed, source, at(minute));
    bed = next;
    return number;
  });
  return { bed, numbers };
};

describe('the devices of a bed', () => {
  it('are numbered from 1 in the order in which they first speak; 0 is Vigil itself', () => {
    expect(VIGIL_DEVICE).toBe(0);
    expect(
      speaks([
        ['a', 0],
        ['b', 0],
        ['a', 1],
        ['c', 2],
        ['b', 3],
      ]).numbers,
    ).toEqual([1, 2, 1, 3, 2]);
  });

  it('keep their numbers, whatever else was connected meanwhile', () => {
    const { bed } = speaks([
      ['monitor', 0],
      ['ventilator', 0],
    ]);
    const years = Array.from({ length: 3_000 }, (_, i) => [`transport-${i}`, i * 61] as const);
    const told = years.flatMap((one) => [one, ['monitor', one[1]] as const]);
    const { numbers } = speaks(told, bed);
    expect(new Set(numbers.filter((_, i) => i % 2 === 1))).toEqual(new Set([1]));
  });

  it('are at most fifteen in an hour; a sixteenth has no number until one was silent for an hour', () => {
    const fifteen = Array.from({ length: DEVICES_PER_BED_MAX - 1 }, (_, i) => [`d${i}`, i] as const);
    const { bed, numbers } = speaks(fifteen);
    expect(numbers).toEqual(fifteen.map((_, i) => i + 1));
    expect(speaks([['one-more', 20]], bed).numbers).toEqual([undefined]);
    expect(speaks([['one-more', 59]], bed).numbers).toEqual([undefined]);
    expect(speaks([['one-more', 61]], bed).numbers).toEqual([1]);
  });

  it('cost no checkpoint while nothing is new: the memory is the same object', () => {
    const { bed } = speaks([['a', 0]]);
    expect(deviceOf(bed, 'a', at(9))[0]).toBe(bed);
    expect(deviceOf(bed, 'a', at(11))[0]).not.toBe(bed);
  });

  it('never share a number within the same hour, whoever speaks when', () => {
    const story = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 30 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(story, (steps) => {
        let bed = newBed;
        let now = at(0);
        const heard: { readonly source: string; readonly number: number; readonly at: Moment }[] = [];
        for (const [who, wait] of steps) {
          now = after(now, minutes(wait));
          const source = `d${who}`;
          const [next, number] = deviceOf(bed, source, now);
          bed = next;
          if (number === undefined) continue;
          expect(number).toBeGreaterThan(VIGIL_DEVICE);
          expect(number).toBeLessThan(DEVICES_PER_BED_MAX);
          // Ten minutes are how exactly it is remembered when a device was heard.
          const recent = heard.filter((each) => each.number === number && now - each.at < minutes(50));
          expect(recent.every((each) => each.source === source)).toBe(true);
          heard.push({ source, number, at: now });
        }
      }),
    );
  });
});
