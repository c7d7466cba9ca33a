import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { conditionNames } from '../../schemas/conditions.ts';
import { moment } from '../../schemas/units.ts';
import { ALARM_KINDS } from '../../stream-models/corroboration/claim.ts';
import type { AlarmVerdict } from '../../stream-models/corroboration/judge.ts';
import {
  dueBy,
  JUDGED_AFTER,
  ofOwnAlarm,
  startOwnAlarms,
  withRaised,
} from '../../stream-models/corroboration/own-alarms.ts';

const T = 1_700_000_000_000_000;

describe("an alarm of Vigil's own", () => {
  it('is judged once, when the bed has been heard half a second on, and less than a second after it was raised', () => {
    const raised = withRaised(startOwnAlarms, 'asystole', moment(T));
    expect(dueBy(raised, moment(T + JUDGED_AFTER - 1))).toEqual([raised, []]);
    const [after, due] = dueBy(raised, moment(T + JUDGED_AFTER));
    expect(due).toEqual([{ kind: 'asystole', at: T }]);
    expect(dueBy(after, moment(T + 1e9))).toEqual([after, []]);
    // The bed's clock moves by a quarter of a second.
    expect(JUDGED_AFTER + 250_000).toBeLessThan(1e6);
  });

  it('is refuted only where a live pulse denies it, and a fibrillation never', () => {
    const judged = (...testimonies: AlarmVerdict['testimonies']): AlarmVerdict => ({
      ...{ verdict: 'refuted', probability: 0.04, testimonies },
    });
    const lead = { signal: 'II', code: MDC.ecgII, says: 'against', because: '' } as const;
    const pulse = { signal: 'ABP', code: MDC.abpWave, says: 'against', because: '' } as const;
    const silent = { ...pulse, says: 'nothing' } as const;
    for (const kind of ALARM_KINDS) {
      expect(ofOwnAlarm(kind, judged(lead, silent)).verdict).toBe('undecided');
      expect(ofOwnAlarm(kind, judged(pulse)).verdict).toBe(kind === 'vf' ? 'undecided' : 'refuted');
      for (const verdict of ['confirmed', 'undecided'] as const)
        expect(ofOwnAlarm(kind, { ...judged(lead, silent), verdict }).verdict).toBe(verdict);
    }
  });

  it('of any other kind is not judged', () => {
    const others = conditionNames.filter((name) => !(ALARM_KINDS as readonly string[]).includes(name));
    for (const name of others) expect(withRaised(startOwnAlarms, name, moment(T))).toBe(startOwnAlarms);
  });

  it('that flaps waits at most once a kind, for its newest onset', () => {
    const onset = fc.tuple(fc.constantFrom(...ALARM_KINDS), fc.nat(400_000));
    fc.assert(
      fc.property(fc.array(onset, { minLength: 1, maxLength: 50 }), (onsets) => {
        const inTime = onsets.toSorted((a, b) => a[1] - b[1]);
        let memory = startOwnAlarms;
        for (const [kind, us] of inTime) memory = withRaised(memory, kind, moment(T + us));
        const [, due] = dueBy(memory, moment(T + 1e7));
        const newest = new Map(inTime.map(([kind, us]) => [kind, T + us]));
        expect(new Map(due.map(({ kind, at }) => [kind, Number(at)]))).toEqual(newest);
        expect(due.length).toBe(newest.size);
      }),
    );
  });
});
