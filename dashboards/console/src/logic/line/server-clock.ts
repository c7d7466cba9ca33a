/**
 * What time it is on the server, told from the frames alone. The console's own wall clock is never asked: it may be an
 * hour wrong and every age must still be right. Between frames the browser's monotonic clock carries on, so
 * ages keep growing while the server says nothing.
 */
export interface ServerClock {
  /** Server time minus the local monotonic clock, microseconds. */
  readonly offsetUs: number;
  readonly heardLocalUs: number;
  /** How much later than the fastest frames the newest one came. */
  readonly behindUs: number;
}

/** Two crystals part by at most this much; the offset sinks no faster, so frames held up on the way cannot turn time back. */
const DRIFT = 200e-6;

/**
 * The clock after a frame. A frame that came faster than any before shows the true offset and is believed at once; a slower one
 * was delayed on the way, and how long is said in `behindUs` — believing it would make old values look new.
 */
export const hearServerTime = (before: ServerClock | undefined, serverTimeUs: number, localUs: number): ServerClock => {
  const offsetUs = serverTimeUs - localUs;
  if (before === undefined || offsetUs >= before.offsetUs) return { offsetUs, heardLocalUs: localUs, behindUs: 0 };
  const sunk = Math.max(offsetUs, before.offsetUs - (localUs - before.heardLocalUs) * DRIFT);
  return { offsetUs: sunk, heardLocalUs: localUs, behindUs: sunk - offsetUs };
};

export const serverTimeAt = (clock: ServerClock, localUs: number): number => clock.offsetUs + localUs;
