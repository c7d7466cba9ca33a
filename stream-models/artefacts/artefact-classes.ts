/**
 * What may stand behind a peak that the QRS detector found. Beats of a red rhythm are a class of their own, so that training
 * can weigh them: what is called an artefact must not be one of them.
 */
export const ARTEFACT_CLASSES = ['beat', 'beat of a red rhythm', 'artefact'] as const;

/** Place of the artefact's probability in the network's output. */
export const ARTEFACT = ARTEFACT_CLASSES.indexOf('artefact');

/** From this probability on a peak counts as an artefact (`MODEL_CARD.md` shows the whole curve). */
export const ARTEFACT_FROM = 0.7;
/** From this one on it tells nothing of the atria. */
const UNLIKELY_FROM = 0.5;
/** From this one on no ventricular rhythm that is yellow is made of it: motion makes a beat look ventricular. */
const DOUBTFUL_FROM = 0.25;

/** Whether a peak counts as none of the heart's. undefined: no network answered, and every peak counts. */
export const isArtefact = (probability: number | undefined): probability is number =>
  probability !== undefined && probability >= ARTEFACT_FROM;

/** Whether there is rather no beat than one. */
export const isUnlikely = (probability: number | undefined): boolean =>
  probability !== undefined && probability >= UNLIKELY_FROM;

/** Whether what a peak looks like says nothing of the ventricles. */
export const isDoubtful = (probability: number | undefined): boolean =>
  probability !== undefined && probability >= DOUBTFUL_FROM;
