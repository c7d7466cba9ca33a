import { describe, expect, it } from 'vitest';
import { PRIVATE } from '../../schemas/codes.ts';
import { type Finding, RhythmKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { rhythmGravity } from '../../schemas/series.ts';
import { type BedRhythm, noRhythm, rhythmMarks } from '../../services/recorder/rhythm-marks.ts';
import { at, derived, rhythm } from './ward.ts';

const gravity = (of: RhythmKind): number => rhythmGravity[of]!.gravity;
const [sinus, vt] = [gravity(RhythmKind.SINUS_LIKE), gravity(RhythmKind.VT)];
const secondOf = (us: number): number => (us - at(0)) / 1e6;

/** What a store has after these findings: second → gravity; a later point of one moment replaces an earlier one. */
const marked = (findings: readonly Finding[], from: BedRhythm = noRhythm): Map<number, number> => {
  const [, points] = rhythmMarks(from, 'icu-01', findings);
  return new Map(points.map(({ at: moment, value }) => [secondOf(moment), value]));
};
/** Findings of every second in which nothing happens. */
const calm = (from: number, to: number): Finding[] =>
  Array.from({ length: to - from }, (_, i) => derived(from + i, 70));

describe('the rhythm as a number', () => {
  it('is said at every change and at every tenth whole second', () => {
    const points = marked([rhythm(3, RhythmKind.SINUS_LIKE), ...calm(4, 35)]);
    expect([...points]).toEqual([
      [3, sinus],
      [10, sinus],
      [20, sinus],
      [30, sinus],
    ]);
  });

  it('has a second of VT as the most of a day', () => {
    const day = [
      rhythm(0, RhythmKind.SINUS_LIKE),
      ...calm(1, 40_000),
      rhythm(40_000.3, RhythmKind.VT, 40_002),
      rhythm(40_001.3, RhythmKind.SINUS_LIKE, 40_003),
      ...calm(40_004, 86_400),
    ];
    const points = [...marked(day)];
    expect(Math.max(...points.map(([, value]) => value))).toBe(vt);
    expect(points.filter(([, value]) => value === vt)).toEqual([[40_000.3, vt]]);
    expect(points.length).toBeGreaterThan(8_600);
  });

  it('marks the time again in which a rhythm was there before it was said', () => {
    const points = marked([rhythm(0, RhythmKind.SINUS_LIKE), ...calm(1, 22), rhythm(18.5, RhythmKind.VT, 22)]);
    expect([points.get(10), points.get(18.5), points.get(20)]).toEqual([sinus, vt, vt]);
  });

  it('leaves a gap where the bed was silent, and never draws the last rhythm on', () => {
    const points = [...marked([rhythm(1, RhythmKind.SINUS_LIKE), ...calm(2, 31), ...calm(300, 325)]).keys()];
    expect(points).toEqual([1, 10, 20, 30, 300, 310, 320]);
  });

  it('says nothing before the first rhythm was said', () => {
    expect([...marked(calm(0, 100))]).toEqual([]);
  });

  it('does not depend on how the findings were cut into records', () => {
    const story = [rhythm(0, RhythmKind.AF), ...calm(1, 33), rhythm(29, RhythmKind.VT, 33), ...calm(34, 77)];
    const whole = marked(story);
    for (const cut of [1, 5, 30, 34, 60]) {
      const [memory, first] = rhythmMarks(noRhythm, 'icu-01', story.slice(0, cut));
      const [, second] = rhythmMarks(memory, 'icu-01', story.slice(cut));
      const both = new Map([...first, ...second].map(({ at: moment, value }) => [secondOf(moment), value]));
      expect(both).toEqual(whole);
    }
  });

  it('is a series of a code of Vigil’s own', () => {
    const [, [point]] = rhythmMarks(noRhythm, 'icu-01', [rhythm(3, RhythmKind.VF)]);
    expect(point).toMatchObject({ bed: 'icu-01', device: 0, source: 'vigil', code: PRIVATE.rhythm, unit: '1' });
  });

  it('has a gravity for every rhythm there is, all different', () => {
    const kinds = Object.values(RhythmKind).filter((kind) => typeof kind === 'number' && kind !== 0) as RhythmKind[];
    expect(new Set(kinds.map(gravity)).size).toBe(kinds.length);
  });
});
