import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConditionName, conditions } from '../../schemas/conditions.ts';
import type { Alarm, AlarmSaid, BedAlarms, ShownState } from '../../stream-models/alarms/alarm.ts';
import type { ActionKind, AlarmInput, Seen } from '../../stream-models/alarms/alarm-input.ts';
import { alarmMachine } from '../../stream-models/alarms/alarm-machine.ts';
import { absent, BED, chart, nurse, play, policy, present, room, tick } from './shift.ts';

const VT = `${BED}/vt/0`;
const seen = (...appearances: readonly (readonly [string, number])[]): Seen =>
  appearances.map(([alarm, appearance]) => ({ alarm, appearance }));
const acknowledge = (s: number, appearance: number, alarm = VT) =>
  nurse(s, 'acknowledge', { alarm, seen: seen([alarm, appearance]) });

describe('an acknowledge', () => {
  it('of an appearance that was seen is as it always was', () => {
    expect(room(present(0, 'vt'), acknowledge(3, 1))).toEqual(['vt acknowledged']);
    expect(room(present(0, 'vt'), absent(9, 'vt'), acknowledge(12, 1))).toEqual([]);
  });
  it('that crosses the return of its red alarm silences nothing, and stays in the history with who and why', () => {
    expect(chart(present(0, 'vt'), absent(9, 'vt'), present(20, 'vt'), acknowledge(21, 1)).at(-1)).toBe(
      '21s vt on → on (nurse Ada: not acknowledged, it has come back since)',
    );
    expect(room(present(0, 'vt'), absent(9, 'vt'), present(20, 'vt'), acknowledge(21, 1))).toEqual(['vt on']);
    expect(room(present(0, 'vt'), absent(9, 'vt'), present(20, 'vt'), acknowledge(21, 2))).toEqual(['vt acknowledged']);
  });
  it('that crosses a return which has ended again lets nothing go that nobody saw', () => {
    const returned = [present(0, 'vt'), absent(9, 'vt'), present(20, 'vt'), absent(25, 'vt')];
    expect(room(...returned, acknowledge(26, 1))).toEqual(['vt latched']);
    expect(room(...returned, nurse(26, 'reset', { alarm: VT, seen: seen([VT, 1]) }))).toEqual(['vt latched']);
    expect(room(...returned, acknowledge(26, 2))).toEqual([]);
  });
  it('of the whole bed takes what it saw and leaves what came since', () => {
    const [memory, told] = play([
      present(0, 'vt'),
      present(1, 'spo2-desaturation'),
      nurse(2, 'acknowledge', { seen: seen([VT, 1]), id: 'act-7' }),
    ]);
    expect(memory.alarms.map(({ condition, shown }) => `${condition} ${shown}`)).toEqual([
      'spo2-desaturation on',
      'vt acknowledged',
    ]);
    expect(told.at(-1)?.transition).toMatchObject({
      condition: 'spo2-desaturation',
      from: 'on',
      to: 'on',
      act: 'act-7',
    });
  });
  it('that does not say what was seen takes what is there, as consoles of before do', () => {
    const old = nurse(21, 'acknowledge', { alarm: VT });
    expect(room(present(0, 'vt'), absent(9, 'vt'), present(20, 'vt'), old)).toEqual(['vt acknowledged']);
  });
  it('knows an alarm that was remembered before appearances were counted', () => {
    const machine = alarmMachine(policy, BED);
    const [before] = play([present(0, 'vt')]);
    const old = before.alarms.map(({ appearance: _unknown, ...alarm }) => alarm);
    const [after] = machine.step({ ...before, alarms: old }, acknowledge(3, 1));
    expect(after.alarms).toMatchObject([{ shown: 'acknowledged' }]);
  });
});

describe('a pause of sound', () => {
  it('that crosses a new red alarm does not silence it', () => {
    const pause = nurse(5, 'pause-audio', { seen: seen([VT, 1]) });
    expect(room(present(0, 'vt'), present(4, 'asystole'), pause)).toEqual(['asystole on', 'vt paused']);
    expect(room(present(4, 'asystole'), nurse(5, 'pause-audio', { seen: [] }))).toEqual(['asystole on']);
  });
  it('that crosses the return of a red alarm does not silence it', () => {
    const pause = nurse(21, 'pause-audio', { seen: seen([VT, 1]) });
    expect(room(present(0, 'vt'), absent(9, 'vt'), present(20, 'vt'), pause)).toEqual(['vt on']);
  });
  it('that crosses a new red alarm behind a graver one lets it sound, for the graver one is silent now', () => {
    const pause = nurse(5, 'pause-audio', { seen: seen([`${BED}/vf/0`, 1]) });
    expect(room(present(0, 'vf'), present(4, 'vt'), pause)).toEqual(['vt on', 'vf paused']);
    const both = nurse(5, 'pause-audio', { seen: seen([`${BED}/vf/0`, 1], [`${BED}/vt/4000000`, 1]) });
    expect(room(present(0, 'vf'), present(4, 'vt'), both)).toEqual(['vf paused', 'vt hidden']);
  });
  it('takes what is there when it does not say what was seen', () => {
    expect(room(present(4, 'asystole'), nurse(5, 'pause-audio'))).toEqual(['asystole paused']);
  });
});

const CONDITIONS: readonly ConditionName[] = ['vf', 'vt', 'asystole', 'extreme-tachy', 'hr-high', 'lead-off'];
const condition = fc.constantFrom(...CONDITIONS);
type Step =
  | { readonly tag: 'Comes' | 'Goes'; readonly name: ConditionName }
  | { readonly tag: 'Looks' }
  | { readonly tag: 'Acts'; readonly kind: ActionKind; readonly only: ConditionName | undefined };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ tag: fc.constantFrom('Comes' as const, 'Goes' as const), name: condition }) },
  { weight: 2, arbitrary: fc.constant<Step>({ tag: 'Looks' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      tag: fc.constant('Acts' as const),
      kind: fc.constantFrom<ActionKind>('acknowledge', 'reset', 'pause-audio', 'resume-audio'),
      only: fc.option(condition, { nil: undefined }),
    }),
  },
);
/** Also several inputs in one microsecond. */
const shift = fc.array(fc.tuple(step, fc.constantFrom(0, 0, 1, 7, 40)), { minLength: 1, maxLength: 60 });

/** What a console tells that it shows: all but what still waits out its delay. */
const everythingOf = (alarms: readonly Alarm[]): Seen =>
  alarms
    .filter(({ shown }) => shown !== 'waiting')
    .map(({ id, appearance }) => ({ alarm: id, appearance: appearance ?? 1 }));

const SILENT: readonly ShownState[] = ['acknowledged', 'paused', 'off'];
const enters = ({ transition: change }: AlarmSaid): boolean =>
  change !== undefined &&
  (change.to === 'on' || change.to === 'paused') &&
  change.from !== 'on' &&
  change.from !== 'paused';

interface Look {
  /** After how many things said the console was looked at. */
  readonly said: number;
  readonly alarms: readonly Alarm[];
}

/** Plays a shift in which whoever acts had last looked some time ago; answers each act with what it did to the signals. */
const acted = (steps: readonly (readonly [Step, number])[]) => {
  const machine = alarmMachine(policy, BED);
  const told: AlarmSaid[] = [];
  const acts: {
    look: Look;
    kind: ActionKind;
    since: ReadonlyMap<string, number>;
    before: BedAlarms;
    after: BedAlarms;
  }[] = [];
  let memory = machine.start;
  let look: Look = { said: 0, alarms: [] };
  let s = 100;
  const hear = (input: AlarmInput): void => {
    const [after, said] = machine.step(memory, input);
    memory = after;
    told.push(...said);
  };
  for (const [one, gap] of steps) {
    s += gap;
    if (one.tag === 'Looks') look = { said: told.length, alarms: memory.alarms };
    else if (one.tag === 'Acts') {
      // Time passes before the act; what follows from time is not the act's doing.
      hear(tick(s));
      const since = new Map(told.flatMap((said, i) => (enters(said) ? [[said.transition!.alarm, i] as const] : [])));
      const before = memory;
      const meant = look.alarms.find((alarm) => alarm.condition === one.only);
      hear(nurse(s, one.kind, { alarm: meant?.id, seen: everythingOf(look.alarms) }));
      acts.push({ look, kind: one.kind, since, before, after: memory });
    } else hear(one.tag === 'Comes' ? present(s, one.name) : absent(s, one.name));
  }
  return acts;
};

describe('in no order of ends, returns and acts', () => {
  const isRed = (alarm: Alarm): boolean => conditions[alarm.condition].priority === 'high';
  /** It came into the room after whoever acted had looked. */
  const unseen = (alarm: Alarm, { look, since }: { look: Look; since: ReadonlyMap<string, number> }): boolean =>
    (since.get(alarm.id) ?? -1) >= look.said;

  it('is an appearance of a red alarm that no act saw acknowledged, let go or silenced', () => {
    let met = 0;
    fc.assert(
      fc.property(shift, (steps) => {
        for (const act of acted(steps))
          for (const alarm of act.before.alarms) {
            const rings = alarm.shown === 'on' || alarm.shown === 'latched';
            if (!isRed(alarm) || !rings || !unseen(alarm, act)) continue;
            met += 1;
            const now = act.after.alarms.find(({ id }) => id === alarm.id)?.shown ?? 'off';
            expect(SILENT, `${act.kind}: ${alarm.condition} ${alarm.shown} → ${now}`).not.toContain(now);
          }
      }),
      { numRuns: 3_000 },
    );
    expect(met).toBeGreaterThan(500);
  });

  it('does an act that saw the newest picture do what one does that does not say what it saw', () => {
    fc.assert(
      fc.property(shift, (steps) => {
        const machine = alarmMachine(policy, BED);
        let [telling, silent] = [machine.start, machine.start];
        let s = 100;
        for (const [one, gap] of steps) {
          s += gap;
          if (one.tag === 'Looks') continue;
          if (one.tag !== 'Acts') {
            const input = one.tag === 'Comes' ? present(s, one.name) : absent(s, one.name);
            telling = machine.step(telling, input)[0];
            silent = machine.step(silent, input)[0];
            continue;
          }
          [telling, silent] = [machine.step(telling, tick(s))[0], machine.step(silent, tick(s))[0]];
          const act = nurse(s, one.kind, { alarm: telling.alarms.find((known) => known.condition === one.only)?.id });
          const [asked, told] = machine.step(telling, { ...act, seen: everythingOf(telling.alarms) } as AlarmInput);
          const [plain, said] = machine.step(silent, act);
          expect(told).toEqual(said);
          [telling, silent] = [asked, plain];
        }
        expect(telling).toEqual(silent);
      }),
    );
  });
});
