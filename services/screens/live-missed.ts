import { conditionLabel, conditions, isCondition } from '../../schemas/conditions.ts';
import type { AlarmEvent } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { LiveMissed } from '../../schemas/live.ts';

/** What the alarms say was missed while a line was down, oldest first. */
export const liveMissed = (event: AlarmEvent): readonly LiveMissed[] =>
  event.missed.map(({ source, fromUs, toUs, frames, numbers, alarms, more }) => ({
    ...{ source, fromUs, toUs, frames, numbers, more },
    alarms: alarms.map(({ condition, text, atUs, endedUs, ofBefore }) => ({
      ...{ label: conditionLabel(condition), text, atUs, endedUs: endedUs === 0 ? null : endedUs, ofBefore },
      priority: isCondition(condition) ? conditions[condition].priority : 'high',
    })),
  }));
