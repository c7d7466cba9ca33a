/**
 * How old a value may get before it must not look live. InfluxDB's clock judges (`now()`), because the clock of a browser
 * may be wrong. The same limits as stream-models/limits/stale-after.ts and the stages have; test/grafana holds them equal.
 */
import { MDC } from '../../schemas/codes.ts';

export interface Fresh {
  readonly seconds: number;
  readonly because: string;
}

export const fresh = {
  [MDC.ecgHeartRate]: { seconds: 5, because: 'a heart rate is old after 5 s' },
  [MDC.spo2]: { seconds: 10, because: 'a saturation is old after 10 s' },
  /** Pictures come with each change and every 60 s: two may be lost. */
  picture: { seconds: 150, because: 'alarms are told at least every 60 s' },
  /** Scores are said at least every 60 s. */
  score: { seconds: 90, because: 'a score is said at least every 60 s' },
  /** Marked every 10 s while analysis hears the bed; a mark comes some seconds after its moment. */
  rhythm: { seconds: 30, because: 'a rhythm is marked every 10 s' },
} as const satisfies Record<string | number, Fresh>;

/** A bed that was not heard for so long is no bed of the ward. */
export const WARD_SPAN = '1d';
