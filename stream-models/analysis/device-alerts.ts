import type { Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import type { Moment } from '../../schemas/units.ts';
import { type AlarmKind, kindOfAlarm } from '../corroboration/claim.ts';
import type { RecentWaves } from '../corroboration/recent-waves.ts';

/** A red rhythm alarm of the monitor has begun: what it says, and all that an answer may be made of. */
export interface AlertSeen {
  readonly tag: 'AlertSeen';
  /** When the monitor says that it began. */
  readonly at: Moment;
  readonly said: Moment;
  readonly text: string;
  readonly code: number;
  readonly kind: AlarmKind;
  readonly recent: RecentWaves;
  readonly leadsOff: readonly number[];
}

/** An alarm that the monitor says is present, and when it was last answered. */
export interface PresentAlert {
  readonly text: string;
  readonly atUs: number;
  readonly answered: Moment;
}

/** More alarms at one bed at once than any monitor has. */
const ALERTS_MAX = 16;
/** A monitor that repeats its alarm with a new time in every frame is answered so often at most. */
const ANSWERED_FOR_US = 10e6;

/**
 * The alarms of a frame that are new: not present before, or begun anew. Answers what is present after it, and the new ones
 * of a kind that Vigil judges.
 */
export const alertsAfter = (
  present: readonly PresentAlert[],
  frame: Telemetry,
  end: Moment,
): readonly [
  readonly PresentAlert[],
  readonly (Pick<AlertSeen, 'text' | 'code' | 'kind'> & { readonly atUs: number })[],
] => {
  if (frame.deviceAlerts.length === 0) return [present, []];
  let after = present;
  const begun: (Pick<AlertSeen, 'text' | 'code' | 'kind'> & { readonly atUs: number })[] = [];
  for (const { text, code, present: there, atUs } of frame.deviceAlerts) {
    const kind = kindOfAlarm(text);
    if (kind === undefined) continue;
    const known = after.find((alert) => alert.text === text);
    const others = after.filter((alert) => alert !== known);
    if (!there) after = others;
    else if (known === undefined || (known.atUs !== atUs && end - known.answered >= ANSWERED_FOR_US)) {
      begun.push({ text, code, kind, atUs });
      after = [...others, { text, atUs, answered: end }].slice(-ALERTS_MAX);
    }
  }
  return [after, begun];
};
