/** Vigil itself in full: what is wrong, what it means at the bedside, and what came and went in this session. */
import { useEffect, useRef } from 'react';
import { VIGIL_BED } from '../../../../../schemas/engine.ts';
import { graverFirst, isShown } from '../../logic/alarms/alarm-look.ts';
import { emptyVigil } from '../../logic/ward/ward-store.ts';
import { AlarmChip, stateText } from '../alarm-chip.tsx';
import { BedButtons } from '../bed-buttons.tsx';
import { useAbout, useBed } from '../use-console.ts';
import { Acknowledge } from './acknowledge.tsx';
import { useEscapeToWard, WardButton } from './back-to-ward.tsx';
import { HistoryCard } from './history-card.tsx';
import { ScrollCard } from './scroll-card.tsx';

export const VigilView = () => {
  const about = useAbout();
  const bed = useBed(VIGIL_BED) ?? emptyVigil;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEscapeToWard();
  const alarms = bed.alarms.filter(isShown).sort(graverFirst);
  return (
    <main className="bed vigil-view" aria-label="Vigil itself" data-open={VIGIL_BED}>
      <header className="bed-head">
        <WardButton />
        <h2 ref={heading} tabIndex={-1} data-home={VIGIL_BED}>
          Vigil itself
        </h2>
        <span className="bed-patient">inference: {about?.provider ?? '—'}</span>
        <span className="top-space" />
        <BedButtons bed={bed} words />
      </header>
      <ScrollCard label="What is wrong">
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
              <Acknowledge bed={bed} alarm={alarm} />
            </li>
          ))}
        </ul>
      </ScrollCard>
      <HistoryCard bed={bed} />
    </main>
  );
};
