import type { ScreenTold } from '../../schemas/live.ts';
import type { ScreenWord } from '../../schemas/words.ts';
import type { Fold } from '../../stream-models/fold.ts';

/**
 * Which screens look through this front, and which broke off. One that comes back soon was never lost; one that said goodbye is not
 * missed. Time is counted in whole seconds that passed, so that a clock that is set loses nobody.
 */
export interface Roster {
  /** By the number of the line. A screen whose old line is still half open has two. */
  readonly here: ReadonlyMap<number, ScreenTold>;
  /** By screen: it broke off, and was heard so many seconds ago. */
  readonly brokeOff: ReadonlyMap<string, { readonly screen: ScreenTold; readonly quietS: number }>;
  readonly toldAgainInS: number;
}

export type RosterInput =
  /** A screen says who it is and what it has chosen. */
  | { readonly tag: 'Here'; readonly line: number; readonly screen: ScreenTold }
  /** Its line is no more; `quietS`: it was heard so many seconds before. */
  | { readonly tag: 'Gone'; readonly line: number; readonly onPurpose: boolean; readonly quietS: number }
  /** Another front says that a screen looks through it now. */
  | { readonly tag: 'Elsewhere'; readonly screen: string }
  | { readonly tag: 'SecondPassed' };

export type RosterSaid =
  | { readonly tag: 'Screen'; readonly screen: ScreenTold; readonly state: ScreenWord; readonly quietS: number }
  | { readonly tag: 'Choice'; readonly screen: ScreenTold; readonly bed: string; readonly chosen: boolean };

/** Within ten seconds the others must know; a page that loads anew, or changes its line, is back in two. */
export const LOST_AFTER_S = 8;
/** The alarms let a choice lapse that was not said again for 90 s (CHOICE_LAPSES_AFTER). */
const TOLD_AGAIN_EVERY_S = 30;

const isHere = ({ here }: Roster, id: string): boolean => [...here.values()].some((screen) => screen.id === id);

const choices = (screen: ScreenTold, beds: readonly string[], chosen: boolean): readonly RosterSaid[] =>
  beds.map((bed) => ({ tag: 'Choice', screen, bed, chosen }));

const becomes = (screen: ScreenTold, state: ScreenWord, quietS = 0): RosterSaid => ({
  ...{ tag: 'Screen', screen, state, quietS },
});

type Step = readonly [Roster, readonly RosterSaid[]];

const cameOrChanged = (roster: Roster, line: number, screen: ScreenTold): Step => {
  const before = roster.here.get(line) ?? roster.brokeOff.get(screen.id)?.screen;
  const wasHere = roster.here.get(line)?.id === screen.id;
  const brokeOff = new Map(roster.brokeOff);
  brokeOff.delete(screen.id);
  const known = before?.beds ?? [];
  const letGo = known.filter((bed) => !screen.beds.includes(bed));
  const chosen = before?.name === screen.name ? screen.beds.filter((bed) => !known.includes(bed)) : screen.beds;
  return [
    { ...roster, here: new Map(roster.here).set(line, screen), brokeOff },
    [
      ...(wasHere ? [] : [becomes(screen, 'watching')]),
      ...choices(before ?? screen, letGo, false),
      ...choices(screen, chosen, true),
    ],
  ];
};

const went = (roster: Roster, { line, onPurpose, quietS }: RosterInput & { tag: 'Gone' }): Step => {
  const screen = roster.here.get(line);
  if (screen === undefined) return [roster, []];
  const here = new Map(roster.here);
  here.delete(line);
  const after = { ...roster, here };
  if (isHere(after, screen.id)) return [after, []];
  if (onPurpose) return [after, [becomes(screen, 'left'), ...choices(screen, screen.beds, false)]];
  return [{ ...after, brokeOff: new Map(roster.brokeOff).set(screen.id, { screen, quietS }) }, []];
};

const elsewhere = (roster: Roster, id: string): Step => {
  if (!isHere(roster, id) && !roster.brokeOff.has(id)) return [roster, []];
  const here = new Map([...roster.here].filter(([, screen]) => screen.id !== id));
  const brokeOff = new Map(roster.brokeOff);
  brokeOff.delete(id);
  return [{ ...roster, here, brokeOff }, []];
};

const secondPassed = (roster: Roster): Step => {
  const said: RosterSaid[] = [];
  const brokeOff = new Map<string, { readonly screen: ScreenTold; readonly quietS: number }>();
  for (const [id, one] of roster.brokeOff) {
    const quietS = one.quietS + 1;
    if (quietS < LOST_AFTER_S) brokeOff.set(id, { ...one, quietS });
    else said.push(becomes(one.screen, 'lost', quietS), ...choices(one.screen, one.screen.beds, false));
  }
  const isTime = roster.toldAgainInS <= 1;
  if (isTime) for (const screen of roster.here.values()) said.push(...choices(screen, screen.beds, true));
  return [{ ...roster, brokeOff, toldAgainInS: isTime ? TOLD_AGAIN_EVERY_S : roster.toldAgainInS - 1 }, said];
};

/** The screens of one front; says what becomes of each, and which beds they have chosen. */
export const roster: Fold<Roster, RosterInput, RosterSaid> = {
  start: { here: new Map(), brokeOff: new Map(), toldAgainInS: TOLD_AGAIN_EVERY_S },
  step: (memory, input) => {
    switch (input.tag) {
      case 'Here':
        return cameOrChanged(memory, input.line, input.screen);
      case 'Gone':
        return went(memory, input);
      case 'Elsewhere':
        return elsewhere(memory, input.screen);
      case 'SecondPassed':
        return secondPassed(memory);
    }
  },
};
