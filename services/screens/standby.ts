import { type LiveBed, STANDBY_AFTER_US } from '../../schemas/live.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Act, Acted } from '../gateway/acts.ts';

/**
 * Why it is not to be said of a bed now that its monitor was taken away; undefined: it may be, or the act is another. Analysis looks at
 * the same once more, in the bed's own order: what is said here is so that a nurse knows why nothing would happen.
 */
export const standbyRefused = ({ kind, bed: name }: Act, bed: LiveBed | undefined, now: Moment): Acted | undefined => {
  if (kind !== 'standby') return undefined;
  const no = (why: string): Acted => ({ ok: false, sentence: `Monitor taken away, bed ${name}: ${why}` });
  if (bed === undefined) return no('there is no such bed.');
  if (bed.patient !== null)
    return no(
      `${bed.patient} is assigned to it. Its alarm ends when the patient is discharged, or the monitor is back.`,
    );
  const silentUs = now - (bed.lastFrameUs ?? 0);
  if (silentUs < STANDBY_AFTER_US)
    return no(
      `it was heard ${Math.max(0, Math.floor(silentUs / 1e6))} s ago. Switch the monitor off, and wait a minute.`,
    );
  return undefined;
};
