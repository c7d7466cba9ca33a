import { type ConditionName, type ConditionSettings, conditions } from '../../schemas/conditions.ts';
import { after, elapsed, inSeconds, type Moment, moment, seconds } from '../../schemas/units.ts';
import type { Fold } from '../fold.ts';
import { type Alarm, type AlarmSaid, type BedAlarms, quietBed, type Signal } from './alarm.ts';
import type { AlarmInput } from './alarm-input.ts';
import { choiceSaid, lapse } from './chosen-by.ts';
import { begin, raise, replace, reported } from './condition-report.ts';
import { announce, type Course, tellPicture, VIGIL } from './course.ts';
import { goOn, settleUnanswered } from './escalation.ts';
import { screenSaid } from './lost-screens.ts';
import { missedSaid, withoutOldMissed } from './missed.ts';
import { act } from './nurse-action.ts';
import { type AlarmPolicy, ROLL_CALL_EVERY, TAKEN_OFF_AFTER } from './policy.ts';

/** What all signals say of an alarm stands beside it from now on; its signal, sound and order stay as they are. */
const judged = (course: Course, { condition, verdict }: AlarmInput & { tag: 'Verdict' }): void => {
  const alarm = course.bed.alarms.find((known) => known.condition === condition);
  if (alarm === undefined) return;
  course.bed = replace(course.bed, { ...alarm, verdict });
  tellPicture(course, { judged: alarm.id });
};

/** In the device, whoever lies there. */
const isOfBed = (condition: ConditionName): boolean => {
  const { origin, ofPatient = false }: ConditionSettings = conditions[condition];
  return origin === 'technical' && !ofPatient;
};

/**
 * Another patient, or none: every signal ends. What is in the device is still there, and begins anew. The first name
 * heard changes nothing: it is of the patient who lay there all the time.
 */
const patientChanged = (course: Course, patient: string): void => {
  if (course.bed.patient === undefined) course.bed = { ...course.bed, patient };
  if (patient === course.bed.patient) return;
  const ended = course.bed.alarms;
  const paused = course.bed.pause !== undefined;
  const { missed, ...bed } = course.bed;
  course.bed = {
    ...bed,
    patient,
    pause: undefined,
    alarms: ended.map((alarm) => ({ ...alarm, present: false, signal: { tag: 'Over' } })),
  };
  const told = announce(course, { by: VIGIL, why: 'patient changed' });
  if (told === 0 && (paused || missed !== undefined)) tellPicture(course);
  for (const { condition, present, evidence, preset } of ended)
    if (present && isOfBed(condition))
      raise(course, { tag: 'Condition', at: course.at, said: course.said, condition, present, evidence, preset });
};

const endPause = (course: Course): void => {
  course.bed = { ...course.bed, pause: undefined };
  if (announce(course, { by: VIGIL, why: 'audio pause is over' }) === 0) tellPicture(course);
};

/** When time alone changes a signal; undefined: never. */
const untilOf = (signal: Signal): Moment | undefined =>
  signal.tag === 'Waiting' || signal.tag === 'Acknowledged' ? signal.until : undefined;

const nextChange = (bed: BedAlarms): Moment | undefined => {
  let next = bed.pause?.until;
  const mayBe = (until: Moment | undefined): void => {
    if (until !== undefined && (next === undefined || until < next)) next = until;
  };
  for (const { signal, asking } of bed.alarms) {
    mayBe(untilOf(signal));
    mayBe(asking?.until);
  }
  for (const { until } of bed.chosenBy ?? []) mayBe(until);
  return next;
};

const reach = (course: Course, at: Moment): void => {
  course.at = at;
  course.bed = { ...course.bed, now: at };
};

/** Somebody knows that nothing comes of the device, and nothing has: it was taken off, and is watched again when it speaks. */
const letGo = (course: Course, alarm: Alarm, by: string): void => {
  course.bed = replace(course.bed, { ...alarm, signal: { tag: 'Over' } });
  const why = `acknowledged by ${by}, and nothing from the device for ${inSeconds(TAKEN_OFF_AFTER)} s since: taken off`;
  announce(course, { by: VIGIL, why });
};

/**
 * What becomes of the bed at a moment although nobody said anything: first the pause ends, then delays run out, what was taken off is let
 * go, what nobody has answered goes on to the next, and what a screen had chosen lapses.
 */
const runOut = (course: Course): void => {
  if (course.bed.pause && course.bed.pause.until <= course.at) endPause(course);
  for (const { id } of course.bed.alarms) {
    const alarm = course.bed.alarms.find((other) => other.id === id);
    const until = alarm && untilOf(alarm.signal);
    if (alarm === undefined || until === undefined || until > course.at) continue;
    if (alarm.signal.tag === 'Acknowledged') letGo(course, alarm, alarm.signal.by);
    else begin(course, alarm, `present for ${inSeconds(elapsed(alarm.onset, until))} s`);
  }
  goOn(course);
  settleUnanswered(course);
  lapse(course);
};

/** Lets time pass up to a moment. Of several roll calls missed in a gap only the newest is made. */
const passTime = (course: Course, to: Moment): void => {
  const due = course.bed.rollCallDue ?? after(to, ROLL_CALL_EVERY);
  const rollCall = due > to ? undefined : moment(to - ((to - due) % ROLL_CALL_EVERY));
  course.bed = { ...course.bed, rollCallDue: rollCall === undefined ? due : after(rollCall, ROLL_CALL_EVERY) };
  const runOutUntil = (until: Moment): void => {
    for (let next = nextChange(course.bed); next !== undefined && next <= until; next = nextChange(course.bed)) {
      reach(course, moment(Math.max(next, course.at)));
      runOut(course);
    }
    reach(course, until);
  };
  if (rollCall !== undefined) {
    runOutUntil(rollCall);
    course.bed = withoutOldMissed(course.bed);
    tellPicture(course);
  }
  runOutUntil(to);
};

/** Ticks follow each other; one that is so far back says that a clock was set back. Analysis that lags behind nurses is not so far back. */
const SET_BACK = seconds(60);

/** Time goes on from an earlier moment: what was to last for a while lasts as long, not until the old time is reached again. */
const setBack = (bed: BedAlarms, now: Moment, to: Moment): BedAlarms => {
  const earlier = (at: Moment): Moment => moment(at - elapsed(to, now));
  return {
    ...bed,
    now: to,
    said: undefined,
    setBacks: (bed.setBacks ?? 0) + 1,
    alarms: bed.alarms.map((alarm) => {
      const { signal, asking } = alarm;
      const until = untilOf(signal);
      const asked =
        asking?.until === undefined ? alarm : { ...alarm, asking: { ...asking, until: earlier(asking.until) } };
      return until === undefined ? asked : { ...asked, signal: { ...signal, until: earlier(until) } as Signal };
    }),
    ...(bed.chosenBy === undefined
      ? {}
      : { chosenBy: bed.chosenBy.map((one) => ({ ...one, until: earlier(one.until) })) }),
    pause: bed.pause && { ...bed.pause, until: earlier(bed.pause.until) },
    // An onset that is still to come would put all that follow behind it: their strips would be cut where nothing is yet.
    lastOnset: Object.fromEntries(Object.entries(bed.lastOnset).filter(([, onset]) => onset <= to)),
    rollCallDue: bed.rollCallDue && earlier(bed.rollCallDue),
  };
};

const step = (
  policy: AlarmPolicy,
  before: BedAlarms,
  input: AlarmInput,
): readonly [BedAlarms, readonly AlarmSaid[]] => {
  if (input.tag === 'Received') return [before, []];
  const { now } = before;
  const isBack = input.tag === 'Tick' && now !== undefined && input.at < now - SET_BACK;
  const memory = isBack ? setBack(before, now, input.at) : before;
  const to = moment(Math.max(input.at, memory.now ?? input.at));
  const said = moment(Math.max(input.said, memory.said ?? input.said, to));
  const course: Course = { policy, said, bed: { ...memory, said }, at: memory.now ?? to, told: [] };
  passTime(course, to);
  switch (input.tag) {
    case 'Tick':
      break;
    case 'Condition':
      reported(course, input);
      break;
    case 'Action':
      act(course, input);
      break;
    case 'PatientChange':
      patientChanged(course, input.patient);
      break;
    case 'Verdict':
      judged(course, input);
      break;
    case 'Screen':
      screenSaid(course, input);
      break;
    case 'Choice':
      choiceSaid(course, input);
      break;
    case 'Missed':
      missedSaid(course, input);
      break;
  }
  settleUnanswered(course);
  return [course.bed, course.told];
};

/**
 * The alarms of one bed. Conditions come and go, time passes, nurses act; what is said are the transitions of the
 * signals and, every 60 s of bed time, the picture. Time never runs backwards, unless a tick says that a clock was set back: an input that speaks of an older moment
 * is taken at the machine's own newest one (its onset stays what it says).
 */
export const alarmMachine = (policy: AlarmPolicy, bed: string): Fold<BedAlarms, AlarmInput, AlarmSaid> => ({
  start: quietBed(bed),
  step: (memory, input) => step(policy, memory, input),
});
