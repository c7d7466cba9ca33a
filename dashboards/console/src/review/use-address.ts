/** The bed and the moment in the page's own address, so that a look can be linked, gone back from and loaded again. */
import { useSyncExternalStore } from 'react';
import { memory } from '../live/memory.ts';
import { readReviewAddress, reviewHash } from '../logic/page/review-address.ts';

const MOVED = 'review-moved';

const subscribe = (listener: () => void): (() => void) => {
  for (const type of ['hashchange', 'popstate', MOVED]) window.addEventListener(type, listener);
  return () => {
    for (const type of ['hashchange', 'popstate', MOVED]) window.removeEventListener(type, listener);
  };
};

/** A token in the link is taken over and leaves the address bar. */
const takeToken = (): void => {
  const { bed, atUs, token } = readReviewAddress(location.hash);
  if (token === undefined) return;
  memory.offerToken(token);
  window.history.replaceState(null, '', bed === undefined ? '#' : reviewHash(bed, atUs));
};
takeToken();

export const useAddress = (): { readonly bed: string | undefined; readonly atUs: number | undefined } => {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return readReviewAddress(hash);
};

/** Looks at another moment of the bed; the browser's "back" returns. */
export const lookAt = (bed: string, atUs: number): void => {
  window.history.pushState(null, '', reviewHash(bed, atUs));
  window.dispatchEvent(new Event(MOVED));
};
