import type { ConditionName, PriorityName } from '../../schemas/conditions.ts';
import { days, type Microseconds, microseconds, seconds } from '../../schemas/units.ts';

/** No pause of sound lasts longer, whatever a site or a console asks for. */
export const AUDIO_PAUSE_LIMIT: Microseconds = seconds(120);
/** How often the picture of a bed is repeated although nothing changed. */
export const ROLL_CALL_EVERY: Microseconds = seconds(60);
/** How many nurse actions of a bed are remembered, so that one sent twice is done once. */
export const ACTIONS_REMEMBERED = 64;

/**
 * What misses a device that has fallen silent stands for so long after it was acknowledged, as a reminder; then the device counts as taken
 * off, as a bed does whose monitor was silent for so long. Our bar.
 */
export const TAKEN_OFF_AFTER: Microseconds = seconds(600);

/** A screen says again what it has chosen every 30 s; one whose process has died says nothing, and its beds are everybody's. Our bar. */
export const CHOICE_LAPSES_AFTER: Microseconds = seconds(90);
/** What was missed while a line was down is told for so long, or as long as the patient stays; of that much. */
export const MISSED_TOLD_FOR: Microseconds = days(1);
export const MISSED_REMEMBERED = 4;
export const MISSED_ALARMS_MAX = 16;
/** Screens that are remembered of one bed: as having chosen it, or as lost. */
export const SCREENS_REMEMBERED = 32;
/** Who has said of one alarm that he cannot come. */
export const DECLINED_REMEMBERED = 16;

/** What a site decides about its alarms. */
export interface AlarmPolicy {
  /** How long a condition must be present before its signal goes on. Never asked for high priority: that has no delay. */
  readonly delayOf: (condition: ConditionName, preset: string) => Microseconds;
  /** The longest pause of sound; above `AUDIO_PAUSE_LIMIT` it is that. */
  readonly audioPauseMax: Microseconds;
  /** What a new alarm of less than high priority does during a pause. A new high one always sounds. */
  readonly newLesserDuringPause: 'stays silent' | 'sounds';
  /**
   * How long each step of the chain is asked before the next, by priority; absent: an alarm of that priority is not passed on. Plain
   * timers: whether a screen has received or shown the alarm moves none of them.
   */
  readonly escalateAfter?: Readonly<Partial<Record<PriorityName, Microseconds>>>;
}

/** The longest pause of sound that this site allows. */
export const audioPauseMaxOf = (policy: AlarmPolicy): Microseconds =>
  microseconds(Math.min(policy.audioPauseMax, AUDIO_PAUSE_LIMIT));
