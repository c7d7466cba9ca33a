import type { GruNetwork } from '../network/description.ts';
import { DETERIORATION_FEATURES } from './deterioration-input.ts';

/** The classes that the network tells apart; the last one's probability is the risk. */
export const DETERIORATION_CLASSES = ['no-sepsis', 'sepsis'] as const;

/** What the risk means: sepsis (Sepsis-3) begins within so many hours, or has begun. */
export const HORIZON_HOURS = 6;

/** One member of the network. Members are joined side by side (`joinedNetwork`), so what serves is as many times as wide. */
export const DETERIORATION_MEMBER: GruNetwork = {
  features: DETERIORATION_FEATURES,
  encoder: 64,
  hidden: 48,
  classes: DETERIORATION_CLASSES,
};
