/**
 * Whether a loop turns. The loop beats twice a second; whoever looks counts its own looks without a beat, not the time: a machine
 * that slept or was stopped as a whole makes nobody stuck.
 */
export interface Looks {
  readonly beat: number;
  readonly without: number;
}

export const BEAT_EVERY_MS = 500;
export const LOOK_EVERY_MS = 500;
/**
 * Longer than a Kafka session (6 s) with the time to join again, so that a loop that was only slow goes on by itself; short
 * enough that beds are watched again within half a minute. Nothing that Vigil does in one turn takes a tenth of it.
 */
export const STUCK_AFTER_S = 15;

export const noLooks: Looks = { beat: 0, without: 0 };

/** After one more look, which found this beat. */
export const look = ({ beat: before, without }: Looks, beat: number): Looks =>
  beat === before ? { beat, without: without + 1 } : { beat, without: 0 };

/** Whether the looks without a new beat are so many that the loop stands still. */
export const isStuck = ({ without }: Looks, afterS: number = STUCK_AFTER_S): boolean =>
  without * LOOK_EVERY_MS >= afterS * 1e3;
