import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAlive, isOver, memberName } from '../../services/adapters/kafka/member-name.ts';

const name = fc.record({
  role: fc.constantFrom('vigil-analysis', 'vigil-alarms'),
  host: fc.constantFrom('icu-1', 'icu-2.hospital.example'),
  space: fc.constantFrom('4026531836', '4026532567', ''),
  number: fc.integer({ min: 1, max: 4 }),
  start: fc.constantFrom('a1', 'b2', 'c3'),
});
type Name = typeof name extends fc.Arbitrary<infer A> ? A : never;
const said = ({ role, host, space, number, start }: Name): string => `${role}@${host}/${space}/${number}/${start}`;

describe('the name by which a broker knows a process', () => {
  it('is that of a process that is over only in the same role on the same machine, and never where it may be seen to live', () => {
    fc.assert(
      fc.property(name, name, fc.uniqueArray(fc.integer({ min: 1, max: 4 })), (theirs, ours, alive) => {
        const isHere = (number: number): boolean => alive.includes(number) || number === ours.number;
        if (!isOver(said(theirs), said(ours), isHere)) return;
        expect([theirs.role, theirs.host]).toEqual([ours.role, ours.host]);
        expect(theirs.start).not.toBe(ours.start);
        expect(theirs.space === ours.space && theirs.number !== ours.number && alive.includes(theirs.number)).toBe(
          false,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells a container that began again from the one before, and a process that was killed from one that runs', () => {
    const before = 'vigil-analysis@3f2a/4026532567/7/a1';
    expect(isOver(before, 'vigil-analysis@3f2a/4026532999/7/b2', () => true)).toBe(true);
    expect(isOver(before, 'vigil-analysis@3f2a/4026532999/8/b2', () => true)).toBe(true);
    expect(isOver(before, 'vigil-analysis@9c1d/4026532999/7/b2', () => true)).toBe(false);
    const killed = 'vigil-analysis@icu-1/4026531836/4711/a1';
    expect(isOver(killed, 'vigil-analysis@icu-1/4026531836/4712/b2', () => false)).toBe(true);
    expect(isOver(killed, 'vigil-analysis@icu-1/4026531836/4712/b2', () => true)).toBe(false);
  });

  it('says nothing of clients that were not named so, by an older Vigil or by others', () => {
    fc.assert(fc.property(fc.string(), (other) => !isOver(other, memberName('vigil-analysis'), () => false)));
    expect(isOver('vigil-analysis', memberName('vigil-analysis'), () => false)).toBe(false);
  });

  it('never takes this process for over', () => {
    expect(isAlive(process.pid)).toBe(true);
    expect(isOver(memberName('vigil-front'), memberName('vigil-front'), isAlive)).toBe(false);
  });
});
