import { type ConditionName, type ConditionSettings, conditions } from '../../schemas/conditions.ts';
import {
  after,
  elapsed,
  inSeconds,
  type Microseconds,
  type Moment,
  microseconds,
  moment,
  seconds,
} from '../../schemas/units.ts';
import type { Fold } from '../fold.ts';
import { DELAY_MAX } from '../presets/preset.ts';
import { type Alarm, type AlarmSaid, type BedAlarms, quietBed, type Signal } from './alarm.ts';
import type { AlarmInput } from './alarm-input.ts';
import { announce, type Course, tellPicture, VIGIL } from './course.ts';
import { act } from './nurse-action.ts';
import { type AlarmPolicy, ROLL_CALL_EVERY, TAKEN_OFF_AFTER } from './policy.ts';

/**
 * High priority has no delay, whatever the site asks for; nor has a delay that is no length of time. What came with the condition counts before the
 * policy, and for no longer than any site may set: a word that was damaged silences nobody.
 */
const delayOf = (
  policy: AlarmPolicy,
  { condition, preset, delay: told }: Pick<AlarmInput & { tag: 'Condition' }, 'condition' | 'preset' | 'delay'>,
): Microseconds => {
  if (conditions[condition].priority === 'high') return microseconds(0);
  const asked = told === undefined ? policy.delayOf(condition, preset) : Math.min(told, DELAY_MAX);
  return asked > 0 && Number.isFinite(asked) ? microseconds(asked) : microseconds(0);
};

const replace = (bed: BedAlarms, alarm: Alarm): BedAlarms => ({
  ...bed,
  alarms: bed.alarms.map((other) => (other.id === alarm.id ? alarm : other)),
});

/** The signal begins: its delay ran out, or it has none, or a latched condition came back. What was said of an earlier onset is not of this. */
const begin = (course: Course, { verdict: _earlier, ...alarm }: Alarm, why: string): void => {
  const turns = course.bed.turns + 1;
  course.bed = replace(
    { ...course.bed, turns },
    { ...alarm, since: course.at, signal: { tag: 'Ringing', turn: turns } },
  );
  announce(course, { by: VIGIL, why });
};

/** Two onsets of one condition are never the same moment, so that ids are unique, also where moments come again because a clock was set back. */
const onsetOf = ({ lastOnset, setBacks = 0 }: BedAlarms, condition: ConditionName, at: Moment): Moment => {
  const last = lastOnset[condition];
  const onset = moment(at + setBacks);
  return last === undefined || onset > last ? onset : moment(last + 1);
};

const raise = (course: Course, input: AlarmInput & { tag: 'Condition' }): void => {
  const { condition, evidence, preset, mayBeTakenOff } = input;
  const onset = onsetOf(course.bed, condition, input.at);
  const delay = delayOf(course.policy, input);
  // An onset that is named later than it is (see onsetOf) makes nobody wait longer.
  const until = after(moment(Math.min(onset, course.at)), delay);
  const id = `${course.bed.bed}/${condition}/${onset}`;
  const said = {
    condition,
    evidence,
    preset,
    present: true,
    onset,
    since: onset,
    appearance: 0,
    rang: false,
    shown: 'off',
    ...(mayBeTakenOff ? { mayBeTakenOff } : {}),
  } as const;
  const alarm: Alarm = { id, ...said, signal: { tag: 'Waiting', until } };
  const lastOnset = { ...course.bed.lastOnset, [condition]: onset };
  course.bed = { ...course.bed, lastOnset, alarms: [...course.bed.alarms, alarm] };
  // Without a delay it sounds now, although an onset told twice may be named a microsecond later.
  if (delay > 0 && until > course.at)
    announce(course, { by: VIGIL, why: `present; sounds after ${inSeconds(delay)} s` });
  else begin(course, alarm, delay > 0 ? `present for ${inSeconds(delay)} s` : 'condition present');
};

/** Whoever looks reads how bad it is, with its time. It rings nobody anew: what is dangerous has a condition of its own (DESAT, EXTREME BRADY). */
const worsened = (course: Course, alarm: Alarm, { at, evidence }: { at: Moment; evidence: string }): void => {
  course.bed = replace(course.bed, { ...alarm, worst: { evidence, at } });
  if (alarm.shown !== 'waiting') tellPicture(course, { worse: alarm.id });
};

const cease = (course: Course, alarm: Alarm, { by, evidence }: AlarmInput & { tag: 'Condition' }): void => {
  const { latching } = conditions[alarm.condition];
  const unseen = latching && alarm.rang && alarm.signal.tag === 'Ringing';
  const signal = unseen ? ({ tag: 'Latched' } as const) : ({ tag: 'Over' } as const);
  course.bed = replace(course.bed, { ...alarm, present: false, signal });
  const worst = alarm.worst === undefined ? '' : `; at worst ${alarm.worst.evidence}`;
  const ended = by === undefined ? 'condition ended' : evidence;
  const why = unseen ? `${ended}, nobody has acknowledged it` : ended;
  announce(course, { by: by ?? VIGIL, why: `${why}${worst}` });
};

const reported = (course: Course, input: AlarmInput & { tag: 'Condition' }): void => {
  const alarm = course.bed.alarms.find((known) => known.condition === input.condition);
  if (alarm === undefined) {
    if (input.present) raise(course, input);
    return;
  }
  if (!input.present) {
    if (alarm.present) cease(course, alarm, input);
    return;
  }
  const { evidence, preset } = input;
  if (alarm.present && input.worse) worsened(course, alarm, input);
  else if (alarm.present) course.bed = replace(course.bed, { ...alarm, evidence, preset });
  else {
    const { worst: _earlier, ...again } = alarm;
    begin(course, { ...again, evidence, preset, present: true }, 'condition came back');
  }
};

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
  course.bed = {
    ...course.bed,
    patient,
    pause: undefined,
    alarms: ended.map((alarm) => ({ ...alarm, present: false, signal: { tag: 'Over' } })),
  };
  const told = announce(course, { by: VIGIL, why: 'patient changed' });
  if (paused && told === 0) tellPicture(course);
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
  for (const { signal } of bed.alarms) {
    const until = untilOf(signal);
    if (until !== undefined && (next === undefined || until < next)) next = until;
  }
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

/** What becomes of the bed at a moment although nobody said anything: first the pause ends, then delays run out, and what was taken off is let go. */
const runOut = (course: Course): void => {
  if (course.bed.pause && course.bed.pause.until <= course.at) endPause(course);
  for (const { id } of course.bed.alarms) {
    const alarm = course.bed.alarms.find((other) => other.id === id);
    const until = alarm && untilOf(alarm.signal);
    if (alarm === undefined || until === undefined || until > course.at) continue;
    if (alarm.signal.tag === 'Acknowledged') letGo(course, alarm, alarm.signal.by);
    else begin(course, alarm, `present for ${inSeconds(elapsed(alarm.onset, until))} s`);
  }
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
      const { signal } = alarm;
      const until = untilOf(signal);
      return until === undefined ? alarm : { ...alarm, signal: { ...signal, until: earlier(until) } as Signal };
    }),
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
  }
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
