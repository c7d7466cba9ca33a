/** Vigil itself in full: what is wrong, what it means at the bedside, and what came and went in this session. */
import { useEffect, useRef } from 'react';
import { VIGIL_BED } from '../../../../schemas/engine.ts';
import { graverFirst, isShown, wantsSomeone } from '../logic/alarm-look.ts';
import { emptyVigil } from '../logic/ward-store.ts';
import { AlarmChip, stateText } from './alarm-chip.tsx';
import { useAsk } from './ask.tsx';
import { BedButtons } from './bed-buttons.tsx';
import { HistoryCard } from './bed-cards.tsx';
import { BackIcon } from './icons.tsx';
import { useAbout, useBed, useConsole } from './use-console.ts';

export const VigilView = () => {
  const { open } = useConsole();
  const ask = useAsk();
  const about = useAbout();
  const bed = useBed(VIGIL_BED) ?? emptyVigil;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) open(undefined);
    };
    window.addEventListener('keydown', leave);
    return () => window.removeEventListener('keydown', leave);
  }, [open]);
  const alarms = bed.alarms.filter(isShown).sort(graverFirst);
  return (
    <main className="bed vigil-view" aria-label="Vigil itself" data-open={VIGIL_BED}>
      <header className="bed-head">
        <button type="button" className="act" onClick={() => open(undefined)}>
          <BackIcon /> Ward
        </button>
        <h2 ref={heading} tabIndex={-1} data-home={VIGIL_BED}>
          Vigil itself
        </h2>
        <span className="bed-patient">inference: {about?.provider ?? '—'}</span>
        <span className="top-space" />
        <BedButtons bed={bed} words />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard (WCAG 2.1.1) */}
      <section className="card card-scroll" aria-label="What is wrong" tabIndex={0}>
        <h3>What is wrong</h3>
        {alarms.length === 0 ? (
          <p className="card-empty">Nothing that Vigil knows of. Every process reports and every group moves.</p>
        ) : null}
        <ul className="vigil-alarms">
          {alarms.map((alarm) => (
            <li key={alarm.alarm} data-bed-alarm={alarm.alarm} data-state={alarm.state}>
              <AlarmChip alarm={{ ...alarm, text: alarm.label }} />
              <p>
                {alarm.text}
                <span>{stateText(alarm)}</span>
              </p>
              {wantsSomeone(alarm) ? (
                <button
                  type="button"
                  data-act
                  className="act"
                  onClick={() => ask({ kind: 'acknowledge', bed, alarms: [alarm] })}
                >
                  Acknowledge<span className="unseen"> {alarm.label}</span>
                </button>
              ) : null}
            </li>
          ))}
        </ul>
      </section>
      <HistoryCard bed={bed} />
    </main>
  );
};
