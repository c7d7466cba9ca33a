import { expect, it } from 'vitest';
import { beginningsOf, begunSince } from '../../dashboards/console/src/logic/alarms/announce.ts';
import type { LiveAlarm } from '../../schemas/live.ts';
import { alarm, at } from './live-ward.ts';

/** What is told at each look at the same ward, one look after the other. */
const told = (...looks: readonly (readonly LiveAlarm[])[]): readonly (readonly string[])[] => {
  let known = beginningsOf([]);
  return looks.map((alarms) => {
    const begun = begunSince(known, alarms);
    known = beginningsOf(alarms);
    return begun.map(({ condition }) => condition);
  });
};

const ringing = alarm('asystole', { priority: 'high' });

it('tells of an alarm once, however long it rings', () => {
  expect(told([ringing], [ringing], [ringing])).toEqual([['asystole'], [], []]);
});

it('tells of a red alarm again that latched and came back under the same id', () => {
  const latched = { ...ringing, state: 'latched', present: false } as const;
  expect(told([ringing], [latched], [{ ...ringing, sinceUs: at(60) }])).toEqual([['asystole'], [], ['asystole']]);
});

it('does not tell again of what was paused and sounds again', () => {
  expect(told([ringing], [{ ...ringing, state: 'paused' }], [ringing])).toEqual([['asystole'], [], []]);
});

it('keeps to itself what waits, is hidden or was acknowledged', () => {
  const quiet = (['waiting', 'hidden', 'acknowledged', 'latched'] as const).map((state) => ({ ...ringing, state }));
  for (const one of quiet) expect(told([one]), one.state).toEqual([[]]);
});

it('tells of an alarm that was hidden when it comes forward', () => {
  expect(told([{ ...ringing, state: 'hidden' }], [ringing])).toEqual([[], ['asystole']]);
});
