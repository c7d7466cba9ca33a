import { INTENDED_USE } from '../../schemas/live.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { type HealthPart, type HealthState, worstOf } from '../reports/part.ts';
import type { Screens, ScreensHealth } from '../screens/screens.ts';
import type { ProcessHealth } from '../watch/process-health.ts';

/** What a process tells of itself, and of the others as their reports tell. */
export interface HealthTold {
  readonly process: string;
  readonly parts: readonly HealthPart[];
  /** Where screens run: every other process that was heard. */
  readonly processes: readonly ProcessHealth[];
}

export interface HealthReport extends HealthTold {
  readonly state: HealthState;
  readonly intendedUse: string;
}

/** The whole is as bad as its worst part. */
export const healthReport = ({ process, parts, processes }: HealthTold): HealthReport => ({
  state: worstOf([...parts, ...processes].map(({ state }) => state)),
  ...{ process, parts, processes, intendedUse: INTENDED_USE },
});

const secondsBetween = (from: Moment | undefined, to: Moment): number | null =>
  from === undefined ? null : Math.max(0, (to - from) / 1e6);

/** The gateway, as its appends go. */
export const gatewayHealth = (gateway: Gateway, now: Moment): HealthPart => {
  const failure = gateway.lastFailure();
  const ageS = secondsBetween(failure?.at ?? gateway.lastAppend(), now);
  const told = (state: HealthState, sentence: string): HealthPart => ({ name: 'gateway', state, ageS, sentence });
  if (failure !== undefined)
    return told('failed', `the log did not keep frames; devices are told to send them again: ${failure.sentence}`);
  if (ageS === null) return told('unknown', 'nothing was appended yet');
  return told('ok', `listens for ${gateway.bedsAdmitted()} beds`);
};

/** How far analysis may be behind the telemetry: beyond the first it is slow, beyond the second it has failed. */
const LAG_DEGRADED_S = 3;
const LAG_FAILED_S = 10;
/** Roll calls come every 60 s of bed time. */
const ALARMS_SILENT_S = 90;
/** The roll call of Vigil's own bed comes each minute; of an alarms stage that never spoke two were missed as well. */
const NEVER_HEARD_S = 180;
/** For so long no console may be connected before it is told. */
const UNWATCHED_S = 10;

const screensPart = (screens: Screens): HealthPart => {
  const { started, undelivered, deaf, unwatchedS } = screens.health();
  const told = (state: HealthState, sentence: string): HealthPart => ({ name: 'screens', state, ageS: null, sentence });
  if (!started) return told('degraded', 'the log of the last day is still being read');
  if (deaf !== undefined) return told('failed', `consoles are told nothing new, the log is not heard: ${deaf}`);
  if (undelivered > 0) return told('degraded', `${undelivered} high alarms that no console has received`);
  if (unwatchedS >= UNWATCHED_S) return told('degraded', 'no console is connected: nobody sees the alarms');
  return told('ok', `${screens.consoles()} consoles`);
};

/** The alarms stage: a group that reads and says nothing looks well in every other way. */
const alarmsPart = ({ alarmsAgeS, alarmsSilentS, analysisLagS }: ScreensHealth): HealthPart => {
  const told = (state: HealthState, sentence: string): HealthPart => ({
    ...{ name: 'alarms', ageS: alarmsAgeS ?? null, state, sentence },
  });
  if (alarmsAgeS === undefined)
    return alarmsSilentS > NEVER_HEARD_S
      ? told(
          'failed',
          `the alarms stage has said nothing for ${alarmsSilentS} s, not even its roll call: trust the monitors, and start it again`,
        )
      : told('unknown', 'the alarms stage has said nothing yet');
  const isSilent = analysisLagS !== undefined && alarmsAgeS > ALARMS_SILENT_S;
  return told(isSilent ? 'failed' : 'ok', 'age of its last word on any bed');
};

/** Told only where something is wrong: only who writes to Kafka himself can part beds otherwise than Vigil. */
const partitionsPart = ({ misplacedBeds: beds }: ScreensHealth): readonly HealthPart[] => {
  if (beds === 0) return [];
  const sentence = `frames of ${beds} beds lie on other partitions than those of their names, so that what others say of these beds is not heard with them; the log names them. Set partitioner=murmur2_random in their senders`;
  return [{ name: 'partitions', state: 'degraded', ageS: null, sentence }];
};

/** Analysis, alarms and delivery, as the screens see them. */
export const screensHealth = (screens: Screens): readonly HealthPart[] => {
  const told = screens.health();
  const { analysisLagS: lag, analysisSilent } = told;
  const lagState: HealthState =
    lag === undefined ? 'unknown' : lag > LAG_FAILED_S ? 'failed' : lag > LAG_DEGRADED_S ? 'degraded' : 'ok';
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
    alarmsPart(told),
    screensPart(screens),
    ...partitionsPart(told),
  ];
};
