import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAuditEntry } from '../../schemas/messages.ts';
import { hex } from '../../services/audit/chain.ts';
import { type Anchor, placeOf } from '../../services/audit/verdict.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import { right } from '../right.ts';
import { HOUR_US, makeStory, T0, verified } from './story.ts';

/** Two processes that write at once, in the order of these letters, and end. */
const audit = (order: readonly string[]) => {
  const story = makeStory();
  for (const process of ['a', 'b']) story.begins(process);
  for (const [i, process] of order.entries()) {
    story.pass(1e6);
    story.says(
      process,
      { case: 'lookedAt', value: { session: 1, bed: `icu-${i}`, patient: `P-${i}`, name: 'Ada' } },
      `icu-${i}`,
    );
  }
  for (const process of ['a', 'b']) story.says(process, { case: 'ended', value: {} });
  return story;
};

const orders = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 30 });
const chainAt = ({ value }: LogRecord): string => hex(value.subarray(2, 18));
const anchorsOf = (story: ReturnType<typeof makeStory>): readonly Anchor[] =>
  ['a', 'b'].map((process) => {
    const { chain, number, sha256 } = story.head(process);
    return { chain: hex(chain), number, sha256: hex(sha256), atUs: T0 };
  });

describe('an audit as it was written', () => {
  it('is found to be so, however the processes took turns, and with an answer that was lost on the way', () => {
    fc.assert(
      fc.property(orders, fc.nat(), (order, n) => {
        const story = audit(order);
        const again = story.records[n % story.records.length]!;
        const records = [...story.records];
        records.splice(records.indexOf(again) + 1, 0, again);
        expect(verified(records, anchorsOf(story))).toMatchObject({ chains: 2, open: 0, faults: [] });
      }),
    );
  });

  it('is so where processes were killed: that is told, and is no fault', () => {
    const story = audit(['a']);
    expect(verified(story.records.slice(0, -1))).toMatchObject({ chains: 2, open: 1, faults: [] });
  });
});

describe('an audit that is not as it was written', () => {
  it('is found by any byte of an entry that is another, and the first bad one that is named is that entry', () => {
    fc.assert(
      fc.property(orders, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (order, n, b, by) => {
        const story = audit(order);
        const index = n % story.records.length;
        const record = story.records[index]!;
        const value = Uint8Array.from(record.value);
        value[b % value.length]! ^= by;
        const chain = story.records.filter((each) => chainAt(each) === chainAt(record));
        const i = chain.indexOf(record);
        const { faults } = verified(story.records.with(index, { ...record, value }), anchorsOf(story));
        expect(faults.length).toBeGreaterThan(0);
        const { atUs, event } = right(decodeAuditEntry(record.value));
        const says = Buffer.from(record.value).lastIndexOf(Buffer.from(new Float64Array([atUs]).buffer));
        // What it says, not where it stands; and two behind it that tell which of two was changed.
        if (b % value.length > says && event.case === 'lookedAt' && i < chain.length - 2)
          expect(faults[0]!.place).toBe(placeOf(record));
        else {
          // Where its chain or its number is another it stands in the way of whose place it takes: that one may be named before it.
          const near = [chain[i - 1], record, chain[i + 1]].map((each) => each && placeOf(each));
          expect(faults.some(({ place }) => near.includes(place))).toBe(true);
        }
      }),
    );
  });

  it('is found by an entry that was taken out, and its number is named', () => {
    fc.assert(
      fc.property(orders, fc.nat(), (order, n) => {
        const story = audit(order);
        const index = n % story.records.length;
        const gone = story.records[index]!;
        const number = story.records.slice(0, index).filter((each) => chainAt(each) === chainAt(gone)).length;
        const { faults } = verified(story.records.toSpliced(index, 1), anchorsOf(story));
        // Before the first there is none whose number could be missing.
        if (index === 0) expect(faults[0]!.sentence).toContain('what was before it is gone');
        else {
          expect(faults[0]!.chain).toBe(chainAt(gone));
          expect(faults[0]!.sentence).toContain(`${number}`);
        }
      }),
    );
  });

  it('is found by two entries of a process that changed places', () => {
    fc.assert(
      fc.property(orders, fc.nat(), (order, n) => {
        const story = audit(['a', ...order]);
        const ofA = story.records.filter((each) => chainAt(each) === chainAt(story.records[0]!));
        const one = ofA[n % (ofA.length - 1)]!;
        const other = ofA[ofA.indexOf(one) + 1]!;
        const aside = one.topic !== other.topic;
        const swapped = story.records.map((each) =>
          each === one ? { ...one, value: other.value } : each === other ? { ...other, value: one.value } : each,
        );
        const { faults } = verified(swapped, anchorsOf(story));
        expect(faults[0]!.place).toBe(placeOf(one));
        if (aside) expect(faults[0]!.sentence).toContain('wrong topic');
      }),
    );
  });

  it('is found where a chain was written anew from the change on, by whoever had been told how far it went', () => {
    const [story, forged] = [audit(['a', 'a']), audit(['a', 'a', 'b'])];
    expect(verified(forged.records).faults).toEqual([]);
    const { faults } = verified(forged.records, anchorsOf(story));
    expect(faults.map(({ sentence }) => sentence)).toEqual([
      'it is not the one that the journal tells of: it was changed',
      'it is not the one that the journal tells of: it was changed',
    ]);
  });

  it('is found where an end was cut off, by the head that the journal has, and by the one that another chain has', () => {
    const story = audit(['a', 'a', 'b']);
    const cut = story.records.slice(0, 4);
    expect(verified(cut).faults).toEqual([]); // nobody had told: that is what the journal is for
    expect(verified(cut, anchorsOf(story)).faults.map(({ sentence }) => sentence)).toEqual([
      'the journal tells of entry 2, and the chain ends with 0: its end was taken away',
      'the journal tells of entry 3, and the chain ends with 2: its end was taken away',
    ]);
    story.begins('c');
    story.says('c', { case: 'heads', value: { heads: [story.head('a'), story.head('b')] } });
    const [begins, heads] = story.records.slice(-2);
    expect(verified([...cut, begins!, heads!]).faults.map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('tells of entry 2, and the chain ends with 0'),
      expect.stringContaining('tells of entry 3, and the chain ends with 2'),
    ]);
    // Taken out whole, with all that another process ever said.
    const without = story.records.filter((each) => chainAt(each) !== chainAt(story.records[1]!));
    expect(verified(without).faults.map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('tells of this chain up to entry 2, and nothing of it is there'),
    ]);
  });

  it('is found where a file lacks its newest records, though nobody had told of them', () => {
    const { records } = audit(['a', 'b']);
    const ends = new Map([
      ['vigil.audit/0', 4n],
      ['vigil.audit-beds/0', 2n],
    ]);
    const bounds = { keptUs: Number.POSITIVE_INFINITY, nowUs: T0, ends };
    expect(verified(records, [], bounds).faults).toEqual([]);
    expect(verified(records.slice(0, -2), [], bounds).faults).toMatchObject([
      { place: 'vigil.audit/0/2', sentence: '2 records are not there that the log had taken: its end was taken away' },
    ]);
    expect(verified([], [], bounds).faults).toHaveLength(2);
  });
});

describe('an audit whose beginning went for its age', () => {
  const kept = (ageUs: number) => {
    const story = audit(['a', 'a', 'a']);
    return verified(story.records.slice(3), [], { keptUs: 1_000 * HOUR_US, nowUs: T0 + ageUs, ends: undefined });
  };

  it('is as it was written', () => {
    expect(kept(1_001 * HOUR_US)).toMatchObject({ cut: 2, faults: [] });
  });

  it('is not, where what is gone was not old enough', () => {
    expect(kept(900 * HOUR_US).faults).toContainEqual(
      expect.objectContaining({
        place: 'vigil.audit/0/2',
        sentence: expect.stringContaining('was not old enough'),
      }),
    );
  });

  it('is not, where the beginning of one chain is gone from the middle', () => {
    const story = makeStory();
    story.begins('a');
    for (let i = 0; i < 10; i++) {
      story.pass(HOUR_US);
      story.says('a', { case: 'heads', value: { heads: [] } });
    }
    story.begins('b');
    story.says('b', { case: 'ended', value: {} });
    const records = story.records.slice(1).filter(({ offset }) => offset !== 11n);
    const { faults } = verified(records, [], { keptUs: 1, nowUs: T0 + 1e6 * HOUR_US, ends: undefined });
    expect(faults).toMatchObject([
      {
        place: 'vigil.audit/0/12',
        sentence: 'entry 0 is not before it, and younger than what is let go: taken out',
      },
    ]);
  });
});
