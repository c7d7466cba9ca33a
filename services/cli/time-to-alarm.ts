/** How long it takes from the patient's change to the room at the most: what a delay comes on top of. */
import { inSeconds, type Microseconds, microseconds, seconds } from '../../schemas/units.ts';
import type { LimitName } from '../../stream-models/presets/preset.ts';
import { METER_SPAN } from '../../stream-models/rhythm/beat-history.ts';

/** A value waits for the bed's clock, which each frame moves; Vigil's own heart rate is said once a second. */
const JUDGED_WITHIN = seconds(1);
/** A delay has run out when a second of the bed is over. */
const DELAY_SEEN_WITHIN = seconds(1);
/** From the decisive frame to a screen, 99 of 100 alarms at 100 beds on Kafka: 0.25 s (test/bench/RESULTS.md), upwards. */
export const ON_ITS_WAY = seconds(0.3);
/** A heart rate alarm must be heard within so long of the change (IEC 60601-2-27 as vendors cite it). */
export const HEART_RATE_WITHIN = seconds(10);

/** Vigil's own heart rate is a mean; what a monitor averages before it tells a number Vigil does not know. */
const windowOf = (name: LimitName): Microseconds => (name === 'hr' ? METER_SPAN : seconds(0));

export const timeToAlarm = (name: LimitName, delay: Microseconds): Microseconds =>
  microseconds(delay + windowOf(name) + JUDGED_WITHIN + (delay > 0 ? DELAY_SEEN_WITHIN : 0) + ON_ITS_WAY);

/** Why a delay is too long for what it delays; undefined: it is not. */
export const delayWarning = (name: LimitName, delay: Microseconds): string | undefined => {
  const total = timeToAlarm(name, delay);
  if (name !== 'hr' || total <= HEART_RATE_WITHIN) return undefined;
  return `HR would ring up to ${inSeconds(total)} s after the heart has changed; an HR alarm is expected within ${inSeconds(HEART_RATE_WITHIN)} s. Set its delay to 0.`;
};
