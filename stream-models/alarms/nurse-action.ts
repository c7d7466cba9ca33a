import { after, inSeconds, microseconds } from '../../schemas/units.ts';
import type { Alarm, Signal } from './alarm.ts';
import type { ActionKind, AlarmInput } from './alarm-input.ts';
import { announce, type Course, tellPicture } from './course.ts';
import { ACTIONS_REMEMBERED, audioPauseMaxOf } from './policy.ts';

type Action = AlarmInput & { readonly tag: 'Action' };

const because = (what: string, action: Action): string => (action.reason === '' ? what : `${what}: ${action.reason}`);

/** Changes the signal of every alarm that is meant. An unknown or ended one means nothing, and nothing changes. */
const changeSignals = (course: Course, action: Action, change: (alarm: Alarm) => Signal): void => {
  const alarms = course.bed.alarms.map((alarm) =>
    action.alarm === undefined || action.alarm === alarm.id ? { ...alarm, signal: change(alarm) } : alarm,
  );
  course.bed = { ...course.bed, alarms };
};

/** Only what is seen can be acknowledged: neither a delay that still runs nor an alarm behind a graver one. */
const acknowledge = (course: Course, action: Action): void => {
  const turn = course.bed.turns + 1;
  course.bed = { ...course.bed, turns: turn };
  changeSignals(course, action, ({ signal, shown }) => {
    if (signal.tag === 'Latched') return { tag: 'Over' };
    return shown === 'on' || shown === 'paused' ? { tag: 'Acknowledged', turn, by: action.by } : signal;
  });
  announce(course, { by: action.by, why: because('acknowledged', action) });
};

/** Ends the signals whose condition is gone; those whose condition is present go on. */
const reset = (course: Course, action: Action): void => {
  changeSignals(course, action, ({ signal }) => (signal.tag === 'Latched' ? { tag: 'Over' } : signal));
  announce(course, { by: action.by, why: because('reset', action) });
};

/** A pause is always of the whole bed. Another one while it runs covers what came since, and starts the time anew. */
const pauseAudio = (course: Course, action: Action): void => {
  const longest = audioPauseMaxOf(course.policy);
  const span = microseconds(Math.min(action.duration ?? longest, longest));
  const turn = course.bed.turns + 1;
  course.bed = { ...course.bed, turns: turn, pause: { until: after(course.at, span), turn } };
  const why = because(`audio paused for ${inSeconds(span)} s`, action);
  if (announce(course, { by: action.by, why }) === 0) tellPicture(course);
};

const resumeAudio = (course: Course, action: Action): void => {
  if (course.bed.pause === undefined) return;
  course.bed = { ...course.bed, pause: undefined };
  if (announce(course, { by: action.by, why: because('audio resumed', action) }) === 0) tellPicture(course);
};

const done: Readonly<Record<ActionKind, (course: Course, action: Action) => void>> = {
  acknowledge,
  reset,
  'pause-audio': pauseAudio,
  'resume-audio': resumeAudio,
};

/** Does what a nurse asked for, once: an action whose id was seen before changes nothing. */
export const act = (course: Course, action: Action): void => {
  if (action.id !== '') {
    if (course.bed.actions.includes(action.id)) return;
    course.bed = { ...course.bed, actions: [...course.bed.actions, action.id].slice(-ACTIONS_REMEMBERED) };
  }
  done[action.kind](course, action);
};
