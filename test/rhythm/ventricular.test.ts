import { describe, expect, it } from 'vitest';
import type { BeatClassName } from '../../schemas/words.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { at, beats, chart, type MadeBeat, rung, shift, steady } from './shift.ts';

/** Sinus rhythm at 75/min with a word of classes in it, every beat at its own rate. */
const withWord = (word: string, perMinute: number): readonly MadeBeat[] => {
  const before = steady(0.5, 10, 75);
  const start = 0.5 + 10 * 0.8;
  const inside = beats(start, new Array<number>(word.length).fill(60 / perMinute), word);
  return [...before, ...inside, ...steady(start + (word.length * 60) / perMinute + 0.4, 20, 75)];
};
const ventricular = /^(vt|v-run|couplet|bigeminy)$/;
const found = (word: string, perMinute: number): readonly string[] =>
  rung(shift(30, withWord(word, perMinute))).filter((condition) => ventricular.test(condition));

describe('rows of ventricular beats', () => {
  it('are VT from five beats at 100/min on', () => {
    expect(found('VVVVV', 100)).toEqual(['v-run', 'vt']);
    expect(found('VVVVVVVVVV', 160)).toEqual(['v-run', 'vt']);
  });

  it('say how many beats and how fast', () => {
    expect(chart(shift(20, withWord('VVVVVV', 150))).find((line) => line.includes('+ vt'))).toMatch(
      /\+ vt \(5 V beats at 150\/min\)$/,
    );
  });

  it('are a run when they are three or four, or slower than VT', () => {
    expect(found('VVV', 150)).toEqual(['v-run']);
    expect(found('VVVV', 150)).toEqual(['v-run']);
    expect(found('VVVVVVVV', 80)).toEqual(['v-run']);
  });

  it('are a couplet when they are two, and nothing when it is one', () => {
    expect(found('VV', 120)).toEqual(['couplet']);
    expect(found('V', 120)).toEqual([]);
  });

  it('are bigeminy when every second beat is one, three times', () => {
    expect(found('VNVNV', 75)).toEqual(['bigeminy']);
    expect(found('VNV', 75)).toEqual([]);
    expect(found('VNNVNNVNNVNN', 75)).toEqual([]);
  });

  it('are VT within 5 s of its first beat at 100/min', () => {
    const start = 0.5 + 10 * 0.8;
    const said = chart(shift(30, withWord('VVVVVVVVVVVV', 100))).find((line) => line.includes('+ vt'));
    expect(Number.parseFloat(said!) - start).toBeLessThan(5);
  });

  it('go on as VT through two beats that were read otherwise, and end after three', () => {
    const lines = chart(shift(40, withWord('VVVVVVNNVVVVVVVVVV', 150))).filter((line) => / vt /.test(line));
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['+', '−']);
    expect(lines[1]).toContain('beats that are not V');
  });
});

describe('without a network', () => {
  it('no ventricular rhythm is said, and nothing of the atria', () => {
    const irregular = Array.from({ length: 400 }, (_, i) => 0.5 + 0.4 * (((i * 7919) % 13) / 13));
    expect(
      rung(shift(250, beats(0.5, irregular, '-'))).filter((name) => ventricular.test(name) || name === 'af'),
    ).toEqual([]);
  });

  it('extreme rates go on: a wide fast rhythm is still a red alarm by its rate', () => {
    const made = shift(30, [...steady(0.5, 10, 75, '-'), ...steady(8.5, 50, 170, '-')]);
    expect(rung(made)).toContain('extreme-tachy');
  });
});

describe('extreme rates', () => {
  it('are said of the rate over so many beats as the preset has it', () => {
    const fast = shift(40, [...steady(0.5, 10, 80), ...steady(8, 60, 150)]);
    const lines = chart(fast, presets['cinc-2015']).filter((line) => line.includes('extreme-tachy'));
    expect(lines[0]).toMatch(/\+ extreme-tachy \(HR 14[1-9] > 140 over 17 beats\)/);
    const slow = chart(shift(40, [...steady(0.5, 10, 80), ...steady(8, 16, 30)])).find((line) =>
      line.includes('brady'),
    );
    expect(slow).toMatch(/\+ extreme-brady \(HR 3\d < 40 over 5 beats\)/);
  });

  it('are not said at the limit itself', () => {
    expect(rung(shift(60, steady(0.5, 40, 40)))).not.toContain('extreme-brady');
    expect(rung(shift(60, steady(0.5, 140, 140)))).not.toContain('extreme-tachy');
    expect(rung(shift(60, steady(0.5, 39, 39)))).toContain('extreme-brady');
    expect(rung(shift(60, steady(0.5, 142, 142)))).toContain('extreme-tachy');
  });

  it('do not make a bradycardia of one pause', () => {
    expect(rung(shift(20, beats(0.5, [1, 1, 1, 1, 3.9, 1, 1, 1, 1, 1, 1, 1])))).not.toContain('extreme-brady');
  });
});

describe('another patient', () => {
  it('begins with nothing of the one before', () => {
    const assigned = (second: number, patient: string) =>
      ({ tag: 'AssignmentSeen', at: at(second), said: at(second), patient, population: 'adult' }) as const;
    const classes: readonly BeatClassName[] = ['V'];
    const made = shift(30, steady(0.5, 100, 170, classes[0]), [{ from: 0 }], [assigned(0.1, 'a'), assigned(20.1, 'b')]);
    const lines = chart(made).filter((line) => line.includes(' vt '));
    expect(lines.map((line) => line.replace(/\(.*/, '').trim())).toEqual(['2.2s + vt', '20.1s − vt', '21.6s + vt']);
    expect(lines[1]).toContain('another patient');
  });
});
