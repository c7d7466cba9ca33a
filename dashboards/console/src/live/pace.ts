/**
 * What goes on while nobody looks. A browser slows the timers of a page behind another tab to one a minute: an alarm would ring, and a
 * lost line be noticed, so much later. The timers of a worker keep their pace.
 */
const acts = new Map<number, (() => void)[]>();

const beat = (ms: number): void => {
  for (const act of acts.get(ms) ?? []) act();
};

/** Undefined: a policy of the browser forbids it, and the page's own timers must do. */
const openWorker = (): Worker | undefined => {
  try {
    const opened = new Worker(new URL('./pace-worker.ts', import.meta.url), { type: 'module' });
    opened.onmessage = ({ data }: MessageEvent<number>) => beat(data);
    // Its file did not come.
    opened.onerror = () => {
      worker = undefined;
      for (const ms of acts.keys()) window.setInterval(beat, ms, ms);
    };
    return opened;
  } catch {
    return undefined;
  }
};
let worker = openWorker();

/** Does it every so many milliseconds for as long as the page lives, also while it is hidden. */
export const everyMs = (ms: number, act: () => void): void => {
  const others = acts.get(ms);
  acts.set(ms, [...(others ?? []), act]);
  if (others !== undefined) return;
  if (worker === undefined) window.setInterval(beat, ms, ms);
  else worker.postMessage(ms);
};
