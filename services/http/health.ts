import { INTENDED_USE } from '../../schemas/live.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Screens } from '../screens/screens.ts';

export type HealthState = 'ok' | 'degraded' | 'failed' | 'unknown';

/** One part of Vigil, how it does, and how old that knowledge is. */
export interface HealthPart {
  readonly name: string;
  readonly state: HealthState;
  /** Seconds since the part last said or did something; null: never yet. */
  readonly ageS: number | null;
  readonly sentence: string;
}

export interface HealthReport {
  readonly state: HealthState;
  readonly parts: readonly HealthPart[];
  readonly intendedUse: string;
}

const GRAVITY: readonly HealthState[] = ['ok', 'unknown', 'degraded', 'failed'];

/** The whole is as bad as its worst part. */
export const healthReport = (parts: readonly HealthPart[]): HealthReport => ({
  state: parts.reduce<HealthState>(
    (worst, { state }) => (GRAVITY.indexOf(state) > GRAVITY.indexOf(worst) ? state : worst),
    'ok',
  ),
  parts,
  intendedUse: INTENDED_USE,
});

const secondsBetween = (from: Moment | undefined, to: Moment): number | null =>
  from === undefined ? null : Math.max(0, (to - from) / 1e6);

/** The log, as the gateway's appends find it. */
export const logHealth = (gateway: Gateway, now: Moment): HealthPart => {
  const failure = gateway.lastFailure();
  const ageS = secondsBetween(failure?.at ?? gateway.lastAppend(), now);
  if (failure !== undefined) return { name: 'log', state: 'failed', ageS, sentence: failure.sentence };
  return ageS === null
    ? { name: 'log', state: 'unknown', ageS, sentence: 'nothing was appended yet' }
    : { name: 'log', state: 'ok', ageS, sentence: 'the last append succeeded' };
};

const LAG_DEGRADED_S = 3;
const LAG_FAILED_S = 10;
/** Roll calls come every 60 s of bed time. */
const ALARMS_SILENT_S = 90;

/** Analysis, alarms and delivery, as the screens see them. */
export const screensHealth = (screens: Screens): readonly HealthPart[] => {
  const { started, analysisLagS: lag, analysisSilent, alarmsAgeS, undelivered } = screens.health();
  const lagState: HealthState =
    lag === undefined ? 'unknown' : lag > LAG_FAILED_S ? 'failed' : lag > LAG_DEGRADED_S ? 'degraded' : 'ok';
  const alarmsState: HealthState =
    alarmsAgeS === undefined ? 'unknown' : lag !== undefined && alarmsAgeS > ALARMS_SILENT_S ? 'failed' : 'ok';
  return [
    {
      name: 'analysis',
      state: analysisSilent > 0 ? 'failed' : lagState,
      ageS: lag ?? null,
      sentence:
        lag === undefined
          ? 'no bed speaks'
          : `${lag.toFixed(1)} s behind the telemetry at the slowest bed; silent for ${analysisSilent} beds`,
    },
    {
      name: 'alarms',
      state: alarmsState,
      ageS: alarmsAgeS ?? null,
      sentence: alarmsAgeS === undefined ? 'the alarms stage has said nothing yet' : 'age of its last word on any bed',
    },
    {
      name: 'screens',
      state: started ? (undelivered > 0 ? 'degraded' : 'ok') : 'degraded',
      ageS: null,
      sentence: started
        ? `${screens.consoles()} consoles; ${undelivered} high alarms that no console has received`
        : 'the log of the last day is still being read',
    },
  ];
};
