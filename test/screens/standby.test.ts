import { describe, expect, it } from 'vitest';
import { mayStandBy } from '../../dashboards/console/src/logic/ward/standby.ts';
import type { LiveBed } from '../../schemas/live.ts';
import type { Moment } from '../../schemas/units.ts';
import { standbyRefused } from '../../services/screens/standby.ts';
import { alarm, at, bed } from '../console/live-ward.ts';

const empty = (more: Partial<LiveBed> = {}): LiveBed =>
  bed('icu-04', { patient: null, alarms: [alarm('no-signal', { state: 'acknowledged' })], ...more });
const act = { id: '1', kind: 'standby', bed: 'icu-04', by: 'Ada' } as const;
const refused = (one: LiveBed | undefined, seconds: number) =>
  standbyRefused(act, one, at(seconds) as Moment)?.sentence;

describe('that a monitor was taken away', () => {
  it('may be said of a bed without a patient of which nothing was heard for a minute', () => {
    expect(refused(empty(), 60)).toBeUndefined();
    expect(mayStandBy(empty(), at(60))).toBe(true);
    expect(refused(empty({ lastFrameUs: null }), 60)).toBeUndefined();
  });
  it('is refused with the reason where the bed was heard, somebody is assigned, or there is none', () => {
    expect(refused(empty(), 59)).toMatch(/heard 59 s ago/);
    expect(refused(empty({ patient: 'p1' }), 600)).toMatch(/p1 is assigned/);
    expect(refused(undefined, 600)).toMatch(/no such bed/);
    expect(mayStandBy(empty(), at(59))).toBe(false);
    expect(mayStandBy(empty({ patient: 'p1' }), at(600))).toBe(false);
  });
  it('is offered only where NO SIGNAL stands', () => {
    expect(mayStandBy(empty({ alarms: [] }), at(600))).toBe(false);
    expect(mayStandBy(empty({ alarms: [alarm('no-signal', { present: false, state: 'latched' })] }), at(600))).toBe(
      false,
    );
  });
  it('holds no other act back', () => {
    expect(standbyRefused({ ...act, kind: 'acknowledge' }, empty({ patient: 'p1' }), at(1) as Moment)).toBeUndefined();
  });
});
