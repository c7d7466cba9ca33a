import { describe, expect, it } from 'vitest';
import { soundingNow } from '../../dashboards/console/src/logic/alarms/alarm-sound.ts';
import { askingText } from '../../dashboards/console/src/logic/alarms/asking.ts';
import { type MyScreen, makeMyScreen } from '../../dashboards/console/src/logic/page/my-screen.ts';
import type { LiveAlarm, LiveAsking, LiveBed, ScreenTold } from '../../schemas/live.ts';
import { alarm, at, bed } from './live-ward.ts';

const asks = (step: LiveAsking['step'], more: Partial<LiveAsking> = {}): LiveAlarm =>
  alarm('vt', { priority: 'high', asking: { step, sinceUs: at(0), declinedBy: [], ...more } });
const ofNurse4 = (one: LiveAlarm, more: Partial<LiveBed> = {}): LiveBed =>
  bed('icu-04', { alarms: [one], chosenBy: [{ screen: 'x', name: 'nurse 4' }], ...more });
const soundsFor = (mine: readonly string[], one: LiveBed): boolean =>
  soundingNow([one], at(1), new Set(mine)).gravest !== undefined;

describe('an alarm that asks for somebody', () => {
  it('sounds first on the screens that chose its bed, and on those that chose none', () => {
    const own = ofNurse4(asks('own'));
    expect([soundsFor(['icu-04'], own), soundsFor([], own), soundsFor(['icu-09'], own)]).toEqual([true, true, false]);
  });

  it('sounds everywhere once it has gone on, and where nobody has chosen its bed', () => {
    for (const step of ['unit', 'unanswered'] as const) expect(soundsFor(['icu-09'], ofNurse4(asks(step)))).toBe(true);
    expect(soundsFor(['icu-09'], ofNurse4(asks('own'), { chosenBy: [] }))).toBe(true);
  });

  it('sounds everywhere where it is red and never goes on; a lesser one stays with those who chose the bed', () => {
    const goesOnToNobody = ofNurse4(alarm('vt', { priority: 'high' }));
    const yellow = ofNurse4(alarm('hr-high', { priority: 'medium' }));
    expect([soundsFor(['icu-09'], goesOnToNobody), soundsFor(['icu-09'], yellow)]).toEqual([true, false]);
    expect(soundsFor(['icu-09'], { ...yellow, bed: 'vigil' })).toBe(true);
  });

  it('says whom it asks, and who cannot come', () => {
    const declinedBy = ['Ada'];
    expect(askingText(asks('own'), ofNurse4(asks('own')))).toBe('asks nurse 4');
    expect(askingText(asks('unit'), ofNurse4(asks('unit')))).toBe('');
    expect(askingText(asks('unit', { sinceUs: at(60), declinedBy }), bed('icu-04'))).toBe(
      'asks everybody (cannot come: Ada)',
    );
    expect(askingText(asks('unanswered'), bed('icu-04'))).toBe('nobody has answered');
    expect(askingText(alarm('vt'), bed('icu-04'))).toBe('');
  });
});

it('a screen that cannot sound has chosen no beds', () => {
  let awake = false;
  let woken: () => void = () => undefined;
  const said: ScreenTold[] = [];
  let kept: ScreenTold = { id: '01234567', name: 'nurse 4', beds: ['icu-04'] };
  const screen: MyScreen = makeMyScreen(
    {
      screen: () => kept,
      keepScreen: (next) => {
        kept = next;
      },
    },
    {
      awake: () => awake,
      subscribe: (listener) => {
        woken = listener;
        return () => undefined;
      },
    },
    (told) => said.push(told),
  );
  expect(screen.mine().size).toBe(0);
  awake = true;
  woken();
  screen.choose('nurse 4', ['icu-05']);
  awake = false;
  woken();
  expect(said.map(({ beds }) => beds)).toEqual([[], ['icu-04'], ['icu-05'], []]);
});
