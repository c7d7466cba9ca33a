/** Who this screen is, and the beds that are its own. One that cannot sound has none: what it chose would sound nowhere. */
import type { ScreenTold } from '../../../../../schemas/live.ts';

export interface MyScreen {
  readonly told: () => ScreenTold;
  readonly choose: (name: string, beds: readonly string[]) => void;
  /** The beds whose alarms sound here first; empty: it hears all. */
  readonly mine: () => ReadonlySet<string>;
  readonly subscribe: (listener: () => void) => () => void;
}

export interface ScreenMemory {
  readonly screen: () => ScreenTold;
  readonly keepScreen: (screen: ScreenTold) => void;
}

const NONE: ReadonlySet<string> = new Set();

export const makeMyScreen = (
  memory: ScreenMemory,
  speaker: { readonly awake: () => boolean; readonly subscribe: (listener: () => void) => unknown },
  tell: (screen: ScreenTold) => void,
): MyScreen => {
  const listeners = new Set<() => void>();
  let chosen: ReadonlySet<string> = new Set(memory.screen().beds);
  let said = '';

  const mine = (): ReadonlySet<string> => (speaker.awake() ? chosen : NONE);
  const say = (): void => {
    const screen = { ...memory.screen(), beds: [...mine()] };
    const text = JSON.stringify(screen);
    if (text === said) return;
    said = text;
    tell(screen);
  };
  speaker.subscribe(say);
  say();

  return {
    told: memory.screen,
    choose: (name, beds) => {
      memory.keepScreen({ id: memory.screen().id, name, beds });
      chosen = new Set(beds);
      say();
      for (const listener of listeners) listener();
    },
    mine,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
