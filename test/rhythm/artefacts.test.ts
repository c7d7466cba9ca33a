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

describe('red rhythms', () => {
  it('are told from all peaks: VT rings although each of its beats is called an artefact', () => {
    const sinus = doubted(steady(0.5, 10, 75), SURE);
    const vt = doubted(steady(8.5, 20, 160, 'V'), ARTEFACT);
    expect(rung(shift(18, inTime(sinus, vt)))).toContain('vt');
    expect(chart(shift(18, inTime(sinus, vt))).find((line) => line.includes('+ vt'))).toMatch(/5 V beats at 160\/min/);
  });

  it('are the same at the same moments, whatever is held of the peaks', () => {
    const reds = /[+−] (vt|vf|asystole|extreme-brady|extreme-tachy) /;
    const told = fc.record({
      intervals: fc.array(fc.double({ min: 0.22, max: 6, noNaN: true }), { minLength: 5, maxLength: 80 }),
      classes: fc.stringMatching(/^[NSV]{1,6}$/),
      artefacts: fc.array(fc.constantFrom(SURE, DOUBTFUL, ARTEFACT, undefined), { minLength: 1, maxLength: 9 }),
    });
    fc.assert(
      fc.property(told, ({ intervals, classes, artefacts }) => {
        const made = beats(0.5, intervals, classes).filter((beat) => beat.at < 39);
        const held = made.map((beat, i) => {
          const artefact = artefacts[i % artefacts.length];
          return artefact === undefined ? beat : { ...beat, artefact };
        });
        const redOf = (of: readonly MadeBeat[]) => chart(shift(40, of)).filter((line) => reds.test(line));
        expect(redOf(held)).toEqual(redOf(made));
      }),
      { numRuns: 60 },
    );
  });
});
