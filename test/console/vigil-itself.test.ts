import { describe, expect, it } from 'vitest';
import { soundingNow, toHear } from '../../dashboards/console/src/logic/alarms/alarm-sound.ts';
import { makeWardStore } from '../../dashboards/console/src/logic/ward/ward-store.ts';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { alarm, alarms, at, bed, heartbeat, snapshot, transition, trouble } from './live-ward.ts';

const silent = alarm('analysis-silent', { alarm: 'vigil/analysis-silent/1', priority: 'high', origin: 'technical' });

describe('alarms about Vigil itself', () => {
  it('have no tile, stand in the list, and sound', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, [bed('icu-01'), bed('icu-02')]));
    ward.apply(alarms(1, VIGIL_BED, [silent], [transition(1, VIGIL_BED, 'on', { condition: 'analysis-silent' })]));
    expect(ward.order()).toEqual(['icu-01', 'icu-02']);
    expect(ward.alarms().map(({ bed: name, alarm: one }) => `${name} ${one.condition}`)).toEqual([
      'vigil analysis-silent',
    ]);
    expect(soundingNow(ward.beds(), at(1)).gravest).toBe('high');
    expect(ward.history().map(({ condition, to }) => `${condition} ${to}`)).toEqual(['analysis-silent on']);
    ward.orderBy('name');
    expect(ward.order()).toEqual(['icu-01', 'icu-02']);
  });

  it('are there after a reload, and gone with the snapshot that has none', () => {
    const ward = makeWardStore();
    ward.apply(snapshot(0, [bed('icu-01'), bed(VIGIL_BED, { alarms: [silent] })]));
    expect(ward.order()).toEqual(['icu-01']);
    expect(ward.bed(VIGIL_BED)?.alarms).toHaveLength(1);
    ward.apply(snapshot(60, [bed('icu-01')], true));
    expect(ward.bed(VIGIL_BED)).toBeUndefined();
    expect(ward.alarms()).toEqual([]);
  });
});

describe('what cannot come as an alarm', () => {
  it('is known from one heartbeat to the next, and told once', () => {
    const ward = makeWardStore();
    let told = 0;
    ward.subscribe('troubles', () => {
      told += 1;
    });
    ward.apply(snapshot(0, [bed('icu-01')]));
    ward.apply(heartbeat(1));
    ward.apply(heartbeat(2, [trouble('log-away')]));
    ward.apply(heartbeat(3, [trouble('log-away')]));
    expect(ward.troubles().map(({ name }) => name)).toEqual(['log-away']);
    ward.apply(heartbeat(4));
    expect(ward.troubles()).toEqual([]);
    expect(told).toBe(2);
  });

  it('sounds like a lost line when it is high', () => {
    const heard = (troubles: Parameters<typeof toHear>[2]) => toHear('Live', [], troubles, at(0)).lineIsBroken;
    expect(heard([trouble('log-away')])).toBe(true);
    expect(heard([])).toBe(false);
    expect(heard([trouble('series-away', { priority: 'low' })])).toBe(false);
  });
});
