import { describe, expect, it } from 'vitest';
import {
  BURST_MS,
  bursts,
  REPEAT_MS,
  type Ringing,
  ring,
  soundingNow,
  startRinging,
  toHear,
} from '../../dashboards/console/src/logic/alarms/alarm-sound.ts';
import { afterPause } from '../../dashboards/console/src/logic/alarms/audio-pause.ts';
import { makeWardStore } from '../../dashboards/console/src/logic/ward/ward-store.ts';
import type { PriorityName } from '../../schemas/conditions.ts';
import type { LiveAlarm, SignalStateName } from '../../schemas/live.ts';
import { alarm, at, bed, snapshot } from './live-ward.ts';

const of = (priority: PriorityName, state: SignalStateName = 'on', name: string = priority): LiveAlarm =>
  alarm(name, { priority, state });
const room = (...alarms: readonly LiveAlarm[]) => [{ bed: 'icu-01', alarms, audioPausedUntilUs: null }];
const paused = (...alarms: readonly LiveAlarm[]) => [{ bed: 'icu-01', alarms, audioPausedUntilUs: at(120) }];
const heard = (beds: ReturnType<typeof paused | typeof room>, second = 0) => soundingNow(beds, at(second)).gravest;

type Rooms = (second: number) => ReturnType<typeof room>;
/** When a burst or the tones of the line begin while the room is `beds` for `seconds`, listened to ten times a second. */
const bells = (
  seconds: number,
  beds: Rooms,
  line: Parameters<typeof toHear>[0] = 'Live',
  quietUntilS = 0,
): string[] => {
  let ringing: Ringing = { ...startRinging, tonesQuietUntilMs: quietUntilS * 1e3 };
  const rung: string[] = [];
  for (let tenth = 0; tenth <= seconds * 10; tenth++) {
    const [after, begins] = ring(ringing, toHear(line, beds(tenth / 10), [], at(tenth / 10)), tenth * 100);
    ringing = after;
    if (begins !== undefined) rung.push(`${tenth / 10}s ${begins}`);
  }
  return rung;
};

describe('what sounds', () => {
  it('is the gravest alarm of the ward that is on', () => {
    expect(heard(room(of('low'), of('high'), of('medium')))).toBe('high');
    expect(heard([...room(of('low')), ...room(of('medium'))])).toBe('medium');
    expect(heard(room())).toBeUndefined();
  });
  it('is nothing that was seen, has ended, is paused or stands behind a graver one', () => {
    expect(
      heard(
        room(
          of('high', 'acknowledged'),
          of('high', 'latched'),
          of('high', 'paused'),
          of('high', 'hidden'),
          of('high', 'waiting'),
        ),
      ),
    ).toBeUndefined();
  });
  it('breaks through an audio pause only when it is high', () => {
    expect(heard(paused(of('medium'), of('low')))).toBeUndefined();
    expect(heard(paused(of('medium'), of('high')))).toBe('high');
  });
  it('comes back by itself when the pause has run out', () => {
    expect([heard(paused(of('medium')), 119.9), heard(paused(of('medium')), 120)]).toEqual([undefined, 'medium']);
  });
});

describe('a line that is not well', () => {
  it('lets alarms sound that come late, and none once it is lost', () => {
    const beds = room(of('high'));
    expect(toHear('Live', beds, [], at(0))).toMatchObject({ sounding: { gravest: 'high' }, lineIsBroken: false });
    expect(toHear('Behind', beds, [], at(0))).toMatchObject({ sounding: { gravest: 'high' }, lineIsBroken: true });
    expect(toHear('Lost', beds, [], at(0))).toMatchObject({ sounding: { gravest: undefined }, lineIsBroken: true });
  });
  it('sounds where the token is refused as where the line is lost: nothing more is heard', () => {
    expect(toHear('NoEntry', room(of('high')), [], at(0))).toEqual(toHear('Lost', [], [], at(0)));
  });
  it('has its tones every five seconds, never over a burst', () => {
    expect(bells(11, () => room(), 'Lost')).toEqual(['0s tones', '5s tones', '10s tones']);
    expect(bells(11, () => room(of('high')), 'Behind')).toEqual(['0s high', '3s tones', '8s tones', '10s high']);
  });
  it('may be kept quiet for a while, and its alarms may not', () => {
    expect(bells(11, () => room(of('high')), 'Behind', 120)).toEqual(['0s high', '10s high']);
    expect(bells(125, () => room(), 'Lost', 120)).toEqual(['120s tones', '125s tones']);
  });
});

describe('an audio pause', () => {
  it('ends by itself although Vigil no longer says that time passes: its alarms are on again, and sound', () => {
    const ward = makeWardStore();
    const until = { audioPausedUntilUs: at(120) };
    const silenced = of('high', 'paused');
    ward.apply(snapshot(0, [bed('icu-01', { ...until, alarms: [{ ...silenced, pausedUntilUs: at(120) }] })]));
    ward.tick(at(119.9));
    expect(soundingNow(ward.beds(), at(119.9)).gravest).toBeUndefined();
    ward.tick(at(120));
    expect(soundingNow(ward.beds(), at(120)).gravest).toBe('high');
    expect(ward.alarms()).toMatchObject([{ alarm: { alarm: silenced.alarm, state: 'on' } }]);
    expect(ward.bed('icu-01')?.audioPausedUntilUs).toBeNull();
  });

  it('that goes on, was never, or leaves something that was seen changes nothing', () => {
    for (const [name, state] of [
      ['a', 'paused'],
      ['b', 'acknowledged'],
      ['c', 'latched'],
    ] as const) {
      const calm = bed(name, { audioPausedUntilUs: at(120), alarms: [of('high', state)] });
      expect(afterPause(calm, at(119))).toBe(calm);
      const after = afterPause(calm, at(120)).alarms[0]?.state;
      expect(after).toBe(state === 'paused' ? 'on' : state);
      expect(afterPause({ ...calm, audioPausedUntilUs: null }, at(120)).alarms[0]?.state).toBe(state);
    }
  });
});

describe('bursts', () => {
  it('have 5 + 5 pulses for high, 3 for medium, 1 for low, and end before the next may begin', () => {
    expect([bursts.high.length, bursts.medium.length, bursts.low.length]).toEqual([10, 3, 1]);
    for (const pulses of Object.values(bursts))
      expect(Math.max(...pulses.map((p) => p.atMs + p.lastsMs))).toBeLessThanOrEqual(BURST_MS);
  });
  it('are repeated every 10, 25 and 30 seconds', () => {
    expect(REPEAT_MS).toEqual({ high: 10_000, medium: 25_000, low: 30_000 });
    expect(bells(26, () => room(of('high')))).toEqual(['0s high', '10s high', '20s high']);
    expect(bells(60, () => room(of('medium')))).toEqual(['0s medium', '25s medium', '50s medium']);
  });
  it('let a graver alarm ring at once', () => {
    expect(bells(6, (s) => (s < 2 ? room(of('low')) : room(of('low'), of('high'))))).toEqual(['0s low', '2s high']);
  });
  it('ring for a new alarm of the same priority as soon as the burst is over', () => {
    expect(bells(12, (s) => (s < 1 ? room(of('high')) : room(of('high'), of('high', 'on', 'another'))))).toEqual([
      '0s high',
      '3s high',
    ]);
  });
  it('begin anew for an alarm that comes after silence', () => {
    expect(bells(9, (s) => (s < 2 || s >= 5 ? room(of('medium')) : room()))).toEqual(['0s medium', '5s medium']);
  });
  it('are not talked over by an alarm that comes and goes', () => {
    const flaps = bells(9, (s) => (Math.round(s * 10) % 10 < 5 ? room(of('high')) : room()));
    expect(flaps).toEqual(['0s high', '4s high', '8s high']);
  });
});
