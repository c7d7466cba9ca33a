/** Which screens have chosen the bed as one of their own. A bed that none has chosen is everybody's. */
import { after } from '../../schemas/units.ts';
import type { Chooser } from './alarm.ts';
import type { AlarmInput } from './alarm-input.ts';
import { type Course, tellPicture } from './course.ts';
import { CHOICE_LAPSES_AFTER, SCREENS_REMEMBERED } from './policy.ts';

const isSame = (a: readonly Chooser[], b: readonly Chooser[]): boolean =>
  a.length === b.length && a.every(({ screen, name }, i) => screen === b[i]?.screen && name === b[i]?.name);

/** The picture is told where others are named than before; that a choice was renewed is of no interest to anybody. */
const chosen = (course: Course, chosenBy: readonly Chooser[]): void => {
  const { chosenBy: before = [], ...bed } = course.bed;
  course.bed = chosenBy.length === 0 ? bed : { ...bed, chosenBy };
  if (!isSame(before, chosenBy)) tellPicture(course);
};

/** A screen says that it has chosen the bed, or has let it go. */
export const choiceSaid = (
  course: Course,
  { screen, name, chosen: isChosen }: AlarmInput & { tag: 'Choice' },
): void => {
  const before = course.bed.chosenBy ?? [];
  const renewed = { screen, name, until: after(course.at, CHOICE_LAPSES_AFTER) };
  const isKnown = before.some((one) => one.screen === screen);
  if (!isChosen)
    chosen(
      course,
      before.filter((one) => one.screen !== screen),
    );
  else if (isKnown)
    chosen(
      course,
      before.map((one) => (one.screen === screen ? renewed : one)),
    );
  // One too many is not remembered, and hears the bed as everybody does who has not chosen it.
  else if (before.length < SCREENS_REMEMBERED) chosen(course, [...before, renewed]);
};

/** What was not said again lapses. */
export const lapse = (course: Course): void => {
  const before = course.bed.chosenBy;
  if (before?.some(({ until }) => until <= course.at))
    chosen(
      course,
      before.filter(({ until }) => until > course.at),
    );
};
