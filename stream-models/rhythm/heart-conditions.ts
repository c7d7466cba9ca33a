import type { ConditionName } from '../../schemas/conditions.ts';

/** What noise may look like. */
export const YELLOW: readonly ConditionName[] = ['pause', 'v-run', 'couplet', 'bigeminy', 'af'];
export const FROM_BEATS: readonly ConditionName[] = [...YELLOW, 'vt', 'extreme-brady', 'extreme-tachy'];
export const OF_THE_HEART: readonly ConditionName[] = [...FROM_BEATS, 'asystole', 'vf'];
