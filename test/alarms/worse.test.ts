/** An alarm whose value goes on falling: everybody who looks reads the worst with its time; it rings nobody anew. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAlarmEvent } from '../../stream-models/alarms/alarm-event.ts';
import type { AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { absent, at, BED, chart, nurse, patient, play, present, room, story, tick } from './shift.ts';

const worse = (s: number, condition: 'spo2-low' | 'spo2-desaturation', evidence: string): AlarmInput => ({
  ...present(s, condition, evidence),
  ...{ tag: 'Condition', condition, present: true, evidence, preset: 'adult', worse: true },
});
const low = present(0, 'spo2-low', 'SpO₂ 88 < 90');

describe('an alarm that becomes worse', () => {
  it('keeps the words of its onset and has the worst beside them, with its time', () => {
    const [memory, told] = play([low, tick(16), worse(20, 'spo2-low', 'SpO₂ 84 < 90')]);
    expect(memory.alarms).toMatchObject([
      { shown: 'on', evidence: 'SpO₂ 88 < 90', worst: { evidence: 'SpO₂ 84 < 90', at: at(20) } },
    ]);
    expect(toAlarmEvent(BED, told.at(-1)!)).toMatchObject({
      worse: `${BED}/spo2-low/0`,
      signals: [{ text: 'SpO₂ 88 < 90', worst: 'SpO₂ 84 < 90', worstUs: at(20) }],
    });
  });
  it('neither rings anew nor changes its state, also when it is acknowledged or paused', () => {
    const before = [low, tick(16)];
    for (const act of ['acknowledge', 'pause-audio'] as const) {
      const silenced = [...before, nurse(17, act)];
      const after = [...silenced, worse(20, 'spo2-low', 'SpO₂ 84 < 90')];
      expect(room(...after)).toEqual(room(...silenced));
      expect(story(...after)).toEqual(story(...silenced));
      expect(play(after)[0].alarms[0]?.appearance).toBe(1);
    }
  });
  it('does not wait longer for it, and tells the worst of the wait when it sounds', () => {
    const [memory, told] = play([low, worse(5, 'spo2-low', 'SpO₂ 84 < 90'), tick(16)]);
    expect(told.map(({ at: moment, transition }) => [moment, transition?.to])).toEqual([
      [at(0), 'waiting'],
      [at(15), 'on'],
    ]);
    expect(memory.alarms).toMatchObject([{ evidence: 'SpO₂ 88 < 90', worst: { evidence: 'SpO₂ 84 < 90' } }]);
  });
  it('says how bad it was in the history when it ends, and forgets it with its end', () => {
    const ended = [low, tick(16), worse(20, 'spo2-low', 'SpO₂ 84 < 90'), absent(40, 'spo2-low')];
    expect(chart(...ended).at(-1)).toBe('40s spo2-low on → off (vigil: condition ended; at worst SpO₂ 84 < 90)');
    const again = play([...ended, present(50, 'spo2-low', 'SpO₂ 89 < 90')])[0];
    expect(again.alarms[0]).not.toHaveProperty('worst');
  });
  it('is told at the newest moment where time had gone on before its values came, each with its own time', () => {
    const late = [worse(20, 'spo2-low', 'SpO₂ 84 < 90'), worse(30, 'spo2-low', 'SpO₂ 82 < 90')];
    const [, told] = play([low, tick(16), tick(40), ...late]);
    const events = told.slice(-2).map((each) => toAlarmEvent(BED, each));
    expect(events.map(({ atUs }) => atUs)).toEqual([at(40), at(40)]);
    expect(events.map(({ signals }) => signals[0]!.worstUs)).toEqual([at(20), at(30)]);
  });
  it('begins to count anew where a latched red alarm comes back', () => {
    const [memory] = play([
      present(0, 'spo2-desaturation', 'SpO₂ 79 < 80'),
      worse(5, 'spo2-desaturation', 'SpO₂ 70 < 80'),
      absent(20, 'spo2-desaturation'),
      present(30, 'spo2-desaturation', 'SpO₂ 78 < 80'),
    ]);
    expect(memory.alarms).toMatchObject([{ shown: 'on', evidence: 'SpO₂ 78 < 80' }]);
    expect(memory.alarms[0]).not.toHaveProperty('worst');
  });
  it('rings where nobody had told its onset: a patient had come meanwhile', () => {
    expect(
      room(
        patient(0, 'a'),
        present(1, 'spo2-desaturation'),
        patient(2, 'b'),
        worse(3, 'spo2-desaturation', 'SpO₂ 70 < 80'),
      ),
    ).toEqual(['spo2-desaturation on']);
  });

  it('changes nothing of any shift but what stands beside the alarms', () => {
    const condition = fc.constantFrom('spo2-low', 'spo2-desaturation');
    const step = fc.oneof(
      condition.map((name) => (s: number) => present(s, name, 'first')),
      condition.map((name) => (s: number) => absent(s, name)),
      fc.constantFrom('acknowledge', 'pause-audio', 'reset').map((kind) => (s: number) => nurse(s, kind)),
      fc.constant(tick),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat(30)), { maxLength: 30 }), (steps) => {
        let s = 0;
        const inputs = steps.map(([make, gap]) => {
          s += gap;
          return make(s);
        });
        const worsened = inputs.flatMap((input) => {
          if (input.tag !== 'Condition' || !input.present) return [input];
          const name = input.condition as 'spo2-low' | 'spo2-desaturation';
          return [input, worse(input.at / 1e6, name, `worse at ${input.at}`)];
        });
        expect(room(...worsened)).toEqual(room(...inputs));
        expect(story(...worsened)).toEqual(story(...inputs));
      }),
      { numRuns: 200 },
    );
  });
});
