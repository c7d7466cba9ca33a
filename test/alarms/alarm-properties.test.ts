import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConditionName, conditionNames, conditions, isCondition } from '../../schemas/conditions.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Alarm, AlarmSaid, BedAlarms, ShownState } from '../../stream-models/alarms/alarm.ts';
import type { ActionKind, AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { alarmMachine } from '../../stream-models/alarms/alarm-machine.ts';
import { ACTIONS_REMEMBERED, AUDIO_PAUSE_LIMIT, ROLL_CALL_EVERY } from '../../stream-models/alarms/policy.ts';
import { runFold } from '../../stream-models/fold.ts';
import { absent, at, BED, nurse, patient, play, policy, present, tick } from './shift.ts';

/** Every transition there may be. */
const legal: Readonly<Record<ShownState, readonly ShownState[]>> = {
  off: ['waiting', 'on', 'paused', 'hidden'],
  waiting: ['on', 'paused', 'hidden', 'off'],
  on: ['paused', 'acknowledged', 'hidden', 'latched', 'off'],
  paused: ['on', 'acknowledged', 'hidden', 'latched', 'off'],
  latched: ['on', 'hidden', 'off'],
  acknowledged: ['off'],
  hidden: ['on', 'paused', 'latched', 'off'],
};

/** A bad shift: chained conditions of every kind flap while nurses act and time stumbles. */
const FLAPPING: readonly ConditionName[] = [
  'vf',
  'vt',
  'asystole',
  'extreme-tachy',
  'hr-high',
  'pulse-high',
  'spo2-low',
  'couplet',
  'lead-off',
  'analysis-silent',
];
const condition = fc.constantFrom(...FLAPPING);
const kind = fc.constantFrom<ActionKind>('acknowledge', 'pause-audio', 'resume-audio', 'reset');

type Event = (s: number) => AlarmInput;
type Condition = Extract<AlarmInput, { tag: 'Condition' }>;
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: condition.map(
      (name): Event =>
        (s) =>
          present(s, name),
    ),
  },
  {
    weight: 4,
    arbitrary: condition.map(
      (name): Event =>
        (s) =>
          absent(s, name),
    ),
  },
  // A device that falls silent, and may have been taken off.
  {
    weight: 2,
    arbitrary: fc.constant<Event>((s) => ({ ...(present(s, 'value-lost') as Condition), mayBeTakenOff: true })),
  },
  { weight: 2, arbitrary: fc.constant<Event>(tick) },
  {
    weight: 3,
    arbitrary: fc
      .record({
        what: kind,
        id: fc.constantFrom('', 'a', 'b', 'c'),
        by: fc.constantFrom('Ada', 'Bo'),
        only: fc.option(condition),
      })
      .map(
        ({ what, id, by, only }): Event =>
          (s) =>
            nurse(s, what, { id, by, ...(only ? { alarm: `${BED}/${only}/${s * 1e6}` } : {}) }),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('p1', 'p2', '').map(
      (name): Event =>
        (s) =>
          patient(s, name),
    ),
  },
);
const shift = fc
  .array(fc.tuple(event, fc.constantFrom(0, 0, 1, 3, 9, 20, 61, 130, 500, -5)), { minLength: 1, maxLength: 60 })
  .map((events) => {
    let s = 1000;
    return events.map(([make, gap]) => {
      s += gap;
      return make(s);
    });
  });
const RUNS = { numRuns: 400 };

/** Each input with the memory before and after it and what was said. */
const steps = (inputs: readonly AlarmInput[]) => {
  const machine = alarmMachine(policy, BED);
  let before: BedAlarms = machine.start;
  return inputs.map((input) => {
    const [memory, told] = machine.step(before, input);
    const step = { input, before, memory, told };
    before = memory;
    return step;
  });
};
const isHigh = (alarm: Alarm): boolean => conditions[alarm.condition].priority === 'high';
const picture = (alarms: readonly Alarm[]) => new Map(alarms.map(({ id, shown }) => [id, shown]));

describe('whatever happens on a shift', () => {
  it('every transition is legal, and says at which moment, by whom and why', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        for (const { at: moment, said, transition } of play(inputs)[1]) {
          expect(said).toBeGreaterThanOrEqual(moment);
          if (!transition) continue;
          expect(legal[transition.from]).toContain(transition.to);
          expect(transition.by).not.toBe('');
          expect(transition.why).not.toBe('');
        }
      }),
      RUNS,
    );
  });

  it('the picture is the sum of all transitions, after each of them', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        const sum = new Map<string, ShownState>();
        for (const { transition, alarms } of play(inputs)[1]) {
          if (transition) {
            expect(sum.get(transition.alarm) ?? 'off').toBe(transition.from);
            if (transition.to === 'off') sum.delete(transition.alarm);
            else sum.set(transition.alarm, transition.to);
          }
          expect(picture(alarms)).toEqual(sum);
        }
      }),
      RUNS,
    );
  });

  it('an alarm begins once: its id is never used again', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        const begun = play(inputs)[1].flatMap(({ transition: t }) => (t?.from === 'off' ? [t.alarm] : []));
        expect(new Set(begun).size).toBe(begun.length);
      }),
      RUNS,
    );
  });

  it('an id is not used again where a clock is set back either', () => {
    const beat = fc.tuple(
      fc.constantFrom(present, absent),
      fc.constantFrom('vf', 'lead-off'),
      fc.integer({ min: 0, max: 8 }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(beat, { maxLength: 12 }), { minLength: 2, maxLength: 4 }), (hours) => {
        // Each hour begins where the one before had begun: all that happens may happen at moments that were before.
        const inputs = hours.flatMap((beats) => {
          const played: AlarmInput[] = [tick(9_000)];
          let s = 9_000;
          for (const [make, name, gap] of beats) {
            s += gap;
            played.push(make(s, name as ConditionName));
          }
          return [...played, nurse(s, 'acknowledge'), tick(s + 120)];
        });
        const begun = play(inputs)[1].flatMap(({ transition: t }) => (t?.from === 'off' ? [t.alarm] : []));
        expect(new Set(begun).size).toBe(begun.length);
      }),
      RUNS,
    );
  });

  it('time never runs backwards', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        const told = play(inputs)[1];
        for (const field of ['at', 'said'] as const) {
          const moments = told.map((said) => said[field]);
          expect(moments).toEqual(moments.toSorted((a, b) => a - b));
        }
      }),
      RUNS,
    );
  });

  it('a red alarm whose condition is present is on, paused, acknowledged or behind a graver present one', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        const there = new Set<ConditionName>();
        for (const { input, before, memory } of steps(inputs)) {
          // That one may be let go although it stands, and goes with its patient.
          if (input.tag === 'Condition' && !input.mayBeTakenOff)
            there[input.present ? 'add' : 'delete'](input.condition);
          if (input.tag === 'PatientChange' && before.patient !== undefined && input.patient !== before.patient)
            for (const name of there) if (conditions[name].origin === 'physiological') there.delete(name);
          for (const name of there) {
            const alarm = memory.alarms.find((known) => known.condition === name);
            expect(alarm?.present).toBe(true);
            if (!alarm || !isHigh(alarm)) continue;
            expect(['on', 'paused', 'acknowledged', 'hidden']).toContain(alarm.shown);
            if (alarm.shown !== 'hidden') continue;
            const graver: readonly string[] = conditions[name].hiddenBy;
            expect(
              memory.alarms.some(
                (other) => graver.includes(other.condition) && other.present && other.shown !== 'waiting',
              ),
            ).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  it('a red alarm that begins is heard: it is on, or behind a graver one that is on', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        for (const { input, before, memory } of steps(inputs)) {
          if (input.tag !== 'Condition' || !input.present || conditions[input.condition].priority !== 'high') continue;
          if (before.alarms.some((known) => known.condition === input.condition && known.present)) continue;
          expect(memory.alarms.some((alarm) => isHigh(alarm) && alarm.shown === 'on')).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('an alarm of another sensor that begins to ring is seen, unless what hides it had not been silenced', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        for (const { input, before, memory } of steps(inputs)) {
          if (input.tag !== 'Condition' || input.condition !== 'pulse-high' || !input.present) continue;
          if (before.alarms.some((known) => known.condition === 'pulse-high')) continue;
          const seen = memory.alarms.some(
            ({ condition: name, shown }) =>
              (name === 'pulse-high' && (shown === 'on' || shown === 'paused')) ||
              (conditions['pulse-high'].hiddenBy.includes(name) && shown === 'on'),
          );
          expect(seen).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('a latched alarm disappears only by a person, or with the patient', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        for (const { transition } of play(inputs)[1])
          if (transition?.from === 'latched' && transition.to === 'off')
            expect(['Ada', 'Bo', 'patient changed']).toContain(
              transition.by === 'vigil' ? transition.why : transition.by,
            );
      }),
      RUNS,
    );
  });

  it('a pause ends by itself within two minutes', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        const [memory] = play(inputs);
        const later = ((memory.now ?? 0) + AUDIO_PAUSE_LIMIT) as Moment;
        const [after] = runFold(alarmMachine(policy, BED), [{ tag: 'Tick', at: later, said: later }], memory);
        expect(after.pause).toBeUndefined();
        expect(after.alarms.map(({ shown }) => shown)).not.toContain('paused');
      }),
      RUNS,
    );
  });

  it('time alone neither ends nor silences anything', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        const [memory] = play(inputs);
        const later = ((memory.now ?? 0) + 3 * ROLL_CALL_EVERY) as Moment;
        const [after] = runFold(alarmMachine(policy, BED), [{ tag: 'Tick', at: later, said: later }], memory);
        const left = new Set(after.alarms.map(({ id }) => id));
        // What somebody has taken note of may have been taken off; nothing else goes.
        for (const { id, shown, mayBeTakenOff } of memory.alarms)
          if (!(mayBeTakenOff && shown === 'acknowledged')) expect(left).toContain(id);
        expect([...left].filter((id) => !memory.alarms.some((alarm) => alarm.id === id))).toEqual([]);
        for (const alarm of memory.alarms)
          if (alarm.shown === 'on') expect(['on', 'hidden']).toContain(picture(after.alarms).get(alarm.id));
      }),
      RUNS,
    );
  });

  it('nothing depends on how the inputs were cut into batches, nor on a memory that was stored and loaded', () => {
    fc.assert(
      fc.property(shift, fc.nat(60), (inputs, cut) => {
        const machine = alarmMachine(policy, BED);
        const [half, first] = runFold(machine, inputs.slice(0, cut));
        const [whole, second] = runFold(machine, inputs.slice(cut), structuredClone(half));
        const [memory, told] = play(inputs);
        expect([...first, ...second]).toEqual(told);
        expect(whole).toEqual(memory);
      }),
      RUNS,
    );
  });

  it('the more often ticks come, the same transitions are said at the same moments', () => {
    fc.assert(
      fc.property(shift, (inputs) => {
        const changes = (all: readonly AlarmSaid[]) =>
          all.flatMap(({ at: moment, transition }) => (transition ? [{ moment, transition }] : []));
        let newest = 0;
        const ticked = inputs.flatMap((input) => {
          const from = newest || input.at;
          newest = Math.max(from, input.at);
          const between = Array.from({ length: Math.min(200, (newest - from) / 1e6) }, (_, i) => tick(from / 1e6 + i));
          return [...between, input];
        });
        expect(changes(play(ticked)[1])).toEqual(changes(play(inputs)[1]));
      }),
      { numRuns: 100 },
    );
  });
});

describe('the memory of a bed', () => {
  it('does not grow with the number of alarms and acts', () => {
    const machine = alarmMachine(policy, BED);
    let memory = machine.start;
    for (let s = 0; s < 4000; s += 2) {
      const name = conditionNames[s % conditionNames.length]!;
      for (const input of [present(s, name), nurse(s, 'acknowledge', { id: `act-${s}` }), absent(s + 1, name)])
        memory = machine.step(memory, input)[0];
    }
    expect(memory.actions).toHaveLength(ACTIONS_REMEMBERED);
    expect(memory.alarms.length).toBeLessThanOrEqual(conditionNames.length);
    expect(Object.keys(memory.lastOnset).length).toBeLessThanOrEqual(conditionNames.length);
  });
});

describe('the table of conditions', () => {
  it('has no chain in a circle, and no red alarm behind one that is not red', () => {
    const above = (name: ConditionName, seen: readonly ConditionName[]): void => {
      expect(seen).not.toContain(name);
      const chain: readonly string[] = conditions[name].hiddenBy;
      expect(conditionNames).toEqual(expect.arrayContaining([...chain]));
      for (const graver of chain.filter(isCondition)) {
        if (conditions[name].priority === 'high') expect(conditions[graver].priority).toBe('high');
        above(graver, [...seen, name]);
      }
    };
    for (const name of conditionNames) above(name, []);
  });
  it('gives every condition a place in the picture', () => {
    // UNANSWERED follows from other alarms, and nobody else can say it.
    const said = conditionNames.filter((name) => name !== 'unanswered');
    const [memory] = play(said.map((name) => present(0, name)));
    expect(new Set(memory.alarms.map((alarm) => alarm.condition))).toEqual(new Set(said));
    expect(memory.now).toBe(at(0));
  });
});
