import type { StageName } from '../../schemas/engine.ts';

/** Stages whose processes share the beds between them, so that several run side by side. */
const SHARING: readonly StageName[] = ['analysis', 'alarms', 'recorder'];
const FRONT = 'gateway+screens';

/**
 * What a process is called: by what it does, so that names are few and the same after a restart. Stages that share beds add
 * the lowest partition that they have, or "idle" while they have none.
 */
export const processName = (stages: readonly StageName[], partitions: Iterable<number>): string => {
  const named = stages.join('+').replace(FRONT, 'front');
  if (!stages.some((stage) => SHARING.includes(stage))) return named;
  const lowest = Math.min(...partitions);
  return `${named}-${Number.isFinite(lowest) ? lowest : 'idle'}`;
};
