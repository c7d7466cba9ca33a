import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { PRIVATE } from '../../schemas/codes.ts';
import {
  ConditionChangeSchema,
  type Finding,
  FindingSchema,
  MemoryResetSchema,
  RhythmKind,
  ScoreSchema,
} from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { rhythmGravity } from '../../schemas/series.ts';
import { BEGUN_ANEW } from '../../schemas/words.ts';
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
const said = (s: number, kind: Finding['kind'], saidS = s): Finding =>
  create(FindingSchema, { atUs: at(s), saidUs: at(saidS), preset: 'adult', kind });
/** All that is said of a bed in which nothing beats. */
const scores = (from: number, to: number): Finding[] =>
  Array.from({ length: Math.floor((to - from) / 60) }, (_, i) =>
    said(from + 60 * (i + 1), { case: 'score', value: create(ScoreSchema, { name: 'NEWS2' }) }),
  );
const noSignal = (s: number, present: boolean, saidS = s): Finding =>
  said(s, { case: 'condition', value: create(ConditionChangeSchema, { condition: 'no-signal', present }) }, saidS);
const reset = (s: number, saidS: number): Finding =>
  said(s, { case: 'reset', value: create(MemoryResetSchema, { what: 'ecg', why: 'a gap' }) }, saidS);
/** Another patient, or a clock that was set back. */
const begunAnew = (s: number, saidS: number): Finding =>
  said(s, { case: 'reset', value: create(MemoryResetSchema, { what: BEGUN_ANEW, why: 'another patient' }) }, saidS);
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

  it('goes on through an asystole, of which nothing is said but a score a minute', () => {
    const points = marked([
      ...[rhythm(1, RhythmKind.SINUS_LIKE), ...calm(2, 9), rhythm(9, RhythmKind.ASYSTOLE, 13)],
      ...scores(14, 140),
    ]);
    const seconds = [9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130];
    expect(points.size).toBe(1 + seconds.length);
    for (const second of seconds) expect(points.get(second), `${second} s`).toBe(gravity(RhythmKind.ASYSTOLE));
  });

  it('leaves a gap where there was no signal, although scores were said of it', () => {
    const story = [
      ...[rhythm(1, RhythmKind.SINUS_LIKE), ...calm(2, 31)],
      ...[noSignal(31, true, 36), rhythm(36, RhythmKind.NOISE), ...scores(40, 220)],
      ...[reset(31, 221), noSignal(221, false), rhythm(223, RhythmKind.SINUS_LIKE), ...calm(224, 245)],
    ];
    expect([...marked(story).keys()]).toEqual([1, 10, 20, 30, 36, 223, 230, 240]);
  });

  it('of one patient is not that of the next: nothing is marked until analysis says a rhythm of his', () => {
    const story = [
      ...[rhythm(1, RhythmKind.VT), ...calm(2, 31), begunAnew(31.2, 31.5), ...calm(32, 47)],
      ...[rhythm(44, RhythmKind.SINUS_LIKE, 47.5), ...calm(48, 65)],
    ];
    expect([...marked(story)]).toEqual([
      ...[1, 10, 20, 30].map((s) => [s, vt]),
      ...[44, 50, 60].map((s) => [s, sinus]),
    ]);
  });

  it('goes on where a clock was set back, and touches nothing of the time that is still to come', () => {
    const story = [rhythm(3_600, RhythmKind.VT), ...calm(3_601, 3_631), begunAnew(5, 5), rhythm(6, RhythmKind.AF, 9)];
    const points = marked([...story, ...calm(10, 35)]);
    const [before, back] = [
      [3_600, 3_610, 3_620, 3_630],
      [6, 10, 20, 30],
    ];
    expect([...points]).toEqual([...before.map((s) => [s, vt]), ...back.map((s) => [s, gravity(RhythmKind.AF)])]);
  });

  it('leaves a gap where nobody heard the bed, however short', () => {
    const points = [
      ...marked([rhythm(1, RhythmKind.SINUS_LIKE), ...calm(2, 19), reset(19, 44), ...calm(44, 65)]).keys(),
    ];
    expect(points).toEqual([1, 10, 50, 60]);
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

  it('does not depend on where the recorder was stopped, though it forgets how far the bed was heard', () => {
    const story = [
      ...[rhythm(1, RhythmKind.SINUS_LIKE), ...calm(2, 31), rhythm(25, RhythmKind.ASYSTOLE, 31), ...scores(31, 160)],
      ...[noSignal(170, true, 175), rhythm(175, RhythmKind.NOISE), ...scores(175, 300), reset(170, 301)],
      ...[noSignal(301, false), rhythm(303, RhythmKind.AF), ...calm(304, 325)],
    ];
    const whole = marked(story);
    expect(whole.get(100)).toBe(gravity(RhythmKind.ASYSTOLE));
    for (let cut = 1; cut < story.length; cut++) {
      const [memory, first] = rhythmMarks(noRhythm, 'icu-01', story.slice(0, cut));
      const [, second] = rhythmMarks({ ...memory, heard: noRhythm.heard }, 'icu-01', story.slice(cut));
      const both = new Map([...first, ...second].map(({ at: moment, value }) => [secondOf(moment), value]));
      expect(both, `cut at ${cut}`).toEqual(whole);
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
