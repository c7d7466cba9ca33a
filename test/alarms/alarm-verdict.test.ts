/** A verdict stands beside an alarm. Nothing that rings, its sound, order or time may follow from it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConditionName } from '../../schemas/conditions.ts';
import { VerdictKind } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { AlarmEvidence, AlarmSaid } from '../../stream-models/alarms/alarm.ts';
import { toAlarmEvent } from '../../stream-models/alarms/alarm-event.ts';
import type { AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { absent, at, BED, nurse, patient, play, present, tick } from './shift.ts';

const evidence = (kind: AlarmEvidence['kind'], judgedS: number): AlarmEvidence => ({
  judged: at(judgedS),
  kind,
  probability: kind === 'refuted' ? 0.03 : 0.9,
  testimonies: [{ code: 150_032, says: kind === 'refuted' ? 'against' : 'nothing', because: 'a pulse every 0.8 s' }],
});
const verdict = (s: number, condition: ConditionName, kind: AlarmEvidence['kind'] = 'refuted'): AlarmInput => ({
  ...{ at: at(s), said: at(s) },
  ...{ tag: 'Verdict', condition, verdict: evidence(kind, s) },
});
const standing = (...inputs: AlarmInput[]) =>
  play(inputs)[0].alarms.map(({ condition, verdict: v }) => [condition, v?.kind]);

describe('a verdict on an alarm', () => {
  it('stands in every picture from then on, and is said at once', () => {
    const [, told] = play([present(0, 'asystole'), verdict(0.6, 'asystole'), nurse(5, 'acknowledge')]);
    const events = told.map((said) => toAlarmEvent(BED, said));
    expect(
      events.map(({ transition, signals }) => [transition?.to !== undefined, signals[0]?.verdict?.verdict]),
    ).toEqual([
      [true, undefined],
      [false, VerdictKind.REFUTED],
      [true, VerdictKind.REFUTED],
    ]);
    expect(events.map(({ judged }) => judged)).toEqual(['', `${BED}/asystole/0`, '']);
    expect(events[1]!.signals[0]).toMatchObject({ judgedUs: 600_000, verdict: { own: true, text: 'ASYSTOLE' } });
  });
  it('stays beside an alarm that ended unseen, and is not carried over to the next onset', () => {
    const shift = [present(0, 'vt'), verdict(0.6, 'vt'), absent(4, 'vt')];
    expect(standing(...shift)).toEqual([['vt', 'refuted']]);
    expect(standing(...shift, present(9, 'vt'))).toEqual([['vt', undefined]]);
    expect(standing(...shift, present(9, 'vt'), verdict(9.6, 'vt', 'confirmed'))).toEqual([['vt', 'confirmed']]);
  });
  it('on what is over, or was never there, is let go', () => {
    expect(play([verdict(1, 'vf')])[1]).toEqual([]);
    expect(standing(present(0, 'vf'), patient(1, 'a'), patient(2, 'b'), verdict(3, 'vf'))).toEqual([]);
  });

  const names = fc.constantFrom<ConditionName>('asystole', 'vf', 'vt', 'extreme-tachy', 'hr-high');
  const event = fc.oneof(
    names.map((name) => (s: number) => present(s, name)),
    names.map((name) => (s: number) => absent(s, name)),
    fc.constant((s: number) => nurse(s, 'acknowledge')),
    fc.constant((s: number) => nurse(s, 'pause-audio')),
    fc.constant(tick),
  );
  const changes = (told: readonly AlarmSaid[]) =>
    told.flatMap(({ at: moment, said, transition, alarms }) =>
      transition === undefined
        ? []
        : [{ moment, said, transition, order: alarms.map(({ id, shown, since }) => [id, shown, since]) }],
    );
  it('never changes what rings, when, in which order or for how long', () => {
    const kinds = fc.constantFrom<AlarmEvidence['kind']>('confirmed', 'refuted', 'undecided');
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.option(fc.tuple(names, kinds))), { maxLength: 60 }), (shift) => {
        const without = shift.map(([make], i) => make(i));
        const judged = shift.flatMap(([make, said], i) =>
          said === null ? [make(i)] : [make(i), verdict(i, said[0], said[1])],
        );
        expect(changes(play(judged)[1])).toEqual(changes(play(without)[1]));
      }),
    );
  });
});
