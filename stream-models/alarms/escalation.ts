/**
 * Alarms that nobody has answered go on along a chain: the screens that have chosen the bed, every screen of the unit, and at its end the
 * alarm UNANSWERED beside them. Plain timers in bed time: whether a screen has received or shown an alarm moves none of them.
 */
import { conditions } from '../../schemas/conditions.ts';
import { elapsed, inSeconds } from '../../schemas/units.ts';
import type { StepWord } from '../../schemas/words.ts';
import type { Alarm } from './alarm.ts';
import { beginStep, nextStep, stepLasts } from './asking.ts';
import { replace, reported } from './condition-report.ts';
import { type Cause, type Course, tellOf, VIGIL } from './course.ts';
import { DECLINED_REMEMBERED } from './policy.ts';

const ASKS: Readonly<Record<StepWord, string>> = {
  own: 'asks the screens of the bed',
  unit: 'asks the whole unit',
  unanswered: 'the end of the chain',
};

/** The next step is asked, and the history says why. */
const ask = (course: Course, alarm: Alarm, { by, why }: Cause): void => {
  const { asking } = alarm;
  const span = stepLasts(alarm.condition, course.policy);
  if (asking === undefined || asking.step === 'unanswered' || span === undefined) return;
  const step = nextStep[asking.step];
  const next = {
    ...alarm,
    asking: { ...beginStep(step, course.at, span, alarm.shown), declinedBy: asking.declinedBy },
  };
  course.bed = replace(course.bed, next);
  tellOf(course, next, { by, why: `${why}: ${ASKS[step]}` });
};

/** Goes on with every alarm whose time to be answered has run out. */
export const goOn = (course: Course): void => {
  for (const alarm of course.bed.alarms) {
    const { asking } = alarm;
    if (asking?.until === undefined || asking.until > course.at) continue;
    // A site that has ended passing on meanwhile: it goes no further.
    if (stepLasts(alarm.condition, course.policy) === undefined) {
      const { until: _over, ...stands } = asking;
      course.bed = replace(course.bed, { ...alarm, asking: stands });
    } else
      ask(course, alarm, {
        by: VIGIL,
        why: `nobody has answered for ${inSeconds(elapsed(asking.since, asking.until))} s`,
      });
  }
};

/**
 * Somebody has said that he cannot come to this alarm. Where the screens of the bed were asked the whole unit is, at once. Where the whole
 * unit is asked already one who cannot is not all: it stands beside the alarm, and the time runs on.
 */
export const decline = (course: Course, alarm: Alarm, cause: Cause): void => {
  const { asking } = alarm;
  if (asking === undefined) return;
  const declinedBy = [...asking.declinedBy.filter((name) => name !== cause.by), cause.by].slice(-DECLINED_REMEMBERED);
  const declined = { ...alarm, asking: { ...asking, declinedBy } };
  course.bed = replace(course.bed, declined);
  if (asking.step === 'own') ask(course, declined, cause);
  else tellOf(course, declined, cause);
};

const labelsOf = (alarms: readonly Alarm[]): string =>
  alarms.map(({ condition }) => conditions[condition].label).join(', ');

/** UNANSWERED stands as long as an alarm of the bed is at the end of its chain. One more of them begins it anew, so that it rings although it was acknowledged. */
export const settleUnanswered = (course: Course): void => {
  const ended = course.bed.alarms.filter(({ asking }) => asking?.step === 'unanswered');
  const standing = course.bed.alarms.find(({ condition }) => condition === 'unanswered');
  const say = (present: boolean, evidence: string): void =>
    reported(course, {
      ...{ tag: 'Condition', at: course.at, said: course.said, condition: 'unanswered' },
      ...{ present, evidence, preset: '' },
    });
  if (ended.length === 0) {
    if (standing?.present) say(false, '');
    return;
  }
  const labels = labelsOf(ended);
  const evidence = `${labels}: nobody has answered`;
  if (standing?.present && standing.evidence === evidence) return;
  const isMore = ended.some(({ asking }) => asking?.since === course.at);
  if (standing?.present && isMore && standing.signal.tag !== 'Ringing') say(false, '');
  say(true, evidence);
};
