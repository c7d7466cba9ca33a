import { type ConditionName, conditions } from '../../schemas/conditions.ts';
import { after, inSeconds, type Microseconds, type Moment, microseconds, moment } from '../../schemas/units.ts';
import { DELAY_MAX } from '../presets/preset.ts';
import type { Alarm, BedAlarms } from './alarm.ts';
import type { AlarmInput } from './alarm-input.ts';
import { announce, type Course, tellPicture, VIGIL } from './course.ts';
import type { AlarmPolicy } from './policy.ts';

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

export const replace = (bed: BedAlarms, alarm: Alarm): BedAlarms => ({
  ...bed,
  alarms: bed.alarms.map((other) => (other.id === alarm.id ? alarm : other)),
});

/** The signal begins: its delay ran out, or it has none, or a latched condition came back. What was said of an earlier onset is not of this. */
export const begin = (course: Course, { verdict: _earlier, ...alarm }: Alarm, why: string): void => {
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

export const raise = (course: Course, input: AlarmInput & { tag: 'Condition' }): void => {
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

/** A condition has come, or gone, or is told again. */
export const reported = (course: Course, input: AlarmInput & { tag: 'Condition' }): void => {
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
