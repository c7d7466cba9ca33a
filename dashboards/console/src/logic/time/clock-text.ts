/** Times of day as the ward reads them, in the time zone of this computer. All moments server microseconds. */

/** The zone that they are told in, for example "Europe/Berlin": a computer may be set to another one than its ward lies in. */
export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "02:13:07". */
export const clockText = (us: number): string => new Date(us / 1e3).toLocaleTimeString('en-GB', { hourCycle: 'h23' });

const DAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;
/** "Thu 26 Nov". */
export const dayText = (us: number): string => new Date(us / 1e3).toLocaleDateString('en-GB', DAY).replace(',', '');

/** "02:13:07", with its day where that is not `today` (of `dayText`): a page may stand open for a week. */
export const momentText = (us: number, today: string): string => {
  const day = dayText(us);
  return day === today ? clockText(us) : `${day} ${clockText(us)}`;
};
