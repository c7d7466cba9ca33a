import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beats, chart, type MadeBeat, rates, rung, shift, steady } from './shift.ts';

/** Peaks of which the network holds that there is a beat with this probability of there being none. */
const doubted = (made: readonly MadeBeat[], artefact: number): readonly MadeBeat[] =>
  made.map((beat) => ({ ...beat, artefact }));
const inTime = (...made: readonly (readonly MadeBeat[])[]): readonly MadeBeat[] =>
  made.flat().sort((a, b) => a.at - b.at);

const SURE = 0.02;
const DOUBTFUL = 0.4;
const ARTEFACT = 0.9;

describe('peaks that are artefacts', () => {
  const heart = doubted(steady(0.5, 29, 60), SURE);

  it('count for no heart rate: a patient at 60/min who is turned in bed stays at 60/min', () => {
    const motion = doubted(steady(8.9, 24, 120, 'VN'), ARTEFACT);
    const shown = [...rates(shift(29, inTime(heart, motion)))].filter(([second]) => second >= 5);
    expect(new Set(shown.map(([, rate]) => rate))).toEqual(new Set([60]));
  });

  it('make no run, couplet or bigeminy, and break none that is there', () => {
    const rows = inTime(heart.slice(0, 8), doubted(beats(8.9, [0.4, 0.4, 0.4], 'V'), ARTEFACT));
    expect(rung(shift(15, rows))).toEqual(expect.not.arrayContaining(['v-run', 'couplet', 'bigeminy']));
    const run = inTime(
      doubted(steady(0.5, 8, 60), SURE),
      doubted(beats(8.2, [0.7, 0.7, 0.7], 'V'), SURE),
      doubted(beats(8.5, [0.7], 'N'), ARTEFACT),
      doubted(steady(11, 4, 60), SURE),
    );
    expect(rung(shift(15, run))).toContain('v-run');
  });

  it('are V to no yellow rhythm while it is doubtful whether they are beats, and still count for the rate', () => {
    const row = (artefact: number) =>
      shift(15, inTime(heart.slice(0, 8), doubted(beats(8.2, [0.5, 0.5, 0.5], 'V'), artefact), heart.slice(9, 14)));
    expect(rung(row(SURE))).toContain('v-run');
    expect(rung(row(DOUBTFUL))).toEqual(expect.not.arrayContaining(['v-run', 'couplet', 'bigeminy']));
    expect([...rates(row(DOUBTFUL))]).toEqual([...rates(row(SURE))]);
  });
});

const RED = /^([\d.]+)s ([+−]) (vt|vf|asystole|extreme-brady|extreme-tachy) /;

/** Red conditions of a chart that began, in the order of their beginning: name and second. */
const redBegun = (lines: readonly string[]): readonly (readonly [string, number])[] =>
  lines.flatMap((line) => {
    const [, second, sign, name] = RED.exec(line) ?? [];
    return sign === '+' ? [[name!, Number(second)] as const] : [];
  });

/** Whether a red condition stands at a second. */
const stands = (lines: readonly string[], name: string, second: number): boolean => {
  const last = lines.findLast((line) => {
    const [, at, , of] = RED.exec(line) ?? [];
    return of === name && Number(at) <= second;
  });
  return last !== undefined && RED.exec(last)![2] === '+';
};

describe('red rhythms', () => {
  const sinus = doubted(steady(0.5, 10, 75), SURE);
  const patient = inTime(doubted(steady(0.5, 9, 75), SURE), doubted(beats(6.5, [1], 'N'), ARTEFACT));

  it('are told from all peaks: VT rings although each of its beats is called an artefact', () => {
    const vt = doubted(steady(8.5, 20, 160, 'V'), ARTEFACT);
    expect(rung(shift(18, inTime(sinus, vt)))).toContain('vt');
    const line = chart(shift(18, inTime(sinus, vt))).find((each) => each.includes('+ vt'));
    expect(line).toMatch(/12 V beats at 160\/min/);
  });

  it('of few beats are called a run while the patient moves, and VT as soon as they are a dozen', () => {
    const row = (count: number, of = patient) =>
      rung(shift(22, inTime(of, doubted(steady(7.7, count, 150, 'V'), SURE), doubted(steady(16, 5, 75), SURE))));
    expect(row(11)).toContain('v-run');
    expect(row(11)).not.toContain('vt');
    expect(row(12)).toContain('vt');
    expect(row(5, sinus.slice(0, 9))).toContain('vt');
  });

  it('a tachycardia that begins while the patient moves rings after two dozen peaks, ten seconds at the most', () => {
    const fast = (count: number) => shift(30, inTime(patient, doubted(steady(7.7, count, 150), SURE)));
    expect(rung(fast(18))).not.toContain('extreme-tachy');
    expect(chart(fast(30)).find((line) => line.includes('+ extreme-tachy'))).toMatch(/HR 14\d > 140 over 24 beats/);
  });

  const told = fc.record({
    intervals: fc.array(fc.double({ min: 0.22, max: 6, noNaN: true }), { minLength: 5, maxLength: 80 }),
    classes: fc.stringMatching(/^[NSV]{1,6}$/),
    artefacts: fc.array(fc.constantFrom(SURE, DOUBTFUL, ARTEFACT, undefined), { minLength: 1, maxLength: 9 }),
  });
  const withDoubts = (made: readonly MadeBeat[], artefacts: readonly (number | undefined)[]): readonly MadeBeat[] =>
    made.map((beat, i) => {
      const artefact = artefacts[i % artefacts.length];
      return artefact === undefined ? beat : { ...beat, artefact };
    });

  it('are no others whatever is held of the peaks, and asystole, VF and slow rates come at the same moments', () => {
    fc.assert(
      fc.property(told, ({ intervals, classes, artefacts }) => {
        const made = beats(0.5, intervals, classes).filter((beat) => beat.at < 39);
        const plain = chart(shift(40, made));
        const held = chart(shift(40, withDoubts(made, artefacts)));
        const timely = (lines: readonly string[]) =>
          lines.filter((line) => /[+−] (vf|asystole|extreme-brady) /.test(line));
        expect(timely(held)).toEqual(timely(plain));
        for (const [name, second] of redBegun(held)) expect(stands(plain, name, second)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('that go on are told at the latest by the 12th V beat and the 24th fast beat, whatever is held of the peaks', () => {
    const rates = fc.integer({ min: 145, max: 260 });
    fc.assert(
      fc.property(rates, fc.constantFrom('V', 'N', 'S'), told, (perMinute, letter, { artefacts }) => {
        const made = withDoubts([...sinus, ...steady(8.5, 30, perMinute, letter)], artefacts);
        const lines = redBegun(chart(shift(40, made)));
        const name = letter === 'V' ? 'vt' : 'extreme-tachy';
        const latest = made[10 + (letter === 'V' ? 11 : 23)]!.at + 0.3;
        const begun = lines.find(([condition]) => condition === name);
        expect(begun?.[1]).toBeLessThanOrEqual(latest + 0.1);
      }),
      { numRuns: 60 },
    );
  });
});
