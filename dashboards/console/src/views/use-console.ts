/** How views look at the console: each hook re-renders its view only when what it shows is another. */
import { createContext, type RefObject, useContext, useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import type { LiveBed } from '../../../../schemas/live.ts';
import type { Console } from '../console.ts';
import { bringIntoSight } from '../hand/into-sight.ts';
import { newestRed } from '../logic/alarms/alarm-look.ts';
import type { LinkState } from '../logic/line/link.ts';
import type { Topic, WardAlarm, WardStore } from '../logic/ward/ward-store.ts';

export const ConsoleContext = createContext<Console | undefined>(undefined);

export const useConsole = (): Console => {
  const console = useContext(ConsoleContext);
  if (console === undefined) throw new Error('this view stands outside the console');
  return console;
};

const useTopic = <Seen>(topic: Topic, look: (ward: WardStore) => Seen): Seen => {
  const { ward } = useConsole();
  const subscribe = useMemo(() => (listener: () => void) => ward.subscribe(topic, listener), [ward, topic]);
  return useSyncExternalStore(subscribe, () => look(ward));
};

export const useAbout = () => useTopic('about', (ward) => ward.about());
export const useOrder = () => useTopic('order', (ward) => ward.order());
export const useAlarms = () => useTopic('alarms', (ward) => ward.alarms());
export const useTroubles = () => useTopic('troubles', (ward) => ward.troubles());
export const useHistory = () => useTopic('history', (ward) => ward.history());
export const useAbsence = () => useTopic('history', (ward) => ward.absence());
export const useBed = (name: string): LiveBed | undefined => useTopic(`bed:${name}`, (ward) => ward.bed(name));

/** Something that follows from the time, looked at twice a second. Must be a plain value, so that React can compare it. */
export const useNow = <Seen extends string | number | boolean | undefined>(look: (nowUs: number) => Seen): Seen => {
  const { onTick, nowUs } = useConsole();
  return useSyncExternalStore(onTick, () => look(nowUs()));
};

/** The same for several plain values at once. They are compared as one text: React would take every new object for a change. */
export const useNowWhole = <Seen>(look: (nowUs: number) => Seen): Seen =>
  JSON.parse(useNow((nowUs) => JSON.stringify(look(nowUs)))) as Seen;

export const useLink = (): LinkState => {
  const { onLink, link } = useConsole();
  return useSyncExternalStore(onLink, link);
};

export const useOpenBed = (): string | undefined => {
  const { onOpen, openBed } = useConsole();
  return useSyncExternalStore(onOpen, openBed);
};

export const useSoundAwake = (): boolean => {
  const { speaker } = useConsole().bell;
  return useSyncExternalStore(speaker.subscribe, speaker.awake);
};

/** Whenever another red alarm is the one to be seen first: what shows it in `place` comes into sight. `ready`: it can be shown. */
export const useRedInSight = (
  place: RefObject<HTMLElement | null>,
  shownBy: (red: WardAlarm) => string,
  ready = true,
): void => {
  const { ward } = useConsole();
  const beginning = useTopic('alarms', beginningOfRed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each beginning; who scrolls away from it afterwards wants to
  useLayoutEffect(() => {
    const red = newestRed(ward.alarms());
    const element = red && ready ? place.current?.querySelector(shownBy(red)) : undefined;
    if (element && place.current) bringIntoSight(element, place.current);
  }, [beginning, ready]);
};

/** A plain value: the ward with all of its tiles is drawn anew only when it is another. */
const beginningOfRed = (ward: WardStore): string | undefined => {
  const red = newestRed(ward.alarms());
  return red && `${red.alarm.alarm} ${red.alarm.sinceUs}`;
};
