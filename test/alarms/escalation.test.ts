/**
 * Goal: an alarm that nobody answers reaches everybody, and one that somebody answers goes no further.
 * Method: the alarm machine alone, with its own time; the steps of the chain are read from what it says.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConditionName, conditions } from '../../schemas/conditions.ts';
import { type Moment, seconds } from '../../schemas/units.ts';
import type { BedAlarms } from '../../stream-models/alarms/alarm.ts';
import type { AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { alarmMachine } from '../../stream-models/alarms/alarm-machine.ts';
import type { AlarmPolicy } from '../../stream-models/alarms/policy.ts';
import { runFold } from '../../stream-models/fold.ts';
import { absent, BED, choice, nurse, patient, policy as plain, present, tick } from './shift.ts';

const STEP_S = 60;
const policy: AlarmPolicy = { ...plain, escalateAfter: { high: seconds(STEP_S) } };
const yellowToo: AlarmPolicy = { ...plain, escalateAfter: { high: seconds(STEP_S), medium: seconds(180) } };

/** Whom each alarm asks, each time it asks others than before; and who said so, where it was a person. */
const chain = (inputs: readonly AlarmInput[], by: AlarmPolicy = policy): readonly string[] => {
  const lines: string[] = [];
  const before = new Map<string, string>();
  for (const { at, alarms } of runFold(alarmMachine(by, BED), inputs)[1])
    for (const { id, condition, shown, asking, evidence } of alarms) {
      const now = condition === 'unanswered' ? `${shown}: ${evidence}` : (asking?.step ?? 'nobody');
      if (before.get(id) === now) continue;
      before.set(id, now);
      lines.push(`${at / 1e6}s ${condition} ${now}`);
    }
  return lines;
};

describe('a red alarm that nobody answers', () => {
  it('asks the screens that chose the bed, then the whole unit, and is then UNANSWERED', () => {
    expect(chain([choice(0, 'a'), present(10, 'vt'), choice(30, 'a'), choice(90, 'a'), tick(200)])).toEqual([
      '10s vt own',
      '70s vt unit',
      '130s vt unanswered',
      '130s unanswered on: VTACH: nobody has answered',
    ]);
  });

  it('asks the whole unit at once where no screen has chosen the bed', () => {
    expect(chain([present(10, 'vt'), tick(100)])).toEqual([
      '10s vt unit',
      '70s vt unanswered',
      '70s unanswered on: VTACH: nobody has answered',
    ]);
  });

  it('goes on also where it ended unseen', () => {
    expect(chain([present(10, 'vt'), absent(20, 'vt'), tick(100)])).toEqual([
      '10s vt unit',
      '70s vt unanswered',
      '70s unanswered on: VTACH: nobody has answered',
    ]);
  });

  it('goes on as soon where a clock is set back', () => {
    expect(chain([choice(5_000, 'a'), present(5_010, 'vt'), tick(5_020), tick(1_000), tick(1_200)])).toEqual([
      '5010s vt own',
      '1050s vt unit',
      '1110s vt unanswered',
      '1110s unanswered on: VTACH: nobody has answered',
    ]);
  });

  it('says in the history that it went on, and why', () => {
    const told = runFold(alarmMachine(policy, BED), [choice(0, 'a'), present(10, 'vt'), tick(90)])[1];
    expect(told.flatMap(({ transition: t }) => (t && t.from === t.to ? [`${t.to} ${t.by}: ${t.why}`] : []))).toEqual([
      'on vigil: nobody has answered for 60 s: asks the whole unit',
    ]);
  });
});

describe('an alarm that somebody answers', () => {
  it('goes no further, and UNANSWERED ends with it', () => {
    expect(chain([present(10, 'vt'), nurse(69, 'acknowledge'), tick(600)])).toEqual(['10s vt unit', '69s vt nobody']);
    const late = chain([present(10, 'vt'), tick(100), nurse(110, 'acknowledge', { alarm: `${BED}/vt/10000000` })]);
    expect(late.slice(3)).toEqual(['110s vt nobody']);
    const [memory] = runFold(alarmMachine(policy, BED), [
      present(10, 'vt'),
      tick(100),
      nurse(110, 'acknowledge', { alarm: `${BED}/vt/10000000` }),
    ]);
    expect(memory.alarms.map(({ condition, shown }) => `${condition} ${shown}`)).toEqual(['vt acknowledged']);
  });

  it('asks anew, from the first step, when it begins anew', () => {
    expect(
      chain([
        choice(0, 'a'),
        present(10, 'vt'),
        nurse(20, 'acknowledge'),
        absent(30, 'vt'),
        present(40, 'vt'),
        tick(50),
      ]),
    ).toEqual(['10s vt own', '20s vt nobody', '40s vt own']);
  });

  it('stands still while its sound is paused, for somebody is there, and goes on when the pause is over', () => {
    expect(chain([present(10, 'vt'), nurse(20, 'pause-audio'), tick(199), tick(300)])).toEqual([
      '10s vt unit',
      '200s vt unanswered',
      '200s unanswered on: VTACH: nobody has answered',
    ]);
  });

  it('UNANSWERED rings anew for one more alarm, although it was acknowledged', () => {
    const lines = chain([
      present(10, 'vt'),
      present(50, 'spo2-desaturation'),
      tick(75),
      nurse(80, 'acknowledge', { alarm: `${BED}/unanswered/70000000` }),
      tick(120),
    ]);
    expect(lines.filter((line) => line.includes('unanswered on') || line.includes('unanswered ack'))).toEqual([
      '70s unanswered on: VTACH: nobody has answered',
      '80s unanswered acknowledged: VTACH: nobody has answered',
      '110s unanswered on: VTACH, DESAT: nobody has answered',
    ]);
  });

  it('and UNANSWERED leaves with the patient', () => {
    const [memory] = runFold(alarmMachine(policy, BED), [
      patient(0, 'p1'),
      present(10, 'vt'),
      tick(100),
      patient(110, 'p2'),
    ]);
    expect(memory.alarms).toEqual([]);
  });
});

describe('who cannot come', () => {
  it('passes the alarm on to the whole unit at once, and stands beside it', () => {
    const inputs = [choice(0, 'a'), present(10, 'vt'), nurse(15, 'cannot-come'), tick(80)];
    expect(chain(inputs)).toEqual([
      '10s vt own',
      '15s vt unit',
      '75s vt unanswered',
      '75s unanswered on: VTACH: nobody has answered',
    ]);
    const [memory, told] = runFold(alarmMachine(policy, BED), inputs);
    expect(memory.alarms.find(({ condition }) => condition === 'vt')?.asking?.declinedBy).toEqual(['nurse Ada']);
    expect(told.map(({ transition }) => transition?.why)).toContain('cannot come: asks the whole unit');
  });

  it('is one of many where the whole unit is asked: the time runs on', () => {
    expect(chain([present(10, 'vt'), nurse(15, 'cannot-come'), tick(80)])).toEqual([
      '10s vt unit',
      '70s vt unanswered',
      '70s unanswered on: VTACH: nobody has answered',
    ]);
  });

  it('passes on nothing that came back since he looked', () => {
    expect(
      chain([choice(0, 'a'), present(10, 'vt'), nurse(15, 'cannot-come', { seen: [], id: 'act' }), tick(20)]),
    ).toEqual(['10s vt own']);
  });
});

describe('whom a bed belongs to', () => {
  it('is everybody when what a screen chose was not said again', () => {
    const chosen = (inputs: readonly AlarmInput[]) =>
      runFold(alarmMachine(policy, BED), inputs)[1].map(
        ({ at, chosenBy }) => `${at / 1e6}s ${chosenBy.map(({ name }) => name).join(', ')}`,
      );
    expect(chosen([choice(0, 'a'), choice(10, 'b'), choice(20, 'a'), tick(59)])).toEqual([
      '0s the a',
      '10s the a, the b',
    ]);
    expect(chosen([choice(0, 'a'), choice(10, 'b', true), choice(20, 'a', false), tick(59)]).at(-1)).toBe('20s the b');
    expect(chosen([choice(0, 'a'), tick(95)]).at(-1)).toBe('90s ');
  });

  it('moves no timer: a chosen screen that leaves changes whom an alarm reaches, not when it goes on', () => {
    expect(chain([choice(0, 'a'), present(10, 'vt'), choice(15, 'a', false), tick(75)])).toEqual([
      '10s vt own',
      '70s vt unit',
    ]);
  });
});

describe('what a site decides', () => {
  it('passes on yellow alarms where it says so, and technical ones never', () => {
    const inputs = [present(0, 'couplet'), present(0, 'lead-off'), present(0, 'analysis-silent'), tick(500)];
    expect(chain(inputs, policy).filter((line) => !line.endsWith('nobody'))).toEqual([]);
    expect(chain(inputs, yellowToo).filter((line) => !line.endsWith('nobody'))).toEqual([
      '0s couplet unit',
      '180s couplet unanswered',
      '180s unanswered on: V COUPLET: nobody has answered',
    ]);
  });

  it('passes on nothing where it does not say so', () => {
    expect(chain([present(0, 'vt'), tick(500)], plain)).toEqual(['0s vt nobody']);
  });
});

const NAMES: readonly ConditionName[] = ['vf', 'vt', 'asystole', 'extreme-tachy', 'spo2-desaturation', 'hr-high'];
type Event = (s: number) => AlarmInput;
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(...NAMES).map(
      (name): Event =>
        (s) =>
          present(s, name),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...NAMES).map(
      (name): Event =>
        (s) =>
          absent(s, name),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('acknowledge', 'pause-audio', 'resume-audio', 'reset', 'cannot-come').map(
      (kind): Event =>
        (s) =>
          nurse(s, kind as 'acknowledge'),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('a', 'b'), fc.boolean()).map(
      ([who, is]): Event =>
        (s) =>
          choice(s, who, is),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('p1', 'p2').map(
      (name): Event =>
        (s) =>
          patient(s, name),
    ),
  },
);
const shift = fc
  .array(fc.tuple(event, fc.constantFrom(0, 1, 5, 20, 61, 130)), { minLength: 1, maxLength: 40 })
  .map((events) => {
    let s = 1_000;
    return events.map(([make, gap]) => {
      s += gap;
      return make(s);
    });
  });
const RUNS = { numRuns: 400 };
const later = (memory: BedAlarms, s: number): AlarmInput => {
  const at = ((memory.now ?? 0) + s * 1e6) as Moment;
  return { tag: 'Tick', at, said: at };
};

describe('whatever happens on a shift', () => {
  it('every red alarm that nobody answers reaches the end of the chain, and UNANSWERED rings', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        const machine = alarmMachine(policy, BED);
        const [memory] = runFold(machine, inputs);
        // A pause of two minutes at most, and two steps of one.
        const [after] = runFold(machine, [later(memory, 120 + 2 * STEP_S)], memory);
        const asks = after.alarms.filter(
          ({ condition, shown }) =>
            conditions[condition].priority === 'high' &&
            conditions[condition].origin === 'physiological' &&
            (shown === 'on' || shown === 'latched'),
        );
        for (const { asking } of asks) expect(asking?.step).toBe('unanswered');
        const unanswered = after.alarms.find(({ condition }) => condition === 'unanswered');
        expect(unanswered?.present ?? false).toBe(asks.length > 0);
      }),
      RUNS,
    );
  });

  it('what was answered asks nobody, and goes no further however long it stands', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        const machine = alarmMachine(policy, BED);
        const [memory] = runFold(machine, inputs);
        const [after, told] = runFold(machine, [later(memory, 3_600)], memory);
        const answered = memory.alarms.filter(({ shown }) => shown === 'acknowledged').map(({ id }) => id);
        for (const { id, asking } of after.alarms) if (answered.includes(id)) expect(asking).toBeUndefined();
        for (const { transition } of told) expect(answered).not.toContain(transition?.alarm);
      }),
      RUNS,
    );
  });

  it('passing on changes nothing else: the alarms come, sound and end as they would without it', () => {
    const others = (by: AlarmPolicy, inputs: readonly AlarmInput[]) =>
      runFold(alarmMachine(by, BED), inputs)[1].flatMap(({ at, transition: t }) =>
        t && t.condition !== 'unanswered' && t.from !== t.to ? [{ at, ...t }] : [],
      );
    fc.assert(
      fc.property(shift, (inputs) => {
        expect(others(policy, inputs)).toEqual(others(plain, inputs));
      }),
      RUNS,
    );
  });

  it('the same steps are asked wherever the shift is cut and its memory stored and loaded, and however often ticks come', () => {
    fc.assert(
      fc.property(shift, fc.nat(40), (inputs, cut) => {
        const machine = alarmMachine(policy, BED);
        const [half, first] = runFold(machine, inputs.slice(0, cut));
        const [whole, second] = runFold(machine, inputs.slice(cut), structuredClone(half));
        const [memory, told] = runFold(machine, inputs);
        expect([...first, ...second]).toEqual(told);
        expect(whole).toEqual(memory);
        const ticked = inputs.flatMap((input, i) => {
          const next = inputs[i + 1];
          if (next === undefined) return [input];
          const count = Math.min(150, (next.at - input.at) / 1e6);
          return [input, ...Array.from({ length: count }, (_, n) => tick(input.at / 1e6 + n))];
        });
        const steps = (all: typeof told) => all.flatMap(({ at, transition: t }) => (t ? [{ at, t }] : []));
        expect(steps(runFold(machine, ticked)[1])).toEqual(steps(told));
      }),
      RUNS,
    );
  });
});
