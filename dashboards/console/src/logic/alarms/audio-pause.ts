/** A pause of sound ends by itself, also where Vigil does not say so: what tells its alarms that time passes may have fallen silent meanwhile. */
import type { LiveAlarm, LiveBed } from '../../../../../schemas/live.ts';

const onAgain = ({ pausedUntilUs: _over, ...alarm }: LiveAlarm): LiveAlarm => ({ ...alarm, state: 'on' });

/** The bed with its paused alarms on again when the pause has run out (===: it has not, or there is none). */
export const afterPause = (bed: LiveBed, nowUs: number): LiveBed =>
  bed.audioPausedUntilUs === null || bed.audioPausedUntilUs > nowUs
    ? bed
    : {
        ...bed,
        audioPausedUntilUs: null,
        alarms: bed.alarms.map((alarm) => (alarm.state === 'paused' ? onAgain(alarm) : alarm)),
      };
