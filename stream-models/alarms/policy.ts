import type { ConditionName } from '../../schemas/conditions.ts';
import { inSeconds, type Microseconds, seconds } from '../../schemas/units.ts';

/** No pause of sound lasts longer, whatever a site or a console asks for. */
export const AUDIO_PAUSE_LIMIT: Microseconds = seconds(120);
/** How often the picture of a bed is repeated although nothing changed. */
export const ROLL_CALL_EVERY: Microseconds = seconds(60);
/** How many nurse actions of a bed are remembered, so that one sent twice is done once. */
export const ACTIONS_REMEMBERED = 64;

/** What a site decides about its alarms. */
export interface AlarmPolicy {
  /** How long a condition must be present before its signal goes on. Never asked for high priority: that has no delay. */
  readonly delayOf: (condition: ConditionName, preset: string) => Microseconds;
  /** The longest pause of sound; above `AUDIO_PAUSE_LIMIT` it is that. */
  readonly audioPauseMax: Microseconds;
  /** What a new alarm of less than high priority does during a pause. A new high one always sounds. */
  readonly newLesserDuringPause: 'stays silent' | 'sounds';
}

export const audioPauseMaxOf = (policy: AlarmPolicy): Microseconds =>
  Math.min(policy.audioPauseMax, AUDIO_PAUSE_LIMIT) as Microseconds;

/** The site's rule in words, to stand beside the pause button: vendors disagree here, so it is said. */
export const breakThroughRule = (policy: AlarmPolicy): string =>
  `Sound is paused for at most ${inSeconds(audioPauseMaxOf(policy))} s. A new red alarm always sounds. ` +
  `A new yellow or technical alarm ${policy.newLesserDuringPause === 'sounds' ? 'sounds too' : 'is shown and stays silent until the pause ends'}.`;
