import type { StageName } from '../../schemas/engine.ts';
import type { Topic } from '../../schemas/topics.ts';

/** A group of readers that settles its position on a topic. */
export interface Group {
  readonly group: string;
  readonly topic: Topic;
  readonly stage: StageName;
}

/** Every group that Vigil has. */
export const groups: readonly Group[] = [
  { group: 'vigil-analysis', topic: 'vigil.telemetry', stage: 'analysis' },
  { group: 'vigil-alarms', topic: 'vigil.alarm-inputs', stage: 'alarms' },
  { group: 'vigil-recorder-telemetry', topic: 'vigil.telemetry', stage: 'recorder' },
  { group: 'vigil-recorder-findings', topic: 'vigil.findings', stage: 'recorder' },
  { group: 'vigil-recorder-alarms', topic: 'vigil.alarms', stage: 'recorder' },
  { group: 'vigil-recorder-engine', topic: 'vigil.engine', stage: 'recorder' },
];
