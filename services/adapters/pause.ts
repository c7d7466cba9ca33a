/** Waits so many milliseconds, or until it is told that everything is over. Never rejects. By the global timer, whose clock a test may turn. */
export const pause = (ms: number, over: AbortSignal): Promise<void> => {
  if (over.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const timer = setTimeout(end, ms);
  over.addEventListener('abort', end, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    over.removeEventListener('abort', end);
  });
};
