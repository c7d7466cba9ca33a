/**
 * How old a value may get before it must not look live. InfluxDB's clock judges (`now()`), because the clock of a browser
 * may be wrong. The same limits as stream-models/vocabulary/stale-after.ts and the stages have; test/grafana holds them equal.
 */
import { MDC } from '../../schemas/codes.ts';

export const freshSeconds = {
  [MDC.ecgHeartRate]: 5,
  [MDC.spo2]: 10,
  /** Pictures come with each change and every 60 s: two may be lost. */
  picture: 150,
  /** Scores are said at least every 60 s: one may be late. */
  score: 90,
  /** Marked every 10 s while analysis hears the bed; a mark comes some seconds after its moment. */
  rhythm: 20,
} as const;

/** A bed that was not heard for so long is no bed of the ward. */
export const WARD_SPAN = '1d';
