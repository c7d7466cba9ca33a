/** Whom an alarm asks that nobody has answered, in words, and whether it is this screen that it sounds on. */
import { VIGIL_BED } from '../../../../../schemas/engine.ts';
import type { LiveAlarm, LiveBed } from '../../../../../schemas/live.ts';

type Chosen = Pick<LiveBed, 'bed' | 'chosenBy'>;

/**
 * Whether an alarm sounds on a screen that has chosen `mine`. One that has chosen nothing hears all; a bed that nobody has chosen is
 * everybody's. A red alarm of a bed that others have chosen is quiet here only while these are being asked; what is red and goes on to
 * nobody sounds everywhere.
 */
export const reaches = ({ bed, chosenBy = [] }: Chosen, alarm: LiveAlarm, mine: ReadonlySet<string>): boolean => {
  if (mine.size === 0 || mine.has(bed) || bed === VIGIL_BED || chosenBy.length === 0) return true;
  return alarm.asking === undefined ? alarm.priority === 'high' : alarm.asking.step !== 'own';
};

/** "nurse 4, corridor" */
export const chosenByText = ({ chosenBy = [] }: Pick<LiveBed, 'chosenBy'>): string =>
  chosenBy.map(({ name }) => name).join(', ');

const declined = (names: readonly string[]): string =>
  names.length === 0 ? '' : ` (cannot come: ${names.join(', ')})`;

/** "asks nurse 4", "asks everybody", "nobody has answered"; empty: it began with everybody, as ever, or asks nobody. */
export const askingText = (alarm: LiveAlarm, bed: Pick<LiveBed, 'chosenBy'>): string => {
  const { asking, sinceUs } = alarm;
  if (asking === undefined) return '';
  const told = declined(asking.declinedBy);
  if (asking.step === 'unanswered') return `nobody has answered${told}`;
  if (asking.step === 'own') return `asks ${chosenByText(bed) || 'everybody'}${told}`;
  return asking.sinceUs > sinceUs || told !== '' ? `asks everybody${told}` : '';
};
