/** Ages and countdowns as the ward reads them, and when a value or a bed stops looking alive. All times server microseconds. */
import { BED_SHOWN_FOR_US, type LiveBed, type LiveNumeric } from '../../../../../schemas/live.ts';

const SECOND = 1e6;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A bed without a frame for this long shows NO DATA. */
const SILENT_AFTER_US = 3 * SECOND;

/** "now", "12 s", "4 min", "3 h", "2 d": whole units that have passed, as a person counts them. */
export const ageText = (ageUs: number): string => {
  if (ageUs < 3 * SECOND) return 'now';
  if (ageUs < MINUTE) return `${Math.floor(ageUs / SECOND)} s`;
  if (ageUs < HOUR) return `${Math.floor(ageUs / MINUTE)} min`;
  if (ageUs < 48 * HOUR) return `${Math.floor(ageUs / HOUR)} h`;
  return `${Math.floor(ageUs / (24 * HOUR))} d`;
};

/** "0:07", "1:52". Rounded up, so that 0:00 means over. */
export const countdownText = (leftUs: number): string => {
  const seconds = Math.max(0, Math.ceil(leftUs / SECOND));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** A value older than its own limit is drawn as "—" with its age. */
export const isStale = (numeric: Pick<LiveNumeric, 'atUs' | 'staleAfterUs'>, nowUs: number): boolean =>
  nowUs - numeric.atUs >= numeric.staleAfterUs;

/** Rhythm and scores are said when they change, so their own age says little: they live while analysis hears the bed. */
const ANALYSIS_SILENT_AFTER_US = 10 * SECOND;
export const analysisHears = (analysedUs: number | null, nowUs: number): boolean =>
  analysedUs !== null && nowUs - analysedUs < ANALYSIS_SILENT_AFTER_US;

/** Silent beds draw NO DATA; a bed never heard is silent from the start. */
export const isSilent = (lastFrameUs: number | null, nowUs: number): boolean =>
  lastFrameUs === null || nowUs - lastFrameUs >= SILENT_AFTER_US;

/** Whether a bed stands on the wall: what it said, or what rings there. Vigil tells those who come by the same rule. */
export const isOnWall = ({ alarms, lastFrameUs }: Pick<LiveBed, 'alarms' | 'lastFrameUs'>, nowUs: number): boolean =>
  alarms.length > 0 || nowUs - (lastFrameUs ?? 0) <= BED_SHOWN_FOR_US;
