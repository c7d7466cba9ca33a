import { BEAT_CLASSES, BEAT_FEATURES } from '../../../stream-models/beats/beat-input.ts';
import { ADAM_USUAL } from '../../../stream-models/network/adam.ts';
import type { GruNetwork } from '../../../stream-models/network/description.ts';
import { ROWS, STEPS } from '../beat-sequences/batches.ts';
import { openTrainer, type Trainer } from '../trainer.ts';

const ENCODER = 48;
const HIDDEN = 48;
const WEIGHT_DECAY = 0.05;

/** One member of the network that classifies beats. */
export const BEAT_NETWORK: GruNetwork = {
  features: BEAT_FEATURES,
  encoder: ENCODER,
  hidden: HIDDEN,
  classes: BEAT_CLASSES,
};

/** Opens the trainer of one member. */
export const openBeatTrainer = (): Promise<Trainer> =>
  openTrainer(BEAT_NETWORK, { steps: STEPS, rows: ROWS }, { ...ADAM_USUAL, weightDecay: WEIGHT_DECAY });
