/** What the console keeps in the browser. Nothing of a patient outlives the tab; only the token, the order of beds and the name of the screen stay on the machine. */
import type { LiveTransition, ScreenTold } from '../../../../schemas/live.ts';
import { readSigned, type Signed } from '../logic/page/signing.ts';
import type { BedOrderRule } from '../logic/ward/ward-store.ts';
import { newId } from './new-id.ts';

const CURSOR = 'vigil.cursor';
const HEARD = 'vigil.heard';
const HISTORY = 'vigil.history';
const NURSE = 'vigil.nurse';
const TOKEN = 'vigil.token';
const ORDER = 'vigil.order';
const SCREEN = 'vigil.screen';
const SCREEN_NAME = 'vigil.screenName';
const MY_BEDS = 'vigil.myBeds';

/** Storage can be forbidden by the browser's policy; the console works without it. */
const read = (storage: Storage, key: string): string | undefined => {
  try {
    return storage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
};
const write = (storage: Storage, key: string, value: string): void => {
  try {
    storage.setItem(key, value);
  } catch {
    // Nothing is lost but comfort: the next reload begins without it.
  }
};

let cursor = read(sessionStorage, CURSOR);
let heardUs: number | undefined;
let offered: string | undefined;
/** The one that Vigil took last, where storage is forbidden. */
let taken: string | undefined;
const known = (): string | undefined => read(localStorage, TOKEN) ?? taken;
let history: readonly LiveTransition[] = [];
let dirty = false;

const namesOf = (kept: string | undefined): readonly string[] => {
  try {
    const names: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
};

/** Of this tab: a page that loads anew is the same screen, with the beds that were chosen in it. */
const screenOfTab = (): ScreenTold => {
  const id = read(sessionStorage, SCREEN) ?? newId();
  write(sessionStorage, SCREEN, id);
  return { id, name: read(localStorage, SCREEN_NAME) ?? '', beds: namesOf(read(sessionStorage, MY_BEDS)) };
};
let screen: ScreenTold | undefined;

const save = (): void => {
  if (!dirty) return;
  dirty = false;
  if (cursor !== undefined) write(sessionStorage, CURSOR, cursor);
  if (heardUs !== undefined) write(sessionStorage, HEARD, String(heardUs));
  write(sessionStorage, HISTORY, JSON.stringify(history));
};

export const memory = {
  /** Writes what changed, once a second and when the page goes. */
  begin: (): void => {
    window.setInterval(save, 1_000);
    window.addEventListener('pagehide', save);
  },
  cursor: (): string | undefined => cursor,
  /** With the server's time at which it was heard. */
  keepCursor: (next: string, atUs: number): void => {
    cursor = next;
    heardUs = atUs;
    dirty = true;
  },
  /** When the page of before heard something last, server time; undefined: there was none. What happened since then was missed. */
  heardUs: (): number | undefined => Number(read(sessionStorage, HEARD) ?? Number.NaN) || undefined,
  /** The history belongs to the cursor: together they make a reload seamless. */
  history: (): readonly LiveTransition[] => {
    try {
      const kept: unknown = JSON.parse(read(sessionStorage, HISTORY) ?? '[]');
      return Array.isArray(kept) ? (kept as LiveTransition[]) : [];
    } catch {
      return [];
    }
  },
  keepHistory: (next: readonly LiveTransition[]): void => {
    history = next;
    dirty = true;
  },
  signed: (): Signed | undefined => readSigned(read(sessionStorage, NURSE)),
  keepSigned: (signed: Signed): void => write(sessionStorage, NURSE, JSON.stringify(signed)),
  token: (): string | undefined => offered ?? known(),
  /** Of a link, or typed: kept once Vigil has taken it, so that a wrong one replaces nothing that all screens of this browser go by. */
  offerToken: (token: string): void => {
    offered = token;
  },
  tokenTaken: (): void => {
    if (offered === undefined) return;
    taken = offered;
    offered = undefined;
    write(localStorage, TOKEN, taken);
  },
  /** Answers whether there is another one to try. */
  tokenRefused: (): boolean => {
    const wasOffered = offered !== undefined;
    offered = undefined;
    return wasOffered && known() !== undefined;
  },
  screen: (): ScreenTold => {
    screen ??= screenOfTab();
    return screen;
  },
  keepScreen: (next: ScreenTold): void => {
    screen = next;
    write(localStorage, SCREEN_NAME, next.name);
    write(sessionStorage, MY_BEDS, JSON.stringify(next.beds));
  },
  order: (): BedOrderRule => (read(localStorage, ORDER) === 'name' ? 'name' : 'gravest'),
  keepOrder: (rule: BedOrderRule): void => write(localStorage, ORDER, rule),
};
