/** A question that nobody answers darkens the ward, and covers beds of it; one that is answered unread is worse. */
import { type KeyboardEvent, useEffect, useEffectEvent } from 'react';

const FORGOTTEN_AFTER_MS = 60_000;

/** Calls it when neither hand nor key was there for a minute. */
export const useForgotten = (forgotten: () => void): void => {
  const call = useEffectEvent(forgotten);
  useEffect(() => {
    let timer: number | undefined;
    const wait = (): void => {
      window.clearTimeout(timer);
      timer = window.setTimeout(call, FORGOTTEN_AFTER_MS);
    };
    const gestures = ['pointermove', 'pointerdown', 'keydown'] as const;
    for (const gesture of gestures) window.addEventListener(gesture, wait);
    wait();
    return () => {
      window.clearTimeout(timer);
      for (const gesture of gestures) window.removeEventListener(gesture, wait);
    };
  }, []);
};

/** The key that opened the question and is held a moment too long must not answer it as well, unread. */
export const neverByHolding = (event: KeyboardEvent): void => {
  if (event.repeat && event.key === 'Enter') event.preventDefault();
};
