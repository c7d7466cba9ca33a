/**
 * Whether the machine has slept. On some systems the browser's monotonic clock stands still meanwhile, so what was heard hours ago would
 * look a second old. How long the machine's own clock has gone on tells; what time it shows is never believed.
 */
export interface LocalClocks {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** Less is a clock that is being set right, or a busy page. */
const SLEPT_FROM_MS = 2_000;

/** For how long between two looks, milliseconds; 0: it was awake. */
export const sleptMs = (before: LocalClocks, now: LocalClocks): number => {
  const stoodStillMs = now.wallMs - before.wallMs - (now.monotonicMs - before.monotonicMs);
  return stoodStillMs >= SLEPT_FROM_MS ? stoodStillMs : 0;
};
