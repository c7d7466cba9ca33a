/**
 * What may stand behind a peak that the QRS detector found. Beats of a red rhythm are a class of their own, so that training
 * can weigh them: what is called an artefact must not be one of them.
 */
export const ARTEFACT_CLASSES = ['beat', 'beat of a red rhythm', 'artefact'] as const;

/** Place of the artefact's probability in the network's output. */
export const ARTEFACT = ARTEFACT_CLASSES.indexOf('artefact');

/** From this probability on a peak counts as an artefact (`MODEL_CARD.md` shows the whole curve). */
export const ARTEFACT_FROM = 0.7;
