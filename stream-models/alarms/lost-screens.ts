/** Screens that broke off without a goodbye, as the notice SCREEN LOST of the reserved bed. */
import { inSeconds } from '../../schemas/units.ts';
import type { BedAlarms, LostScreen } from './alarm.ts';
import type { AlarmInput } from './alarm-input.ts';
import { replace, reported } from './condition-report.ts';
import { type Course, tellPicture } from './course.ts';
import { SCREENS_REMEMBERED } from './policy.ts';

/** Those whose notice stands: what somebody has dismissed is forgotten. */
const standing = ({ alarms, lostScreens }: BedAlarms): readonly LostScreen[] =>
  alarms.some(({ condition, present }) => condition === 'screen-lost' && present) ? (lostScreens ?? []) : [];

const sentenceOf = (lost: readonly LostScreen[]): string =>
  lost
    .map(({ name, quiet }) => `screen "${name}" lost, last heard ${Math.round(inSeconds(quiet))} s before`)
    .join('; ');

/** What became of a screen: one more is lost, or one that was is back, or was closed. */
export const screenSaid = (course: Course, input: AlarmInput & { tag: 'Screen' }): void => {
  const { screen, name, state, quiet } = input;
  const before = standing(course.bed);
  const others = before.filter((one) => one.screen !== screen);
  const lost = state === 'lost' ? [...others, { screen, name, quiet }].slice(-SCREENS_REMEMBERED) : others;
  if (state !== 'lost' && others.length === before.length) return;
  course.bed = { ...course.bed, lostScreens: lost };
  const say = (present: boolean, evidence: string): void =>
    reported(course, {
      ...{ tag: 'Condition', at: course.at, said: course.said, condition: 'screen-lost' },
      ...{ present, evidence, preset: '' },
    });
  const alarm = course.bed.alarms.find(({ condition, present }) => condition === 'screen-lost' && present);
  if (lost.length === 0) say(false, '');
  else if (alarm === undefined) say(true, sentenceOf(lost));
  else {
    course.bed = replace(course.bed, { ...alarm, evidence: sentenceOf(lost) });
    tellPicture(course);
  }
};
