/** The line at the bottom: what Vigil is for, which engine computes, and what was lost on the way. */
import { useSyncExternalStore } from 'react';
import { INTENDED_USE } from '../../../../schemas/live.ts';
import { timeZone } from '../logic/time/clock-text.ts';
import { useAbout, useConsole, useNow } from './use-console.ts';

const SKEW_TOLD_US = 5e6;

const skewText = (us: number): string => {
  const seconds = Math.round(Math.abs(us) / 1e6);
  const size = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `this computer's clock is ${size} ${us > 0 ? 'fast' : 'slow'} (not used)`;
};

export const BottomBar = () => {
  const about = useAbout();
  const { lostFrames, screen } = useConsole();
  const { id, name } = useSyncExternalStore(screen.subscribe, screen.told);
  const lost = useNow(lostFrames);
  // The only look at the computer's own clock: to say that it is wrong.
  const skew = useNow((nowUs) => {
    const us = Date.now() * 1e3 - nowUs;
    return nowUs === 0 || Math.abs(us) < SKEW_TOLD_US ? '' : skewText(us);
  });
  return (
    <footer className="bottom">
      <span className="intended-use">{about?.intendedUse ?? INTENDED_USE}</span>
      {about?.simulated ? <span className="bottom-simulated">Simulated ward: no real patients.</span> : null}
      <span className="top-space" />
      {skew === '' ? null : <span className="bottom-warning">{skew}</span>}
      {lost > 0 ? <span className="bottom-warning">{lost} frames missing</span> : null}
      {about !== undefined && about.shed > 0 ? (
        <span className="bottom-warning" data-shed={about.shed}>
          {about.shed} wave pieces dropped: this screen is slow
        </span>
      ) : null}
      <span>screen: {name === '' ? `no name, ${id.slice(0, 4)}` : name}</span>
      <span>times of {timeZone()}</span>
      <span data-provider={about?.provider}>inference: {about?.provider ?? '—'}</span>
    </footer>
  );
};
