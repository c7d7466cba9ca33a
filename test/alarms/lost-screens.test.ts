import { describe, expect, it } from 'vitest';
import type { AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { nurse, play, screen, tick } from './shift.ts';

/** What the strip of Vigil itself says, each time it says another thing. */
const notices = (...inputs: readonly AlarmInput[]): readonly string[] =>
  play(inputs)[1]
    .map(({ at, alarms }) => {
      const notice = alarms.find(({ condition }) => condition === 'screen-lost');
      return { s: at / 1e6, text: notice === undefined ? 'none' : `${notice.shown}: ${notice.evidence}` };
    })
    .filter(({ text }, i, all) => text !== all[i - 1]?.text)
    .map(({ s, text }) => `${s}s ${text}`);

describe('a screen that is lost', () => {
  it('is told, and is told no more once it is back', () => {
    expect(
      notices(screen(0, 'nurse 4', 'watching'), screen(59, 'nurse 4', 'lost'), screen(90, 'nurse 4', 'watching')),
    ).toEqual(['59s on: screen "nurse 4" lost, last heard 8 s before', '90s none']);
  });

  it('stands until all that are lost are back or closed', () => {
    expect(
      notices(
        screen(1, 'nurse 4', 'lost'),
        screen(5, 'corridor', 'lost', 9),
        screen(8, 'nurse 4', 'watching'),
        screen(9, 'corridor', 'left'),
      ),
    ).toEqual([
      '1s on: screen "nurse 4" lost, last heard 8 s before',
      '5s on: screen "nurse 4" lost, last heard 8 s before; screen "corridor" lost, last heard 9 s before',
      '8s on: screen "corridor" lost, last heard 9 s before',
      '9s none',
    ]);
  });

  it('is dismissed by whoever acknowledges it, and rings again only for another one', () => {
    const [memory, told] = play([
      screen(1, 'nurse 4', 'lost'),
      nurse(3, 'acknowledge'),
      tick(300),
      screen(400, 'corridor', 'lost'),
    ]);
    expect(told.find(({ transition }) => transition?.to === 'off')?.transition).toMatchObject({
      by: 'nurse Ada',
      why: 'acknowledged',
    });
    expect(memory.alarms.map(({ shown, evidence }) => `${shown}: ${evidence}`)).toEqual([
      'on: screen "corridor" lost, last heard 8 s before',
    ]);
  });

  it('is nothing where it was closed on purpose', () => {
    expect(
      play([screen(0, 'nurse 4', 'watching'), screen(60, 'nurse 4', 'left'), tick(600)])[1].flatMap(
        ({ alarms }) => alarms,
      ),
    ).toEqual([]);
  });
});
