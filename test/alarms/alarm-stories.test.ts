import { describe, expect, it } from 'vitest';
import type { ConditionName } from '../../schemas/conditions.ts';
import { microseconds, seconds } from '../../schemas/units.ts';
import type { AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { absent, at, BED, chart, nurse, patient, play, policy, present, room, story, tick } from './shift.ts';

describe('a red alarm', () => {
  it('sounds at once, whatever delay the site asks for', () => {
    expect(chart(present(10, 'vt', 'V 7 at 150/min'))).toEqual(['10s vt off → on (vigil: condition present)']);
  });
  it('stays latched after the condition ends, until someone acknowledges it', () => {
    expect(story(present(0, 'vt'), absent(9, 'vt'), tick(3600), nurse(3601, 'acknowledge'))).toEqual([
      '0s vt off → on',
      '9s vt on → latched',
      '3601s vt latched → off',
    ]);
  });
  it('says who ended it, and why they said so', () => {
    expect(
      chart(present(0, 'vt'), absent(9, 'vt'), nurse(12, 'reset', { by: 'nurse Bo', reason: 'artefact' })).at(-1),
    ).toBe('12s vt latched → off (nurse Bo: reset: artefact)');
  });
  it('is silent once acknowledged while it is present, goes off with its condition, and may ring anew', () => {
    expect(
      story(
        present(0, 'asystole'),
        nurse(3, 'acknowledge'),
        tick(900),
        absent(901, 'asystole'),
        present(902, 'asystole'),
      ),
    ).toEqual([
      '0s asystole off → on',
      '3s asystole on → acknowledged',
      '901s asystole acknowledged → off',
      '902s asystole off → on',
    ]);
  });
  it('that comes back while latched is the same alarm, on again', () => {
    const [memory, told] = play([present(0, 'vt'), absent(9, 'vt'), present(20, 'vt')]);
    expect(new Set(told.map(({ transition }) => transition?.alarm))).toEqual(new Set([`${BED}/vt/0`]));
    expect(memory.alarms).toMatchObject([{ shown: 'on', onset: at(0), since: at(20), present: true }]);
  });
  it('goes on when it is reset while its condition is present', () => {
    expect(story(present(0, 'vf'), nurse(2, 'reset'))).toEqual(['0s vf off → on']);
  });
});

describe('a yellow alarm', () => {
  it('clears alone', () => {
    expect(chart(present(0, 'af', 'irregular'), absent(30, 'af'))).toEqual([
      '0s af off → on (vigil: condition present)',
      '30s af on → off (vigil: condition ended)',
    ]);
  });
  it('sounds at the exact moment its delay runs out, said when the next input comes', () => {
    const [, told] = play([present(10, 'spo2-low'), tick(26.4)]);
    expect(told.map(({ at: moment, said, transition }) => [moment, said, transition?.to, transition?.why])).toEqual([
      [at(10), at(10), 'waiting', 'present; sounds after 15 s'],
      [at(25), at(26.4), 'on', 'present for 15 s'],
    ]);
  });
  it('never sounds when the condition ends within its delay', () => {
    expect(story(present(10, 'spo2-low'), absent(24.9, 'spo2-low'), tick(60))).toEqual([
      '10s spo2-low off → waiting',
      '24.9s spo2-low waiting → off',
    ]);
  });
  it('counts its delay from the onset, also when the onset is told late', () => {
    const late = { ...present(10, 'spo2-low'), said: at(27) };
    const [memory, told] = play([tick(27), late]);
    expect(told.map(({ at: moment, transition }) => [moment, transition?.to])).toEqual([[at(27), 'on']]);
    expect(memory.alarms[0]?.onset).toBe(at(10));
  });
  it('cannot be acknowledged before it sounds', () => {
    expect(room(present(0, 'spo2-low'), nurse(3, 'acknowledge'), tick(16))).toEqual(['spo2-low on']);
  });
});

describe('a red rhythm that is called by another name', () => {
  const everyPicture = (...inputs: Parameters<typeof play>[0]): readonly string[] =>
    play(inputs)[1].map(({ alarms }) => alarms.map(({ condition, shown }) => `${condition} ${shown}`).join(', '));

  it('is on the screen all the time, also when nobody or somebody acknowledged the first name', () => {
    const renamed = [present(5, 'vf'), absent(5, 'vt')];
    for (const nurses of [[], [nurse(2, 'acknowledge')]])
      for (const picture of everyPicture(present(0, 'vt'), ...nurses, ...renamed))
        expect(picture).toMatch(/vf on|vt (on|acknowledged)/);
  });

  it('rings on, and as the graver one, when VT becomes VF', () => {
    expect(room(present(0, 'vt'), present(5, 'vf'), absent(5, 'vt'))).toEqual(['vf on', 'vt latched']);
  });

  it('rings on by its lesser name when VF becomes VT', () => {
    expect(room(present(0, 'vf'), present(5, 'vt'), absent(5, 'vf'))).toEqual(['vt on', 'vf latched']);
  });
});

describe('a chain', () => {
  it('hides the lesser alarm behind the graver one, and says so', () => {
    expect(chart(present(0, 'extreme-tachy'), present(2, 'vt'), present(3, 'couplet'))).toEqual([
      '0s extreme-tachy off → on (vigil: condition present)',
      '2s vt off → on (vigil: condition present)',
      '2s extreme-tachy on → hidden (vigil: behind VTACH)',
      '3s couplet off → hidden (vigil: behind VTACH)',
    ]);
  });
  it('brings the lesser back when the graver condition has ended and the lesser is still present', () => {
    expect(
      chart(present(0, 'extreme-tachy'), present(2, 'vt'), nurse(4, 'acknowledge'), absent(30, 'vt')).slice(3),
    ).toEqual([
      '4s vt on → acknowledged (nurse Ada: acknowledged)',
      '30s vt acknowledged → off (vigil: condition ended)',
      '30s extreme-tachy hidden → on (vigil: still present, no graver alarm before it)',
    ]);
  });
  it('does not hide a present alarm behind one that is only latched', () => {
    expect(room(present(0, 'vf'), present(1, 'asystole'), absent(2, 'vf'))).toEqual(['asystole on', 'vf latched']);
  });
  it('does not hide a new red alarm behind one that was silenced before it came', () => {
    expect(room(present(0, 'vf'), nurse(5, 'acknowledge'), present(5, 'asystole'))).toEqual([
      'asystole on',
      'vf acknowledged',
    ]);
    expect(room(present(0, 'vf'), nurse(5, 'pause-audio'), present(6, 'asystole'))).toEqual([
      'asystole on',
      'vf paused',
    ]);
  });
  it('does not hide a slow pulse behind a heart rate that was silenced before it came: it is of another sensor', () => {
    const before = [present(0, 'hr-low', 'HR 48 < 50'), nurse(20, 'acknowledge')];
    expect(room(...before, present(60, 'pulse-low', 'pulse 28 < 50'))).toEqual(['pulse-low on', 'hr-low acknowledged']);
    expect(room(present(0, 'asystole'), nurse(5, 'acknowledge'), present(30, 'pulse-low', 'pulse 28 < 50'))).toEqual([
      'asystole acknowledged',
      'pulse-low on',
    ]);
    // Who silenced both, or heard the one for both, is not called twice.
    expect(room(present(0, 'hr-low'), present(1, 'pulse-low'), nurse(20, 'acknowledge'))).toEqual([
      'hr-low acknowledged',
      'pulse-low hidden',
    ]);
  });
  it('does not hide what tells more behind one that stands itself behind what was silenced', () => {
    const before = [present(0, 'vt'), present(1, 'vf'), nurse(5, 'acknowledge')];
    expect(room(...before, present(9, 'extreme-tachy'))).toEqual(['extreme-tachy on', 'vf acknowledged', 'vt hidden']);
  });
  it('shows a new slow pulse during a pause of sound, silent as every new yellow alarm, and lets it go behind again', () => {
    const during = [present(0, 'hr-low'), nurse(5, 'pause-audio'), present(30, 'pulse-low')];
    expect(room(...during)).toEqual(['hr-low paused', 'pulse-low paused']);
    expect(room(...during, tick(130))).toEqual(['hr-low on', 'pulse-low hidden']);
  });
  it('hides nothing that was lost behind an ECG that is not there', () => {
    expect(room(present(0, 'no-signal', 'no ECG for 5 s'), nurse(9, 'acknowledge'), present(60, 'value-lost'))).toEqual(
      ['value-lost on', 'no-signal acknowledged'],
    );
  });
  it('latches a red alarm that ends behind a graver one if it had been on, and forgets one that had not', () => {
    expect(
      room(
        present(0, 'extreme-tachy'),
        present(2, 'vt'),
        present(3, 'extreme-brady'),
        present(3, 'vf'),
        absent(4, 'extreme-tachy'),
      ),
    ).toEqual(['vf on', 'extreme-tachy latched', 'vt hidden', 'extreme-brady hidden']);
    expect(story(present(0, 'vt'), present(1, 'extreme-tachy'), absent(2, 'extreme-tachy')).at(-1)).toBe(
      '2s extreme-tachy hidden → off',
    );
  });
});

describe('a pause of sound', () => {
  it('ends by itself, at the latest after two minutes, however long was asked for', () => {
    const asked = { duration: seconds(3600) };
    expect(story(present(0, 'asystole'), nurse(10, 'pause-audio', asked), tick(129), tick(131)).slice(1)).toEqual([
      '10s asystole on → paused',
      '130s asystole paused → on',
    ]);
  });
  it('is as short as was asked for', () => {
    expect(story(present(0, 'vf'), nurse(10, 'pause-audio', { duration: seconds(30) }), tick(41)).at(-1)).toBe(
      '40s vf paused → on',
    );
  });
  it('lets a new red alarm sound, and keeps a new yellow one silent until it ends', () => {
    expect(
      chart(present(0, 'af'), nurse(1, 'pause-audio'), present(2, 'bigeminy'), present(3, 'vt'), tick(121)),
    ).toEqual([
      '0s af off → on (vigil: condition present)',
      '1s af on → paused (nurse Ada: audio paused for 120 s)',
      '2s bigeminy off → paused (vigil: condition present)',
      '3s vt off → on (vigil: condition present; breaks through the audio pause)',
      '3s bigeminy paused → hidden (vigil: behind VTACH)',
      '3s af paused → hidden (vigil: behind VTACH)',
    ]);
  });
  it('lets a new yellow alarm sound where the site wants that', () => {
    const loud = { ...policy, newLesserDuringPause: 'sounds' } as const;
    expect(play([nurse(1, 'pause-audio'), present(2, 'af')], loud)[0].alarms[0]?.shown).toBe('on');
  });
  it('ends when someone resumes the sound', () => {
    expect(chart(present(0, 'vf'), nurse(1, 'pause-audio'), nurse(7, 'resume-audio', { by: 'Bo' })).at(-1)).toBe(
      '7s vf paused → on (Bo: audio resumed)',
    );
  });
  it('shows when nothing rings, too', () => {
    const [, told] = play([nurse(1, 'pause-audio', { duration: seconds(20) }), tick(25)]);
    expect(told.map(({ at: moment, pausedUntil }) => [moment, pausedUntil])).toEqual([
      [at(1), at(21)],
      [at(21), undefined],
    ]);
  });
});

describe('an act of a nurse', () => {
  it('sent twice is done once', () => {
    const once = nurse(5, 'acknowledge', { id: 'a-1' });
    expect(story(present(0, 'vt'), once, absent(6, 'vt'), present(7, 'vt'), { ...once, at: at(8) })).toEqual([
      '0s vt off → on',
      '5s vt on → acknowledged',
      '6s vt acknowledged → off',
      '7s vt off → on',
    ]);
  });
  it('that ends a condition itself, as a monitor that was taken away, ends its signal in the name of who did it', () => {
    const gone = (condition: ConditionName): AlarmInput => ({
      ...{ tag: 'Condition', condition, present: false, evidence: 'the monitor was taken away', preset: 'adult' },
      ...{ at: at(90), said: at(90), by: 'nurse Ada' },
    });
    expect(chart(present(0, 'no-signal'), nurse(9, 'acknowledge'), gone('no-signal')).at(-1)).toBe(
      '90s no-signal acknowledged → off (nurse Ada: the monitor was taken away)',
    );
    expect(room(present(0, 'vt'), gone('vt'))).toEqual(['vt latched']);
  });
  it('means the one alarm it names', () => {
    const one = nurse(5, 'acknowledge', { alarm: `${BED}/spo2-desaturation/0` });
    expect(room(present(0, 'spo2-desaturation'), present(0, 'vt'), one)).toEqual([
      'vt on',
      'spo2-desaturation acknowledged',
    ]);
  });
  it('changes nothing when the alarm it names is unknown or over', () => {
    const unknown = nurse(5, 'acknowledge', { alarm: `${BED}/vt/17` });
    expect(room(present(0, 'vt'), unknown)).toEqual(['vt on']);
  });
});

describe('the machine', () => {
  it('ends every signal when the patient changes, and the pause too', () => {
    const [memory, told] = play([
      patient(0, 'p1'),
      present(1, 'vt'),
      present(1, 'spo2-low'),
      absent(2, 'vt'),
      nurse(3, 'pause-audio'),
      patient(4, 'p2'),
    ]);
    expect(told.slice(-2).map(({ transition }) => transition)).toMatchObject([
      { condition: 'vt', from: 'latched', to: 'off', by: 'vigil', why: 'patient changed' },
      { condition: 'spo2-low', from: 'waiting', to: 'off' },
    ]);
    expect(memory).toMatchObject({ alarms: [], pause: undefined });
  });
  it('lets what is in the device begin anew under the next patient', () => {
    expect(story(patient(0, 'p1'), present(1, 'lead-off'), patient(9, 'p2')).slice(1)).toEqual([
      '9s lead-off on → off',
      '9s lead-off off → on',
    ]);
  });
  it('tells nobody that a value of the patient who left is lost', () => {
    expect(story(patient(0, 'p1'), present(1, 'value-lost'), patient(9, 'p2')).slice(1)).toEqual([
      '9s value-lost on → off',
    ]);
  });
  it('is not disturbed by the first name of the patient who lay there all the time', () => {
    expect(room(present(1, 'vt'), patient(2, 'p1'))).toEqual(['vt on']);
  });
  it('is not disturbed by the same patient named again', () => {
    expect(room(patient(0, 'p1'), present(1, 'vt'), patient(9, 'p1'))).toEqual(['vt on']);
  });
  it('repeats the picture every minute of bed time, also an empty one', () => {
    const [, told] = play([tick(0), tick(59), tick(61), present(70, 'af'), tick(400), tick(420)]);
    expect(told.filter(({ transition }) => !transition).map((said) => [said.at / 1e6, said.alarms.length])).toEqual([
      [60, 0],
      [360, 1],
      [420, 1],
    ]);
  });
  it('takes an input that speaks of an older moment at its own newest moment', () => {
    expect(story(present(10, 'vf'), absent(4, 'vf'))).toEqual(['10s vf off → on', '10s vf on → latched']);
  });
  it('gives two onsets told for the same moment two ids', () => {
    const [, told] = play([present(5, 'af'), absent(5, 'af'), present(5, 'af')]);
    expect(told.map(({ transition }) => transition?.alarm)).toEqual([
      `${BED}/af/5000000`,
      `${BED}/af/5000000`,
      `${BED}/af/5000001`,
    ]);
  });
  it('shows the newest evidence of a condition that is told again, without a new alarm', () => {
    const [memory, told] = play([present(0, 'hr-low', 'HR 48 < 50'), present(4, 'hr-low', 'HR 44 < 50')]);
    expect(told).toHaveLength(1);
    expect(memory.alarms[0]?.evidence).toBe('HR 44 < 50');
  });
  it('never waits a negative or broken delay', () => {
    const broken = { ...policy, delayOf: () => microseconds(Number.NaN) };
    expect(play([present(0, 'af')], broken)[0].alarms[0]?.shown).toBe('on');
  });
  it('shows the gravest first: what is seen before what is not, then priority, then what asks most for someone', () => {
    expect(
      room(
        present(0, 'spo2-low'),
        present(1, 'temp-high'),
        present(2, 'vt'),
        present(3, 'couplet'),
        present(4, 'spo2-desaturation'),
        absent(5, 'spo2-desaturation'),
        present(6, 'ecg-noise'),
      ),
    ).toEqual([
      'vt on',
      'spo2-desaturation latched',
      'temp-high on',
      'ecg-noise on',
      'couplet hidden',
      'spo2-low waiting',
    ]);
  });
});
