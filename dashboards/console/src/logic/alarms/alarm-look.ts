/** How an alarm looks and what it counts for: marks, order, and whether it flashes or asks for someone. */
import { type PriorityName, priorityRank } from '../../../../../schemas/conditions.ts';
import type { LiveAlarm, SignalStateName } from '../../../../../schemas/live.ts';

/** IEC 60601-1-8 practice: the priority in marks, so that colour is never the only cue. */
export const MARKS: Readonly<Record<PriorityName, string>> = { high: '***', medium: '**', low: '*' };

const stateRank: Readonly<Record<SignalStateName, number>> = {
  on: 0,
  paused: 0,
  latched: 1,
  acknowledged: 2,
  hidden: 3,
  waiting: 4,
};

/** Waiting alarms have not run out their delay and hidden ones stand behind a graver one: neither is in the room. */
export const isShown = (alarm: LiveAlarm): boolean => alarm.state !== 'waiting' && alarm.state !== 'hidden';

/** Someone has to see to it: it can be acknowledged. */
export const wantsSomeone = (alarm: LiveAlarm): boolean =>
  alarm.state === 'on' || alarm.state === 'paused' || alarm.state === 'latched';

/** Flashing says: present now and not yet seen. A paused sound does not stop it, an ended condition does. */
export const flashes = (alarm: LiveAlarm): boolean =>
  (alarm.state === 'on' || alarm.state === 'paused') && alarm.priority !== 'low';

/** Gravest first; of one priority those not yet seen first, then the newest; the id makes the order total. */
export const graverFirst = (a: LiveAlarm, b: LiveAlarm): number =>
  priorityRank[a.priority] - priorityRank[b.priority] ||
  stateRank[a.state] - stateRank[b.state] ||
  b.sinceUs - a.sinceUs ||
  (a.alarm < b.alarm ? -1 : a.alarm > b.alarm ? 1 : 0);

/** The red alarm that has to be seen first, of alarms with the gravest first: it goes on, and nobody has seen it. undefined: there is none. */
export const newestRed = <Row extends { readonly alarm: LiveAlarm }>([first]: readonly Row[]): Row | undefined =>
  first !== undefined && first.alarm.priority === 'high' && flashes(first.alarm) ? first : undefined;

/** What stands beside the text, in words. */
export const stateWords: Readonly<Record<SignalStateName, string>> = {
  on: 'active',
  paused: 'audio paused',
  latched: 'ended, unseen',
  acknowledged: 'acknowledged',
  hidden: 'behind a graver alarm',
  waiting: 'waiting out its delay',
};

/** The same words for a state that a transition names; "off", which no alarm on the page is in, stays as it is. */
export const stateWord = (state: string): string =>
  Object.hasOwn(stateWords, state) ? stateWords[state as SignalStateName] : state;

export const priorityWords: Readonly<Record<PriorityName, string>> = {
  high: 'high priority',
  medium: 'medium priority',
  low: 'low priority',
};

/** What it was at the onset and at its worst: "SpO₂ 88 < 90, at worst SpO₂ 80 < 90". */
export const wholeText = ({ text, worst }: Pick<LiveAlarm, 'text' | 'worst'>): string =>
  worst === undefined ? text : `${text}, at worst ${worst.text}`;

/**
 * The measured part of the text without the label it begins with: label "HR HIGH", text "HR 134 > 120" keeps all of it;
 * label "VTACH", text "VTACH 162/min" keeps "162/min". Empty when the text says nothing more than the label.
 */
export const evidenceOf = (alarm: Pick<LiveAlarm, 'label' | 'text'>): string =>
  alarm.text.startsWith(alarm.label) ? alarm.text.slice(alarm.label.length).trim() : alarm.text;
