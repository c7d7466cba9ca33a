import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  evidenceOf,
  flashes,
  graverFirst,
  MARKS,
  wantsSomeone,
  wholeText,
} from '../../dashboards/console/src/logic/alarms/alarm-look.ts';
import { soundingNow } from '../../dashboards/console/src/logic/alarms/alarm-sound.ts';
import {
  bloodPressureOf,
  disagreement,
  HEART_RATE,
  inTableOrder,
  newestReading,
  readingOf,
  rhythmText,
  unitText,
  valueText,
} from '../../dashboards/console/src/logic/numbers/readings.ts';
import { addressOf, readAddress } from '../../dashboards/console/src/logic/page/page-address.ts';
import {
  bedsInOrder,
  byBedName,
  rankOf,
  restand,
  type Standing,
} from '../../dashboards/console/src/logic/ward/bed-order.ts';
import { wardGrid } from '../../dashboards/console/src/logic/ward/ward-grid.ts';
import { makeWardStore } from '../../dashboards/console/src/logic/ward/ward-store.ts';
import { MDC, PRIVATE } from '../../schemas/codes.ts';
import type { PriorityName } from '../../schemas/conditions.ts';
import type { LiveAlarm, SignalStateName } from '../../schemas/live.ts';
import { tagValue } from '../../schemas/tag-value.ts';
import { alarm, alarms, at, bed, bedFrame, heartbeat, numeric, snapshot, transition } from './live-ward.ts';

const red = (state: SignalStateName = 'on', more = {}) => alarm('vt', { priority: 'high', state, ...more });
const yellow = alarm('hr-high');
const cyan = alarm('ecg-noise', { priority: 'low' });

describe('an alarm', () => {
  it('shows its priority in marks as well as in colour', () => {
    expect(MARKS).toEqual({ high: '***', medium: '**', low: '*' });
  });
  it('flashes while it is present and unseen, not when it ended, was seen or is low', () => {
    expect([red(), red('paused'), red('latched'), red('acknowledged'), cyan].map(flashes)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
  it('asks for someone until it is acknowledged, also when its condition has ended', () => {
    expect(
      [red(), red('paused'), red('latched'), red('acknowledged'), red('hidden'), red('waiting')].map(wantsSomeone),
    ).toEqual([true, true, true, false, false, false]);
  });
  it('does not repeat its label in its evidence', () => {
    expect(evidenceOf({ label: 'VTACH', text: 'VTACH 171/min' })).toBe('171/min');
    expect(evidenceOf({ label: 'HR HIGH', text: 'HR 134 > 120' })).toBe('HR 134 > 120');
    expect(evidenceOf({ label: 'VTACH', text: 'VTACH' })).toBe('');
  });
  it('says what it was at its onset and at its worst', () => {
    const low = alarm('spo2-low', { text: 'SpO₂ 88 < 90' });
    expect(wholeText(low)).toBe('SpO₂ 88 < 90');
    expect(wholeText({ ...low, worst: { text: 'SpO₂ 80 < 90', atUs: at(5) } })).toBe(
      'SpO₂ 88 < 90, at worst SpO₂ 80 < 90',
    );
  });
  it('stands gravest first, unseen before seen, new before old, in one order however they came', () => {
    const all = [
      cyan,
      yellow,
      red('acknowledged'),
      red('on', { alarm: 'a', sinceUs: at(5) }),
      red('on', { alarm: 'b', sinceUs: at(9) }),
    ];
    const right = ['b', 'a', 'icu-01/vt', 'icu-01/hr-high', 'icu-01/ecg-noise'];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(shuffled.sort(graverFirst).map((one) => one.alarm)).toEqual(right);
      }),
    );
  });
});

describe('the order of beds', () => {
  const standing = (rank: number): Standing => ({ rank, calmSinceUs: undefined });

  it('is by gravest shown alarm, then by name, bed 2 before bed 10', () => {
    const beds = new Map([
      ['bed 10', standing(3)],
      ['bed 2', standing(3)],
      ['bed 7', standing(0)],
      ['bed 9', standing(1)],
      ['bed 1', standing(1)],
    ]);
    expect(bedsInOrder(beds)).toEqual(['bed 7', 'bed 1', 'bed 9', 'bed 2', 'bed 10']);
  });
  it('counts acknowledged and latched alarms, not waiting or hidden ones', () => {
    expect([[red('acknowledged')], [red('latched')], [red('waiting')], [red('hidden'), cyan], []].map(rankOf)).toEqual([
      0, 1, 4, 3, 4,
    ]);
  });
  it('puts a red alarm that goes on before all that have ended unseen, and those before yellow ones', () => {
    const ranks = [[red('latched'), red('on')], [red('latched'), yellow], [yellow]].map(rankOf);
    expect(ranks).toEqual([0, 1, 2]);
  });
  it('lets a bed rise at once and sink after ten calm seconds', () => {
    const risen = restand(standing(3), 0, at(0));
    expect(risen.rank).toBe(0);
    const calm = restand(risen, 3, at(20));
    expect(calm.rank).toBe(0);
    expect(restand(calm, 3, at(29.9)).rank).toBe(0);
    expect(restand(calm, 3, at(30)).rank).toBe(3);
  });
  it('keeps a bed in its place through alarms that come and go', () => {
    let bedStands = restand(undefined, 1, at(0));
    for (let second = 0; second < 60; second += 4) bedStands = restand(bedStands, second % 8 === 0 ? 3 : 1, at(second));
    expect(bedStands.rank).toBe(1);
  });
  it('compares names in one total order', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (a, b) => Math.sign(byBedName(a, b)) === -Math.sign(byBedName(b, a)) && (byBedName(a, b) === 0) === (a === b),
      ),
    );
  });
});

describe('the numbers of a tile', () => {
  it('come from Vigil before the monitor, from the ECG before the oximeter, and from what lives before all', () => {
    const numerics = [
      numeric(MDC.pulseRate, 70),
      numeric(MDC.ecgHeartRate, 72),
      numeric(MDC.ecgHeartRate, 71, { by: 'vigil' }),
    ];
    expect(readingOf(numerics, HEART_RATE, at(1))?.value).toBe(71);
    expect(readingOf(numerics.slice(0, 2), HEART_RATE, at(1))?.value).toBe(72);
    const dead = [
      numeric(MDC.ecgHeartRate, null, { missing: 'sensor off', atUs: at(9) }),
      numeric(MDC.pulseRate, 70, { atUs: at(9) }),
    ];
    expect(readingOf(dead, HEART_RATE, at(10))?.value).toBe(70);
    expect(readingOf([], HEART_RATE, at(10))).toBeUndefined();
  });
  it('of two devices are those of the one whose name comes first, with what the other says beside it', () => {
    const [ward, transport] = [
      numeric(MDC.spo2, 97, { source: 'ward' }),
      numeric(MDC.spo2, 85, { source: 'transport', atUs: at(1) }),
    ];
    for (const numerics of [
      [ward, transport],
      [transport, { ...ward, atUs: at(1) }],
    ]) {
      const shown = readingOf(numerics, [MDC.spo2], at(2))!;
      expect([shown.value, disagreement(numerics, shown, at(2))]).toEqual([85, 'or 97']);
    }
    // The same that NEWS2 takes, in whatever order they come.
    expect(newestReading([{ ...ward, atUs: at(5) }, transport], [MDC.spo2])).toBe(transport);
    expect(disagreement([ward, { ...transport, value: 97 }], ward, at(2))).toBe('');
    expect(disagreement([ward, transport], ward, at(30))).toBe('');
    expect(inTableOrder([ward, transport]).map(({ source }) => source)).toEqual(['transport', 'ward']);
  });
  it('take the pressure from the line while it lives, else from the cuff', () => {
    const line = numeric(MDC.abpSystolic, 121);
    const cuff = numeric(MDC.nibpSystolic, 118, { staleAfterUs: 1_200e6 });
    expect(bloodPressureOf([line, cuff], at(1))?.kind).toBe('ABP');
    expect(bloodPressureOf([line, cuff], at(60))?.kind).toBe('NIBP');
    expect(bloodPressureOf([], at(60))).toBeUndefined();
  });
  it('of NEWS2 are the newest, of line and cuff alike, as the score takes them', () => {
    const cuff = numeric(MDC.nibpSystolic, 120, { atUs: at(0), staleAfterUs: 1_200e6 });
    const line = numeric(MDC.abpSystolic, 85, { atUs: at(60), staleAfterUs: 10e6 });
    const off = numeric(MDC.abpSystolic, null, { atUs: at(90), missing: 'sensor off' });
    const codes = [MDC.nibpSystolic, MDC.abpSystolic];
    expect(newestReading([cuff, line], codes)).toBe(line);
    expect(newestReading([cuff, off], codes)).toBe(cuff);
    expect(newestReading([off], codes)).toBe(off);
    expect(newestReading([line], [MDC.temperature])).toBeUndefined();
  });
  it('are whole, but temperatures have their decimal', () => {
    expect([
      valueText(numeric(MDC.temperature, 37, { unit: 'Cel' })),
      valueText(numeric(MDC.ecgHeartRate, 71.6)),
      valueText(numeric(MDC.spo2, null)),
    ]).toEqual(['37.0', '72', '—']);
  });
  it('stand as they came where Vigil has no name for their signal, and in whatever unit the device tells', () => {
    const values = [4.6, 0.42, 1234.56, -3].map((value) => valueText(numeric(999_999, value, { unit: 'L/min' })));
    expect(values).toEqual(['4.6', '0.42', '1235', '-3']);
    // Not what every object of the language has by that name: the page of the bed broke on it.
    expect(['__proto__', 'constructor', 'mm[Hg]'].map(unitText)).toEqual(['__proto__', 'constructor', 'mmHg']);
  });
  it('say levels in words, and stand in the order of the code table with Vigil before the monitor', () => {
    const air = numeric(PRIVATE.oxygenTherapy, 0, { unit: '1' });
    const monitor = numeric(MDC.ecgHeartRate, 70);
    const own = numeric(MDC.ecgHeartRate, 71, { by: 'vigil' });
    const unmapped = numeric(999_999, 1);
    expect([air, numeric(PRIVATE.consciousness, 2, { unit: '1' })].map(valueText)).toEqual(['air', 'voice']);
    expect(inTableOrder([unmapped, air, monitor, own])).toEqual([own, monitor, air, unmapped]);
  });
  it('name rhythms in the ward’s words, and keep what they do not know', () => {
    expect(['sinus-like', 'vf', 'wandering', null].map(rhythmText)).toEqual(['SINUS', 'VFIB', 'WANDERING', '']);
  });
});

describe('the grid', () => {
  it('shows 8 beds without scrolling as two columns of four on both usual screens', () => {
    for (const [width, height] of [
      [1_118, 680],
      [1_584, 992],
    ] as const)
      expect(wardGrid(8, width, height)).toMatchObject({ columns: 2, rows: 4, scrolls: false });
  });
  it('shows 32 beds without scrolling on a full HD screen', () => {
    expect(wardGrid(32, 1_584, 992)).toMatchObject({ columns: 4, rows: 8, scrolls: false });
  });
  it('has a place for every bed and keeps within its space, or says that it scrolls', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 200, max: 4_000 }),
        fc.integer({ min: 100, max: 2_400 }),
        (beds, width, height) => {
          const grid = wardGrid(beds, width, height);
          expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(beds);
          if (!grid.scrolls)
            expect(grid.rows * grid.tileHeightPx + (grid.rows - 1) * 8).toBeLessThanOrEqual(height + 0.01);
        },
      ),
    );
  });
});

describe('what the screen knows of the ward', () => {
  it('equals the server’s picture after every snapshot, whatever it knew before', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, [bed('icu-01', { alarms: [red()] }), bed('icu-02')]));
    ward.apply(snapshot(90, [bed('icu-02', { alarms: [yellow] })], true));
    expect(ward.order()).toEqual(['icu-02']);
    expect(ward.bed('icu-01')).toBeUndefined();
    expect(ward.alarms().map(({ bed: name, alarm: one }) => [name, one.condition])).toEqual([['icu-02', 'hr-high']]);
  });
  it('brings the bed with a new red alarm to the front', () => {
    const ward = makeWardStore();
    ward.apply(
      snapshot(
        0,
        ['icu-01', 'icu-02', 'icu-03'].map((name) => bed(name)),
      ),
    );
    ward.apply(alarms(1, 'icu-03', [red()]));
    expect(ward.order()).toEqual(['icu-03', 'icu-01', 'icu-02']);
    ward.apply(alarms(2, 'icu-03', []));
    ward.tick(at(3));
    expect(ward.order()[0]).toBe('icu-03');
    ward.tick(at(13));
    expect(ward.order()).toEqual(['icu-01', 'icu-02', 'icu-03']);
  });
  it('stays in the order of names when the nurse wants it so', () => {
    const ward = makeWardStore();
    ward.orderBy('name');
    ward.apply(snapshot(0, [bed('icu-02', { alarms: [red()] }), bed('icu-01')]));
    expect(ward.order()).toEqual(['icu-01', 'icu-02']);
  });
  it('keeps a bed’s alarms when its numbers change', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, [bed('icu-01', { alarms: [red()] })]));
    ward.apply(bedFrame(1, bed('icu-01', { rhythm: 'vt' })));
    expect(ward.bed('icu-01')).toMatchObject({ rhythm: 'vt', alarms: [{ condition: 'vt' }] });
  });
  it('shows and sounds the alarms of a bed that it had never heard of, whether its alarms or its picture come first', () => {
    const desaturated = bed('icu-09', { alarms: [red()] });
    const told = [alarms(1, 'icu-09', desaturated.alarms), bedFrame(1, desaturated)];
    for (const frames of [told, told.toReversed()]) {
      const ward = makeWardStore();
      ward.apply(snapshot(0, [bed('icu-01')]));
      for (const frame of frames) ward.apply(frame);
      expect(ward.bed('icu-09')).toEqual(desaturated);
      expect(ward.order()).toEqual(['icu-09', 'icu-01']);
      expect(ward.alarms().map(({ bed: name, alarm: one }) => `${name} ${one.condition}`)).toEqual(['icu-09 vt']);
      expect(soundingNow(ward.beds(), at(1)).gravest).toBe('high');
    }
  });

  it('rings in a state, and is grave in a priority, that a newer Vigil tells a page opened before the update', () => {
    const newer = alarm('vt', { state: 'escalated' as LiveAlarm['state'], priority: 'extreme' as PriorityName });
    const store = makeWardStore();
    store.apply(snapshot(0, [bed('icu-01', { alarms: [newer] }), bed('icu-02')]));
    store.apply(alarms(1, 'icu-02', [newer]));
    expect(store.alarms().map((one) => [one.bed, one.alarm.state, one.alarm.priority])).toEqual([
      ['icu-01', 'on', 'high'],
      ['icu-02', 'on', 'high'],
    ]);
    expect(soundingNow(store.beds(), at(2)).gravest).toBe('high');
  });
  it('shows no bed of which it only hears that nothing rings', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, []));
    ward.apply(alarms(1, 'icu-09', []));
    expect(ward.bed('icu-09')).toBeUndefined();
  });

  it('tells only those who look at what changed', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, [bed('icu-01'), bed('icu-02')]));
    const told: string[] = [];
    for (const topic of ['bed:icu-01', 'bed:icu-02', 'order', 'alarms', 'about', 'history'] as const)
      ward.subscribe(topic, () => told.push(topic));
    ward.apply(bedFrame(1, bed('icu-02', { rhythm: 'af' })));
    expect(told).toEqual(['bed:icu-02']);
  });
  it('lists what was missed while it was away, once, and nothing that it saw itself', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, [bed('icu-01'), bed('icu-02')]));
    ward.apply(alarms(5, 'icu-01', [red()], [transition(5, 'icu-01', 'on')]));
    expect(ward.absence()).toBeUndefined();
    ward.apply(snapshot(95, [bed('icu-01'), bed('icu-02')], true));
    const missed = [
      transition(5, 'icu-01', 'on'),
      transition(40, 'icu-02', 'on'),
      transition(60, 'icu-02', 'latched', { from: 'on' }),
    ];
    ward.apply(alarms(95, 'icu-02', [], missed));
    ward.apply(alarms(95, 'icu-02', [], missed));
    expect(ward.absence()).toMatchObject({ complete: true, missed: [{ bed: 'icu-02', atUs: at(40) }] });
    expect(ward.history()).toHaveLength(3);
    ward.forgetAbsence();
    expect(ward.absence()).toBeUndefined();
  });
  it('lets a bed go of which nothing was heard for an hour, as long as it hears that itself, and never one that rings', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, [bed('icu-01'), bed('icu-02', { alarms: [red()] })]));
    ward.tick(at(7_200));
    expect(ward.order()).toEqual(['icu-02', 'icu-01']);
    ward.apply(heartbeat(3_600));
    ward.tick(at(3_600));
    expect(ward.order()).toEqual(['icu-02', 'icu-01']);
    ward.apply(heartbeat(3_601));
    ward.tick(at(3_601));
    expect(ward.order()).toEqual(['icu-02']);
    // A laboratory's frame is no sign of a monitor; the next frame of one is.
    ward.apply(bedFrame(3_602, bed('icu-01')));
    expect(ward.order()).toEqual(['icu-02']);
    ward.apply(bedFrame(3_603, bed('icu-01', { lastFrameUs: at(3_603) })));
    expect(ward.order()).toEqual(['icu-02', 'icu-01']);
  });
  it('goes on telling what was missed when the line is lost again before anybody has read it', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, [bed('icu-01')]));
    ward.apply(snapshot(30, [bed('icu-01')], true));
    ward.apply(alarms(30, 'icu-01', [], [transition(10, 'icu-01', 'on')]));
    ward.apply(snapshot(35, [bed('icu-01')], true));
    expect(ward.absence()).toMatchObject({ fromUs: at(0), toUs: at(35), awayUs: 35e6, missed: [{ atUs: at(10) }] });
    ward.forgetAbsence();
    ward.apply(snapshot(40, [bed('icu-01')], true));
    expect(ward.absence()).toMatchObject({ fromUs: at(35), awayUs: 5e6, missed: [] });
  });
  it('lists an alarm of the last moment before the line was lost, which was told after it', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, [bed('icu-01')]));
    ward.apply(snapshot(30, [bed('icu-01')], true));
    ward.apply(alarms(30, 'icu-01', [], [transition(-1, 'icu-01', 'on'), transition(9, 'icu-01', 'off')]));
    expect(ward.absence()).toMatchObject({ missed: [{ atUs: at(-1) }] });
  });
  it('lists what was missed while its page was loaded again, or was put to sleep by the browser', () => {
    const ward = makeWardStore();
    ward.recallHistory([transition(-9, 'icu-01', 'on')], at(0));
    ward.apply(snapshot(600, [bed('icu-01')], true));
    ward.apply(alarms(600, 'icu-01', [], [transition(-9, 'icu-01', 'on'), transition(300, 'icu-01', 'on')]));
    expect(ward.absence()).toMatchObject({ fromUs: at(0), toUs: at(600), missed: [{ atUs: at(300) }] });
  });
  it('says so when the server could not tell what was missed', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, [bed('icu-01')]));
    ward.apply(snapshot(3_600, [bed('icu-01')], false));
    expect(ward.absence()).toMatchObject({ complete: false, missed: [] });
  });
});

describe('the page’s address', () => {
  it('opens a bed, and lets no token stay in it', () => {
    expect(readAddress('#token=abc&bed=icu-01')).toEqual({ bed: 'icu-01', token: 'abc' });
    fc.assert(fc.property(fc.string({ minLength: 1 }), (name) => readAddress(addressOf(name)).bed === name));
    expect(addressOf(undefined)).toBe('#');
    const ofGrafana = (name: string) => `#${new URLSearchParams({ 'bed-tag': tagValue(name) })}`;
    fc.assert(fc.property(fc.string({ minLength: 1 }), (name) => readAddress(ofGrafana(name)).bed === name));
    expect(readAddress('#bed-tag=')).toEqual({ bed: undefined, token: undefined });
  });
});
