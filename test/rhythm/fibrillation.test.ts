import { describe, expect, it } from 'vitest';
import { ECG_RATE_HZ } from '../../stream-models/ecg/sighting.ts';
import { look } from '../../stream-models/fibrillation/fibrillation.ts';
import { fibrillationFeatures } from '../../stream-models/fibrillation/fibrillation-features.ts';
import { chart, dice, type MadeBeat, rates, rhythms, rung, type Stretch, shift, steady } from './shift.ts';

const onset = 20;
const fibrillating = (line: 'fibrillation' | 'flutter', erratic: readonly MadeBeat[] = []) =>
  shift(60, [...steady(0.5, 25, 75), ...erratic], [{ from: 0 }, { from: onset, line }] satisfies readonly Stretch[]);
/** What a QRS detector may find in fibrillation: now and then something, called V or not. */
const erratic = [21.4, 22.1, 24.9, 25.2, 25.9, 29.4, 29.9, 30.2, 30.6, 31.1, 31.4, 38].map(
  (time): MadeBeat => ({ at: time, class: 'V' }),
);

describe('fibrillation', () => {
  it('is said within 6 s of its onset, with what was seen', () => {
    const said = chart(fibrillating('fibrillation')).find((line) => line.includes('+ vf'));
    expect(said).toMatch(/\+ vf \((fibrillatory|flutter) waves for 4 s, about \d+\/min, 0\.\d\d mV\)$/);
    expect(Number.parseFloat(said!) - onset).toBeLessThanOrEqual(6);
  });

  it('is never also called asystole, whether or not beats are found in it', () => {
    expect(rung(fibrillating('fibrillation'))).not.toContain('asystole');
    expect(rung(fibrillating('fibrillation', erratic))).not.toContain('asystole');
  });

  it('silences what erratic beats in it would say', () => {
    const after = chart(fibrillating('fibrillation', erratic)).filter((line) => Number.parseFloat(line) > 27);
    expect(after.filter((line) => / \+ (vt|v-run|couplet|bigeminy|extreme|pause)/.test(line))).toEqual([]);
  });

  it('shows no heart rate', () => {
    expect([...rates(fibrillating('fibrillation', erratic)).keys()].filter((second) => second > 27)).toEqual([]);
  });

  it('is called flutter in the rhythm’s word when it is regular', () => {
    expect(rhythms(fibrillating('flutter'))).toContain('vfl');
  });

  it('gives way to asystole when it dies down', () => {
    const made = shift(60, steady(0.5, 20, 75), [
      { from: 0 },
      { from: 17, line: 'fibrillation' },
      { from: 35, line: 'flat' },
    ]);
    const words = rhythms(made).map((rhythm) => (rhythm === 'vfl' ? 'vf' : rhythm));
    expect(words.filter((rhythm, i) => rhythm !== words[i - 1])).toEqual(['sinus-like', 'vf', 'asystole']);
  });

  it('ends when beats are back', () => {
    const made = shift(
      60,
      [...steady(0.5, 20, 75), ...steady(35, 30, 75)],
      [{ from: 0 }, { from: 17, line: 'fibrillation' }, { from: 34.8 }],
    );
    const lines = chart(made).filter((line) => / vf /.test(line));
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['+', '−']);
    expect(Number.parseFloat(lines[1]!)).toBeLessThan(45);
  });

  it('is not seen in sinus rhythm of any usual rate, in noise or on a still line', () => {
    for (const rate of [30, 50, 75, 100, 130, 160, 190])
      expect(rung(shift(20, steady(0.3, Math.ceil((20 * rate) / 60), rate))), `${rate}/min`).not.toContain('vf');
    expect(rung(shift(20, [], [{ from: 0, line: 'noise' }]))).not.toContain('vf');
    expect(rung(shift(20, [], [{ from: 0, line: 'flat' }]))).not.toContain('vf');
  });
});

describe('a look at a window', () => {
  const window = (of: (time: number) => number): Float64Array =>
    Float64Array.from({ length: 4 * ECG_RATE_HZ }, (_, i) => of(i / ECG_RATE_HZ));

  it('answers nothing where there is nothing to look at: no sample, one sample, zeros, a missing sample', () => {
    expect(look([])).toBeUndefined();
    expect(fibrillationFeatures(new Float64Array(0))).toBeUndefined();
    expect(fibrillationFeatures(Float64Array.of(1))).toBeUndefined();
    expect(fibrillationFeatures(window(() => 0))).toBeUndefined();
    expect(fibrillationFeatures(window((time) => (time > 2 ? Number.NaN : 1)))).toBeUndefined();
  });

  it('finds the frequency, the leakage and the periodicity of a sine', () => {
    const found = fibrillationFeatures(window((time) => Math.sin(2 * Math.PI * 5 * time)))!;
    expect(Math.abs(found.peakHz - 5)).toBeLessThan(0.25);
    expect(found.leakage).toBeLessThan(0.1);
    expect(found.periodicity).toBeGreaterThan(0.99);
    expect(found.powerMiddle).toBeGreaterThan(0.95);
  });

  it('finds white noise not to be periodic', () => {
    const roll = dice(3);
    const found = fibrillationFeatures(window(() => roll() - 0.5))!;
    expect(found.periodicity).toBeLessThan(0.4);
    expect(found.powerMiddle).toBeLessThan(0.4);
  });

  it('does not depend on the gain', () => {
    const roll = dice(5);
    const samples = window((time) => Math.sin(2 * Math.PI * 4 * time) + 0.2 * roll());
    const one = look([samples])!.logit;
    expect(look([samples.map((x) => 3 * x)])!.logit).toBeCloseTo(one, 6);
  });

  it('is always a finite number', () => {
    const roll = dice(11);
    for (let round = 0; round < 50; round++) {
      const scale = 10 ** (8 * roll() - 4);
      const found = look([window(() => scale * (roll() - 0.5) * (roll() < 0.01 ? 100 : 1))]);
      expect(Number.isFinite(found?.logit ?? 0)).toBe(true);
    }
  });
});
