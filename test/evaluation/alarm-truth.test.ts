import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alarmCurve,
  challengeScore,
  countAlarms,
  type JudgedAlarm,
  sensitivityOf,
  specificityOf,
} from '../../stream-models/evaluation/alarm-truth.ts';

const alarm = (isTrue: boolean, isKept: boolean, probability = isKept ? 0.9 : 0.1): JudgedAlarm => ({
  ...{ record: 'a', kind: 'Asystole', isTrue, isKept, probability },
});
const anyAlarm = fc
  .record({ isTrue: fc.boolean(), probability: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ isTrue, probability }) => alarm(isTrue, probability >= 0.5, probability));

describe('the score of verdicts on alarms', () => {
  it('is the one of the challenge: a lost true alarm costs five times', () => {
    const counts = countAlarms([
      ...Array.from({ length: 10 }, () => alarm(true, true)),
      ...Array.from({ length: 2 }, () => alarm(true, false)),
      ...Array.from({ length: 20 }, () => alarm(false, false)),
      ...Array.from({ length: 5 }, () => alarm(false, true)),
    ]);
    expect(counts).toEqual({ truePositives: 10, falsePositives: 5, falseNegatives: 2, trueNegatives: 20 });
    expect(challengeScore(counts)).toBeCloseTo(30 / 45, 12);
    expect(sensitivityOf(counts)).toBeCloseTo(10 / 12, 12);
    expect(specificityOf(counts)).toBeCloseTo(20 / 25, 12);
  });

  it('counts a record as often as it was drawn', () => {
    const alarms = [alarm(true, true), alarm(true, false), alarm(false, true)];
    expect(countAlarms(alarms, [3, 0, 2])).toEqual(
      countAlarms([alarms[0]!, alarms[0]!, alarms[0]!, alarms[2]!, alarms[2]!]),
    );
  });

  it('is the curve at the threshold that was used, and the curve only falls in sensitivity and rises in specificity', () => {
    fc.assert(
      fc.property(fc.array(anyAlarm, { minLength: 1, maxLength: 60 }), (alarms) => {
        const curve = alarmCurve(alarms);
        const at = curve.find(({ from }) => from >= 0.5);
        expect(at?.counts).toEqual(countAlarms(alarms));
        for (let i = 1; i < curve.length; i++) {
          expect(curve[i]!.counts.truePositives).toBeLessThanOrEqual(curve[i - 1]!.counts.truePositives);
          expect(curve[i]!.counts.trueNegatives).toBeGreaterThanOrEqual(curve[i - 1]!.counts.trueNegatives);
        }
        expect(curve[0]!.counts.falseNegatives).toBe(0);
      }),
    );
  });
});
