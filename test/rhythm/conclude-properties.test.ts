import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { conclude } from '../../stream-models/analysis/conclude.ts';
import { runFold } from '../../stream-models/fold.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import type { Fact } from '../../stream-models/vocabulary/fact.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';
import { at, beats, type Line, numeric, type Stretch, shift } from './shift.ts';

const LENGTH = 40;
const lines: readonly Line[] = ['beats', 'beats', 'flat', 'fibrillation', 'flutter', 'noise', 'nothing'];

const stretchOf = fc.record({
  from: fc.integer({ min: 0, max: 4 * LENGTH }).map((quarter) => quarter / 4),
  line: fc.constantFrom(...lines),
  quality: fc.constantFrom(0.9, 0.9, 0.1),
  off: fc.constantFrom(false, false, false, true),
  saturated: fc.constantFrom(false, false, false, true),
  silent: fc.constantFrom(false, false, false, true),
});

const interruption = (kind: number, second: number): Sighting => {
  const time = at(second);
  if (kind === 0) return { tag: 'EcgBroken', at: time, said: time, why: 'gap' };
  if (kind === 1) return { tag: 'LeadSeen', at: time, said: time, code: 131330, off: second % 2 < 1 };
  if (kind === 2)
    return { tag: 'AssignmentSeen', at: time, said: time, patient: `p${Math.floor(second) % 3}`, population: 'adult' };
  return numeric(second, MDC.spo2, 60 + (Math.floor(second * 7) % 40), '%');
};

/** Any bad shift: rhythms, noise, electrodes and links that come and go, other patients, numerics. */
const anyShift = fc
  .record({
    intervals: fc.array(fc.double({ min: 0.22, max: 5, noNaN: true }), { minLength: 0, maxLength: 120 }),
    quick: fc.boolean(),
    classes: fc.stringMatching(/^[NSVFQ-]{1,8}$/),
    stretches: fc.array(stretchOf, { maxLength: 5 }),
    others: fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 8 * LENGTH })), {
      maxLength: 12,
    }),
  })
  .map(({ intervals, quick, classes, stretches, others }) => {
    const made = beats(0.3, quick ? intervals.map((rr) => 0.2 + rr / 8) : intervals, classes);
    const ordered: Stretch[] = [{ from: 0 }, ...stretches].sort((a, b) => a.from - b.from);
    return shift(
      LENGTH,
      made.filter((beat) => beat.at < LENGTH),
      ordered,
      others.map(([kind, eighth]) => interruption(kind, eighth / 8)),
    );
  });

const step = conclude(presets.vigil);
const runs = { numRuns: 40, seed: 20_261_121 };
const factsOf = (sightings: readonly Sighting[]): readonly Fact[] => runFold(step, sightings)[1];

describe('conclusions of any shift', () => {
  it('are said in order, and never speak of a moment that was not heard yet', () => {
    fc.assert(
      fc.property(anyShift, (sightings) => {
        let said = 0;
        for (const fact of factsOf(sightings)) {
          expect(fact.said).toBeGreaterThanOrEqual(said);
          expect(fact.at).toBeLessThanOrEqual(fact.said);
          said = fact.said;
        }
      }),
      runs,
    );
  });

  it('have each condition begin before it ends, and asystole and fibrillation never at once', () => {
    fc.assert(
      fc.property(anyShift, (sightings) => {
        const present = new Set<string>();
        for (const fact of factsOf(sightings)) {
          if (fact.tag !== 'Condition') continue;
          expect(present.has(fact.condition), `${fact.condition} ${fact.present}`).toBe(!fact.present);
          if (fact.present) present.add(fact.condition);
          else present.delete(fact.condition);
          expect(fact.evidence).not.toBe('');
          expect(present.has('asystole') && present.has('vf')).toBe(false);
        }
      }),
      runs,
    );
  });

  it('show no heart rate while the heart stands still, fibrillates, or cannot be heard', () => {
    fc.assert(
      fc.property(anyShift, (sightings) => {
        const present = new Set<string>();
        for (const fact of factsOf(sightings)) {
          if (fact.tag === 'Condition') present[fact.present ? 'add' : 'delete'](fact.condition);
          if (fact.tag !== 'Derived') continue;
          expect(Number.isInteger(fact.value) && fact.value > 0 && fact.value < 350).toBe(true);
          for (const name of ['asystole', 'vf', 'ecg-noise', 'ecg-saturated', 'no-signal'])
            expect(present.has(name), name).toBe(false);
        }
      }),
      runs,
    );
  });

  it('name another rhythm each time, from a moment that is not before the last', () => {
    fc.assert(
      fc.property(anyShift, (sightings) => {
        let before: Extract<Fact, { readonly tag: 'Rhythm' }> | undefined;
        for (const fact of factsOf(sightings)) {
          // Another patient's rhythm may be called the same.
          if (fact.tag === 'Reset') before = undefined;
          if (fact.tag !== 'Rhythm') continue;
          expect(fact.rhythm).not.toBe(before?.rhythm);
          expect(fact.at).toBeGreaterThanOrEqual(before?.at ?? 0);
          before = fact;
        }
      }),
      runs,
    );
  });

  it('are the same after a restart from a checkpoint at any place', () => {
    fc.assert(
      fc.property(anyShift, fc.double({ min: 0, max: 1, noNaN: true }), (sightings, share) => {
        const cut = Math.floor(share * sightings.length);
        const [memory, first] = runFold(step, sightings.slice(0, cut));
        const [, rest] = runFold(step, sightings.slice(cut), structuredClone(memory));
        expect([...first, ...rest]).toEqual(factsOf(sightings));
      }),
      runs,
    );
  });

  it('leave a memory of bounded size', () => {
    fc.assert(
      fc.property(anyShift, (sightings) => {
        const [memory] = runFold(step, [...sightings, ...sightings]);
        expect(memory.rhythm.history.peaks.times.length).toBeLessThanOrEqual(24);
        expect(memory.rhythm.irregular.atrial.beats.length).toBeLessThanOrEqual(48);
        for (const lead of memory.rhythm.fibrillation.leads) expect(lead.stretches.length).toBeLessThanOrEqual(16);
        expect(memory.limits.values.length).toBeLessThanOrEqual(30);
      }),
      runs,
    );
  });
});

describe('lines without any beat', () => {
  it.each([
    ['zeros', 'flat', 'asystole'],
    ['missing samples', 'nothing', 'no-signal'],
    ['noise alone', 'noise', 'asystole'],
    ['fibrillation from the first sample', 'fibrillation', 'vf'],
  ] as const)('%s are an answer and an alarm, not an exception', (_, line, condition) => {
    const facts = factsOf(shift(20, [], [{ from: 0, line }]));
    const present = facts.flatMap((fact) => (fact.tag === 'Condition' && fact.present ? [fact.condition] : []));
    expect(present).toContain(condition);
  });

  it('a single sample is no exception either', () => {
    const samplesMv = Float32Array.of(0.5);
    const lead = { code: 131330, quality: 1, flat: false, saturated: false, off: false, samplesMv };
    expect(
      factsOf([{ tag: 'EcgProgress', at: at(1), said: at(1), endsSecond: true, leads: [lead], lastBeat: undefined }]),
    ).toEqual([]);
    expect(
      factsOf([{ tag: 'EcgProgress', at: at(1), said: at(1), endsSecond: true, leads: [], lastBeat: undefined }]),
    ).toEqual([]);
  });
});
