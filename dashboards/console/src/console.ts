/** The console put together: line, ward, waves, sound and what a nurse does. One per page; the views only look at it. */

import { isEcgLead, signalCodes } from '../../../schemas/codes.ts';
import type { LiveFrame, LiveTransition } from '../../../schemas/live.ts';
import { type Acts, makeActs } from './live/acts.ts';
import { openConnection } from './live/connection.ts';
import { memory } from './live/memory.ts';
import { everyMs } from './live/pace.ts';
import type { LinkState } from './logic/line/link.ts';
import { type MyScreen, makeMyScreen } from './logic/page/my-screen.ts';
import { addressOf, readAddress } from './logic/page/page-address.ts';
import { signsNow } from './logic/page/signing.ts';
import { makeWardStore, type WardStore } from './logic/ward/ward-store.ts';
import { makeWaveStore, type WaveStore } from './logic/waves/wave-store.ts';
import { waveWish } from './logic/waves/wave-wish.ts';
import { type AlarmBell, makeAlarmBell } from './sound/alarm-bell.ts';
import { makeSpeaker } from './sound/speaker.ts';
import { makePainter, type Painter } from './waves/painter.ts';

export interface Console {
  readonly ward: WardStore;
  readonly waves: WaveStore;
  readonly painter: Painter;
  readonly bell: AlarmBell;
  readonly acts: Acts;
  readonly screen: MyScreen;
  /** Server time; before the first frame 0, so that nothing looks old or new. */
  readonly nowUs: () => number;
  readonly link: () => LinkState;
  readonly onLink: (listener: () => void) => () => void;
  /** Twice a second: ages, countdowns, silence. */
  readonly onTick: (listener: () => void) => () => void;
  readonly lostFrames: () => number;
  readonly again: () => void;
  /** The bed that is open; undefined: the ward. */
  readonly openBed: () => string | undefined;
  readonly open: (bed: string | undefined) => void;
  readonly onOpen: (listener: () => void) => () => void;
}

const TICK_MS = 500;
/** Vigil takes sixteen codes for a bed; pleth and pressures first, so that only rare leads could be cut off. */
const WAVE_CODES_MOST = 16;
const WAVE_CODES = signalCodes
  .filter(({ kind }) => kind === 'wave')
  .map(({ code }) => code)
  .sort((a, b) => Number(isEcgLead(a)) - Number(isEcgLead(b)))
  .slice(0, WAVE_CODES_MOST);

interface Listeners {
  readonly add: (listener: () => void) => () => void;
  readonly tell: () => void;
}
const makeListeners = (): Listeners => {
  const all = new Set<() => void>();
  return {
    add: (listener) => {
      all.add(listener);
      return () => all.delete(listener);
    },
    tell: () => {
      for (const listener of all) listener();
    },
  };
};

/** A token in the link is taken over and leaves the address bar. */
const takeToken = (): void => {
  const { bed, token } = readAddress(location.hash);
  if (token === undefined) return;
  memory.offerToken(token);
  window.history.replaceState(null, '', addressOf(bed));
};

export const openConsole = (): Console => {
  takeToken();
  memory.begin();
  const ward = makeWardStore();
  const waves = makeWaveStore();
  const links = makeListeners();
  const ticks = makeListeners();
  const opens = makeListeners();
  ward.recallHistory(memory.history(), memory.heardUs());
  ward.orderBy(memory.order());
  let known: readonly LiveTransition[] = ward.history();
  let openBed = readAddress(location.hash).bed;
  let watched = '';
  let by = '';

  /** One lead of every bed, and everything of the open one; sent only when it is another wish than before, or another who looks. */
  const watch = (): void => {
    const order = ward.order();
    const waves = waveWish(order, openBed, WAVE_CODES);
    const opened = openBed !== undefined && order.includes(openBed) ? openBed : '';
    const text = JSON.stringify([opened, by, waves.toSorted((a, b) => (a.bed < b.bed ? -1 : 1))]);
    if (text === watched) return;
    watched = text;
    connection.watch({ waves, opened, by });
  };

  const hear = (frame: LiveFrame): void => {
    ward.apply(frame);
    if (frame.type === 'acted') acts.answered(frame.id, frame.ok, frame.sentence);
    if (frame.type === 'snapshot' || frame.type === 'bed') watch();
    if (ward.history() === known) return;
    known = ward.history();
    memory.keepHistory(known);
  };

  const connection = openConnection({ frame: hear, wave: waves.hear, link: links.tell }, memory);
  const acts = makeActs(connection.send, connection.nowUs);
  const nowUs = (): number => connection.nowUs() ?? 0;
  const speaker = makeSpeaker();
  const screen = makeMyScreen(memory, speaker, connection.tellScreen);
  const bell = makeAlarmBell(speaker, ward, nowUs, connection.link, screen.mine);

  everyMs(TICK_MS, () => {
    const now = connection.nowUs();
    if (now !== undefined) {
      ward.tick(now);
      const signs = signsNow(memory.signed(), now, ward.about()?.nameKeptUs);
      if (signs !== by) {
        by = signs;
        watch();
      }
    }
    ticks.tell();
  });
  const moved = (): void => {
    takeToken();
    openBed = readAddress(location.hash).bed;
    watch();
    opens.tell();
  };
  window.addEventListener('hashchange', moved);
  window.addEventListener('popstate', moved);

  return {
    ward,
    waves,
    painter: makePainter(waves, connection.nowUs),
    bell,
    acts,
    screen,
    nowUs,
    link: connection.link,
    onLink: links.add,
    onTick: ticks.add,
    lostFrames: connection.lostFrames,
    again: connection.again,
    openBed: () => openBed,
    open: (bed) => {
      if (bed === openBed) return;
      window.history.pushState(null, '', addressOf(bed));
      moved();
    },
    onOpen: opens.add,
  };
};
