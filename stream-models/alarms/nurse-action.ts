import { type ConditionSettings, conditions } from '../../schemas/conditions.ts';
import { after, inSeconds, microseconds } from '../../schemas/units.ts';
import { type Alarm, appearanceOf, type Signal } from './alarm.ts';
import type { ActionKind, AlarmInput } from './alarm-input.ts';
import { announce, type Course, tellOf, tellPicture } from './course.ts';
import { decline } from './escalation.ts';
import { ACTIONS_REMEMBERED, audioPauseMaxOf, TAKEN_OFF_AFTER } from './policy.ts';

type Action = AlarmInput & { readonly tag: 'Action' };

const because = (what: string, action: Action): string => (action.reason === '' ? what : `${what}: ${action.reason}`);

const isMeant = (action: Action, alarm: Alarm): boolean => action.alarm === undefined || action.alarm === alarm.id;

/** Whether whoever acted had this appearance of the alarm before his eyes; who does not say has seen all. */
const hasSeen = ({ seen }: Action, alarm: Alarm): boolean =>
  seen === undefined || seen.some((one) => one.alarm === alarm.id && one.appearance === appearanceOf(alarm));

/** Changes the signal of every alarm that is meant and was seen. An unknown or ended one means nothing, and nothing changes. */
const changeSignals = (course: Course, action: Action, change: (alarm: Alarm) => Signal): void => {
  const alarms = course.bed.alarms.map((alarm) =>
    isMeant(action, alarm) && hasSeen(action, alarm) ? { ...alarm, signal: change(alarm) } : alarm,
  );
  course.bed = { ...course.bed, alarms };
};

/** What came back while the act was under way asks for someone as before, and the history says that it was not meant. */
const tellOfUnseen = (course: Course, action: Action, done: string): void => {
  for (const alarm of course.bed.alarms) {
    const asksForSomeone = alarm.shown === 'on' || alarm.shown === 'paused' || alarm.shown === 'latched';
    if (!asksForSomeone || !isMeant(action, alarm) || hasSeen(action, alarm)) continue;
    const came = appearanceOf(alarm) === 1 ? 'come' : 'come back';
    const why = because(`not ${done}, it has ${came} since`, action);
    tellOf(course, alarm, { by: action.by, why }, action.id);
  }
};

const isNotice = ({ condition }: Alarm): boolean => {
  const { dismissible = false }: ConditionSettings = conditions[condition];
  return dismissible;
};

/** Only what is seen can be acknowledged: neither a delay that still runs nor an alarm behind a graver one. A notice is dismissed by it. */
const acknowledge = (course: Course, action: Action): void => {
  const turn = course.bed.turns + 1;
  course.bed = { ...course.bed, turns: turn };
  const { by } = action;
  const until = after(course.at, TAKEN_OFF_AFTER);
  changeSignals(course, action, (alarm) => {
    const { signal, shown, mayBeTakenOff } = alarm;
    if (signal.tag === 'Latched') return { tag: 'Over' };
    if (shown !== 'on' && shown !== 'paused') return signal;
    if (isNotice(alarm)) return { tag: 'Over' };
    return { tag: 'Acknowledged', turn, by, ...(mayBeTakenOff ? { until } : {}) };
  });
  announce(course, { by: action.by, why: because('acknowledged', action) });
  tellOfUnseen(course, action, 'acknowledged');
};

/** Ends the signals whose condition is gone; those whose condition is present go on. */
const reset = (course: Course, action: Action): void => {
  changeSignals(course, action, ({ signal }) => (signal.tag === 'Latched' ? { tag: 'Over' } : signal));
  announce(course, { by: action.by, why: because('reset', action) });
  tellOfUnseen(course, action, 'reset');
};

/**
 * A pause is always of the whole bed. Another one while it runs covers what came since, and starts the time anew. What came
 * while the act was under way counts as begun after it: red breaks through, lesser ones follow the site's setting.
 */
const pauseAudio = (course: Course, action: Action): void => {
  const longest = audioPauseMaxOf(course.policy);
  const span = microseconds(Math.min(action.duration ?? longest, longest));
  const turn = course.bed.turns + 1;
  const afterIt = turn + 1;
  const alarms = course.bed.alarms.map(
    (alarm): Alarm =>
      alarm.signal.tag === 'Ringing' && !hasSeen(action, alarm)
        ? { ...alarm, signal: { tag: 'Ringing', turn: afterIt } }
        : alarm,
  );
  course.bed = { ...course.bed, alarms, turns: afterIt, pause: { until: after(course.at, span), turn } };
  const why = because(`audio paused for ${inSeconds(span)} s`, action);
  if (announce(course, { by: action.by, why }) === 0) tellPicture(course);
};

const resumeAudio = (course: Course, action: Action): void => {
  if (course.bed.pause === undefined) return;
  course.bed = { ...course.bed, pause: undefined };
  if (announce(course, { by: action.by, why: because('audio resumed', action) }) === 0) tellPicture(course);
};

/** Whoever was asked and cannot come: somebody else is. */
const cannotCome = (course: Course, action: Action): void => {
  const cause = { by: action.by, why: because('cannot come', action) };
  for (const alarm of course.bed.alarms)
    if (isMeant(action, alarm) && hasSeen(action, alarm)) decline(course, alarm, cause);
  tellOfUnseen(course, action, 'passed on');
};

const done: Readonly<Record<ActionKind, (course: Course, action: Action) => void>> = {
  acknowledge,
  reset,
  'pause-audio': pauseAudio,
  'resume-audio': resumeAudio,
  'cannot-come': cannotCome,
};

/** Does what a nurse asked for, once: an action whose id was seen before changes nothing. */
export const act = (course: Course, action: Action): void => {
  if (action.id !== '') {
    if (course.bed.actions.includes(action.id)) return;
    course.bed = { ...course.bed, actions: [...course.bed.actions, action.id].slice(-ACTIONS_REMEMBERED) };
  }
  done[action.kind](course, action);
};
