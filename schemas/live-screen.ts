/** On the wire between screens and the nurse console: who a screen is, and whom an alarm asks. */
import type { StepWord } from './words.ts';

/** Whom an alarm asks that nobody has answered: the screens that chose the bed, every screen, or nobody is left. */
export interface LiveAsking {
  readonly step: StepWord;
  readonly sinceUs: number;
  /** Who has said that he cannot come. */
  readonly declinedBy: readonly string[];
}

/** A screen that has chosen a bed as one of its own. */
export interface LiveChooser {
  readonly screen: string;
  readonly name: string;
}

/** Who a screen is. What it does not tell, it is not: one without this is never missed, and has chosen no bed. */
export interface ScreenTold {
  /** Made by the screen, kept as long as its page or tab. */
  readonly id: string;
  /** What people call it, for example "nurse 4". */
  readonly name: string;
  /** The beds that it has chosen as its own; empty: it is everybody's screen, and hears all. */
  readonly beds: readonly string[];
}
